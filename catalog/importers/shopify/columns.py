"""What each column of a Shopify table means, whatever the year it was exported in."""

import re

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.importers.formats import Field

FIELDS = (
    Field("handle", _("Handle"), ("handle", "url handle"), required=True),
    Field("title", _("Title"), ("title",)),
    Field("body", _("Description"), ("body (html)", "body", "body html", "description")),
    Field("vendor", _("Brand"), ("vendor",)),
    Field("category", _("Category path"), ("product category", "standard product type", "standardized product type")),
    Field("type", _("Category"), ("type", "custom product type")),
    Field("tags", _("Tags"), ("tags",)),
    Field("published", _("Published"), ("published", "published on online store")),
    Field("status", _("Status"), ("status",)),
    Field("sku", _("SKU"), ("variant sku", "sku")),
    Field("grams", _("Weight in grams"), ("variant grams", "weight value (grams)")),
    Field("weight_unit", _("Unit of weight"), ("variant weight unit", "weight unit for display")),
    Field("quantity", _("Stock"), ("variant inventory qty", "variant inventory quantity", "inventory quantity")),
    Field("policy", _("Sell when out of stock"), ("variant inventory policy", "continue selling when out of stock")),
    Field("price", _("Price"), ("variant price", "price"), required=True),
    Field("compare_at", _("Price before"), ("variant compare at price", "compare at price")),
    Field("requires_shipping", _("Is sent"), ("variant requires shipping", "requires shipping")),
    Field("barcode", _("GTIN"), ("variant barcode", "barcode")),
    Field("image", _("Picture address"), ("image src", "product image url")),
    Field("image_position", _("Place of the picture"), ("image position",)),
    Field("image_alt", _("Picture in words"), ("image alt text",)),
    Field("variant_image", _("Picture of the variant"), ("variant image", "variant image url")),
    Field("gift_card", _("Gift card"), ("gift card",)),
    Field("seo_title", _("Title for search engines"), ("seo title",)),
    Field("seo_description", _("Description for search engines"), ("seo description",)),
    Field("unit_total", pgettext_lazy("amount in a package", "Content"), ("unit price total measure",)),
    Field("unit_total_unit", _("Unit of content"), ("unit price total measure unit",)),
    Field("hs_code", _("Goods code"), ("variant harmonized system code", "hs code", "harmonized system code")),
    Field("origin", _("Country of origin"), ("variant country of origin", "country of origin")),
    Field("option1_name", _("Option 1"), ("option1 name",)),
    Field("option1_value", _("Value of option 1"), ("option1 value",)),
    Field("option2_name", _("Option 2"), ("option2 name",)),
    Field("option2_value", _("Value of option 2"), ("option2 value",)),
    Field("option3_name", _("Option 3"), ("option3 name",)),
    Field("option3_value", _("Value of option 3"), ("option3 value",)),
)
LEFT_ALONE = (
    "google shopping",
    "variant inventory tracker",
    "inventory tracker",
    "variant fulfillment service",
    "variant fullfilment service",
    "fulfillment service",
    "variant taxable",
    "charge tax",
    "variant tax code",
    "tax code",
    "cost per item",
    "unit price base measure",
    "included / ",
    "price / ",
    "compare at price / ",
    re.compile(r"option[123] linked to"),
    re.compile(r"\(product\.metafields\..+\)$"),
)
