"""Addresses of the operators' stock screens, inside the admin's own namespace."""

from django.urls import URLPattern, path

from catalog.workspace.screens import Wrap
from inventory.stockwork.urls import stockwork_urls
from inventory.workspace.presale_views import PresalesView
from inventory.workspace.replay_views import ReplayView
from inventory.workspace.views import StockSheetView


def workspace_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen; `wrap` is the site's own door."""
    return [
        *stockwork_urls(wrap),
        path("stock/", wrap(StockSheetView.as_view()), name="inventory_sheet"),
        path("stock/without/", wrap(ReplayView.as_view()), name="inventory_replay"),
        path(
            "catalogue/products/<int:pk>/presale/",
            wrap(PresalesView.as_view()),
            name="inventory_presales",
        ),
    ]
