"""What each column of a BigCommerce table means, in the present export and in the one before it."""

import re

from django.utils.translation import gettext_lazy as _

from catalog.importers.foreign.measures import without_unit
from catalog.importers.formats import Field, normal

IMAGE = re.compile(r"product image file (\d+)|product image url (\d+)")
MOST_IMAGES = 20

FIELDS = (
    Field("item", _("Kind of row"), ("item", "item type"), required=True),
    Field("name", _("Name"), ("name", "product name"), required=True),
    Field("type", _("Kind of product"), ("type", "product type")),
    Field("sku", _("SKU"), ("sku", "product code/sku")),
    Field("options", _("Options"), ("options",)),
    Field("tracking", _("Stock is counted"), ("inventory tracking", "track inventory")),
    Field("stock", _("Stock"), ("current stock", "current stock level")),
    Field("price", _("Price"), ("price",), required=True),
    Field("special_price", _("Sale price"), ("sale price",)),
    Field("brand", _("Brand"), ("brand name",)),
    Field("categories", _("Categories"), ("categories", "category")),
    Field("description", _("Description"), ("description", "product description")),
    Field("custom", _("Details"), ("custom fields", "product custom fields")),
    Field("meta_title", _("Title for search engines"), ("page title",)),
    Field("meta_description", _("Description for search engines"), ("meta description",)),
    Field("url", _("Handle"), ("product url",)),
    Field("keywords", _("Tags"), ("search keywords",)),
    Field("upc", _("GTIN"), ("global trade number", "global trade item number")),
    Field("ean", _("UPC/EAN"), ("upc/ean", "product upc/ean")),
    Field("weight", _("Weight in kg (in lb for US dollars)"), ("weight", "product weight")),
    Field("width", _("Width"), ("width", "product width")),
    Field("height", _("Height"), ("height", "product height")),
    Field("depth", _("Depth"), ("depth", "product depth")),
    Field("visible", _("Published"), ("is visible", "product visible?")),
    Field("variant_image", _("Picture of the variant"), ("variant image url",)),
    Field("image", _("Picture address"), ("internal image url (export)",)),
    Field("image_in", _("Picture address to import"), ("image url (import)",)),
    Field("image_alt", _("Picture in words"), ("image description",)),
)
LEFT_ALONE = (
    "id", "low stock", "cost price", "retail price", "brand id", "channels", "meta keywords", "bin picking",
    "manufacturer part", "free shipping", "fixed shipping", "is featured", "warranty", "tax class", "product condition",
    "show product condition", "sort order", "image is thumbnail", "image sort order", "youtube", "video",
    "product id", "option set", "product warranty", "allow purchases", "product availability", "product image",
    "myob", "event date", "product tax class", "stop processing", "redirect old", "minimum purchase",
    "maximum purchase",
)  # fmt: skip


def meaning(title: str) -> str | None:
    """Numbered pictures of the older export, and measures with their unit in the title."""
    plain = normal(title)
    found = IMAGE.fullmatch(plain)
    if found:
        return f"image{found[1] or found[2]}"
    bare = without_unit(plain)
    return next((field.code for field in FIELDS if bare in field.titles), None) if bare != plain else None
