"""How much of a line goes back for so many units: cumulative, so that the last unit closes to the cent."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class LinePaid:
    """What was paid for a line and what was given back, in minor units."""

    quantity: int
    net: int
    tax: int
    duty: int
    qty_refunded: int
    net_refunded: int
    tax_refunded: int
    net_kept: int = 0
    tax_kept: int = 0
    """What was kept for wear of units that count as refunded: it is settled, and no later unit brings it back."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """What goes back."""

    net: int
    tax: int
    duty: int

    @property
    def amount(self) -> int:
        return self.net + self.tax + self.duty


def due_up_to(total: int, units: int, quantity: int) -> int:
    """Half-up share of `total` for the first `units` of `quantity`."""
    return (2 * total * units + quantity) // (2 * quantity)


def part_for(line: LinePaid, units: int) -> Part:
    """What `units` more units bring back. Raises `ValueError` outside what is left."""
    upto = line.qty_refunded + units
    if units < 1 or upto > line.quantity:
        raise ValueError(f"{units} of {line.quantity - line.qty_refunded} left")
    duty_before = due_up_to(line.duty, line.qty_refunded, line.quantity)
    return Part(
        net=due_up_to(line.net, upto, line.quantity) - line.net_refunded - line.net_kept,
        tax=due_up_to(line.tax, upto, line.quantity) - line.tax_refunded - line.tax_kept,
        duty=due_up_to(line.duty, upto, line.quantity) - duty_before,
    )


def kept_part(part: Part, minor: int) -> Part:
    """How `minor` that is kept for wear divides into price and tax, in the proportion of `part`. Duty goes back whole.

    Raises `ValueError` for less than nothing, and beyond the price with its tax.
    """
    worth = part.net + part.tax
    if minor < 0 or minor > worth:
        raise ValueError(f"{minor} of {worth}")
    tax = due_up_to(part.tax, minor, worth) if minor else 0
    return Part(net=minor - tax, tax=tax, duty=0)


def less(part: Part, kept: Part) -> Part:
    """What goes back when something is kept."""
    return Part(net=part.net - kept.net, tax=part.tax - kept.tax, duty=part.duty - kept.duty)


@dataclass(frozen=True, kw_only=True)
class DeliveryPaid:
    """What was paid for the delivery and what was given back of it, in minor units."""

    net: int
    tax: int
    net_refunded: int = 0
    tax_refunded: int = 0

    @property
    def total(self) -> int:
        return self.net + self.tax

    @property
    def refunded(self) -> int:
        return self.net_refunded + self.tax_refunded

    @property
    def left(self) -> int:
        return self.total - self.refunded


def delivery_part(paid: DeliveryPaid, amount: int) -> Part:
    """`amount` more of the delivery with its share of the tax, so that amounts that sum to all of it close to the cent.

    Never more tax, nor more of the price without it, than is left. Raises `ValueError` outside what is left.
    """
    if amount < 1 or amount > paid.left:
        raise ValueError(f"{amount} of {paid.left} left")
    share = due_up_to(paid.tax, paid.refunded + amount, paid.total) - paid.tax_refunded
    least = max(0, amount - (paid.net - paid.net_refunded))
    most = min(amount, paid.tax - paid.tax_refunded)
    tax = min(max(share, least), most)
    return Part(net=amount - tax, tax=tax, duty=0)
