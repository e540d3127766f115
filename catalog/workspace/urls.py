"""Addresses of the operators' catalogue screens, inside the admin's own namespace."""

from django.urls import URLPattern, path

from catalog.workspace import (
    bulk_views,
    customs_views,
    download_views,
    duplicating,
    matrix_views,
    price_plan_views,
    price_rule_views,
    price_views,
    set_views,
)
from catalog.workspace.library.gallery import GalleryView
from catalog.workspace.library.views import LibraryView, MediumView
from catalog.workspace.publishing_urls import publishing_urls
from catalog.workspace.screens import Wrap
from catalog.workspace.tree.views import CategoryView, TreeView


def workspace_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen and operation; `wrap` is the site's own door."""
    product = "catalogue/products/<int:pk>/"
    return [
        path(f"{product}variants/", wrap(matrix_views.MatrixView.as_view()), name="catalog_matrix"),
        path(f"{product}variants/<int:variant>/", wrap(matrix_views.RowView.as_view()), name="catalog_matrix_row"),
        path(f"{product}missing/", wrap(matrix_views.MissingView.as_view()), name="catalog_missing"),
        path(f"{product}options/", wrap(matrix_views.OptionsView.as_view()), name="catalog_options"),
        path(f"{product}duplicate/", wrap(duplicating.DuplicateView.as_view()), name="catalog_duplicate"),
        path(f"{product}media/", wrap(GalleryView.as_view()), name="catalog_gallery"),
        path(f"{product}set/", wrap(set_views.SetView.as_view()), name="catalog_set"),
        path(f"{product}downloads/", wrap(download_views.DownloadsView.as_view()), name="catalog_downloads"),
        path("catalogue/categories/", wrap(TreeView.as_view()), name="catalog_tree"),
        path("catalogue/categories/<int:pk>/", wrap(CategoryView.as_view()), name="catalog_category"),
        *publishing_urls(wrap),
        path("catalogue/media/", wrap(LibraryView.as_view()), name="catalog_media"),
        path("catalogue/media/<int:pk>/", wrap(MediumView.as_view()), name="catalog_medium"),
        path("catalogue/customs/", wrap(customs_views.CustomsView.as_view()), name="catalog_customs"),
        path("catalogue/customs/codes/", wrap(customs_views.goods_codes), name="catalog_goods_codes"),
        path("catalogue/prices/", wrap(price_views.PriceSheetView.as_view()), name="catalog_prices"),
        path("catalogue/price-plans/", wrap(price_plan_views.PlansView.as_view()), name="catalog_price_plans"),
        path("catalogue/price-plans/<int:pk>/", wrap(price_plan_views.PlanView.as_view()), name="catalog_price_plan"),
        path("catalogue/prices/explain/", wrap(price_rule_views.explain), name="catalog_price_explain"),
        path("catalogue/prices/proof/", wrap(price_rule_views.proof), name="catalog_price_proof"),
        path("catalogue/prices/rules/", wrap(price_rule_views.rules), name="catalog_price_rules"),
        path(
            "catalogue/prices/rules/<slug:code>/",
            wrap(price_rule_views.RuleView.as_view()),
            name="catalog_price_rule",
        ),
        path("catalogue/prices/figures/", wrap(price_rule_views.FiguresView.as_view()), name="catalog_price_figures"),
        path("catalogue/bulk/", wrap(bulk_views.runs), name="catalog_bulk_runs"),
        path("catalogue/bulk/<int:pk>/", wrap(bulk_views.BulkView.as_view()), name="catalog_bulk_run"),
    ]
