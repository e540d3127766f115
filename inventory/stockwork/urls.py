"""Addresses of stock work, inside the admin's own namespace."""

from django.urls import URLPattern, path

from catalog.workspace.screens import Wrap
from inventory.stockwork import report_views
from inventory.stockwork.calendar_views import CalendarsView
from inventory.stockwork.take_views import TakesView, TakeView
from inventory.stockwork.transfer_views import TransfersView, TransferView


def stockwork_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen; `wrap` is the site's own door."""
    return [
        path("stock/transfers/", wrap(TransfersView.as_view()), name="inventory_transfers"),
        path("stock/transfers/<slug:number>/", wrap(TransferView.as_view()), name="inventory_transfer"),
        path("stock/takes/", wrap(TakesView.as_view()), name="inventory_takes"),
        path("stock/takes/<slug:number>/", wrap(TakeView.as_view()), name="inventory_take"),
        path("stock/corrections/", wrap(report_views.corrections_report), name="inventory_corrections"),
        path("stock/alerts/", wrap(report_views.alerts), name="inventory_alerts"),
        path("stock/batches/", wrap(report_views.batches), name="inventory_batches"),
        path("stock/calendars/", wrap(CalendarsView.as_view()), name="inventory_calendars"),
        path("stock/channels/", wrap(report_views.channels), name="inventory_channels"),
    ]
