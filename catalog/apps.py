"""What we sell: products, variants, media, translations, price lists, facets, search, reviews.

Owns the price engine: the lowest applicable price of all lists, and why it won.
"""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from catalog import checks  # noqa: F401, PLC0415 (loading it registers the checks)
        from catalog.translating.registered import register_catalogue  # noqa: PLC0415 (needs the models)

        register_catalogue()
