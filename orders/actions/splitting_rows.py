"""Rows of an order divided between two orders. The callers hold both orders' locks."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.money import allocate, from_minor, to_minor, zero
from orders.actions.refund_shares import room_of
from orders.changes.shares import LineShare, OrderShare, TaxShare, duty_added, split_line, tax_totals
from orders.models import (
    AdjustmentKind,
    Order,
    OrderAdjustment,
    OrderLine,
    OrderLinePart,
    OrderReceipt,
    OrderTaxLine,
    PresaleClaim,
)

SHARED = ("line_list", "line_discount", "line_total", "line_net", "line_tax", "line_duty")


@dataclass(frozen=True, kw_only=True)
class Parted:
    """What became of a line: `new` is in the other order. `old_refs` are stock's names of its pieces before."""

    old_id: int
    old_refs: tuple[str, ...]
    new: OrderLine


def part_line(line: OrderLine, units: int, child: Order, position: int) -> Parted:
    """Move the line whole, or so many units of it as a line of their own. Taxes go along."""
    refs = tuple(_refs(line))
    if units == line.quantity:
        _rename(line, child, position)
        OrderTaxLine.objects.filter(line=line).update(order=child)
        OrderAdjustment.objects.filter(line=line).update(order=child)
        PresaleClaim.objects.filter(order_line=line).update(order=child)
        return Parted(old_id=line.pk, old_refs=refs, new=line)
    old_id = line.pk
    rows = list(OrderTaxLine.objects.filter(line=line).select_related("part").order_by("pk"))
    mine, rest = split_line(
        _share_of(line, rows), units, unit_list=to_minor(line.unit_list), is_gross=line.tax_included
    )
    new = _copy(line, child, position, mine)
    _write_share(line, rest)
    line.save(update_fields=["quantity", *SHARED])
    _divide_parts(line, new, (rest, mine))
    _divide_taxes(rows, child, new, (rest, mine))
    return Parted(old_id=old_id, old_refs=refs, new=new)


def _refs(line: OrderLine) -> list[str]:
    parts = [part.ref for part in line.parts.all() if part.requires_shipping]
    return parts or [line.ref]


def _rename(line: OrderLine, child: Order, position: int) -> None:
    line.order, line.position, line.ref = child, position, f"{child.number}/{position}"
    line.save(update_fields=["order", "position", "ref"])
    for part in line.parts.all():
        part.ref = f"{line.ref}.{part.position}"
        part.save(update_fields=["ref"])


def _share_of(line: OrderLine, rows: Sequence[OrderTaxLine]) -> LineShare:
    return LineShare(
        quantity=line.quantity,
        taxes=tuple(_tax_share(row) for row in rows),
        **{name: to_minor(getattr(line, name)) for name in SHARED},
    )


def _tax_share(row: OrderTaxLine) -> TaxShare:
    return TaxShare(
        key=row.pk,
        owner=row.owner,
        part=row.part.position if row.part is not None else 0,
        base=to_minor(row.base),
        amount=to_minor(row.amount),
        included=row.included,
    )


def _copy(line: OrderLine, child: Order, position: int, share: LineShare) -> OrderLine:
    new = OrderLine.objects.get(pk=line.pk)
    new.pk, new.order, new.position, new.ref = None, child, position, f"{child.number}/{position}"
    new._state.adding = True
    _write_share(new, share)
    new.save(force_insert=True)
    return new


def _write_share(line: OrderLine, share: LineShare) -> None:
    line.quantity = share.quantity
    for name in SHARED:
        setattr(line, name, from_minor(getattr(share, name), line.currency))


def _divide_parts(line: OrderLine, new: OrderLine, shares: tuple[LineShare, LineShare]) -> None:
    """The components of a set on both sides. What is taxed by itself keeps what its own tax lines say."""
    parts = list(line.parts.all())
    for row, share in zip((line, new), shares, strict=True):
        weights = [part.price_weight for part in parts]
        if not weights:
            return
        nets, taxes, duties = (
            allocate(to_minor(getattr(row, f"line_{name}")), weights) for name in ("net", "tax", "duty")
        )
        for index, part in enumerate(parts):
            own = [tax for tax in share.taxes if tax.part == part.position]
            if any(tax.part for tax in share.taxes):
                nets[index] = sum(tax.base for tax in own if tax.owner == "line")
                taxes[index] = sum(tax.amount for tax in own if tax.owner == "line")
                duties[index] = sum(tax.base + tax.amount for tax in own if tax.owner == "duty")
        for index, part in enumerate(parts):
            _write_part(part, row, nets[index], taxes[index], duties[index])


def _write_part(part: OrderLinePart, line: OrderLine, net: int, tax: int, duty: int) -> None:
    """On the line it was sold with the row itself, on the other one a copy."""
    row = part
    if part.order_line_id != line.pk:
        row = OrderLinePart.objects.get(pk=part.pk)
        row.pk, row.order_line, row.ref = None, line, f"{line.ref}.{part.position}"
        row._state.adding = True
    row.quantity = part.per_set * line.quantity
    row.share_net, row.share_tax, row.share_duty = (from_minor(one, line.currency) for one in (net, tax, duty))
    row.save()


def _divide_taxes(
    rows: Sequence[OrderTaxLine], child: Order, new: OrderLine, shares: tuple[LineShare, LineShare]
) -> None:
    parts = {part.position: part for part in OrderLinePart.objects.filter(order_line=new)}
    for row, rest, mine in zip(rows, shares[0].taxes, shares[1].taxes, strict=True):
        _divide_row(row, rest, mine, order=child, line=new, part=parts.get(mine.part))


def _divide_row(
    row: OrderTaxLine,
    rest: TaxShare,
    mine: TaxShare,
    *,
    order: Order,
    line: OrderLine | None,
    part: OrderLinePart | None,
) -> None:
    OrderTaxLine.objects.filter(pk=row.pk).update(
        base=from_minor(rest.base, row.currency).amount, amount=from_minor(rest.amount, row.currency).amount
    )
    copy = OrderTaxLine.objects.get(pk=row.pk)
    copy.pk, copy.order, copy.line, copy.part = None, order, line, part
    copy.base, copy.amount = from_minor(mine.base, row.currency), from_minor(mine.amount, row.currency)
    copy._state.adding = True
    copy.save(force_insert=True)


def rows_beside_lines(order: Order) -> list[OrderTaxLine]:
    """The tax lines of delivery and fees."""
    return list(OrderTaxLine.objects.filter(order=order, line__isnull=True).order_by("pk"))


def read_order_share(order: Order, rows: Sequence[OrderTaxLine]) -> OrderShare:
    """What the order costs beside its lines."""
    cheapest = order.standard_delivery
    return OrderShare(
        shipping_total=to_minor(order.shipping_total),
        fee_total=to_minor(order.fee_total),
        duty_total=to_minor(order.duty_total),
        is_duty_paid=to_minor(order.duty_total) == to_minor(order.duty_added),
        standard_delivery=None if cheapest is None else to_minor(cheapest),
        taxes=tuple(_tax_share(row) for row in rows),
    )


def divide_beside_lines(
    order: Order, child: Order, rows: Sequence[OrderTaxLine], shares: tuple[OrderShare, OrderShare]
) -> None:
    """The tax lines of delivery and fees, and what the delivery says of itself, on both sides."""
    mine, rest = shares
    for row, here, there in zip(rows, rest.taxes, mine.taxes, strict=True):
        _divide_row(row, here, there, order=child, line=None, part=None)
    for one in OrderAdjustment.objects.filter(order=order, line__isnull=True, kind=AdjustmentKind.SHIPPING):
        OrderAdjustment.objects.filter(pk=one.pk).update(amount=from_minor(rest.shipping_total, order.currency).amount)
        one.pk, one.order, one.amount = None, child, from_minor(mine.shipping_total, order.currency)
        one._state.adding = True
        one.save(force_insert=True)


def write_order_share(order: Order, share: OrderShare) -> None:
    """The order's totals from its lines, its tax lines and its share of the rest."""
    currency = order.currency
    lines = list(OrderLine.objects.filter(order=order))
    taxes = [_tax_share(row) for row in OrderTaxLine.objects.filter(order=order).select_related("part")]
    found = {
        "items_total": sum(to_minor(line.line_list) for line in lines),
        "discount_total": sum(to_minor(line.line_discount) for line in lines),
        "shipping_total": share.shipping_total,
        "fee_total": share.fee_total,
        "duty_added": duty_added(taxes),
        **tax_totals(taxes),
    }
    found["duty_total"] = found["duty_added"] if share.is_duty_paid else share.duty_total
    found["total"] = (
        found["items_total"] - found["discount_total"] + found["shipping_total"] + found["fee_total"]
        + found["duty_added"] + found["tax_added"]
    )  # fmt: skip
    for name, minor in found.items():
        setattr(order, name, from_minor(minor, currency))
    order.standard_delivery = None if share.standard_delivery is None else from_minor(share.standard_delivery, currency)
    order.save()


def give_money_along(order: Order, child: Order) -> None:
    """What was received for the units that leave goes to their order, payment by payment."""
    left = to_minor(child.total)
    for receipt in order.receipts.order_by("pk"):
        part = min(left, max(0, room_of(order, receipt)))
        if not part:
            continue
        left -= part
        held = min(to_minor(receipt.authorized), part)
        receipt.received -= from_minor(part, order.currency)
        receipt.authorized -= from_minor(held, order.currency)
        receipt.save(update_fields=["received", "authorized", "updated"])
        OrderReceipt.objects.create(
            order=child,
            payment_ref=receipt.payment_ref,
            authorized=from_minor(held, order.currency),
            received=from_minor(part, order.currency),
            refunded=zero(order.currency),
            disputed=zero(order.currency),
        )
