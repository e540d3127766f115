"""Who may give back how much alone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Sum

from core.money import Money, to_minor
from orders.models import Order, OrderRefund, RefundLimit, RefundState

Person = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A row: `role` is None for everybody."""

    role: int | None
    minor: int


def alone_up_to(limits: Iterable[Limit], roles: Collection[int]) -> int | None:
    """In minor units; None where nothing limits this person. Pure."""
    rows = list(limits)
    own = [row.minor for row in rows if row.role in roles and row.role is not None]
    shop = [row.minor for row in rows if row.role is None]
    if own:
        return max(own)
    if shop:
        return max(shop)
    # Limits that are other people's alone say nothing about this person; the strictest of them holds.
    return min((row.minor for row in rows), default=None)


def needs_second_person(order: Order, amount: Money, person: Person) -> bool:
    """Whether `amount` more than what went back of the order already is above what this person may give alone.

    Counted per order, so that many small refunds are no way round; the owner of the shop is limited like anybody.
    """
    limits = [
        Limit(role=role, minor=minor)
        for role, minor in RefundLimit.objects.filter(currency=order.currency).values_list("role", "alone_minor")
    ]
    if not limits:
        return False
    groups = getattr(person, "groups", None)
    roles = set(groups.values_list("pk", flat=True)) if groups is not None else set()
    alone = alone_up_to(limits, roles)
    return alone is not None and _given_minor(order) + to_minor(amount) > alone


def _given_minor(order: Order) -> int:
    """What was given back, or is on its way. What came too much was never the shop's."""
    rows = OrderRefund.objects.filter(order=order, is_excess=False).exclude(state=RefundState.FAILED)
    total = rows.aggregate(total=Sum("amount"))["total"]
    return 0 if total is None else to_minor(Money(total, order.currency))
