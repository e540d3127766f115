"""What each column of a Spree table means."""

import re

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalog.importers.formats import Field, normal

MOST = 5
DETAIL = "detail:"
CUSTOM = re.compile(r"custom_field\.\w+\.(\w+)|metafield\.\w+\.(\w+)|property(\d+)_(name|value)")

FIELDS = (
    Field("slug", _("Handle"), ("slug",), required=True),
    Field("sku", _("SKU"), ("sku",), required=True),
    Field("name", _("Name"), ("name",), required=True),
    Field("price", _("Price"), ("price",)),
    Field("compare_at", _("Price before"), ("compare_at_price",)),
    Field("currency", _("Currency"), ("currency",)),
    Field("status", _("Status"), ("status",)),
    Field("vendor", _("Brand"), ("vendor_name", "brand_name", "brand")),
    Field("description", _("Description"), ("description",)),
    Field("meta_title", _("Title for search engines"), ("meta_title",)),
    Field("meta_description", _("Description for search engines"), ("meta_description",)),
    Field("tags", _("Tags"), ("tags",)),
    Field("barcode", _("GTIN"), ("barcode",)),
    Field("width", _("Width"), ("width",)),
    Field("height", _("Height"), ("height",)),
    Field("depth", _("Depth"), ("depth",)),
    Field("length_unit", _("Unit of lengths"), ("dimensions_unit",)),
    Field("weight", _("Weight"), ("weight",)),
    Field("weight_unit", _("Unit of weight"), ("weight_unit",)),
    Field("stock", _("Stock"), ("inventory_count",)),
    Field("is_digital", _("Is digital"), ("digital",)),
    *(Field(f"category{n}", format_lazy("{} {}", _("Category"), n), (f"category{n}",)) for n in range(1, MOST)),
    *(Field(f"image{n}", format_lazy("{} {}", _("Picture address"), n), (f"image{n}_src",)) for n in range(1, MOST)),
    *(Field(f"option{n}_name", format_lazy("{} {}", _("Option"), n), (f"option{n}_name",)) for n in range(1, MOST)),
    *(
        Field(f"option{n}_value", format_lazy("{} {}", _("Value of option"), n), (f"option{n}_value",))
        for n in range(1, MOST)
    ),
)
LEFT_ALONE = (
    "meta_keywords", "tax_category", "shipping_category", "product_type", "available_on", "discontinue_on",
    "inventory_backorderable", "track_inventory",
)  # fmt: skip


def meaning(title: str) -> str | None:
    """Fields of the shop's own: `custom_field.custom.wattage` is the detail “Wattage”."""
    found = CUSTOM.fullmatch(normal(title))
    word = found and (found[1] or found[2])
    return f"{DETAIL}{word}" if word else None
