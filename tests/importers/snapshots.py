"""The catalogue as plain values, to compare one shop with another."""

from collections import defaultdict
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
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
    ProductMedia,
    ProductOption,
    Route,
    Variant,
    VariantMedia,
)
from catalog.models.translations import Translated
from inventory.models import StockItem

M = TypeVar("M", bound=Model)
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


def snapshot() -> dict[str, Any]:
    """Everything the own format promises to carry, by codes."""
    used = {pk for ids in Variant.objects.values_list("value_ids", flat=True) for pk in ids}
    told = set(ProductAttribute.objects.values_list("attribute_id", flat=True))
    return {
        "products": _products(),
        "variants": _variants(),
        "categories": {
            row.code: (row.parent.code if row.parent else "", row.position, words(row, "name", "description"))
            for row in Category.objects.select_related("parent").order_by("code")
        },
        "options": {row.code: (row.input, words(row, "name")) for row in OptionType.objects.order_by("code")},
        "values": {
            (row.option_type.code, row.code): (row.hex, row.position, words(row, "name"))
            for row in OptionValue.objects.select_related("option_type").order_by("option_type__code", "code")
            if row.pk in used
        },
        "attributes": {
            row.code: (row.data_type, row.unit, row.section, row.filterable, words(row, "name"))
            for row in AttributeDef.objects.order_by("code")
            if row.pk in told
        },
        "lists": {
            row.code: (row.market.code, row.kind, row.audience_key, row.adjust_bp, row.charm_rule)
            for row in PriceList.objects.select_related("market").order_by("code")
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


def _products() -> dict[str, Any]:
    """Every product, with what belongs to it read a table at a time."""
    routes = _by_product(Route.objects.filter(current=True, product__isnull=False))
    options = _by_product(ProductOption.objects.select_related("option_type").order_by("position"))
    details = _by_product(ProductAttribute.objects.select_related("attribute", "option"))
    offers = _by_product(ProductMarket.objects.select_related("market"))
    pictures = _by_product(ProductMedia.objects.select_related("asset", "market").order_by("position"))
    shelves = defaultdict(list)
    for code, product_id in Category.objects.filter(also_products__isnull=False).values_list("code", "also_products"):
        shelves[product_id].append(code)
    rows = Product.objects.select_related("product_type", "brand", "maker", "responsible_person", "primary_category")
    return {
        row.code: {
            **_product(row),
            "categories": sorted(shelves[row.pk]),
            "slugs": {each.language: each.slug for each in routes[row.pk]},
            "options": [each.option_type.code for each in options[row.pk]],
            "details": sorted(_detail(each) for each in details[row.pk]),
            "offers": {
                each.market.code: (each.visible, each.visible_from, each.visible_until, each.copy_override_html)
                for each in offers[row.pk]
            },
            "pictures": [
                (each.asset.code, each.role, each.market.code if each.market else "", words(each.asset, "alt"))
                for each in pictures[row.pk]
            ],
        }
        for row in rows.order_by("code")
    }


def _by_product(rows: QuerySet[M]) -> dict[int, list[M]]:
    """The rows of each product, in their order."""
    found: dict[int, list[M]] = defaultdict(list)
    for row in rows:
        found[row.product_id].append(row)
    return found


def _product(row: Product) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in PRODUCT},
        "type": row.product_type.code,
        "brand": (row.brand.code, row.brand.name, words(row.brand, "story")) if row.brand else None,
        "maker": (row.maker.code, row.maker.postal_address, row.maker.email) if row.maker else None,
        "responsible": row.responsible_person.code if row.responsible_person else None,
        "category": row.primary_category.code if row.primary_category else None,
        "tags": list(row.tags),
        "texts": words(row, *TEXTS),
    }


def _detail(row: ProductAttribute) -> tuple[Any, ...]:
    return (
        row.attribute.code,
        row.option.code if row.option else "",
        str(row.number),
        row.bool_value,
        str(row.date_value),
        words(row, "text_value") if row.text_value is not None else {},
    )


def _variants() -> dict[str, Any]:
    shown = defaultdict(list)
    for variant_id, code in VariantMedia.objects.order_by("position").values_list("variant_id", "asset__code"):
        shown[variant_id].append(code)
    rows = Variant.objects.exclude(status="archived").select_related("product").order_by("sku")
    return {
        row.sku: {
            **{name: getattr(row, name) for name in VARIANT},
            "product": row.product.code,
            "restricted": list(row.restricted_flags),
            "pictures": shown[row.pk],
        }
        for row in rows
    }
