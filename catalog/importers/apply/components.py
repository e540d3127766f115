"""Contents of sets: by SKU, and patient, because a component may come later in the file."""

import logging
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from catalog.actions.components import Component, put_components, wish_components
from catalog.errors import BundleProblem
from catalog.importers.apply.present import Present
from catalog.importers.apply.targets import Target
from catalog.importers.drafts import ImportedComponent, ImportedVariant
from catalog.importers.errors import RowProblem, RowsRefused, problem
from catalog.importers.outcomes import FieldChange
from catalog.models import ComponentWish, Variant

logger = logging.getLogger(__name__)


def bring_components(
    target: Target, told: Sequence[tuple[Variant, ImportedVariant]], present: Present | None, *, activates: bool
) -> list[FieldChange]:
    """Fill sets whose pieces are all there; the others wait. Returns what moved."""
    changes = []
    for variant, each in told:
        if each.components is None:
            continue
        now = present.components.get(variant.pk, {}) if present else {}
        before = {
            sku: ImportedComponent(sku=sku, quantity=row.quantity, price_weight=row.price_weight, optional=row.optional)
            for sku, row in now.items()
        }
        wanted = {component.sku: component for component in each.components}
        if wanted == before:
            continue
        is_news = _put(target, variant, each, [_component(component) for component in wanted.values()], activates)
        if is_news:
            old, new = _shown(before.values()), _shown(wanted.values())
            changes.append(FieldChange(field="components", sku=variant.sku, old=old, new=new))
    return changes


def _put(target: Target, variant: Variant, told: ImportedVariant, components: list[Component], activates: bool) -> bool:
    """Fill the set, or let it wait for what is missing. Whether that is something new."""
    skus = {component.sku for component in components}
    known = set(Variant.objects.filter(sku__in=skus).values_list("sku", flat=True))
    if not known >= skus:
        target.memory("waiting sets").put("any", value=True)
        return wish_components(bundle_variant_id=variant.pk, components=components, activates=activates)
    try:
        put_components(bundle_variant_id=variant.pk, components=components)
    except BundleProblem as refusal:
        raise RowsRefused(problem(told.line, "components", ", ".join(sorted(skus)), str(refusal))) from None
    return True


def fulfil(target: Target, skus: Sequence[str]) -> None:
    """Fill the sets that waited for one of these SKUs, as soon as nothing is missing any more."""
    if not target.memory("waiting sets").get("any", ComponentWish.objects.exists):
        return
    for bundle_id in set(ComponentWish.objects.filter(sku__in=skus).values_list("bundle_variant_id", flat=True)):
        wishes = list(ComponentWish.objects.filter(bundle_variant=bundle_id).order_by("pk"))
        known = set(Variant.objects.filter(sku__in=[wish.sku for wish in wishes]).values_list("sku", flat=True))
        if all(wish.sku in known for wish in wishes):
            _fill(bundle_id, wishes)


def _fill(bundle_id: int, wishes: Sequence[ComponentWish]) -> None:
    components = [
        Component(sku=wish.sku, quantity=wish.quantity, price_weight=wish.price_weight, optional=wish.optional)
        for wish in wishes
    ]
    try:
        put_components(
            bundle_variant_id=bundle_id, components=components, activates=any(wish.activates for wish in wishes)
        )
    except BundleProblem:
        # The set is at fault, not the product that came in just now: it goes on waiting and is told of at the end.
        logger.warning("the contents of the set %s cannot be what a file says", bundle_id)


def open_components() -> list[RowProblem]:
    """After the last product: the sets that still wait, as notes. They go on waiting for another file."""
    known = Variant.objects.values("sku")
    waiting = ComponentWish.objects.exclude(sku__in=known).select_related("bundle_variant").order_by("pk")
    return [
        problem(
            0,
            "components",
            wish.sku,
            _("The set %(set)s waits for the SKU %(sku)s, which the shop does not have.")
            % {"set": wish.bundle_variant.sku, "sku": wish.sku},
            is_note=True,
        )
        for wish in waiting
    ]


def _component(told: ImportedComponent) -> Component:
    return Component(sku=told.sku, quantity=told.quantity, price_weight=told.price_weight, optional=told.optional)


def _shown(components: Iterable[ImportedComponent]) -> str:
    pieces = sorted(components, key=lambda each: each.sku)
    return ", ".join(f"{each.quantity} × {each.sku}" for each in pieces)
