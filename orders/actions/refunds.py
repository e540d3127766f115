"""Give money back: promise it in one transaction, hand it to payments, book it when it went."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from core import audit
from core.errors import DomainError
from core.events import publish
from core.money import Money, to_minor
from orders.actions.gift_cards import revive_cards_of
from orders.actions.holds import open_hold_on
from orders.actions.refund_rows import uncount, wished_parts, write_refund
from orders.actions.refund_shares import OPEN, Way, write_shares
from orders.actions.trail import lock_order, own_order, refresh_states, write_event
from orders.errors import NothingToRefund, ReasonMissing
from orders.events import OrderRefunded
from orders.models import HoldKind, Order, OrderReceipt, OrderRefund, OrderRefundShare, RefundState
from orders.types import DeliveryWish, RefundTo, RefundWish
from payments.actions import give_store_credit, refund_payment
from payments.events import StoreCreditGiven
from payments.models import Refund


def refund_order(
    *,
    number: str,
    lines: Sequence[RefundWish],
    shipping: DeliveryWish,
    reason: str,
    key: str,
    to: RefundTo = "methods",
) -> OrderRefund:
    """Promise money back for units of lines and all or some of the delivery; the same `key` promises once.

    It goes back to the payments that brought the money, in the order of `refund_shares`, or to store credit.
    Rounding is cumulative per line and for the delivery: all of it refunded in parts gives back exactly what was paid.
    Raises `NothingToRefund`, `RefundTooLarge`, `ReasonMissing`; nothing changes then.
    """
    with transaction.atomic():
        return promise_refund(lock_order(number), lines=lines, shipping=shipping, reason=reason, key=key, to=to)


def promise_refund(
    order: Order,
    *,
    lines: Sequence[RefundWish],
    shipping: DeliveryWish,
    reason: str,
    key: str,
    to: RefundTo = "methods",
) -> OrderRefund:
    """`refund_order` for a caller that holds the order's lock."""
    if not reason.strip():
        raise ReasonMissing
    found = OrderRefund.objects.filter(key=key, order=order).first()
    if found is not None:
        return found
    parts = wished_parts(order, lines)
    refund = write_refund(order, parts=parts, shipping=shipping, reason=reason.strip(), key=key, to=to)
    refresh_states(order)
    audit.record(
        "orders.refund_order",
        order,
        data={
            "refund": refund.number,
            "amount": str(refund.amount.amount),
            "currency": order.currency,
            "to": to if isinstance(to, str) else "exchange",
        },
        reason=reason,
    )
    return refund


def send_refund(*, refund_number: str) -> None:
    """Hand every share of a promised refund to whom it goes to; handing over twice gives back once.

    What is refused asks a person to look; when nothing of the refund can go, its promise is open again.
    """
    with transaction.atomic():
        number = OrderRefund.objects.values_list("order__number", flat=True).get(number=refund_number)
        order = lock_order(number)
        refund = OrderRefund.objects.get(number=refund_number)
        for share in refund.shares.filter(state=RefundState.REQUESTED):
            _hand_over(order, refund, share)
        _follow_shares(order, refund)


def _hand_over(order: Order, refund: OrderRefund, share: OrderRefundShare) -> None:
    if share.exchange_id is not None:  # it is in the new order already
        share.become(state=RefundState.SUCCEEDED)
        return
    if share.payment_ref is None:
        _give_credit(order, refund, share)
        return
    try:
        with transaction.atomic():
            refund_payment(payment_ref=share.payment_ref, amount=share.amount, key=share.key, reason=refund.reason)
    except DomainError as refusal:
        _fail_share(order, share, refusal.code)
        return
    share.become(state=RefundState.SENT)


def _give_credit(order: Order, refund: OrderRefund, share: OrderRefundShare) -> None:
    account = give_store_credit(
        email=order.email,
        user_id=order.user_id,
        amount=share.amount,
        ref=f"refund:{share.key}",
        why="refunded",
        order_ref=order.number,
    )
    share.become(state=RefundState.SUCCEEDED)
    refund.store_credit_ref = str(account.pk)
    refund.save(update_fields=["store_credit_ref", "updated"])
    write_event(order, "refund.credited", to_customer=True, refund=refund.number, amount=str(share.amount.amount))
    publish(
        StoreCreditGiven(
            account=account.pk,
            amount=share.amount,
            email=order.email,
            market=order.market,
            language=order.language,
            ref=f"refund:{share.key}",
        )
    )


def fail_refund(*, refund_number: str, code: str) -> None:
    """Nothing more of the refund goes: what is not gone yet was refused, and a person has to look."""
    with transaction.atomic():
        refund = OrderRefund.objects.select_related("order").get(number=refund_number)
        order = own_order(refund.order.number)
        if order is None:
            return
        for share in refund.shares.filter(state__in=OPEN):
            _fail_share(order, share, code)
        _follow_shares(order, refund)


def _fail_share(order: Order, share: OrderRefundShare, code: str) -> None:
    share.failure = code[:200]
    share.save(update_fields=["failure", "updated"])
    share.become(state=RefundState.FAILED)
    open_hold_on(
        order,
        kind=HoldKind.PAYMENT_MISMATCH,
        key=f"refund:{share.key}",
        reason="A refund was refused by the payment provider.",
        facts={"refund": share.key, "code": code, "amount": str(share.amount.amount)},
    )


def _follow_shares(order: Order, refund: OrderRefund) -> None:
    """Bring the refund to where its shares are. All of it refused: what it promised is open again."""
    shares = list(refund.shares.all())
    states = {share.state for share in shares}
    gone = sum(to_minor(share.amount) for share in shares if share.state == RefundState.SUCCEEDED)
    if gone == to_minor(refund.amount):
        if refund.may_become("state", RefundState.SUCCEEDED):
            refund.become(state=RefundState.SUCCEEDED)
            publish(OrderRefunded(number=order.number, refund_number=refund.number, amount=refund.amount))
    elif states == {RefundState.FAILED}:
        if refund.may_become("state", RefundState.FAILED):
            refund.failure = shares[0].failure
            refund.save(update_fields=["failure", "updated"])
            refund.become(state=RefundState.FAILED)
            uncount(order, refund)
            revive_cards_of(order, refund=refund.number)
    elif RefundState.REQUESTED not in states and refund.may_become("state", RefundState.SENT):
        refund.become(state=RefundState.SENT)
    refresh_states(order)


def credit_what_failed(*, refund_number: str) -> OrderRefund:
    """Give as store credit what no payment took back of a refund whose other shares went; the customer agreed.

    Raises `NothingToRefund` when nothing was refused, or all of it was and its promise is open again.
    """
    with transaction.atomic():
        number = OrderRefund.objects.values_list("order__number", flat=True).get(number=refund_number)
        order = lock_order(number)
        refund = OrderRefund.objects.get(number=refund_number)
        standing = refund.shares.exclude(state=RefundState.FAILED)
        owed = to_minor(refund.amount) - sum(to_minor(share.amount) for share in standing)
        if owed <= 0 or refund.state not in OPEN:
            raise NothingToRefund
        for share in write_shares(order, refund, [Way(payment_ref=None, minor=owed)]):
            audit.record(
                "orders.credit_what_failed",
                order,
                data={"refund": refund.number, "amount": str(share.amount.amount), "currency": order.currency},
            )
            _hand_over(order, refund, OrderRefundShare.objects.get(key=share.key))
        _follow_shares(order, refund)
    return refund


def book_refund(*, order_number: str, payment_ref: UUID, refund_ref: UUID, amount: Money) -> None:
    """Money went back. A refund made at the provider without us gets its own row. Booked once per refund."""
    with transaction.atomic():
        share = _share_of(refund_ref)
        order = own_order(share.refund.order.number if share is not None else order_number)
        receipt = OrderReceipt.objects.filter(payment_ref=payment_ref, order=order).first()
        fact = f"refund:{refund_ref}"
        if order is None or receipt is None or fact in receipt.booked:
            return
        receipt.refunded += amount
        receipt.booked = [*receipt.booked, fact]
        receipt.save(update_fields=["refunded", "booked", "updated"])
        share = share or _outside_share(order, payment_ref, refund_ref, amount)
        if share.may_become("state", RefundState.SUCCEEDED):
            share.become(state=RefundState.SUCCEEDED)
        refund = share.refund
        write_event(order, "refund.succeeded", to_customer=True, refund=refund.number, amount=str(amount.amount))
        _follow_shares(order, refund)


def note_failed_refund(*, order_number: str, refund_ref: UUID, code: str) -> None:
    """The provider reported later that a refund did not go through."""
    with transaction.atomic():
        share = _share_of(refund_ref)
        order = own_order(share.refund.order.number) if share is not None else None
        if share is None or order is None or not share.may_become("state", RefundState.FAILED):
            return
        _fail_share(order, share, code)
        _follow_shares(order, share.refund)


def _share_of(refund_ref: UUID) -> OrderRefundShare | None:
    """Ours, by the key it was asked under."""
    key = Refund.objects.filter(ref=refund_ref).values_list("key", flat=True).first()
    return OrderRefundShare.objects.select_related("refund__order").filter(key=key).first() if key else None


def _outside_share(order: Order, payment_ref: UUID, refund_ref: UUID, amount: Money) -> OrderRefundShare:
    """One that was made at the provider directly."""
    refund, made = OrderRefund.objects.get_or_create(
        key=f"outside:{refund_ref}",
        defaults={
            "number": f"{order.number}-X{str(refund_ref)[:8]}",
            "order": order,
            "payment_ref": payment_ref,
            "amount": amount,
            "reason": "Refunded at the payment provider.",
            "state": RefundState.REQUESTED,
        },
    )
    if made:
        write_shares(order, refund, [Way(payment_ref=payment_ref, minor=to_minor(amount))])
        open_hold_on(
            order,
            kind=HoldKind.PAYMENT_MISMATCH,
            key=f"outside:{refund_ref}",
            reason="A refund was made at the payment provider and not here.",
            facts={"refund": refund.number, "amount": str(amount.amount)},
        )
    return refund.shares.select_related("refund__order").get()
