"""What was promised and what became of it: orders, fulfilments, returns, refunds, holds.

Also split, merge, exchange, documents and the order pages of the account. Stores the quote; recomputes nothing.
"""

from django.apps import AppConfig
from django.core.checks import register


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self) -> None:
        """Register the start-up checks."""
        from orders.checks import check_floor  # noqa: PLC0415 (apps are loaded first)

        register(check_floor)
