"""The format's entry: a row for the product, followed by rows for its variants and pictures."""

from collections.abc import Iterator
from functools import partial

from catalog.importers.bigcommerce.columns import FIELDS, LEFT_ALONE, meaning
from catalog.importers.bigcommerce.products import PRODUCT, read_product
from catalog.importers.foreign.tables import neighbours, refuse_without
from catalog.importers.formats import CERTAIN, Head, Setting, Source, TableFormat, Unit, normal

OLDER = {"item type", "product name", "product code/sku"}


class BigCommerceFormat(TableFormat):
    """Products › Export, in the template of 2024 and in the older “Bulk edit” one."""

    code = "bigcommerce"
    label = "BigCommerce"
    fields = FIELDS
    left_alone = LEFT_ALONE
    signature = ("item", "inventory tracking", "internal image url (export)")

    def meaning_of(self, title: str) -> str | None:
        """Also numbered pictures, and units in titles."""
        return super().meaning_of(title) or meaning(title)

    def recognises(self, head: Head) -> int:
        """By either export's titles."""
        is_older = head.kind == self.kind and {normal(title) for title in head.columns} >= OLDER
        return CERTAIN if is_older else super().recognises(head)

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per product row."""
        refuse_without(source, self, "item", "name", "price")
        return self._units(source, setting)

    def _units(self, source: Source, setting: Setting) -> Iterator[Unit]:
        for rows in neighbours(source.rows, lambda row: row.get("item").lower() == PRODUCT):
            key = rows[0].get("sku") or rows[0].get("name")
            yield Unit(key, tuple(row.line for row in rows), partial(read_product, rows, setting))
