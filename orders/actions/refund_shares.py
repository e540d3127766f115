"""Where a refund goes: back to the payments that brought the money, in one documented order, or to store credit.

The order (`docs/payments.md`): payments at providers first, oldest first, each as far as it can take it; then gift
cards and store credit, in the order they were taken. Nothing goes to an instrument that did not pay, except to the
customer's store credit where they agreed to it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from core.money import from_minor, to_minor
from orders.errors import RefundTooLarge
from orders.models import Order, OrderReceipt, OrderRefund, OrderRefundShare, RefundState
from orders.types import IntoExchange, RefundTo
from payments.queries import credit_payments

OPEN = (RefundState.REQUESTED, RefundState.SENT)


@dataclass(frozen=True, kw_only=True)
class Way:
    """So much goes this way; without a payment it goes to store credit, or into an exchange."""

    payment_ref: UUID | None
    minor: int
    exchange_id: int | None = None


def refundable(order: Order) -> int:
    """What was received, less what went back, is on its way back, was disputed or given as credit; minor units."""
    receipts = list(order.receipts.all())
    held = sum(to_minor(r.received) - to_minor(r.refunded) - to_minor(r.disputed) for r in receipts)
    return held - open_refunds(order) - credited(order)


def open_refunds(order: Order, payment_ref: UUID | None = None) -> int:
    """What is promised and has not gone back yet, in all or of one payment.

    A share that was refused is still promised while the rest of its refund stands, so it counts in all, and not for
    the payment that refused it.
    """
    refunds = refunds_of(order)
    if payment_ref is not None:
        return _sum(
            share
            for refund in refunds
            for share in refund.shares.all()
            if share.payment_ref == payment_ref and share.state in OPEN
        )
    live = [refund for refund in refunds if refund.state not in (RefundState.FAILED, RefundState.SUCCEEDED)]
    gone = (share for refund in live for share in refund.shares.all() if share.state == RefundState.SUCCEEDED)
    return sum(to_minor(refund.amount) for refund in live) - _sum(gone)


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """What went back without going to a payment, in minor units: to store credit, and into exchanges."""

    credit: int
    exchanged: int


def given_elsewhere(order: Order) -> Elsewhere:
    """What was given as store credit, or put into an exchange, instead of being paid back.

    What left an exchange again is paid back like other money, so it does not count here any more.
    """
    shares = [
        share
        for refund in refunds_of(order)
        for share in refund.shares.all()
        if share.payment_ref is None and share.state == RefundState.SUCCEEDED
    ]
    exchanged = sum(to_minor(one.amount) - one.returned_minor for one in shares if one.exchange_id is not None)
    return Elsewhere(credit=_sum(one for one in shares if one.exchange_id is None), exchanged=exchanged)


def credited(order: Order) -> int:
    """Both of `given_elsewhere` together."""
    given = given_elsewhere(order)
    return given.credit + given.exchanged


def refunds_of(order: Order) -> QuerySet[OrderRefund]:
    """The order's refunds with their shares: those in memory where a screen has read them, else as they are now."""
    in_memory = "refunds" in getattr(order, "_prefetched_objects_cache", {})
    return order.refunds.all() if in_memory else order.refunds.prefetch_related("shares")


def _sum(shares: Iterable[OrderRefundShare]) -> int:
    return sum(to_minor(share.amount) for share in shares)


def has_only_credit(order: Order) -> bool:
    """Whether all the money of the order came from gift cards and store credit."""
    came = {receipt.payment_ref for receipt in order.receipts.filter(received__gt=0)}
    return credit_payments(came) == came


def ways_back(order: Order, minor: int, to: RefundTo = "methods") -> tuple[Way, ...]:
    """How `minor` would go back. Raises `RefundTooLarge` when it cannot."""
    if minor > refundable(order):
        raise RefundTooLarge
    if to == "credit":
        return (Way(payment_ref=None, minor=minor),)
    found = []
    if isinstance(to, IntoExchange):
        found = [
            Way(payment_ref=None, minor=part, exchange_id=to.exchange_id) for part in [min(minor, to.minor)] if part
        ]
        minor -= sum(way.minor for way in found)
    for receipt in in_refund_order(order):
        part = min(minor, room_of(order, receipt))
        if part > 0:
            found.append(Way(payment_ref=receipt.payment_ref, minor=part))
            minor -= part
    if minor:
        raise RefundTooLarge
    return tuple(found)


def in_refund_order(order: Order) -> list[OrderReceipt]:
    """The order's receipts as refunds use them up."""
    receipts = list(order.receipts.order_by("pk"))
    by_credit = credit_payments([receipt.payment_ref for receipt in receipts]) if len(receipts) > 1 else frozenset()
    return sorted(receipts, key=lambda receipt: receipt.payment_ref in by_credit)


def room_of(order: Order, receipt: OrderReceipt) -> int:
    """What the payment can still give back to this order."""
    held = to_minor(receipt.received) - to_minor(receipt.refunded) - to_minor(receipt.disputed)
    return held - open_refunds(order, receipt.payment_ref)


def write_shares(order: Order, refund: OrderRefund, ways: Sequence[Way]) -> list[OrderRefundShare]:
    """One row per way, numbered after those there are. The first one has the refund's own number as its key."""
    taken = refund.shares.count()
    return OrderRefundShare.objects.bulk_create(
        OrderRefundShare(
            refund=refund,
            position=position,
            key=refund.number if position == 1 else f"{refund.number}/{position}",
            payment_ref=way.payment_ref,
            exchange_id=way.exchange_id,
            amount=from_minor(way.minor, order.currency),
        )
        for position, way in enumerate(ways, start=taken + 1)
    )
