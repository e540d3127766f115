"""The format's entry: rows to products. Variations may stand anywhere in the file, also before their parent."""

from collections.abc import Iterator
from functools import partial

from catalog.importers.foreign.measures import without_unit
from catalog.importers.foreign.shelf import Shelf
from catalog.importers.foreign.tables import refuse_without
from catalog.importers.formats import Row, Setting, Source, TableFormat, Unit, normal
from catalog.importers.woocommerce.columns import FIELDS, LEFT_ALONE, numbered
from catalog.importers.woocommerce.products import read_product
from catalog.importers.woocommerce.rows import is_variation


class WooCommerceFormat(TableFormat):
    """The table that Products › Export writes, with any of its optional columns."""

    code = "woocommerce"
    label = "WooCommerce"
    fields = FIELDS
    left_alone = LEFT_ALONE
    signature = ("type", "sku", "regular price", "visibility in catalog")

    def meaning_of(self, title: str) -> str | None:
        """Also numbered columns, and titles with a unit in them."""
        return numbered(title) or super().meaning_of(without_unit(normal(title)))

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per product with its variations."""
        refuse_without(source, self, "type", "name")
        return self._units(source, setting)

    def _units(self, source: Source, setting: Setting) -> Iterator[Unit]:
        with Shelf() as shelf:
            skus: dict[str, str] = {}
            for row in source.rows:
                if row.get("id") and row.get("sku") and not is_variation(row):
                    skus[f"id:{row.get('id')}"] = row.get("sku")
                shelf.put(_key(row), row)
            for by_id, sku in skus.items():
                shelf.rename(by_id, sku)
            for key, rows in shelf.groups():
                yield Unit(key, tuple(row.line for row in rows), partial(read_product, rows, setting))


def _key(row: Row) -> str:
    """What holds a product's rows together: the parent's SKU, or `id:` and its number where it has none."""
    if is_variation(row):
        return row.get("parent") or f"line:{row.line}"
    return row.get("sku") or (f"id:{row.get('id')}" if row.get("id") else f"line:{row.line}")
