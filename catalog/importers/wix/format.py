"""The format's entry: rows with one handle are one product, its variants and its pictures."""

from collections.abc import Iterator
from functools import partial

from catalog.importers.foreign.tables import gathered, refuse_without
from catalog.importers.formats import Setting, Source, TableFormat, Unit
from catalog.importers.wix.columns import FIELDS, LEFT_ALONE, meaning
from catalog.importers.wix.products import read_product


class WixFormat(TableFormat):
    """Store products › More actions › Export."""

    code = "wix"
    label = "Wix"
    fields = FIELDS
    left_alone = LEFT_ALONE
    signature = ("fieldtype", "productoptionname1", "inventory")

    def meaning_of(self, title: str) -> str | None:
        """Also numbered columns."""
        return super().meaning_of(title) or meaning(title)

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per handle."""
        refuse_without(source, self, "handle", "row", "name")
        return self._units(source, setting)

    def _units(self, source: Source, setting: Setting) -> Iterator[Unit]:
        for rows in gathered(source.rows, lambda row: row.get("handle")):
            yield Unit(rows[0].get("handle"), tuple(row.line for row in rows), partial(read_product, rows, setting))
