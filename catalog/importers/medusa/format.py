"""The format's entry: rows with one handle are one product."""

from collections.abc import Iterator
from functools import partial

from catalog.importers.foreign.currencies import Currencies
from catalog.importers.foreign.tables import gathered, refuse_without
from catalog.importers.formats import Setting, Source, TableFormat, Unit
from catalog.importers.medusa.columns import FIELDS, LEFT_ALONE, meaning
from catalog.importers.medusa.products import Reader


class MedusaFormat(TableFormat):
    """The table of Products › Export, with commas or semicolons."""

    code = "medusa"
    label = "Medusa"
    fields = FIELDS
    left_alone = LEFT_ALONE
    signature = ("product handle", "product title", "variant title", "variant sku")

    def meaning_of(self, title: str) -> str | None:
        """Also numbered columns and prices."""
        return super().meaning_of(title) or meaning(title)

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per handle."""
        refuse_without(source, self, "handle", "title")
        return self._units(source, setting)

    def _units(self, source: Source, setting: Setting) -> Iterator[Unit]:
        reader = Reader(setting, Currencies.of_shop())
        for rows in gathered(source.rows, lambda row: row.get("handle")):
            yield Unit(rows[0].get("handle"), tuple(row.line for row in rows), partial(reader.product, rows))
