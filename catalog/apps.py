"""What we sell: products, variants, media, translations, price lists, facets, search, reviews.

Owns the price engine: the lowest applicable price of all lists, and why it won.
"""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"
