"""Addresses of the books screens, inside the admin's own namespace."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from payments.workspace import risk_views, views

Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]


def books_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen; `wrap` is the site's own door."""
    return [
        path("books/", wrap(views.BooksView.as_view()), name="payments_books"),
        path("payments/risk-rules/", wrap(risk_views.RulesView.as_view()), name="payments_risk_rules"),
        path("books/file/", wrap(views.ImportView.as_view()), name="payments_books_file"),
    ]
