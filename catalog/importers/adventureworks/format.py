"""The format's entry: products of one model are variants of one product."""

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _

from catalog.importers.adventureworks.products import Reader
from catalog.importers.adventureworks.tables import PRODUCT, Tables
from catalog.importers.errors import FileRefused
from catalog.importers.foreign.languages import Languages
from catalog.importers.formats import CERTAIN, NO, Head, Kind, Row, Setting, Source, TableFormat, Unit

MODEL, SUBCATEGORY = "ProductModel.csv", "ProductSubcategory.csv"


class AdventureWorksFormat(TableFormat):
    """`Product.csv` with its models, categories, descriptions, stock and pictures beside it."""

    code = "adventureworks"
    label = "AdventureWorks"
    kind = Kind.FILES

    def recognises(self, head: Head) -> int:
        """By the names of three files."""
        return CERTAIN if head.kind == Kind.FILES and {PRODUCT, MODEL, SUBCATEGORY} <= set(head.names) else NO

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per model, or per product that has none. The lines are those of `Product.csv`."""
        if source.files is None or PRODUCT not in source.files.names:
            raise FileRefused(_("The archive has no file “%(name)s”.") % {"name": PRODUCT})
        tables = Tables.of(source.files)
        groups: dict[str, list[Row]] = {}
        for row in tables.products:
            groups.setdefault(_key(row), []).append(row)
        reader = Reader(setting, Languages.of_shop(), tables)
        return (
            Unit(key, tuple(row.line for row in rows), partial(reader.product, rows)) for key, rows in groups.items()
        )


def _key(row: Row) -> str:
    """Priced products go by their model; a part without a price stands alone, so that it alone is refused."""
    is_sold = row.get("ListPrice").strip("0. ") != ""
    return f"model:{row.get('ProductModelID')}" if row.get("ProductModelID") and is_sold else row.get("ProductNumber")
