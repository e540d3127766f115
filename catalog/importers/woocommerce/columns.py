"""What each column of a WooCommerce product table means. The units stand in the titles: `Weight (kg)`."""

import re

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalog.importers.formats import Field, normal

NUMBERED = re.compile(r"attribute (\d+) (name|value\(s\)|visible|global)")
MOST_ATTRIBUTES = 10
PARTS = {"name": "name", "value(s)": "values", "visible": "visible", "global": "global"}

FIELDS = (
    Field("id", _("ID"), ("id",)),
    Field("type", _("Kind of product"), ("type",), required=True),
    Field("sku", _("SKU"), ("sku",), required=True),
    Field(
        "gtin", _("GTIN"), ("gtin, upc, ean, or isbn", "meta: _global_unique_id", "meta: _ts_gtin", "meta: _alg_ean")
    ),
    Field("name", _("Name"), ("name",), required=True),
    Field("published", _("Published"), ("published",)),
    Field("visibility", _("Visibility"), ("visibility in catalog",)),
    Field("summary", _("Summary"), ("short description",)),
    Field("description", _("Description"), ("description",)),
    Field("special_from", _("Sale begins"), ("date sale price starts",)),
    Field("special_until", _("Sale ends"), ("date sale price ends",)),
    Field("tax_status", _("Tax status"), ("tax status",)),
    Field("tax_class", _("Tax class"), ("tax class",)),
    Field("in_stock", _("In stock"), ("in stock?",)),
    Field("stock", _("Stock"), ("stock",)),
    Field("single", _("One per order"), ("sold individually?",)),
    Field("weight", _("Weight"), ("weight",)),
    Field("length", _("Length"), ("length",)),
    Field("width", _("Width"), ("width",)),
    Field("height", _("Height"), ("height",)),
    Field("special_price", _("Sale price"), ("sale price",)),
    Field("price", _("Price"), ("regular price",)),
    Field("categories", _("Categories"), ("categories",)),
    Field("tags", _("Tags"), ("tags",)),
    Field("brand", _("Brand"), ("brands", "brand", "meta: brand")),
    Field("images", _("Picture addresses"), ("images",)),
    Field("parent", _("Parent product"), ("parent",)),
    Field("grouped", _("Grouped products"), ("grouped products",)),
    Field("external_url", _("Address it is sold at"), ("external url",)),
    Field("position", _("Position"), ("position",)),
    Field("download", _("File to download"), ("download 1 url",)),
    Field("meta_title", _("Title for search engines"), ("meta: _yoast_wpseo_title", "meta: rank_math_title")),
    Field(
        "meta_description",
        _("Description for search engines"),
        ("meta: _yoast_wpseo_metadesc", "meta: rank_math_description"),
    ),
    Field("hs_code", _("Goods code"), ("meta: hs_code", "meta: _hs_code", "meta: _wf_hs_code")),
    Field("origin", _("Country of origin"), ("meta: country_of_origin", "meta: _country_of_origin")),
    *(
        Field(f"attribute{n}_{part}", format_lazy("{label} {n}: {part}", label=_("Attribute"), n=n, part=words))
        for n in range(1, MOST_ATTRIBUTES + 1)
        for part, words in (("name", _("name")), ("values", _("values")))
    ),
)
LEFT_ALONE = (
    "is featured?", "low stock amount", "backorders allowed?", "allow customer reviews?", "purchase note",
    "shipping class", "download", "upsells", "cross sells", "button text", "swatches attributes", "meta: _",
    re.compile(r"^attribute \d+ default$"),
)  # fmt: skip


def numbered(title: str) -> str | None:
    """`Attribute 2 value(s)` is `attribute2_values`."""
    found = NUMBERED.fullmatch(normal(title))
    return f"attribute{found[1]}_{PARTS[found[2]]}" if found else None
