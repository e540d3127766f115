"""Payments that belong to another order than they were made for, after orders were split or merged."""

from uuid import UUID

from core.money import Money, from_minor, to_minor
from orders.models import LinkKind, OrderLink, OrderReceipt


def home_of(order_ref: str) -> str:
    """The order that a payment of `order_ref` belongs to now: itself, or what it was merged into."""
    number, seen = order_ref, {order_ref}
    while True:
        link = OrderLink.objects.filter(source__number=number, kind=LinkKind.MERGED_INTO)
        found = link.values_list("target__number", flat=True).first()
        if found is None or found in seen:
            return number
        number = found
        seen.add(number)


def shares_of_dispute(order_ref: str, payment_ref: UUID, amount: Money, *, won: bool) -> list[tuple[str, Money]]:
    """What of a disputed payment falls on each order that shares it: as much as each has of it."""
    home = home_of(order_ref)
    rows = OrderReceipt.objects.filter(payment_ref=payment_ref).select_related("order").order_by("order_id")
    left, found = to_minor(amount), []
    for row in rows:
        room = (
            to_minor(row.disputed) if won else to_minor(row.received) - to_minor(row.refunded) - to_minor(row.disputed)
        )
        part = min(left, max(0, room))
        if part:
            left -= part
            found.append((row.order.number, from_minor(part, row.currency)))
    if left or not found:
        first = next((index for index, (number, _) in enumerate(found) if number == home), None)
        rest = from_minor(left, amount.currency.code)
        if first is None:
            found.append((home, rest))
        else:
            found[first] = (home, found[first][1] + rest)
    return found
