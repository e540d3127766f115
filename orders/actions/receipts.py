"""Book what payments report. Enough money confirms the order; any other money becomes a hold and goes back."""

from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from core.events import publish
from core.money import Money, from_minor, to_minor, zero
from core.signing import secret_hash
from inventory.actions import convert_hold, hold_sourced, note_decision
from inventory.errors import OutOfStock
from orders.actions.holds import open_hold_on
from orders.actions.presale_claims import claim_again
from orders.actions.refund_rows import ask_excess_back, excess_refunds
from orders.actions.refund_shares import has_only_credit, refundable
from orders.actions.trail import money_facts, move_order, own_order, refresh_states, write_event
from orders.errors import PresaleLimitReached, PresaleTaken
from orders.events import OrderConfirmed, OrderPaid
from orders.models import HoldKind, Lifecycle, Order, OrderReceipt
from orders.routes import route_of_order
from orders.sold_sets import wishes_of
from payments.queries import credit_payments, part_payments, surplus_choice


def book_receipt(*, order_number: str, payment_ref: UUID, amount: Money, fact_ref: str) -> None:
    """Money came for this order. The same fact is booked once; enough money makes the order paid.

    Money for a canceled order, or more than is due, opens a hold and is asked back. Money for an expired
    order confirms it again while its goods are still there. Part of the payment's own transaction.
    """
    with transaction.atomic():
        order = own_order(order_number)
        if order is None:
            return
        receipt = _receipt(order, payment_ref)
        if amount.currency.code != order.currency:
            _hold_foreign(order, payment_ref, amount)
            return
        if not _first_time(receipt, f"capture:{fact_ref}"):
            return
        receipt.received += amount
        receipt.save(update_fields=["received", "booked", "updated"])
        write_event(order, "payment.received", to_customer=True, amount=str(amount.amount), payment=str(payment_ref))
        confirm_if_paid(order, payment_ref=payment_ref, fact_ref=fact_ref)
        refresh_states(order)


def book_authorization(*, order_number: str, payment_ref: UUID, amount: Money) -> None:
    """The amount is held for us. With what credit has paid it confirms the order; the money is taken later."""
    with transaction.atomic():
        order = own_order(order_number)
        if order is None or amount.currency.code != order.currency:
            return
        receipt = _receipt(order, payment_ref)
        if receipt.authorized >= amount:
            return
        receipt.authorized = amount
        receipt.save(update_fields=["authorized", "updated"])
        write_event(order, "payment.authorized", amount=str(amount.amount), payment=str(payment_ref))
        received = from_minor(money_facts(order).received, order.currency)
        if order.lifecycle == Lifecycle.PENDING_PAYMENT and amount + received >= order.total:
            _confirm(order)
        refresh_states(order)


def book_dispute(*, order_number: str, payment_ref: UUID, amount: Money, won: bool, fact_ref: str = "") -> None:
    """A bank took money back, or gave it back after we won. While it is open nothing is shipped.

    Each dispute (`fact_ref`) has a hold of its own: a second one stops the order again.
    """
    with transaction.atomic():
        order = own_order(order_number)
        if order is None:
            return
        receipt = _receipt(order, payment_ref)
        receipt.disputed = max(receipt.disputed - amount, zero(order.currency)) if won else receipt.disputed + amount
        receipt.save(update_fields=["disputed", "updated"])
        write_event(order, "payment.dispute_won" if won else "payment.disputed", amount=str(amount.amount))
        if not won:
            open_hold_on(
                order,
                kind=HoldKind.PAYMENT_MISMATCH,
                key=dispute_key(order, fact_ref or str(payment_ref)),
                reason="The bank of the customer took the money back.",
            )
        refresh_states(order)


def dispute_key(order: Order, name: str) -> str:
    """Orders that share a payment share its disputes, and each is held."""
    return f"dispute:{order.number}:{secret_hash(name)[:24]}"


def confirm_if_paid(order: Order, *, payment_ref: UUID | None = None, fact_ref: str = "") -> None:
    """Look at the money the order has now and do what follows from it. The caller holds the order's lock."""
    facts = money_facts(order)
    held = facts.received - facts.disputed
    unclaimed = refundable(order)
    excess = excess_refunds(order)
    if order.lifecycle == Lifecycle.CANCELED:
        _give_back(order, unclaimed, payment_ref, fact_ref, "The order was canceled before the money came.")
        return
    if held - excess < facts.total:
        if order.lifecycle == Lifecycle.EXPIRED and excess:
            _give_back(order, unclaimed, payment_ref, fact_ref, "The money came after a gift card was given back.")
        elif held > excess and not _waits_for_the_rest(order):
            open_hold_on(
                order,
                kind=HoldKind.PAYMENT_MISMATCH,
                key=f"short:{order.number}",
                reason="Less money was received than is due.",
                facts={"received": facts.received, "due": facts.total},
            )
        return
    if order.lifecycle == Lifecycle.EXPIRED and not _set_stock_aside_again(order):
        _give_back(order, unclaimed, payment_ref, fact_ref, "The money came late and the goods are gone.")
        return
    if order.lifecycle in (Lifecycle.PENDING_PAYMENT, Lifecycle.EXPIRED):
        _confirm(order)
    if order.paid_at is None:
        order.paid_at = timezone.now()
        order.save(update_fields=["paid_at"])
        publish(OrderPaid(number=order.number, market=order.market, total=order.total))
    _give_back(order, held - excess - facts.total, payment_ref, fact_ref, "More money was received than is due.")


def _waits_for_the_rest(order: Order) -> bool:
    """In time, and all that came may have more to follow: credit taken at placing, and transfers that come in parts."""
    if order.lifecycle != Lifecycle.PENDING_PAYMENT:
        return False
    came = {receipt.payment_ref for receipt in order.receipts.filter(received__gt=0)}
    by_transfer = part_payments(came)
    if not by_transfer:
        return has_only_credit(order)
    return order.pay_by > timezone.now() and by_transfer | credit_payments(came) == came


def _confirm(order: Order) -> None:
    move_order(order, Lifecycle.CONFIRMED)
    publish(OrderConfirmed(number=order.number))


def _give_back(order: Order, minor: int, payment_ref: UUID | None, fact_ref: str, why: str) -> None:
    if minor <= 0 or payment_ref is None:
        return
    amount = from_minor(minor, order.currency)
    chosen = surplus_choice(payment_ref, fact_ref)
    asked = ask_excess_back(
        order,
        payment_ref=payment_ref,
        wanted=amount,
        key=f"excess:{payment_ref}:{fact_ref}",
        reason=why,
        to="credit" if chosen == "credit" else "methods",
    )
    if asked and not chosen:  # what a person has decided about holds nothing up
        open_hold_on(
            order,
            kind=HoldKind.PAYMENT_MISMATCH,
            key=f"excess:{payment_ref}:{fact_ref}",
            reason=why,
            facts={"amount": str(amount.amount), "currency": order.currency, "payment": str(payment_ref)},
        )


def _set_stock_aside_again(order: Order) -> bool:
    """Late money: try to take the same goods once more."""
    demands = wishes_of(order.lines.prefetch_related("parts"))
    owner = uuid4()
    try:
        with transaction.atomic():
            claim_again(order)
            route = route_of_order(order)
            held = hold_sourced(owner=owner, demands=demands, market_code=order.market, route=route)
            convert_hold(owner=owner, order_ref=order.number)
            note_decision(order_ref=order.number, market_code=order.market, plan=held.plan, cause="paid_late")
    except (OutOfStock, PresaleTaken, PresaleLimitReached):
        return False
    return True


def _receipt(order: Order, payment_ref: UUID) -> OrderReceipt:
    nothing = zero(order.currency)
    receipt, _ = OrderReceipt.objects.get_or_create(
        payment_ref=payment_ref,
        order=order,
        defaults={
            "authorized": nothing,
            "received": nothing,
            "refunded": nothing,
            "disputed": nothing,
        },
    )
    return receipt


def _first_time(receipt: OrderReceipt, fact: str) -> bool:
    if fact in receipt.booked:
        return False
    receipt.booked = [*receipt.booked, fact]
    return True


def _hold_foreign(order: Order, payment_ref: UUID, amount: Money) -> None:
    open_hold_on(
        order,
        kind=HoldKind.PAYMENT_MISMATCH,
        key=f"currency:{payment_ref}",
        reason="The payment came in another currency than the order.",
        facts={"amount": to_minor(amount), "currency": amount.currency.code},
    )
