"""The catalogue in the admin. Forms become drafts; drafts go to actions."""

from catalog.admin import glossary, opinions, prices, products, search, seo, variants, vocabulary

__all__ = ["glossary", "opinions", "prices", "products", "search", "seo", "variants", "vocabulary"]
