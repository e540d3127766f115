"""Addresses of the screens for publishing: markets, planned changes, previews, details."""

from django.urls import URLPattern, path

from catalog.workspace import attribute_views, look_views, market_views, plan_views, preview_views
from catalog.workspace.screens import Wrap


def publishing_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen; `wrap` is the site's own door."""
    product = "catalogue/products/<int:pk>/"
    return [
        path(f"{product}markets/", wrap(market_views.MarketsView.as_view()), name="catalog_markets"),
        path(f"{product}markets/<slug:code>/", wrap(market_views.MarketView.as_view()), name="catalog_market"),
        path(f"{product}plan/", wrap(plan_views.PlanView.as_view()), name="catalog_plan"),
        path(f"{product}preview/", wrap(preview_views.ProductPreviewView.as_view()), name="catalog_preview"),
        path(
            "catalogue/categories/<int:pk>/preview/",
            wrap(preview_views.CategoryPreviewView.as_view()),
            name="catalog_category_preview",
        ),
        path("catalogue/attributes/", wrap(attribute_views.AttributesView.as_view()), name="catalog_attributes"),
        path(
            "catalogue/attributes/new/", wrap(attribute_views.NewAttributeView.as_view()), name="catalog_attribute_new"
        ),
        path("catalogue/attributes/<int:pk>/", wrap(attribute_views.AttributeView.as_view()), name="catalog_attribute"),
        path("markets/look/", wrap(look_views.LooksView.as_view()), name="market_looks"),
        path("catalogue/planned/", wrap(plan_views.AgendaView.as_view()), name="catalog_planned"),
        path("catalogue/planned/new/", wrap(plan_views.PlanView.as_view()), name="catalog_plan_many"),
        path("catalogue/planned/<int:pk>/", wrap(plan_views.PlannedView.as_view()), name="catalog_planned_change"),
    ]
