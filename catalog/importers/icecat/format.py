"""The format's entry: one record is one product."""

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_lazy as _

from catalog.importers.formats import Field, Kind, Setting, Source, TableFormat, Unit
from catalog.importers.icecat.products import read_product

FIELDS = (
    Field("id", _("ID"), ("id",), required=True),
    Field("name", _("Model"), ("name",)),
    Field("title", _("Title"), ("title",), required=True),
    Field("ean", _("GTIN"), ("ean",)),
    Field("short_description", _("Description"), ("short_description",)),
    Field("img_high", _("Picture address"), ("img_high",)),
    Field("date_released", _("Release date"), ("date_released",)),
    Field("supplier", _("Brand"), ("supplier",)),
    Field("price", _("Price in cents"), ("price",)),
)
CODES = {field.code for field in FIELDS}


class IcecatFormat(TableFormat):
    """JSON lines with `id`, `title`, `ean`, `supplier`, `price` in cents and `attr_…` keys."""

    code = "icecat"
    label = "Icecat"
    kind = Kind.RECORDS
    fields = FIELDS
    left_alone = ("img_low", "img_500x500", "img_thumb")
    signature = ("id", "title", "ean", "supplier", "img_high")

    def meaning_of(self, title: str) -> str | None:
        """Keys are what they are; there are some five thousand of them."""
        return title if title in CODES or title.startswith("attr_") else None

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per record."""
        for row in source.rows:
            yield Unit(row.get("id"), (row.line,), partial(read_product, row, setting))
