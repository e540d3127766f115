"""The catalogue in the admin. Forms become drafts; drafts go to actions."""

from catalog.admin import fetching, glossary, opinions, prices, products, search, seo, variants, vocabulary

__all__ = ["fetching", "glossary", "opinions", "prices", "products", "search", "seo", "variants", "vocabulary"]
