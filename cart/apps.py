"""Cart lines and the quote: what everything costs, and why.

The quote is the only place where totals are computed; cart page, checkout, orders and tests all use it.
"""

from django.apps import AppConfig


class CartConfig(AppConfig):
    name = "cart"
