"""What each column of a Wix table means in either export."""

import re

from django.utils.translation import gettext_lazy as _

from catalog.importers.foreign.measures import without_unit
from catalog.importers.formats import Field, normal

OPTION = re.compile(r"productoption(name|type|choices|description)(\d)")
PARTS = {"name": "name", "type": "type", "choices": "value", "description": "value"}
MODIFIER = re.compile(r"modifiername(\d+)")
MOST = 7

FIELDS = (
    Field("handle", _("Handle"), ("handle", "handleid"), required=True),
    Field("row", _("Kind of row"), ("fieldtype",), required=True),
    Field("name", _("Name"), ("name",), required=True),
    Field("visible", _("Published"), ("visible",)),
    Field("description", _("Description"), ("plaindescription", "description")),
    Field("media", _("Picture address"), ("media", "productimageurl")),
    Field("media_alt", _("Picture in words"), ("mediaalttext",)),
    Field("brand", _("Brand"), ("brand",)),
    Field("collection", _("Categories"), ("collection", "categories")),
    Field("price", _("Price"), ("price",)),
    Field("compare_at", _("Price before"), ("strikethroughprice",)),
    Field("surcharge", _("Surcharge"), ("surcharge",)),
    Field("discount_mode", _("Kind of discount"), ("discountmode",)),
    Field("discount", _("Discount"), ("discountvalue",)),
    Field("stock", _("Stock"), ("inventory",)),
    Field("sku", _("SKU"), ("sku",)),
    Field("barcode", _("GTIN"), ("barcode",)),
    Field("weight", _("Weight in kg (in lb for US dollars)"), ("weight",)),
    Field("content", _("Content"), ("totalunits",)),
    Field("content_unit", _("Unit of content"), ("totalunitsmeasurement",)),
)
LEFT_ALONE = (
    "ribbon", "baseunit", "cost", "preorder", "modifiertype", "modifiercharlimit", "modifiermandatory",
    "modifierdescription", "additionalinfo", "customtextfield", "customtextcharlimit", "customtextmandatory",
)  # fmt: skip


def meaning(title: str) -> str | None:
    """Numbered columns of options and modifiers, and a weight with its unit in the title."""
    plain = normal(title)
    if found := OPTION.fullmatch(plain):
        return f"option{found[2]}_{PARTS[found[1]]}"
    if found := MODIFIER.fullmatch(plain):
        return f"modifier{found[1]}"
    return "weight" if without_unit(plain) == "weight" else None
