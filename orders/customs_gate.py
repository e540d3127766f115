"""Parcels over a customs border leave only with the facts a declaration needs; what lacks them waits in sight."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.customs.readiness import NEEDED, WORDS, CustomsFacts, readiness
from catalog.models import Variant
from core import audit
from core.errors import DomainError
from markets.customs import crosses_customs
from orders.actions.holds import open_hold_on
from orders.actions.trail import lock_order, write_event
from orders.models import INSIDE, Fulfillment, FulfillmentLine, HoldKind, Lifecycle, Order, OrderLine, OrderLinePart


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """What a line of a parcel lacks for customs: names of `catalog.customs.readiness`."""

    sku: str
    missing: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The line and what it lacks, in words."""
        return _("%(sku)s: %(facts)s") % {"sku": self.sku, "facts": ", ".join(str(WORDS[one]) for one in self.missing)}


class CustomsFactsMissing(DomainError):
    """The parcel crosses a customs border and cannot be declared yet. `lacking` is the list."""

    code = "CUSTOMS_FACTS_MISSING"

    def __init__(self, lacking: tuple[Lacking, ...]) -> None:
        self.lacking = lacking
        told = "; ".join(one.sentence for one in lacking)
        super().__init__(_("Customs need more before this parcel may leave. Missing: %(list)s.") % {"list": told})


def lacking_for_customs(parcel: Fulfillment, order: Order) -> tuple[Lacking, ...]:
    """What the lines of a parcel lack; nothing for a parcel that crosses no customs border. Four queries at most.

    What was sold keeps the facts of its day; those it lacked are taken from the variant as it is now. A set without a
    goods code is declared by its components.
    """
    if not crosses_customs(parcel.ships_from, order.country):
        return ()
    rows = FulfillmentLine.objects.filter(fulfillment=parcel, order_line__requires_shipping=True)
    rows = rows.select_related("order_line__variant").prefetch_related("order_line__parts__variant")
    return tuple(_lacking(row.order_line for row in rows.order_by("order_line__position")))


def refuse_without_customs_facts(*, fulfillment_id: int) -> None:
    """Raises `CustomsFactsMissing` for a parcel that cannot be declared, and leaves a work item that says why.

    The work item is closed by itself when the facts are there. Runs in a transaction of its own, so that the work
    item stays although the parcel is refused.
    """
    with transaction.atomic():
        number = Fulfillment.objects.values_list("order__number", flat=True).get(pk=fulfillment_id)
        order = lock_order(number)
        parcel = Fulfillment.objects.lock().get(pk=fulfillment_id)
        lacking = keep_work_item(order, parcel)
    if lacking:
        raise CustomsFactsMissing(lacking)


def notice_customs_facts(*, number: str) -> int:
    """Open work items for the parcels of an order that cannot be declared yet; how many parcels lack something."""
    with transaction.atomic():
        order = lock_order(number)
        parcels = list(Fulfillment.objects.lock().filter(order=order, state__in=INSIDE))
        return sum(1 for parcel in parcels if keep_work_item(order, parcel))


def keep_work_item(order: Order, parcel: Fulfillment) -> tuple[Lacking, ...]:
    """What a parcel lacks, with a work item that says so, or closed when nothing lacks. The caller holds both locks."""
    if parcel.has_left or order.lifecycle != Lifecycle.CONFIRMED:
        return ()
    lacking = lacking_for_customs(parcel, order)
    prefix = f"customs:{order.number}:{parcel.position}:"
    before = list(order.holds.filter(kind=HoldKind.CUSTOMS, key__startswith=prefix))
    waiting = [hold for hold in before if hold.resolved_at is None]
    if lacking and not waiting:
        open_hold_on(
            order,
            kind=HoldKind.CUSTOMS,
            key=f"{prefix}{len(before) + 1}",
            reason=str(CustomsFactsMissing(lacking)),
            facts={"parcel": parcel.position, "goods": ", ".join(one.sku for one in lacking)},
        )
    if not lacking:
        for hold in waiting:
            hold.resolved_at, hold.resolved_by_id = timezone.now(), audit.current_actor().user_id
            hold.resolution = _("The facts for customs are there now.")
            hold.save(update_fields=["resolved_at", "resolved_by", "resolution", "updated"])
            write_event(order, "hold.resolved", note=hold.resolution, hold=hold.pk)
    return lacking


def _lacking(lines: Iterable[OrderLine]) -> Iterable[Lacking]:
    for line in lines:
        for goods in declared_parts(line) or (line,):
            found = readiness(customs_facts(goods, goods.variant))
            missing = tuple(one for one in found.missing if one in NEEDED)
            if missing:
                yield Lacking(sku=goods.sku, missing=missing)


def declared_parts(line: OrderLine) -> list[OrderLinePart]:
    """The components of a set that has no goods code of its own; none where the line is declared as it is."""
    has_code = line.hs_code or (line.variant is not None and line.variant.hs_code)
    return [] if has_code else [part for part in line.parts.all() if part.requires_shipping]


def customs_facts(line: OrderLine | OrderLinePart, variant: Variant | None) -> CustomsFacts:
    """What customs are told of goods that were sold: the facts of that day, and of today what was not known then."""
    return CustomsFacts(
        hs_code=line.hs_code or (variant.hs_code if variant and variant.hs_code else ""),
        origin=line.origin or (variant.origin_country if variant and variant.origin_country else ""),
        description=variant.customs_description if variant else "",
        weight_g=line.weight_g or (variant.weight_g if variant else 0),
        materials="",
        has_price=True,
        is_reviewed=bool(variant and variant.classification_status != Variant.Classification.DRAFT),
    )
