"""The catalogue as plain values, to compare one shop with another."""

from typing import Any

from django.db import connection
from modeltrans.conf import get_available_languages

from catalog.models import (
    AttributeDef,
    BundleItem,
    Category,
    OptionType,
    OptionValue,
    Price,
    PriceList,
    Product,
    ProductAttribute,
    ProductMarket,
    Route,
    Variant,
)
from catalog.models.translations import Translated
from inventory.models import StockItem

PRODUCT = ("code", "kind", "status", "model_code", "merchant_code", "preorder_until", "new_until", "featured_rank")
TEXTS = (
    "name", "summary", "description", "selling_points", "usage_notes", "safety_warnings", "meta_title",
    "meta_description",
)  # fmt: skip
VARIANT = (
    "sku", "gtin", "status", "signature", "position", "weight_g", "length_mm", "width_mm", "height_mm",
    "content_amount", "content_unit", "hs_code", "origin_country", "customs_description", "battery_flag",
    "purchase_limit", "max_cart_qty",
)  # fmt: skip
TABLES = (
    "catalog_componentwish", "catalog_bundleitem", "catalog_picturewish", "catalog_variantmedia",
    "catalog_productmedia",
    "catalog_publishedprice", "catalog_effectiveprice", "catalog_price", "catalog_pricelist", "catalog_facetrow",
    "catalog_facetdef", "catalog_variantoption", "catalog_productoption", "catalog_optionvalue", "catalog_optiontype",
    "catalog_productattribute", "catalog_attributeoption", "catalog_attributedef", "catalog_productmarket",
    "catalog_route", "catalog_variant", "catalog_product", "catalog_category", "catalog_brand", "catalog_maker",
    "catalog_producttype", "inventory_stockitem",
)  # fmt: skip


def words(row: Translated, *fields: str) -> dict[str, str]:
    """Own words per field and language, line ends alike."""
    return {
        f"{field}[{language}]": row.text(field, language).replace("\r\n", "\n").strip()
        for field in fields
        for language in get_available_languages()
        if language in set(row.languages_of(field))
    }


def snapshot(*, pictures: bool = False) -> dict[str, Any]:
    """Everything the own format promises to carry, by codes."""
    return {
        "products": {row.code: _product(row) for row in Product.objects.order_by("code")},
        "variants": {row.sku: _variant(row) for row in Variant.objects.exclude(status="archived").order_by("sku")},
        "categories": {
            row.code: (row.parent.code if row.parent else "", row.position, words(row, "name", "description"))
            for row in Category.objects.order_by("code")
        },
        "options": {row.code: (row.input, words(row, "name")) for row in OptionType.objects.order_by("code")},
        "values": {
            (row.option_type.code, row.code): (row.hex, row.position, words(row, "name"))
            for row in OptionValue.objects.order_by("option_type__code", "code")
            if Variant.objects.filter(value_ids__contains=[row.pk]).exists()
        },
        "attributes": {
            row.code: (row.data_type, row.unit, row.section, row.filterable, words(row, "name"))
            for row in AttributeDef.objects.order_by("code")
            if ProductAttribute.objects.filter(attribute=row).exists()
        },
        "lists": {
            row.code: (row.market.code, row.kind, row.audience_key, row.adjust_bp, row.charm_rule)
            for row in PriceList.objects.order_by("code")
            if "import-sale" not in row.code
        },
        "prices": sorted(
            (row.price_list.code, row.variant.sku, row.min_qty, str(row.amount), row.derived)
            for row in Price.objects.select_related("price_list", "variant")
        ),
        "stock": sorted(
            (row.warehouse.code, row.variant.sku, row.on_hand)
            for row in StockItem.objects.select_related("warehouse", "variant")
            if row.on_hand
        ),
        "sets": sorted(
            (row.bundle_variant.sku, row.component_variant.sku, row.quantity, row.price_weight, row.optional)
            for row in BundleItem.objects.select_related("bundle_variant", "component_variant")
        ),
    }


def wipe_catalogue() -> None:
    """An empty shop in the same markets, with the same pictures in its store."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE {} CASCADE".format(", ".join(TABLES)))


def _product(row: Product) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in PRODUCT},
        "type": row.product_type.code,
        "brand": (row.brand.code, row.brand.name, words(row.brand, "story")) if row.brand else None,
        "maker": (row.maker.code, row.maker.postal_address, row.maker.email) if row.maker else None,
        "responsible": row.responsible_person.code if row.responsible_person else None,
        "category": row.primary_category.code if row.primary_category else None,
        "categories": sorted(row.categories.values_list("code", flat=True)),
        "tags": list(row.tags),
        "texts": words(row, *TEXTS),
        "slugs": dict(Route.objects.filter(product=row, current=True).values_list("language", "slug")),
        "options": list(row.options.order_by("position").values_list("option_type__code", flat=True)),
        "details": sorted(
            (
                each.attribute.code,
                each.option.code if each.option else "",
                str(each.number),
                each.bool_value,
                str(each.date_value),
                words(each, "text_value") if each.text_value is not None else {},
            )
            for each in ProductAttribute.objects.filter(product=row)
        ),
        "offers": {
            each.market.code: (each.visible, each.visible_from, each.visible_until, each.copy_override_html)
            for each in ProductMarket.objects.filter(product=row)
        },
        "pictures": [
            (each.asset.code, each.role, each.market.code if each.market else "", words(each.asset, "alt"))
            for each in row.media.select_related("asset", "market").order_by("position")
        ],
    }


def _variant(row: Variant) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in VARIANT},
        "product": row.product.code,
        "restricted": list(row.restricted_flags),
        "pictures": list(row.media.order_by("position").values_list("asset__code", flat=True)),
    }
