"""Addresses of the statements, inside the admin's own namespace."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from orders.statements import views

Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]


def statement_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen; `wrap` is the site's own door."""
    return [
        path("statements/", wrap(views.StatementsView.as_view()), name="statements"),
        path("statements/documents/", wrap(views.DocumentsView.as_view()), name="statement_documents"),
        path("statements/refunds/", wrap(views.RefundsView.as_view()), name="statement_refunds"),
        path("statements/differences/", wrap(views.DifferencesView.as_view()), name="statement_differences"),
        path("statements/filed/<int:pk>/", wrap(views.FiledView.as_view()), name="statement_filed"),
        path("statements/return/", wrap(views.ReturnView.as_view()), name="statement_return"),
        path("statements/workbook/", wrap(views.WorkbookView.as_view()), name="statement_workbook"),
        path("statements/<slug:table>/csv/", wrap(views.TableView.as_view()), name="statement_csv"),
    ]
