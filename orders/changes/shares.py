"""Dividing a line, and an order, so that the parts sum to the whole in every money column. Pure; minor units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.money import allocate


@dataclass(frozen=True, kw_only=True)
class TaxShare:
    """One tax line: `key` names the row it came from, `part` the component of a set, or 0."""

    key: int
    owner: str
    part: int
    base: int
    amount: int
    included: bool

    @property
    def counted(self) -> int:
        """What it adds to its owner's total: with the tax inside where prices contain tax."""
        return self.base + self.amount if self.included else self.base


@dataclass(frozen=True, kw_only=True)
class LineShare:
    """The money of so many units of a line."""

    quantity: int
    line_list: int
    line_discount: int
    line_total: int
    line_net: int
    line_tax: int
    line_duty: int
    taxes: tuple[TaxShare, ...]


def split_line(line: LineShare, units: int, *, unit_list: int, is_gross: bool) -> tuple[LineShare, LineShare]:
    """What `units` of the line bear, and what stays. Each is a sound line: it adds up by itself, and both sum to it.

    The line's tax follows its money, so that a unit that costs nothing bears none; what is without tax follows from the
    totals. Raises `ValueError` outside the line.
    """
    if not 0 < units < line.quantity:
        raise ValueError(f"{units} of {line.quantity}")
    weights = [units, line.quantity - units]
    discount = allocate(line.line_discount, weights)[0]
    listed = unit_list * units
    total = listed - discount
    amounts = [allocate(row.amount, weights)[0] for row in line.taxes]
    own = [index for index, row in enumerate(line.taxes) if row.owner == "line"]
    tax = allocate(line.line_tax, [total, line.line_total - total] if line.line_total else weights)[0]
    for index, amount in zip(own, _within(tax, [line.taxes[one].amount for one in own]), strict=True):
        amounts[index] = amount
    net = total - tax if is_gross else total
    bases = [allocate(row.base, weights)[0] for row in line.taxes]
    for index, base in zip(own, _within(net, [line.taxes[one].base for one in own]), strict=True):
        bases[index] = base
    mine = tuple(
        replace(row, base=base, amount=amount) for row, base, amount in zip(line.taxes, bases, amounts, strict=True)
    )
    duty_rows = [row for row in mine if row.owner == "duty"]
    duty = sum(row.base + row.amount for row in duty_rows) if duty_rows else allocate(line.line_duty, weights)[0]
    moved = LineShare(
        quantity=units,
        line_list=listed,
        line_discount=discount,
        line_total=total,
        line_net=net,
        line_tax=tax,
        line_duty=duty,
        taxes=mine,
    )
    return moved, rest_of(line, moved)


def _within(share: int, whole: Sequence[int]) -> Sequence[int]:
    """A share of a sum, divided as the sum is, no part of it above its own."""
    return allocate(share, whole) if any(whole) else [0] * len(whole)


def rest_of(line: LineShare, moved: LineShare) -> LineShare:
    """What stays of a line."""
    names = ("quantity", "line_list", "line_discount", "line_total", "line_net", "line_tax", "line_duty")
    return LineShare(
        **{name: getattr(line, name) - getattr(moved, name) for name in names},
        taxes=tuple(
            replace(whole, base=whole.base - part.base, amount=whole.amount - part.amount)
            for whole, part in zip(line.taxes, moved.taxes, strict=True)
        ),
    )


@dataclass(frozen=True, kw_only=True)
class OrderShare:
    """The money of an order beside its lines: delivery, fees, duty, and the tax lines of delivery and fees."""

    shipping_total: int
    fee_total: int
    duty_total: int
    is_duty_paid: bool
    """Whether duty is part of the total; else it is told and borne by the seller, or paid on delivery."""
    standard_delivery: int | None
    taxes: tuple[TaxShare, ...]


def split_order(order: OrderShare, weights: Sequence[int]) -> tuple[OrderShare, OrderShare]:
    """What goes along with goods worth `weights[0]` and what stays with those worth `weights[1]`."""
    mine = tuple(
        replace(row, base=allocate(row.base, weights)[0], amount=allocate(row.amount, weights)[0])
        for row in order.taxes
    )
    moved = OrderShare(
        shipping_total=_owned(order, mine, "shipping", order.shipping_total, weights),
        fee_total=_owned(order, mine, "fee", order.fee_total, weights),
        duty_total=allocate(order.duty_total, weights)[0],
        is_duty_paid=order.is_duty_paid,
        standard_delivery=None if order.standard_delivery is None else allocate(order.standard_delivery, weights)[0],
        taxes=mine,
    )
    rest = OrderShare(
        shipping_total=order.shipping_total - moved.shipping_total,
        fee_total=order.fee_total - moved.fee_total,
        duty_total=order.duty_total - moved.duty_total,
        is_duty_paid=order.is_duty_paid,
        standard_delivery=None
        if order.standard_delivery is None or moved.standard_delivery is None
        else order.standard_delivery - moved.standard_delivery,
        taxes=tuple(
            replace(whole, base=whole.base - part.base, amount=whole.amount - part.amount)
            for whole, part in zip(order.taxes, mine, strict=True)
        ),
    )
    return moved, rest


def _owned(order: OrderShare, mine: Sequence[TaxShare], owner: str, total: int, weights: Sequence[int]) -> int:
    """What the tax lines of an owner say, where they say all of it; else its share."""
    if sum(row.counted for row in order.taxes if row.owner == owner) == total:
        return sum(row.counted for row in mine if row.owner == owner)
    return allocate(total, weights)[0]


def duty_added(taxes: Sequence[TaxShare]) -> int:
    """Import duty that was charged, as the tax lines of duty say it."""
    return sum(row.counted for row in taxes if row.owner == "duty")


def tax_totals(taxes: Sequence[TaxShare]) -> Mapping[str, int]:
    """All tax, and what of it is added to the prices."""
    return {
        "tax_total": sum(row.amount for row in taxes),
        "tax_added": sum(row.amount for row in taxes if not row.included),
    }
