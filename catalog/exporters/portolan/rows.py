"""Products as rows, a chunk at a time, in a fixed number of queries per chunk."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from catalog.actions.wishes import Shown, gallery_of, variant_pictures_of
from catalog.exporters.portolan.kinds import Cell, Row, kind_cells
from catalog.exporters.portolan.layout import Layout
from catalog.importers.apply.present import words_of
from catalog.importers.apply.variants import signature_values
from catalog.importers.portolan.cells import joined
from catalog.importers.portolan.products import TEXTS
from catalog.models import (
    BundleItem,
    ComponentWish,
    Price,
    Product,
    ProductAttribute,
    ProductOption,
    Route,
    Variant,
)
from catalog.stockbook import stock_book
from core.money import exponent

LINKS = ("product_type", "brand", "maker", "responsible_person", "primary_category")


@dataclass
class Chunk:
    """Everything known of a few products."""

    products: list[Product]
    variants: dict[int, list[Variant]]
    options: dict[int, list[str]]
    slugs: dict[int, dict[str, str]]
    details: dict[int, list[ProductAttribute]]
    pictures: dict[int, list[Shown]]
    variant_pictures: dict[int, list[Shown]]
    prices: dict[int, Row]
    stock: Any
    components: dict[int, list[tuple[str, int, int, bool]]]
    kinds: dict[int, Row]
    """Pre-sales and downloads."""


def rows_of(ids: Sequence[int], layout: Layout) -> Iterator[Row]:
    """The rows of these products: the first of each has the product's columns as well."""
    chunk = _load(ids, layout)
    for product in chunk.products:
        first = _product_cells(product, chunk, layout)
        variants = chunk.variants.get(product.pk, [])
        if not variants:
            yield first
        for place, variant in enumerate(variants):
            cells = _variant_cells(variant, chunk, layout)
            yield {**first, **cells} if place == 0 else {"product": product.code, **cells}


def _load(ids: Sequence[int], layout: Layout) -> Chunk:
    rows = Product.objects.filter(pk__in=ids).select_related(*LINKS).prefetch_related("categories", "offers__market")
    variants = list(
        Variant.objects.filter(product__in=ids).exclude(status=Variant.Status.ARCHIVED).order_by("position", "pk")
    )
    variant_ids = [variant.pk for variant in variants]
    options = ProductOption.objects.filter(product__in=ids).select_related("option_type").order_by("position", "pk")
    details = ProductAttribute.objects.filter(product__in=ids).select_related("attribute", "option").order_by("pk")
    slugs: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for product_id, language, slug in Route.objects.filter(product__in=ids, current=True).values_list(
        "product_id", "language", "slug"
    ):
        slugs[product_id or 0][language] = slug
    return Chunk(
        products=list(rows.order_by("pk")),
        variants=_by(variants, "product_id"),
        options={pk: [row.option_type.code for row in mine] for pk, mine in _by(list(options), "product_id").items()},
        slugs=slugs,
        details=_by(list(details), "product_id"),
        pictures=gallery_of(ids) if layout.images else {},
        variant_pictures=variant_pictures_of(variant_ids),
        prices=_prices(variant_ids, layout),
        stock=stock_book().on_hand(variant_ids),
        components=_components(variant_ids),
        kinds=kind_cells(variant_ids),
    )


def _by(rows: list[Any], name: str) -> dict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _product_cells(product: Product, chunk: Chunk, layout: Layout) -> Row:
    cells: Row = {
        "row": "product",
        "product": product.code,
        "kind": product.kind,
        "type": product.product_type.code,
        "status": product.status,
        "tax_category": product.tax_category_id,
        "brand": product.brand.code if product.brand else "",
        "category": product.primary_category.code if product.primary_category else "",
        "categories": joined(sorted(category.code for category in product.categories.all())),
        "model": product.model_code,
        "tags": joined(product.tags),
        "merchant": product.merchant_code,
        "released_at": _time(product.released_at),
        "preorder_until": _time(product.preorder_until),
        "new_until": _time(product.new_until),
        "rank": product.featured_rank,
        "maker": product.maker.code if product.maker else "",
        "responsible": product.responsible_person.code if product.responsible_person else "",
    }
    for name in TEXTS:
        cells |= {f"{name}[{language}]": words for language, words in words_of(product, name).items()}
    cells |= {f"slug[{language}]": slug for language, slug in chunk.slugs[product.pk].items()}
    for offer in product.offers.all():
        code = offer.market.code
        cells |= {
            f"visible[{code}]": _yes_no(offer.visible),
            f"visible_from[{code}]": _time(offer.visible_from),
            f"visible_until[{code}]": _time(offer.visible_until),
            f"copy[{code}]": offer.copy_override_html,
        }
    cells |= _detail_cells(chunk.details.get(product.pk, []), layout)
    return cells | _picture_cells(chunk.pictures.get(product.pk, []))


def _detail_cells(details: Sequence[ProductAttribute], layout: Layout) -> Row:
    choices: defaultdict[str, list[str]] = defaultdict(list)
    cells: Row = {}
    rest: list[str] = []
    for row in details:
        code = row.attribute.code
        if row.option is not None:
            choices[code].append(row.option.code)
            continue
        if row.text_value is not None:
            for language, words in words_of(row, "text_value").items():
                if language in layout.languages:
                    cells[f"attribute[{code},{language}]"] = words
                    rest += [f"{code}[{language}]={words}"] if code not in layout.attributes else []
            continue
        value = _value(row)
        cells[f"attribute[{code}]"] = value
        rest += [f"{code}={value}"] if code not in layout.attributes else []
    for code, codes in choices.items():
        cells[f"attribute[{code}]"] = joined(codes)
        rest += [f"{code}={each}" for each in codes] if code not in layout.attributes else []
    return {**cells, "attributes": joined(rest)} if rest else cells


def _value(row: ProductAttribute) -> str:
    if row.number is not None:
        return f"{row.number.normalize():f}"
    if row.bool_value is not None:
        return _yes_no(row.bool_value)
    return row.date_value.isoformat() if row.date_value else ""


def _picture_cells(pictures: Sequence[Shown]) -> Row:
    cells: Row = {}
    for number, shown in enumerate(pictures, start=1):
        url, market, role = shown.key
        words = words_of(shown.asset, "alt") if shown.asset else shown.alts
        cells |= {
            f"image[{number}]": url,
            f"image_market[{number}]": market,
            f"image_role[{number}]": role,
            **{f"image_alt[{number},{language}]": text for language, text in words.items()},
        }
    return cells


def _variant_cells(variant: Variant, chunk: Chunk, layout: Layout) -> Row:
    values = signature_values(variant.signature)
    cells: Row = {
        "sku": variant.sku,
        "variant_status": variant.status,
        "position": variant.position,
        "gtin": variant.gtin,
        "weight_g": variant.weight_g,
        "length_mm": _maybe(variant.length_mm),
        "width_mm": _maybe(variant.width_mm),
        "height_mm": _maybe(variant.height_mm),
        "content": "" if variant.content_amount is None else variant.content_amount.normalize(),
        "content_unit": variant.content_unit,
        "hs_code": variant.hs_code or "",
        "origin": variant.origin_country or "",
        "customs_description": variant.customs_description,
        "battery": _yes_no(variant.battery_flag),
        "restrictions": joined(variant.restricted_flags),
        "purchase_limit": _maybe(variant.purchase_limit),
        "max_per_cart": _maybe(variant.max_cart_qty),
    }
    for number, code in enumerate(chunk.options.get(variant.product_id, []), start=1):
        cells |= {f"option[{number}]": code, f"value[{number}]": values.get(code, "")}
    cells |= chunk.prices.get(variant.pk, {}) | chunk.kinds.get(variant.pk, {})
    cells |= {f"stock[{code}]": pieces for code, pieces in chunk.stock.get(variant.pk, {}).items()}
    for number, shown in enumerate(chunk.variant_pictures.get(variant.pk, []), start=1):
        cells[f"variant_image[{number}]"] = shown.key[0]
    for number, (sku, quantity, weight, optional) in enumerate(chunk.components.get(variant.pk, []), start=1):
        cells |= {
            f"component[{number}]": sku,
            f"component_quantity[{number}]": quantity,
            f"component_weight[{number}]": weight,
            f"component_optional[{number}]": _yes_no(optional),
        }
    return cells


def _prices(variant_ids: Sequence[int], layout: Layout) -> dict[int, Row]:
    found: defaultdict[int, Row] = defaultdict(dict)
    rows = Price.objects.filter(variant__in=variant_ids, derived=False, price_list__code__in=layout.lists)
    values: Iterable[tuple[int, str, int, Any, str]] = rows.values_list(
        "variant_id", "price_list__code", "min_qty", "amount", "amount_currency"
    )
    for variant_id, code, quantity, amount, currency in values:
        title = f"price[{code}]" if quantity == 1 else f"price[{code}@{quantity}]"
        found[variant_id][title] = amount.quantize(Decimal(1).scaleb(-exponent(currency)))
    return found


def _components(variant_ids: Sequence[int]) -> dict[int, list[tuple[str, int, int, bool]]]:
    found: defaultdict[int, list[tuple[str, int, int, bool]]] = defaultdict(list)
    rows = BundleItem.objects.filter(bundle_variant__in=variant_ids).order_by("pk")
    for pk, sku, quantity, weight, optional in rows.values_list(
        "bundle_variant_id", "component_variant__sku", "quantity", "price_weight", "optional"
    ):
        found[pk].append((sku, quantity, weight, optional))
    wishes = ComponentWish.objects.filter(bundle_variant__in=variant_ids).order_by("pk")
    for wish in wishes:
        found[wish.bundle_variant_id].append((wish.sku, wish.quantity, wish.price_weight, wish.optional))
    return found


def _maybe(value: int | None) -> Cell:
    return "" if value is None else value


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"


def _time(value: datetime | date | None) -> str:
    return value.isoformat() if value else ""
