"""The format's entry: what it knows, and its products."""

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _

from catalog.importers.errors import FileRefused
from catalog.importers.formats import Setting, Source, TableFormat, Unit
from catalog.importers.shopify.columns import FIELDS, LEFT_ALONE
from catalog.importers.shopify.groups import groups_of
from catalog.importers.shopify.products import read_product


class ShopifyFormat(TableFormat):
    """Shopify product tables in the three header dialects that are about."""

    code = "shopify"
    label = "Shopify"
    fields = FIELDS
    left_alone = LEFT_ALONE
    signature = ("handle", "variant price")

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per handle. Raises `FileRefused` without the columns every product needs."""
        if not {"handle", "price"} <= set(source.columns):
            raise FileRefused(
                _("This does not look like a Shopify product table: it needs at least the columns Handle and Price.")
            )
        return self._units(source, setting)

    def _units(self, source: Source, setting: Setting) -> Iterator[Unit]:
        for group in groups_of(source.rows):
            yield Unit(group.handle, tuple(row.line for row in group.rows), partial(read_product, group, setting))
