"""Addresses of the books screens, inside the admin's own namespace."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from payments.workspace import bank_views, risk_views, views

Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]


def books_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen; `wrap` is the site's own door."""
    return [
        path("books/", wrap(views.BooksView.as_view()), name="payments_books"),
        path("payments/risk-rules/", wrap(risk_views.RulesView.as_view()), name="payments_risk_rules"),
        path("books/file/", wrap(views.ImportView.as_view()), name="payments_books_file"),
        path("bank/", wrap(bank_views.BankView.as_view()), name="payments_bank"),
        path("bank/statement/", wrap(bank_views.StatementView.as_view()), name="payments_bank_statement"),
        path("bank/sent/<int:pk>/", wrap(bank_views.PayoutView.as_view()), name="payments_bank_sent"),
    ]
