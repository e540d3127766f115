"""A product that is new in every part, written at once instead of by one action after the other.

An import of many products cannot pay for each step's own look-ups and records. The caller has checked what those
actions check (codes exist, no SKU or combination is taken, one value per option); constraints hold it in any case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db import transaction
from django.utils import timezone
from modeltrans.conf import get_default_language

from catalog.actions.derived import mark_dirty
from catalog.actions.prices import follow_lists
from catalog.actions.products import PLAIN as PRODUCT_FACTS
from catalog.actions.products import set_texts
from catalog.actions.routes import route_new
from catalog.actions.variants import PLAIN as VARIANT_FACTS
from catalog.drafts import ProductDraft, VariantDraft, Words
from catalog.events import OpeningStockTold, ProductChanged
from catalog.models import (
    AttributeDef,
    Price,
    Product,
    ProductAttribute,
    ProductMarket,
    ProductOption,
    Variant,
    VariantOption,
)
from catalog.translating.noting import note_texts
from core import audit
from core.events import publish


@dataclass(frozen=True, kw_only=True)
class Links:
    """What a new product refers to, by id."""

    product_type_id: int
    brand_id: int | None = None
    maker_id: int | None = None
    responsible_person_id: int | None = None
    primary_category_id: int | None = None
    category_ids: tuple[int, ...] = ()
    option_type_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NewVariant:
    """A variant with its SKU, its signature and the id of its value for each option type, in the product's order."""

    draft: VariantDraft
    signature: str
    value_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Finished:
    """The parts of a new product that can wait until the others of a batch are there."""

    product: Product
    slugs: Words
    prices: tuple[Price, ...] = ()
    details: tuple[ProductAttribute, ...] = ()
    offers: tuple[ProductMarket, ...] = ()
    opening: tuple[tuple[int, int], ...] = ()
    """Opening stock by variant."""


@dataclass(frozen=True, kw_only=True)
class NewProduct:
    """Everything a product is when it comes into being. It is on sale with `is_active`, otherwise a draft."""

    draft: ProductDraft
    links: Links
    variants: Sequence[NewVariant] = ()
    is_active: bool = False


@transaction.atomic
def begin_product(*, new: NewProduct) -> tuple[Product, list[Variant]]:
    """The product and its variants; `finish_products` has to follow in the same transaction."""
    product = _product(new)
    product.save(force_insert=True)
    if new.links.category_ids:
        product.categories.add(*new.links.category_ids)
    options = ProductOption.objects.bulk_create(
        ProductOption(product=product, option_type_id=pk, position=position)
        for position, pk in enumerate(new.links.option_type_ids)
    )
    variants = Variant.objects.bulk_create(_variant(product, each) for each in new.variants)
    VariantOption.objects.bulk_create(
        VariantOption(
            variant=variant,
            product_option=option,
            option_value_id=value_id,
            product=product,
            option_type_id=option.option_type_id,
        )
        for variant, each in zip(variants, new.variants, strict=True)
        for option, value_id in zip(options, each.value_ids, strict=True)
    )
    return product, variants


@transaction.atomic
def finish_products(finished: Sequence[Finished]) -> None:
    """Slugs, prices, details and offers of products that were just begun, their record, and their flags."""
    if not finished:
        return
    products = [each.product for each in finished]
    route_new(products=[(each.product, each.slugs) for each in finished])
    prices = Price.objects.bulk_create(chain.from_iterable(each.prices for each in finished))
    follow_lists(prices)
    details = ProductAttribute.objects.bulk_create(chain.from_iterable(each.details for each in finished))
    offers = ProductMarket.objects.bulk_create(chain.from_iterable(each.offers for each in finished))
    note_texts(products)
    note_texts([row for row in offers if row.copy_override_html])
    note_texts([row for row in details if row.text_value is not None])
    audit.record_all(
        [audit.Deed(action="catalog.import_product", target=row, data={"code": row.code}) for row in products]
    )
    ids = [row.pk for row in products]
    mark_dirty(product_ids=ids)
    publish(ProductChanged(product_ids=tuple(ids)))
    opening = tuple(chain.from_iterable(each.opening for each in finished))
    if opening:
        publish(OpeningStockTold(pieces=opening))


def detail_row(
    *, attribute: AttributeDef, option_id: int | None = None, text: Mapping[str, str] | None = None, **value: Any
) -> ProductAttribute:
    """An unsaved detail: a choice, words per language, or `number`, `bool_value` or `date_value`."""
    row = ProductAttribute(attribute=attribute, option_id=option_id, **value)
    if text is not None:
        row.text_value = text.get(get_default_language()) or next(iter(text.values()), "")
        row.put_texts({"text_value": text})
    return row


def _product(new: NewProduct) -> Product:
    draft, links = new.draft, new.links
    status = Product.Status.ACTIVE if new.is_active else Product.Status.DRAFT
    product = Product(
        code=draft.code,
        status=status,
        tax_category_id=draft.tax_category,
        tags=list(draft.tags),
        product_type_id=links.product_type_id,
        brand_id=links.brand_id,
        maker_id=links.maker_id,
        responsible_person_id=links.responsible_person_id,
        primary_category_id=links.primary_category_id,
        **{name: getattr(draft, name) for name in PRODUCT_FACTS},
    )
    if new.is_active and product.released_at is None:
        product.released_at = timezone.now()
    set_texts(product, draft.texts)
    return product


def _variant(product: Product, each: NewVariant) -> Variant:
    return Variant(
        product=product,
        merchant_code=product.merchant_code,
        sku=each.draft.sku,
        signature=each.signature,
        value_ids=sorted(each.value_ids),
        restricted_flags=list(each.draft.restricted_flags),
        **{name: getattr(each.draft, name) for name in VARIANT_FACTS},
    )
