"""Reads of the catalogue for pages, the cart and the menu."""

from catalog.queries.cards import bestsellers, cards_for, new_products
from catalog.queries.listing import listing_page
from catalog.queries.menu import category_tree, crumbs_to, first_level
from catalog.queries.product import product_page, tax_note
from catalog.queries.search import redirect_for, search_page
from catalog.queries.suggestions import suggestions

__all__ = [
    "bestsellers",
    "cards_for",
    "category_tree",
    "crumbs_to",
    "first_level",
    "listing_page",
    "new_products",
    "product_page",
    "redirect_for",
    "search_page",
    "suggestions",
    "tax_note",
]
