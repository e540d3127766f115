"""Variants: one combination of options, one SKU."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from catalog.actions.derived import mark_dirty
from catalog.drafts import VariantDraft
from catalog.errors import ChangedMeanwhile, OptionMismatch, SkuFixed, SkuTaken, VariantExists
from catalog.events import ProductChanged
from catalog.models import OptionValue, Product, ProductOption, Variant, VariantOption
from core import audit
from core.events import publish

PLAIN = (
    "gtin", "status", "position", "weight_g", "length_mm", "width_mm", "height_mm", "content_amount",
    "content_unit", "hs_code", "origin_country", "customs_description", "battery_flag", "purchase_limit",
    "max_cart_qty",
)  # fmt: skip
Chosen = list[tuple[ProductOption, OptionValue]]


@transaction.atomic
def add_variant(*, product_id: int, draft: VariantDraft) -> Variant:
    """A new variant with exactly one value per option of its product.

    Raises `OptionMismatch`, `VariantExists` for a combination that exists, `SkuTaken`.
    """
    product = Product.objects.lock().get(pk=product_id)
    variant = Variant(product=product, merchant_code=product.merchant_code)
    chosen = _apply(variant, product, draft)
    variant.save(force_insert=True)
    _link(variant, chosen)
    _announce(variant, "catalog.add_variant")
    return variant


@transaction.atomic
def update_variant(*, variant_id: int, draft: VariantDraft, seen: datetime | None = None) -> bool:
    """Bring a variant to what `draft` says. True when something changed. Raises as `add_variant`, and `SkuFixed`.

    `seen` is the `updated` stamp of the row a person decided on: another one now raises `ChangedMeanwhile`.
    """
    product_id = Variant.objects.values_list("product_id", flat=True).get(pk=variant_id)
    product = Product.objects.lock().get(pk=product_id)
    variant = Variant.objects.lock().get(pk=variant_id)
    if seen is not None and variant.updated != seen:
        raise ChangedMeanwhile
    before = _state(variant)
    if variant.sku_fixed and draft.sku != variant.sku:
        raise SkuFixed
    chosen = _apply(variant, product, draft)
    if _state(variant) == before:
        return False
    variant.save()
    _link(variant, chosen)
    _announce(variant, "catalog.update_variant")
    return True


@transaction.atomic
def archive_variant(*, variant_id: int) -> None:
    """Take a variant away for good; its combination can be made anew."""
    variant = Variant.objects.lock().get(pk=variant_id)
    variant.status = Variant.Status.ARCHIVED
    variant.save(update_fields=["status", "updated"])
    _announce(variant, "catalog.archive_variant")


def fix_skus(*, variant_ids: Collection[int]) -> int:
    """From now on papers name these SKUs: they stay. Returns how many were still free."""
    return Variant.objects.filter(pk__in=variant_ids, sku_fixed=False).update(sku_fixed=True)


def _apply(variant: Variant, product: Product, draft: VariantDraft) -> Chosen:
    chosen = _chosen(product, draft)
    signature = ",".join(sorted(f"{option.option_type.code}={value.code}" for option, value in chosen))
    others = Variant.objects.exclude(pk=variant.pk)
    if others.filter(merchant_code=product.merchant_code, sku=draft.sku).exists():
        raise SkuTaken
    rivals = others.filter(product=product, signature=signature).exclude(status=Variant.Status.ARCHIVED)
    if draft.status != Variant.Status.ARCHIVED and rivals.exists():
        raise VariantExists
    for name in PLAIN:
        setattr(variant, name, getattr(draft, name))
    variant.sku = draft.sku
    variant.restricted_flags = list(draft.restricted_flags)
    variant.signature = signature
    variant.value_ids = sorted(value.pk for _option, value in chosen)
    return chosen


def _chosen(product: Product, draft: VariantDraft) -> Chosen:
    options = list(product.options.select_related("option_type").order_by("position", "pk"))
    if {option.option_type.code for option in options} != set(draft.values):
        raise OptionMismatch
    found: Chosen = []
    values = OptionValue.objects.filter(
        option_type__in=[option.option_type_id for option in options], code__in=draft.values.values()
    )
    by_key = {(value.option_type_id, value.code): value for value in values}
    for option in options:
        value = by_key.get((option.option_type_id, draft.values[option.option_type.code]))
        if value is None:
            raise OptionMismatch
        found.append((option, value))
    return found


def _link(variant: Variant, chosen: Chosen) -> None:
    wanted = {option.pk: value.pk for option, value in chosen}
    if dict(variant.option_values.values_list("product_option_id", "option_value_id")) == wanted:
        return
    variant.option_values.all().delete()
    VariantOption.objects.bulk_create(
        VariantOption(
            variant=variant,
            product_option=option,
            option_value=value,
            product_id=variant.product_id,
            option_type_id=option.option_type_id,
        )
        for option, value in chosen
    )


def _announce(variant: Variant, action: str) -> None:
    audit.record(action, variant, data={"sku": variant.sku})
    mark_dirty(product_ids=[variant.product_id])
    publish(ProductChanged(product_ids=(variant.product_id,)))


def _state(variant: Variant) -> dict[str, object]:
    state = {field.attname: getattr(variant, field.attname) for field in variant._meta.concrete_fields}
    return state | {"value_ids": list(variant.value_ids), "restricted_flags": list(variant.restricted_flags)}
