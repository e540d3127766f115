"""The format's entry: rows to products. Variants stand before their configurable product, like products."""

from collections.abc import Iterator
from functools import partial

from catalog.importers.foreign.languages import Languages
from catalog.importers.foreign.packed import packed_rows
from catalog.importers.foreign.shelf import Shelf
from catalog.importers.foreign.tables import refuse_without
from catalog.importers.formats import Setting, Source, TableFormat, Unit
from catalog.importers.magento.columns import FIELDS, LEFT_ALONE, meaning
from catalog.importers.magento.products import Reader
from catalog.importers.magento.samples import as_exported


class MagentoFormat(TableFormat):
    """The table that System › Export › Products writes; rows of store views bring further languages."""

    code = "magento"
    label = "Magento"
    fields = FIELDS
    left_alone = LEFT_ALONE
    signature = ("sku", "product_type", "additional_attributes", "product_websites")

    def meaning_of(self, title: str) -> str | None:
        """Also the attributes the sample data keeps in columns of their own."""
        return super().meaning_of(title) or meaning(title)

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per product with its variants and its rows of other store views."""
        refuse_without(source, self, "sku", "name")
        return self._units(source, setting)

    def _units(self, source: Source, setting: Setting) -> Iterator[Unit]:
        reader = Reader(setting, Languages.of_shop())
        with Shelf() as shelf:
            pieces: set[str] = set()
            for row in map(as_exported, source.rows):
                shelf.put(row.get("sku") or f"line:{row.line}", row)
                pieces.update(each["sku"] for each in packed_rows(row.get("variations")) if "sku" in each)
            for sku, rows in shelf.groups():
                variations = packed_rows(rows[0].get("variations"))
                if sku in pieces and not variations:
                    continue
                variants = {each["sku"]: shelf.rows(each["sku"]) for each in variations if "sku" in each}
                lines = [row.line for row in rows] + [row.line for found in variants.values() for row in found]
                yield Unit(sku, tuple(sorted(lines)), partial(reader.product, rows, variations, variants))
