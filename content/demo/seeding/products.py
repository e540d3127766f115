"""Products, their variants and details."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from catalog.actions.details import set_details
from catalog.actions.products import activate_product, create_product, update_product
from catalog.actions.variants import add_variant, update_variant
from catalog.drafts import Detail, ProductDraft, VariantDraft
from catalog.models import AttributeDef, Product, Variant
from content.demo.seeding.vocabulary import RESPONSIBLE
from content.demo.texts import table, words

NEW_FOR = timedelta(days=60)
LAST = 900
FIELDS = {
    "name": "name",
    "summary": "summary",
    "selling_points": "selling_points",
    "usage_notes": "usage",
    "safety_warnings": "warnings",
    "meta_title": "meta_title",
    "meta_description": "meta_description",
}


def seed_products() -> None:
    """Every product on sale in every market, with all its variants."""
    kinds = dict(AttributeDef.objects.values_list("code", "data_type"))
    for place, row in enumerate(table("products")):
        product = _product(row, place)
        for position, variant in enumerate(row["variants"]):
            _variant(product, row, variant, position)
        set_details(product_id=product.pk, details=list(_details(row["attributes"], kinds)))
        if product.status != Product.Status.ACTIVE:
            activate_product(product_id=product.pk)


def _product(row: dict[str, Any], place: int) -> Product:
    draft = ProductDraft(
        code=row["code"],
        product_type=row["product_type"],
        tax_category=row["tax_category"],
        texts={field: words(row[key]) for field, key in FIELDS.items()} | {"description": _paragraphs(row)},
        slugs=words(row["slug"]),
        options=tuple(row["options"]),
        brand=row["brand"],
        maker=row["brand"],
        responsible_person=RESPONSIBLE,
        primary_category=row["category"],
        categories=tuple(row["extra_categories"]),
        model_code=row["model"],
        new_until=(timezone.now() + NEW_FOR).date() if row["flags"]["new"] else None,
        featured_rank=row["flags"]["bestseller_rank"] or LAST + place,
    )
    known = Product.objects.filter(code=row["code"]).first()
    if known is None:
        return create_product(draft=draft)
    update_product(product_id=known.pk, draft=draft)
    known.refresh_from_db()
    return known


def _paragraphs(row: dict[str, Any]) -> dict[str, str]:
    return {
        language: "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
        for language, text in words(row["description"]).items()
    }


def _variant(product: Product, row: dict[str, Any], variant: dict[str, Any], position: int) -> None:
    content = variant["content"] or {}
    draft = VariantDraft(
        sku=variant["sku"],
        gtin=variant["gtin"],
        values=variant["options"],
        position=position,
        weight_g=variant["weight_g"],
        length_mm=variant["length_mm"],
        width_mm=variant["width_mm"],
        height_mm=variant["height_mm"],
        content_amount=Decimal(content["amount"]) if content else None,
        content_unit=content.get("unit", ""),
        hs_code=row["hs_code"],
        origin_country=row["origin"],
        customs_description=row["customs_description"]["en"],
        purchase_limit=variant["purchase_limit"],
    )
    known = Variant.objects.filter(product=product, sku=variant["sku"]).first()
    if known is None:
        add_variant(product_id=product.pk, draft=draft)
    else:
        update_variant(variant_id=known.pk, draft=draft)


def _details(attributes: dict[str, Any], kinds: dict[str, str]) -> Iterator[Detail]:
    for code, value in attributes.items():
        if kinds[code] == AttributeDef.DataType.ENUM:
            yield Detail(attribute=code, options=tuple(value) if isinstance(value, list) else (value,))
        elif kinds[code] == AttributeDef.DataType.BOOL:
            yield Detail(attribute=code, flag=value)
        else:
            yield Detail(attribute=code, number=Decimal(value))
