"""The format's entry: products with their SKUs."""

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.importers.errors import FileRefused
from catalog.importers.formats import CERTAIN, NO, Head, Kind, Setting, Source, TableFormat, Unit
from catalog.importers.mall.products import Reader
from catalog.importers.mall.tables import PRODUCT, SKU, Tables


class MallFormat(TableFormat):
    """`pms_product.csv` and `pms_sku_stock.csv`, with quantity prices, categories and parameters beside them."""

    code = "mall"
    label = gettext_lazy("mall (macrozheng)")
    kind = Kind.FILES

    def recognises(self, head: Head) -> int:
        """By the names of the two tables."""
        return CERTAIN if head.kind == Kind.FILES and {PRODUCT, SKU} <= set(head.names) else NO

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per product. The lines are those of `pms_product.csv`."""
        if source.files is None or PRODUCT not in source.files.names:
            raise FileRefused(_("The archive has no file “%(name)s”.") % {"name": PRODUCT})
        return self._units(source, setting)

    def _units(self, source: Source, setting: Setting) -> Iterator[Unit]:
        if source.files is None:
            return
        with Tables(source.files) as tables:
            reader = Reader(setting, tables)
            for row in tables.products():
                yield Unit(row.get("id"), (row.line,), partial(reader.product, row))
