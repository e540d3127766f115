"""A copy of a product, as a draft to work on."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models, transaction

from catalog.actions.derived import mark_dirty
from catalog.actions.matrix import COPIED, taken_skus
from catalog.actions.routes import route
from catalog.errors import CodeTaken, SkusTaken
from catalog.events import ProductChanged
from catalog.models import (
    BundleItem,
    Price,
    Product,
    ProductAttribute,
    ProductMarket,
    ProductMedia,
    ProductOption,
    Variant,
    VariantMedia,
    VariantOption,
)
from core import audit
from core.events import publish

TEXTS, MEDIA, PRICES, ATTRIBUTES, VISIBILITY = "texts", "media", "prices", "attributes", "visibility"
PARTS = (TEXTS, MEDIA, PRICES, ATTRIBUTES, VISIBILITY)
SKU = "{sku}"
FACTS = (
    "merchant_code", "product_type_id", "brand_id", "maker_id", "responsible_person_id", "primary_category_id",
    "tax_category_id", "kind", "model_code", "tags", "preorder_until", "new_until", "featured_rank",
)  # fmt: skip
WORDS = tuple(name for name in Product._meta.get_field("i18n").fields if name != "name")  # type: ignore[union-attr]
BATCH = 500


@transaction.atomic
def duplicate_product(*, product_id: int, code: str, name: str, sku_pattern: str, parts: Collection[str]) -> Product:
    """A new draft with the options and live variants of another product, and the named parts of it.

    `{sku}` in the pattern is the old SKU. GTINs are not copied: a GTIN names one thing. Reviews, stock and addresses
    are the old product's own. Raises `CodeTaken`, `SkusTaken`.
    """
    source = Product.objects.lock().get(pk=product_id)
    if Product.objects.filter(code=code).exists():
        raise CodeTaken
    copy = _copy_product(source, code, name, with_texts=TEXTS in parts)
    variants = _copy_variants(source, copy, sku_pattern)
    if MEDIA in parts:
        _copy_media(source, copy, variants)
    if PRICES in parts:
        _copy_prices(variants)
    if ATTRIBUTES in parts:
        _again(ProductAttribute.objects.filter(product=source), product_id=copy.pk)
    if VISIBILITY in parts:
        _again(ProductMarket.objects.filter(product=source), product_id=copy.pk)
    route(target=copy, wanted={})
    audit.record("catalog.duplicate_product", copy, data={"from": source.code, "parts": sorted(parts)})
    mark_dirty(product_ids=[copy.pk])
    publish(ProductChanged(product_ids=(copy.pk,)))
    return copy


def _copy_product(source: Product, code: str, name: str, *, with_texts: bool) -> Product:
    copy = Product(code=code, name=name, status=Product.Status.DRAFT)
    for fact in FACTS:
        setattr(copy, fact, getattr(source, fact))
    if with_texts:
        for words in WORDS:
            setattr(copy, words, getattr(source, words))
        same_name = name == source.name
        copy.i18n = {
            key: words for key, words in (source.i18n or {}).items() if same_name or not key.startswith("name_")
        }
    copy.save(force_insert=True)
    copy.categories.set(source.categories.values_list("pk", flat=True))
    return copy


def _copy_variants(source: Product, copy: Product, pattern: str) -> dict[int, Variant]:
    """New variants by the key of the one they are copies of."""
    options = {row.pk: row for row in source.options.order_by("position", "pk")}
    made = ProductOption.objects.bulk_create(
        [
            ProductOption(product=copy, option_type_id=row.option_type_id, position=row.position)
            for row in options.values()
        ]
    )
    new_options = dict(zip(options, made, strict=True))
    live = list(source.variants.exclude(status=Variant.Status.ARCHIVED).order_by("position", "pk"))
    rows = {old.pk: _copy_variant(old, copy, pattern) for old in live}
    taken = taken_skus(product=copy, skus=[row.sku for row in rows.values()])
    if taken:
        raise SkusTaken(taken)
    Variant.objects.bulk_create(rows.values(), batch_size=BATCH)
    chosen = VariantOption.objects.filter(variant__in=rows)
    VariantOption.objects.bulk_create(
        [
            VariantOption(
                variant=rows[one.variant_id],
                product_option=new_options[one.product_option_id],
                option_value_id=one.option_value_id,
                product_id=copy.pk,
                option_type_id=one.option_type_id,
            )
            for one in chosen
        ],
        batch_size=BATCH,
    )
    _again(BundleItem.objects.filter(bundle_variant__in=rows), by={"bundle_variant_id": rows})
    return rows


def _copy_variant(old: Variant, copy: Product, pattern: str) -> Variant:
    facts = {fact: getattr(old, fact) for fact in (*COPIED, "status", "position", "signature")}
    sku = pattern.replace(SKU, old.sku)
    return Variant(product=copy, merchant_code=copy.merchant_code, sku=sku, value_ids=list(old.value_ids), **facts)


def _copy_media(source: Product, copy: Product, variants: Mapping[int, Variant]) -> None:
    _again(ProductMedia.objects.filter(product=source), product_id=copy.pk)
    _again(VariantMedia.objects.filter(variant__in=variants), by={"variant_id": variants})


def _copy_prices(variants: Mapping[int, Variant]) -> None:
    """Rows of the same lists. Nothing is published before the copy is on sale."""
    _again(Price.objects.filter(variant__in=variants), by={"variant_id": variants})


def _again(
    rows: "models.QuerySet[Any]", *, by: Mapping[str, Mapping[int, models.Model]] | None = None, **changes: Any
) -> None:
    """The same rows once more, hung on other owners: `by` maps a column's old key to the new owner."""
    fresh = []
    for row in rows.order_by("pk").iterator(chunk_size=BATCH):
        for name, value in changes.items():
            setattr(row, name, value)
        for name, owners in (by or {}).items():
            setattr(row, name, owners[getattr(row, name)].pk)
        row.pk = None
        row._state.adding = True
        fresh.append(row)
    rows.model._default_manager.bulk_create(fresh, batch_size=BATCH)
