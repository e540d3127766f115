"""What each column of a Shopify table means, whatever the year it was exported in."""

import re

FIELDS: dict[str, tuple[str, ...]] = {
    "handle": ("handle", "url handle"),
    "title": ("title",),
    "body": ("body (html)", "body", "body html", "description"),
    "vendor": ("vendor",),
    "category": ("product category", "standard product type", "standardized product type"),
    "type": ("type", "custom product type"),
    "tags": ("tags",),
    "published": ("published", "published on online store"),
    "status": ("status",),
    "sku": ("variant sku", "sku"),
    "grams": ("variant grams", "weight value (grams)"),
    "weight_unit": ("variant weight unit", "weight unit for display"),
    "quantity": ("variant inventory qty", "variant inventory quantity", "inventory quantity"),
    "policy": ("variant inventory policy", "continue selling when out of stock"),
    "price": ("variant price", "price"),
    "compare_at": ("variant compare at price", "compare at price"),
    "requires_shipping": ("variant requires shipping", "requires shipping"),
    "barcode": ("variant barcode", "barcode"),
    "image": ("image src", "product image url"),
    "image_position": ("image position",),
    "image_alt": ("image alt text",),
    "variant_image": ("variant image", "variant image url"),
    "gift_card": ("gift card",),
    "seo_title": ("seo title",),
    "seo_description": ("seo description",),
    "unit_total": ("unit price total measure",),
    "unit_total_unit": ("unit price total measure unit",),
    "hs_code": ("variant harmonized system code", "hs code", "harmonized system code"),
    "origin": ("variant country of origin", "country of origin"),
}
OPTION = re.compile(r"option([123]) (name|value)")
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
)
LEFT_ALONE_PATTERNS = (re.compile(r"option[123] linked to"), re.compile(r"\(product\.metafields\..+\)$"))


def meaning_of(title: str) -> str | None:
    """The field a column title stands for; nothing for one we do not read."""
    plain = normal(title)
    option = OPTION.fullmatch(plain)
    if option:
        return f"option{option[1]}_{option[2]}"
    return next((field for field, names in FIELDS.items() if plain in names), None)


def is_left_alone(title: str) -> bool:
    """Whether a column is known to be of no use here, so that nobody needs to be told of it."""
    plain = normal(title)
    return plain.startswith(LEFT_ALONE) or any(pattern.search(plain) for pattern in LEFT_ALONE_PATTERNS)


def normal(title: str) -> str:
    """Lower case, single spaces, hyphens as spaces: dialects differ in no more than that."""
    return " ".join(title.lower().replace("-", " ").split())
