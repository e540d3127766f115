"""Contents of sets as files tell them: by SKU, with the share of the price, and patient with pieces yet to come."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from catalog.actions.derived import mark_dirty
from catalog.actions.products import activate_product, problems_of
from catalog.errors import BundleProblem
from catalog.events import ProductChanged, SetChanged
from catalog.models import BundleItem, ComponentWish, Product, Variant
from core import audit
from core.events import publish


@dataclass(frozen=True, kw_only=True)
class Component:
    """A piece of a set."""

    sku: str
    quantity: int = 1
    price_weight: int = 1
    optional: bool = False


@transaction.atomic
def put_components(*, bundle_variant_id: int, components: Sequence[Component], activates: bool = False) -> None:
    """The contents of a set are exactly these. With `activates` a set that is complete by it goes on sale.

    Raises `BundleProblem` for fewer than two, for a set in a set, and for a SKU there is none of.
    """
    variant = Variant.objects.lock().select_related("product").get(pk=bundle_variant_id)
    rows = {
        row.sku: row
        for row in Variant.objects.filter(sku__in=[each.sku for each in components]).select_related("product")
    }
    nested = any(row.product.kind == Product.Kind.BUNDLE for row in rows.values())
    is_sound = variant.product.kind == Product.Kind.BUNDLE and not nested and len(components) > 1
    if not is_sound or len(rows) < len(components) or min(each.quantity for each in components) < 1:
        raise BundleProblem
    BundleItem.objects.filter(bundle_variant=variant).delete()
    BundleItem.objects.bulk_create(
        BundleItem(
            bundle_variant=variant,
            component_variant=rows[each.sku],
            quantity=each.quantity,
            price_weight=each.price_weight,
            optional=each.optional,
        )
        for each in components
    )
    ComponentWish.objects.filter(bundle_variant=variant).delete()
    audit.record("catalog.set_components", variant.product, data={"skus": [each.sku for each in components]})
    mark_dirty(product_ids=[variant.product_id])
    publish(ProductChanged(product_ids=(variant.product_id,)))
    publish(SetChanged(variant_ids=(variant.pk,)))
    if activates and variant.product.status == Product.Status.DRAFT and not problems_of(variant.product):
        activate_product(product_id=variant.product_id)


@transaction.atomic
def wish_components(*, bundle_variant_id: int, components: Sequence[Component], activates: bool) -> bool:
    """Remember what a set is to hold until every piece is there. True when that is something new."""
    wanted = {each.sku: (each.quantity, each.price_weight, each.optional, activates) for each in components}
    rows = ComponentWish.objects.filter(bundle_variant=bundle_variant_id)
    now = {row.sku: (row.quantity, row.price_weight, row.optional, row.activates) for row in rows}
    if now == wanted:
        return False
    rows.delete()
    ComponentWish.objects.bulk_create(
        ComponentWish(
            bundle_variant_id=bundle_variant_id,
            sku=each.sku,
            quantity=each.quantity,
            price_weight=each.price_weight,
            optional=each.optional,
            activates=activates,
        )
        for each in components
    )
    return True
