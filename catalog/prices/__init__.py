"""The price engine: the lowest applicable price of all lists, and why it won."""

from catalog.prices.explain import explain_price
from catalog.prices.resolve import price_variants

__all__ = ["explain_price", "price_variants"]
