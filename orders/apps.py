"""What was promised and what became of it: orders, fulfilments, returns, refunds, holds.

Also split, merge, exchange, documents and the order pages of the account. Stores the quote; recomputes nothing.
"""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"
