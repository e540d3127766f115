"""Addresses of the catalogue, below `/{market}/{language}/`."""

from django.urls import path, register_converter

from catalog import opinions, previews, shelf_views, views
from catalog.converters import UnicodeSlug

register_converter(UnicodeSlug, "uslug")

app_name = "catalog"
urlpatterns = [
    path("c/<uslug:slug>/", views.category, name="category"),
    path("p/<uslug:slug>/", views.product, name="product"),
    path("preview/<str:token>/p/<uslug:slug>/", previews.product, name="preview_product"),
    path("preview/<str:token>/c/<uslug:slug>/", previews.category, name="preview_category"),
    path("p/<uslug:slug>/choose/", views.product_fragment, name="product_fragment"),
    path("p/<uslug:slug>/ask/", opinions.ask, name="ask"),
    path("reviews/<int:pk>/vote/", opinions.vote, name="review_vote"),
    path("compare/", shelf_views.compare, name="compare"),
    path("seen/", shelf_views.seen, name="seen"),
    path("search/", views.search, name="search"),
    path("search/suggest/", views.suggest, name="suggest"),
]
