"""Pages of markets below the prefix, and the names other apps build addresses with."""

from django.urls import path

from markets import look_views, views
from markets.prefix import alternate_urls, canonical_url, market_patterns, storefront_url

__all__ = ["alternate_urls", "canonical_url", "market_patterns", "storefront_url", "urlpatterns"]

app_name = "markets"
urlpatterns = [
    path("choose/", views.choose, name="choose"),
    path("stay/", views.stay, name="stay"),
    path("look.css", look_views.look, name="look"),
]
