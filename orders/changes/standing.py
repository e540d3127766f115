"""What of an order may still change, and why the rest may not."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.money import to_minor
from orders.actions.trail import money_facts
from orders.models import (
    INSIDE,
    UNDECIDED,
    FulfillmentLine,
    Lifecycle,
    Order,
    OrderLine,
    ParcelState,
    ReturnLine,
)


@dataclass(frozen=True, kw_only=True)
class LineStanding:
    """One line. `is_settled`: its money is final. `why` says why its quantity stays; empty when it may change."""

    line: OrderLine
    is_settled: bool
    why: str

    @property
    def may_change(self) -> bool:
        return not self.why


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The order as far as it may change. `refusal` says why nothing may; `is_whole`: address and delivery may, too."""

    lines: tuple[LineStanding, ...]
    refusal: str
    is_paid: bool
    whole_refusal: str

    @property
    def is_whole(self) -> bool:
        return not self.whole_refusal


def standing_of(order: Order) -> Standing:
    """Five queries."""
    lines = list(order.lines.select_related("variant__product").prefetch_related("parts").order_by("position"))
    packing = _in_parcels(order, packed=True)
    returning = set(ReturnLine.objects.filter(return_request__order=order).values_list("order_line_id", flat=True))
    found = tuple(_line(line, packing=line.pk in packing, returning=line.pk in returning) for line in lines)
    facts = money_facts(order)
    return Standing(
        lines=found,
        refusal=why_not(order),
        is_paid=facts.received > 0 or not facts.total,
        whole_refusal=_why_not_whole(order, found, is_packing=bool(packing)),
    )


def why_not(order: Order) -> str:
    """Why the order cannot be changed at all, whatever is asked; empty when it can."""
    facts = money_facts(order)
    if order.lifecycle not in (Lifecycle.PENDING_PAYMENT, Lifecycle.CONFIRMED):
        return _("This order can no longer be changed. It is finished or was given up.")
    if order.changes.filter(state__in=UNDECIDED).exists():
        return _("Another change of this order waits for its payment. Wait for it, or give it up first.")
    if facts.disputed:
        return _("The bank of the customer has taken money back. Settle this first.")
    if facts.authorized and not facts.received:
        return _("The payment is authorized and not captured yet. Capture it first, then change the order.")
    if 0 < facts.received < facts.total:
        return _("Only a part of this order is paid. Wait for the rest, then change the order.")
    return ""


def _line(line: OrderLine, *, packing: bool, returning: bool) -> LineStanding:
    settled = _why_settled(line, returning=returning)
    return LineStanding(line=line, is_settled=bool(settled), why=settled or _why_fixed(line, packing=packing))


def _why_settled(line: OrderLine, *, returning: bool) -> str:
    if line.qty_shipped:
        return _("Units of it have been sent.")
    given_back = to_minor(line.net_refunded) or to_minor(line.tax_refunded) or line.qty_refunded
    if line.qty_canceled or given_back or any(part.qty_refunded for part in line.parts.all()):
        return _("Units of it were canceled or refunded.")
    return _("A return was asked for it.") if returning else ""


def _why_fixed(line: OrderLine, *, packing: bool) -> str:
    if packing:
        return _("It is being packed.")
    if line.releases_on is not None:
        return _("It is a pre-sale. It can be canceled, and ordered again.")
    if not line.requires_shipping or any(not part.requires_shipping for part in line.parts.all()):
        return _("It is handed over by download. It can be refunded.")
    return ""


def _why_not_whole(order: Order, lines: Sequence[LineStanding], *, is_packing: bool) -> str:
    if any(one.is_settled for one in lines) or to_minor(order.shipping_refunded):
        return _("Something of this order was sent, canceled or refunded, so address and delivery stay as they are.")
    if is_packing:
        return _("Somebody is packing this order, so address and delivery stay as they are.")
    return ""


def _in_parcels(order: Order, *, packed: bool) -> set[int]:
    states = INSIDE - {ParcelState.PLANNED} if packed else INSIDE
    rows = FulfillmentLine.objects.filter(fulfillment__order=order, fulfillment__state__in=states)
    return set(rows.values_list("order_line_id", flat=True))
