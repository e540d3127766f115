"""Addresses of the screens of orders from elsewhere, inside the admin's own namespace."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from orders.past import import_views, views

Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]


def past_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen; `wrap` is the site's own door."""
    return [
        path("orders/elsewhere/", wrap(views.past_list), name="past_list"),
        path("orders/elsewhere/<int:pk>/", wrap(views.past_order), name="past_order"),
        path("orders/elsewhere/import/", wrap(import_views.PastImportView.as_view()), name="past_import"),
        path("orders/elsewhere/import/orders.csv", wrap(import_views.past_example), name="past_example"),
        path("orders/elsewhere/import/<int:pk>/", wrap(import_views.past_job), name="past_job"),
        path("orders/elsewhere/import/<int:pk>/do/", wrap(import_views.past_deed), name="past_deed"),
        path("orders/elsewhere/import/<int:pk>/refused/", wrap(import_views.past_refused), name="past_refused"),
    ]
