"""The contents of a set as an operator builds them, refused in sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.actions.derived import mark_dirty
from catalog.errors import SetProblem
from catalog.events import ProductChanged, SetChanged
from catalog.models import BundleItem, ComponentWish, Presale, Product, Variant
from core import audit
from core.events import publish

MOST_PIECES = 999
MOST_WEIGHT = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class SetRow:
    """A component: so many pieces in a set, which together carry `price_weight` of its price.

    An `optional` one is no part of the set: it is shown beside it and sold on its own.
    """

    variant_id: int
    quantity: int = 1
    price_weight: int = 1
    optional: bool = False


@transaction.atomic
def build_set(*, variant_id: int, rows: Sequence[SetRow]) -> None:
    """The contents of a set are exactly these. Orders that were placed keep what they were sold.

    Raises `SetProblem` with a sentence for what a set cannot hold; nothing changes then.
    """
    variant = Variant.objects.lock().select_related("product__product_type").get(pk=variant_id)
    found = Variant.objects.select_related("product__product_type").in_bulk([row.variant_id for row in rows])
    problem = _problem(variant, rows, found)
    if problem:
        raise SetProblem(problem)
    BundleItem.objects.filter(bundle_variant=variant).delete()
    BundleItem.objects.bulk_create(
        BundleItem(
            bundle_variant=variant,
            component_variant_id=row.variant_id,
            quantity=row.quantity,
            price_weight=row.price_weight,
            optional=row.optional,
        )
        for row in rows
    )
    ComponentWish.objects.filter(bundle_variant=variant).delete()
    Variant.objects.filter(pk=variant.pk).update(
        weight_g=sum(found[row.variant_id].weight_g * row.quantity for row in rows if not row.optional)
    )
    audit.record(
        "catalog.set_components",
        variant.product,
        data={"set": variant.sku, "skus": [found[row.variant_id].sku for row in rows]},
    )
    mark_dirty(product_ids=[variant.product_id])
    publish(ProductChanged(product_ids=(variant.product_id,)))
    publish(SetChanged(variant_ids=(variant.pk,)))


def _problem(variant: Variant, rows: Sequence[SetRow], found: Mapping[int, Variant]) -> str:
    """Why the set cannot hold these; the first reason there is."""
    if variant.product.kind != Product.Kind.BUNDLE:
        return _("This product is no set. Change its kind to a set of products first.")
    if len({row.variant_id for row in rows}) < len(rows) or len(found) < len(rows):
        return _("Each component can be in a set once. Raise its quantity instead.")
    if len([row for row in rows if not row.optional]) < 2:
        return _("A set needs at least two components that are not optional.")
    for row in rows:
        problem = _row_problem(variant, row, found[row.variant_id])
        if problem:
            return problem
    return _kind_problem(variant, [found[row.variant_id] for row in rows if not row.optional])


def _kind_problem(variant: Variant, inside: Sequence[Variant]) -> str:
    is_sent = variant.product.product_type.requires_shipping
    if is_sent != any(one.product.product_type.requires_shipping for one in inside):
        if is_sent:
            return _("This set is sent, but none of its components is. Give it a product type that is not sent.")
        return _("This set is not sent, but one of its components is. Give it a product type that is sent.")
    ahead = Presale.objects.filter(variant__in=inside, released_at__isnull=True).select_related("variant").first()
    if ahead is not None:
        return _("%(sku)s is on pre-sale. Put it into the set after its release.") % {"sku": ahead.variant.sku}
    return ""


def _row_problem(variant: Variant, row: SetRow, part: Variant) -> str:
    sku = {"sku": part.sku}
    if part.pk == variant.pk:
        return _("A set cannot hold itself.")
    if part.product.kind == Product.Kind.BUNDLE:
        return _("%(sku)s is a set itself. A set holds single products only.") % sku
    if part.status == Variant.Status.ARCHIVED or part.product.status == Product.Status.ARCHIVED:
        return _("%(sku)s is archived. Choose another component.") % sku
    if not 1 <= row.quantity <= MOST_PIECES:
        return _("%(sku)s: enter a quantity from 1 to %(most)d.") % {**sku, "most": MOST_PIECES}
    if not 0 <= row.price_weight <= MOST_WEIGHT:
        return _("%(sku)s: enter a share of the price from 0 to %(most)d.") % {**sku, "most": MOST_WEIGHT}
    return ""
