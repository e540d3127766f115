"""What each column of a Medusa table means in either version."""

import re

from django.utils.translation import gettext_lazy as _

from catalog.importers.formats import Field, normal

PRICE = re.compile(r"(?:variant )?price (?:(.+) )?\[?([a-z]{3})\]?")
NUMBERED = (
    (re.compile(r"(?:variant )?option (\d+) (name|value)"), "option{}_{}"),
    (re.compile(r"(?:product )?image (\d+)(?: url)?"), "image{}"),
    (re.compile(r"product tag (\d+)"), "tag{}"),
    (re.compile(r"product category (\d+)"), "category{}"),
)
MOST = 20

FIELDS = (
    Field("handle", _("Handle"), ("product handle",), required=True),
    Field("title", _("Title"), ("product title",), required=True),
    Field("subtitle", _("Subtitle"), ("product subtitle",)),
    Field("description", _("Description"), ("product description",)),
    Field("status", _("Status"), ("product status",)),
    Field("thumbnail", _("Picture address"), ("product thumbnail",)),
    Field("type", _("Category"), ("product type",)),
    Field("tags", _("Tags"), ("product tags",)),
    Field("weight", _("Weight in grams"), ("product weight",)),
    Field("length", _("Length in mm"), ("product length",)),
    Field("width", _("Width in mm"), ("product width",)),
    Field("height", _("Height in mm"), ("product height",)),
    Field("hs_code", _("Goods code"), ("product hs code",)),
    Field("origin", _("Country of origin"), ("product origin country",)),
    Field("material", _("Material"), ("product material",)),
    Field("gift_card", _("Gift card"), ("product is giftcard",)),
    Field("deleted", _("Deleted"), ("product deleted at",)),
    Field("variant_title", _("Title of the variant"), ("variant title",)),
    Field("sku", _("SKU"), ("variant sku",)),
    Field("ean", _("GTIN"), ("variant ean",)),
    Field("upc", _("UPC"), ("variant upc",)),
    Field("barcode", _("Barcode"), ("variant barcode",)),
    Field("stock", _("Stock"), ("variant inventory quantity",)),
    Field("variant_deleted", _("Variant is deleted"), ("variant deleted at",)),
    Field("variant_weight", _("Weight of the variant in grams"), ("variant weight",)),
    Field("variant_length", _("Length of the variant in mm"), ("variant length",)),
    Field("variant_width", _("Width of the variant in mm"), ("variant width",)),
    Field("variant_height", _("Height of the variant in mm"), ("variant height",)),
    Field("variant_hs_code", _("Goods code of the variant"), ("variant hs code",)),
    Field("variant_origin", _("Country of origin of the variant"), ("variant origin country",)),
)
LEFT_ALONE = (
    "product id", "product external id", "product collection", "product type id", "product created at",
    "product updated at", "product discountable", "product mid code", "product profile", "product sales channel",
    "variant id", "variant mid code", "variant manage inventory", "variant allow backorder", "variant created at",
    "variant updated at", "variant material", "variant metadata", "variant product id", "variant variant rank",
    "sales channel",
)  # fmt: skip


def meaning(title: str) -> str | None:
    """Numbered columns, and prices: `Price USD` is that of a currency, `Price Europe [EUR]` that of a region."""
    plain = normal(title)
    found = PRICE.fullmatch(plain)
    if found:
        return f"region:{found[1]}:{found[2].upper()}" if found[1] else f"price:{found[2].upper()}"
    for pattern, code in NUMBERED:
        if found := pattern.fullmatch(plain):
            return code.format(*found.groups())
    return None
