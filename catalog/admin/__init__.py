"""The catalogue in the admin. Forms become drafts; drafts go to actions."""

from catalog.admin import prices, products, reviews, variants, vocabulary

__all__ = ["prices", "products", "reviews", "variants", "vocabulary"]
