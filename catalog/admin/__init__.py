"""The catalogue in the admin. Forms become drafts; drafts go to actions."""

from catalog.admin import glossary, prices, products, reviews, seo, variants, vocabulary

__all__ = ["glossary", "prices", "products", "reviews", "seo", "variants", "vocabulary"]
