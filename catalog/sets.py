"""Sets as carts and orders need them: what one holds, and how an amount for it is shared among its components."""

from collections.abc import Collection, Sequence

from django.db.models import F

from catalog.listing.vocabulary import option_values
from catalog.models import BundleItem, Product, Variant
from catalog.models.translations import pick_text
from catalog.queries.product_facts import joined
from catalog.types import SetPart
from core.money import allocate


def parts_of(variant_ids: Collection[int], language: str) -> dict[int, tuple[SetPart, ...]]:
    """The components of these sets, in the order they were put in; extras are none. One query when words are warm."""
    if not variant_ids:
        return {}
    rows = (
        BundleItem.objects.filter(bundle_variant__in=list(variant_ids), optional=False)
        .order_by("pk")
        .values(
            "bundle_variant_id", "quantity", "price_weight",
            variant=F("component_variant_id"),
            sku=F("component_variant__sku"),
            status=F("component_variant__status"),
            value_ids=F("component_variant__value_ids"),
            weight_g=F("component_variant__weight_g"),
            hs_code=F("component_variant__hs_code"),
            origin=F("component_variant__origin_country"),
            local_codes=F("component_variant__hs_local"),
            battery=F("component_variant__battery_flag"),
            flags=F("component_variant__restricted_flags"),
            product_status=F("component_variant__product__status"),
            product_name=F("component_variant__product__name"),
            product_i18n=F("component_variant__product__i18n"),
            tax_category=F("component_variant__product__tax_category_id"),
            requires_shipping=F("component_variant__product__product_type__requires_shipping"),
        )
    )  # fmt: skip
    values = option_values(language)
    found: dict[int, tuple[SetPart, ...]] = {}
    for row in rows:
        part = SetPart(
            variant_id=row["variant"],
            sku=row["sku"],
            name=pick_text(row["product_name"], row["product_i18n"], "name", language),
            options_text=joined([values[pk].label for pk in row["value_ids"] if pk in values]),
            quantity=row["quantity"],
            price_weight=row["price_weight"],
            weight_g=row["weight_g"],
            hs_code=row["hs_code"] or "",
            origin=row["origin"] or "",
            tax_category=row["tax_category"],
            requires_shipping=row["requires_shipping"],
            flags=frozenset([*row["flags"], "battery"] if row["battery"] else row["flags"]),
            local_codes=row["local_codes"],
            is_archived=row["product_status"] == Product.Status.ARCHIVED or row["status"] == Variant.Status.ARCHIVED,
        )
        found[row["bundle_variant_id"]] = (*found.get(row["bundle_variant_id"], ()), part)
    return found


def component_shares(minor: int, price_weights: Sequence[int]) -> list[int]:
    """An amount for a set, in minor units, shared among its components: the parts sum to it exactly.

    By price weight and largest remainder. A price weight stands for all pieces of a component in one set.
    """
    return allocate(minor, price_weights)
