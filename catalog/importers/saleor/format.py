"""The format's entry: a list of `model`, `pk` and `fields`."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from catalog.importers.errors import FileRefused
from catalog.importers.foreign.currencies import Currencies
from catalog.importers.formats import CERTAIN, NO, Head, Kind, Setting, Source, TableFormat, Unit
from catalog.importers.saleor.objects import PRODUCT, Objects
from catalog.importers.saleor.products import Reader


class SaleorFormat(TableFormat):
    """`dumpdata` of Saleor's products, prices, attributes and stock."""

    code = "saleor"
    label = "Saleor"
    kind = Kind.DOCUMENT

    def recognises(self, head: Head) -> int:
        """By an object of the product model."""
        return CERTAIN if head.kind == Kind.DOCUMENT and _has_products(head.document) else NO

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per product; the lines are running numbers."""
        if not _has_products(source.document):
            raise FileRefused(_("The file holds no products of Saleor."))
        objects = Objects.of(source.document)
        reader = Reader(setting, Currencies.of_shop(), objects)
        return (
            Unit(str(key), (place,), partial(reader.product, key, place))
            for place, key in enumerate(objects.all(PRODUCT), start=1)
        )


def _has_products(document: Any) -> bool:
    return isinstance(document, list) and any(
        isinstance(each, dict) and each.get("model") == PRODUCT for each in document
    )
