"""Refunds as rows: what is promised back, computed once, sent later by `send_refunds`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from core.events import publish
from core.money import Money, from_minor, to_minor
from core.sequences import take_number
from orders.actions.gift_cards import end_cards
from orders.actions.refund_shares import Way, open_refunds, refundable, room_of, ways_back, write_shares
from orders.actions.trail import write_event
from orders.errors import DeductionTooLarge, NothingToRefund, RefundTooLarge
from orders.events import RefundRequested
from orders.models import (
    Order,
    OrderLine,
    OrderLinePart,
    OrderRefund,
    OrderRefundLine,
    RefundState,
)
from orders.refunding import DeliveryPaid, LinePaid, Part, delivery_part, kept_part, less, part_for
from orders.sold_sets import whole_sets
from orders.types import DeliveryWish, RefundTo, RefundWish

__all__ = ["open_refunds", "refundable"]
EXCHANGE_BACK = "exchange-back:"
"""How the keys of refunds begin whose goods came back for an exchange that did not last."""
KEPT = ("net_kept_minor", "tax_kept_minor")


NOTHING = Part(net=0, tax=0, duty=0)


@dataclass(frozen=True, kw_only=True)
class LinePart:
    """What goes back for some units of a line, or for some pieces of one component of a set."""

    line: OrderLine
    units: int
    part: Part
    component: OrderLinePart | None = None
    kept: Part = NOTHING
    """What is kept for wear; `part` is without it."""


def line_paid(line: OrderLine) -> LinePaid:
    """The line's money in minor units, as the rule of refunds wants it."""
    return LinePaid(
        quantity=line.quantity,
        net=to_minor(line.line_net),
        tax=to_minor(line.line_tax),
        duty=to_minor(line.line_duty),
        qty_refunded=line.qty_refunded,
        net_refunded=to_minor(line.net_refunded),
        tax_refunded=to_minor(line.tax_refunded),
        net_kept=line.net_kept_minor,
        tax_kept=line.tax_kept_minor,
    )


def parts_of(line: OrderLine, units: int) -> list[LinePart]:
    """What `units` of the line bring back; of a set, all that is left of so many sets, component by component.

    Raises `NothingToRefund` beyond what is left.
    """
    components = list(line.parts.all())
    if not components:
        return [LinePart(line=line, units=units, part=_part(line_paid(line), units))]
    upto = line.qty_refunded + units
    if units < 1 or upto > line.quantity:
        raise NothingToRefund
    missing = [(one, upto * one.per_set - one.qty_refunded) for one in components]
    return [component_part(line, one, pieces) for one, pieces in missing if pieces > 0]


def component_part(line: OrderLine, component: OrderLinePart, pieces: int) -> LinePart:
    """What some pieces of one component bring back, by its share of the price. Raises `NothingToRefund`."""
    paid = LinePaid(
        quantity=component.quantity,
        net=to_minor(component.share_net),
        tax=to_minor(component.share_tax),
        duty=to_minor(component.share_duty),
        qty_refunded=component.qty_refunded,
        net_refunded=to_minor(component.net_refunded),
        tax_refunded=to_minor(component.tax_refunded),
        net_kept=component.net_kept_minor,
        tax_kept=component.tax_kept_minor,
    )
    return LinePart(line=line, units=pieces, part=_part(paid, pieces), component=component)


def wished_parts(order: Order, wishes: Sequence[RefundWish]) -> list[LinePart]:
    """What the wishes bring back: units of lines, or pieces of components of sets.

    Raises `NothingToRefund` for an unknown line, and for a set that is wanted whole and in parts at once.
    """
    lines = {line.pk: line for line in order.lines.prefetch_related("parts")}
    whole = {wish.line_id for wish in wishes if wish.part_id is None}
    if any(wish.line_id not in lines or (wish.part_id and wish.line_id in whole) for wish in wishes):
        raise NothingToRefund
    return [part for wish in wishes for part in _wished(lines[wish.line_id], wish)]


def _wished(line: OrderLine, wish: RefundWish) -> list[LinePart]:
    return keep_for_wear(_whole(line, wish), wish.kept_minor)


def keep_for_wear(parts: Sequence[LinePart], minor: int) -> list[LinePart]:
    """The parts less `minor`, which is kept; shared by what each of them is worth. Raises `DeductionTooLarge`."""
    worths = [one.part.net + one.part.tax for one in parts]
    if not minor:
        return list(parts)
    if not 0 < minor <= sum(worths):
        raise DeductionTooLarge
    kept = [kept_part(one.part, share) for one, share in zip(parts, _within(minor, worths), strict=True)]
    return [replace(one, part=less(one.part, back), kept=back) for one, back in zip(parts, kept, strict=True)]


def _within(minor: int, worths: Sequence[int]) -> list[int]:
    """Shares by worth that sum to `minor`, none above its worth: rounded down, the rest where there is room first."""
    shares = [minor * worth // sum(worths) for worth in worths]
    rest = minor - sum(shares)
    for index, worth in enumerate(worths):
        more = min(rest, worth - shares[index])
        shares[index] += more
        rest -= more
    return shares


def _whole(line: OrderLine, wish: RefundWish) -> list[LinePart]:
    if wish.part_id is None:
        return parts_of(line, wish.quantity)
    component = next((part for part in line.parts.all() if part.pk == wish.part_id), None)
    if component is None:
        raise NothingToRefund
    return [component_part(line, component, wish.quantity)]


def _part(paid: LinePaid, units: int) -> Part:
    try:
        return part_for(paid, units)
    except ValueError:
        raise NothingToRefund from None


def delivery_paid(order: Order) -> DeliveryPaid:
    """What was paid for the delivery and for customs clearance, and what of it was promised back.

    Clearance belongs to the delivery: both go back together.
    """
    taxes = [row for row in order.tax_lines.all() if row.owner in {"shipping", "fee"}]
    tax = sum(to_minor(row.amount) for row in taxes)
    added = sum(to_minor(row.amount) for row in taxes if not row.included)
    paid = to_minor(order.shipping_total) + to_minor(order.fee_total) + added
    rows = OrderRefundLine.objects.filter(refund__order=order, is_shipping=True)
    gone = list(rows.exclude(refund__state=RefundState.FAILED))
    return DeliveryPaid(
        net=paid - tax,
        tax=tax,
        net_refunded=sum(to_minor(row.net) for row in gone),
        tax_refunded=sum(to_minor(row.tax) for row in gone),
    )


def shipping_left(order: Order) -> tuple[int, int]:
    """Net and tax of the delivery that were not refunded yet, in minor units."""
    paid = delivery_paid(order)
    return paid.net - paid.net_refunded, paid.tax - paid.tax_refunded


def shipping_part(order: Order, wish: DeliveryWish) -> tuple[int, int]:
    """Net and tax of what is wished of the delivery. Raises `RefundTooLarge` beyond what is left of it."""
    if isinstance(wish, bool):
        return shipping_left(order) if wish else (0, 0)
    minor = to_minor(wish)
    if wish.currency.code != order.currency or minor < 0:
        raise NothingToRefund
    if not minor:
        return 0, 0
    try:
        part = delivery_part(delivery_paid(order), minor)
    except ValueError:
        raise RefundTooLarge from None
    return part.net, part.tax


def excess_refunds(order: Order) -> int:
    """What was promised back because it was never due. Money that left an exchange again was due once."""
    rows = order.refunds.filter(is_excess=True).exclude(state=RefundState.FAILED)
    rows = rows.exclude(key__startswith=EXCHANGE_BACK)
    return sum(to_minor(row.amount) for row in rows)


def write_refund(
    order: Order,
    *,
    parts: Iterable[LinePart],
    shipping: DeliveryWish,
    reason: str,
    key: str,
    to: RefundTo = "methods",
) -> OrderRefund:
    """The refund with its parts, counted on the lines, and its ways back. The caller holds the order's lock."""
    chosen = list(parts)
    net, tax = shipping_part(order, shipping)
    minor = sum(one.part.amount for one in chosen) + net + tax
    if minor <= 0:
        raise NothingToRefund
    end_cards(order, units_of(chosen))
    refund = _refund(order, ways_back(order, minor, to), key=key, reason=reason, is_excess=False)
    rows = [_line_row(refund, order.currency, one) for one in chosen]
    if net or tax:
        rows.append(_row(refund, order.currency, Part(net=net, tax=tax, duty=0), is_shipping=True))
    OrderRefundLine.objects.bulk_create(rows)
    _count(order, chosen, net + tax)
    publish(RefundRequested(number=order.number, refund_number=refund.number))
    return refund


def units_of(parts: Iterable[LinePart]) -> dict[int, int]:
    """How many units of each line go back, sets apart."""
    return {one.line.pk: one.units for one in parts if one.component is None}


def ask_excess_back(
    order: Order, *, payment_ref: UUID, wanted: Money, key: str, reason: str, to: RefundTo = "methods"
) -> OrderRefund | None:
    """Money that was never due goes back to where it came from, once per `key`, at most what is there.

    To store credit where the customer agreed.
    """
    found = OrderRefund.objects.filter(key=key).first()
    if found is not None:
        return None
    receipt = order.receipts.get(payment_ref=payment_ref)
    minor = min(to_minor(wanted), room_of(order, receipt))
    if minor <= 0:
        return None
    way = Way(payment_ref=payment_ref if to == "methods" else None, minor=minor)
    refund = _refund(order, [way], key=key, reason=reason, is_excess=True)
    publish(RefundRequested(number=order.number, refund_number=refund.number))
    return refund


def _refund(order: Order, ways: Sequence[Way], *, key: str, reason: str, is_excess: bool) -> OrderRefund:
    refund = OrderRefund.objects.create(
        number=f"{order.number}-R{take_number(f'refund:{order.number}')}",
        key=key,
        order=order,
        payment_ref=ways[0].payment_ref if len(ways) == 1 else None,
        amount=from_minor(sum(way.minor for way in ways), order.currency),
        reason=reason[:200],
        is_excess=is_excess,
    )
    write_shares(order, refund, ways)
    write_event(
        order,
        "refund.requested",
        to_customer=not is_excess,
        note=reason,
        refund=refund.number,
        amount=str(refund.amount.amount),
    )
    return refund


def _line_row(refund: OrderRefund, currency: str, one: LinePart) -> OrderRefundLine:
    row = _row(refund, currency, one.part)
    row.order_line, row.quantity, row.part = one.line, one.units, one.component
    row.net_kept_minor, row.tax_kept_minor = one.kept.net, one.kept.tax
    return row


def _row(refund: OrderRefund, currency: str, part: Part, *, is_shipping: bool = False) -> OrderRefundLine:
    return OrderRefundLine(
        refund=refund,
        is_shipping=is_shipping,
        net=from_minor(part.net, currency),
        tax=from_minor(part.tax, currency),
        duty=from_minor(part.duty, currency),
        amount=from_minor(part.amount, currency),
    )


def _count(order: Order, parts: Iterable[LinePart], shipping_minor: int, sign: int = 1) -> None:
    """Count promised (or, with `sign` -1, failed) refunds on the components, the lines and the order."""
    goods = 0
    lines: dict[int, OrderLine] = {}
    for one in parts:
        line = lines.setdefault(one.line.pk, one.line)
        net = from_minor(sign * one.part.net, order.currency)
        tax = from_minor(sign * one.part.tax, order.currency)
        line.net_refunded += net
        line.tax_refunded += tax
        _count_kept(line, one.kept, sign)
        if one.component is None:
            line.qty_refunded += sign * one.units
        else:
            component = one.component
            component.qty_refunded += sign * one.units
            component.net_refunded += net
            component.tax_refunded += tax
            _count_kept(component, one.kept, sign)
            component.save(update_fields=["qty_refunded", "net_refunded", "tax_refunded", *KEPT])
            line.qty_refunded = whole_sets(
                (row, row.qty_refunded) for row in OrderLinePart.objects.filter(order_line=line)
            )
        goods += one.part.amount
    OrderLine.objects.bulk_update(lines.values(), ["qty_refunded", "net_refunded", "tax_refunded", *KEPT])
    order.goods_refunded += from_minor(sign * goods, order.currency)
    order.shipping_refunded += from_minor(sign * shipping_minor, order.currency)
    order.save(update_fields=["goods_refunded", "shipping_refunded", "updated"])


def _count_kept(row: OrderLine | OrderLinePart, kept: Part, sign: int) -> None:
    row.net_kept_minor += sign * kept.net
    row.tax_kept_minor += sign * kept.tax


def uncount(order: Order, refund: OrderRefund) -> None:
    """A refund failed for good: what it had promised is open again."""
    rows = list(refund.lines.select_related("order_line", "part"))
    parts = [
        LinePart(
            line=row.order_line,
            units=row.quantity,
            part=Part(net=to_minor(row.net), tax=to_minor(row.tax), duty=to_minor(row.duty)),
            component=row.part,
            kept=Part(net=row.net_kept_minor, tax=row.tax_kept_minor, duty=0),
        )
        for row in rows
        if row.order_line is not None
    ]
    shipping = sum(to_minor(row.amount) for row in rows if row.is_shipping)
    _count(order, parts, shipping, sign=-1)
