"""The format's entry: a row for each variant; the first of a product describes it."""

from collections.abc import Iterator
from functools import partial

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalog.importers.foreign.measures import without_unit
from catalog.importers.foreign.tables import neighbours, refuse_without
from catalog.importers.formats import Field, Setting, Source, TableFormat, Unit, normal
from catalog.importers.squarespace.products import MOST, read_product

FIELDS = (
    Field("id", _("ID"), ("product id [non editable]",), required=True),
    Field("type", _("Kind of product"), ("product type [non editable]",)),
    Field("url", _("Handle"), ("product url",), required=True),
    Field("title", _("Title"), ("title",), required=True),
    Field("description", _("Description"), ("description",)),
    Field("sku", _("SKU"), ("sku",)),
    Field("price", _("Price"), ("price",), required=True),
    Field("special_price", _("Sale price"), ("sale price",)),
    Field("on_sale", _("On sale"), ("on sale",)),
    Field("stock", _("Stock"), ("stock",)),
    Field("categories", _("Categories"), ("categories",)),
    Field("tags", _("Tags"), ("tags",)),
    Field("weight", _("Weight in kg (in lb for US dollars)"), ("weight",)),
    Field("length", _("Length"), ("length",)),
    Field("width", _("Width"), ("width",)),
    Field("height", _("Height"), ("height",)),
    Field("visible", _("Published"), ("visible",)),
    Field("images", _("Picture addresses"), ("hosted image urls",)),
    *(
        Field(f"option{n}_{part}", format_lazy("{} {}", label, n), (f"option {part} {n}",))
        for n in range(1, MOST)
        for part, label in (("name", _("Option")), ("value", _("Value of option")))
    ),
)


class SquarespaceFormat(TableFormat):
    """Commerce › Inventory › Export all."""

    code = "squarespace"
    label = "Squarespace"
    fields = FIELDS
    left_alone = ("variant id", "product page")
    signature = ("product id [non editable]", "product url", "hosted image urls")

    def meaning_of(self, title: str) -> str | None:
        """Also measures with their unit in the title."""
        return super().meaning_of(title) or super().meaning_of(without_unit(normal(title)))

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per product; a row without a title belongs to the one above."""
        refuse_without(source, self, "url", "title", "price")
        return self._units(source, setting)

    def _units(self, source: Source, setting: Setting) -> Iterator[Unit]:
        for rows in neighbours(source.rows, lambda row: bool(row.get("title") or row.get("id"))):
            key = rows[0].get("id") or rows[0].get("url")
            yield Unit(key, tuple(row.line for row in rows), partial(read_product, rows, setting))
