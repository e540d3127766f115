"""Tell each step of an order, in its language, once. Called from reactions and the clock only.

What is no longer so when the message would be written is not said: a payment that worked meanwhile did not fail.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from core.models import Message
from core.money import Money, to_minor
from markets.formatting import format_date, format_money
from markets.types import MarketContext
from orders.logistics.notifications import step_of_trouble
from orders.models import (
    Document,
    DocumentKind,
    Fulfillment,
    HoldKind,
    Lifecycle,
    Order,
    OrderHold,
    OrderRefund,
    ParcelState,
    RefundState,
)
from orders.notifications import order_link, tell_order
from orders.steps import STEPS, Facts

PARCEL_STEPS = {
    ParcelState.CUSTOMS: "parcel_customs",
    ParcelState.OUT_FOR_DELIVERY: "parcel_out_for_delivery",
    ParcelState.EXCEPTION: "parcel_delayed",
    ParcelState.LOST: "parcel_came_back",
    ParcelState.RETURNED_TO_SENDER: "parcel_came_back",
    ParcelState.DELIVERED: "parcel_delivered",
}
HOLD_STEPS = {
    HoldKind.ADDRESS: "held_for_address",
    HoldKind.CUSTOMS: "held_for_customs",
    HoldKind.FRAUD: "held_for_check",
}
"""Other holds are between us and ourselves, or are told by what opened them."""
PAID_NOW = ("seller", "buyer_now")
"""Who bears duty when nothing is asked for at the border."""
SOON = timedelta(hours=1)
"""A refund that is made within an hour is told once, when it is made."""
LONG_AGO = timedelta(days=14)
FOUND_FOR = timedelta(days=400)
MOST_LINKS = 5
Gather = Callable[[Order, MarketContext], Facts]


def tell_payment_awaited(*, number: str, payment_ref: UUID) -> None:
    """The bank has not decided yet."""
    order = Order.objects.get(number=number)
    if order.lifecycle != Lifecycle.PENDING_PAYMENT:
        return

    def facts(order: Order, market: MarketContext) -> Facts:
        return Facts(number=number, amount=format_money(order.total, market), until=_day(order.pay_by, market))

    _tell(number, "payment_awaited", f"payment_awaited:{payment_ref}", facts)


def tell_payment_failed(*, number: str, payment_ref: UUID) -> None:
    """Only after we said that we wait for it: whoever sees it fail on the page needs no mail."""
    order = Order.objects.get(number=number)
    was_told = Message.objects.filter(dedupe_key=f"payment_awaited:{payment_ref}").exists()
    if order.lifecycle != Lifecycle.PENDING_PAYMENT or not was_told:
        return

    def facts(order: Order, market: MarketContext) -> Facts:
        return Facts(number=number, amount=format_money(order.total, market), until=_day(order.pay_by, market))

    _tell(number, "payment_failed", f"payment_failed:{payment_ref}", facts, page="checkout:retry")


def tell_expired(*, number: str) -> None:
    """Only when money was awaited: an abandoned checkout is nobody's order."""
    if Message.objects.filter(reference=number, kind="payment_awaited").exists():
        _tell(number, "order_expired", f"order_expired:{number}", lambda _order, _market: Facts(number=number))


def tell_held(*, number: str, hold_id: int) -> None:
    """An order waits for a person; its customer is told when they can help, or would wonder."""
    hold = OrderHold.objects.get(pk=hold_id)
    step = HOLD_STEPS.get(HoldKind(hold.kind))
    if step is None or hold.resolved_at is not None:
        return
    _tell(number, step, f"held:{hold_id}", lambda _order, _market: Facts(number=number))


def tell_parcel(*, number: str, fulfillment_id: int, state: str) -> None:
    """Where a parcel is. A state that was left behind meanwhile is not told any more, arriving always is."""
    parcel = Fulfillment.objects.get(pk=fulfillment_id)
    step = PARCEL_STEPS.get(ParcelState(state))
    if step and state == ParcelState.EXCEPTION:
        step = step_of_trouble(parcel)
    if not step or (parcel.state != state and state != ParcelState.DELIVERED):
        return

    def facts(order: Order, market: MarketContext) -> Facts:
        package = parcel.packages.order_by("-pk").first()
        rows = parcel.lines.select_related("order_line").order_by("order_line__position")
        others = order.fulfillments.exclude(pk=parcel.pk)
        return Facts(
            number=number,
            carrier=parcel.carrier,
            tracking_no=package.tracking_no if package else "",
            link_url=package.tracking_url if package else "",
            goods=[f"{row.quantity} × {row.order_line.name}" for row in rows],
            rest=others.exclude(state__in=[ParcelState.DELIVERED, ParcelState.CANCELED]).exists(),
            duty=_duty(order, market),
            duty_is_paid=order.landed.get("payer") in PAID_NOW,
        )

    _tell(number, step, f"parcel:{fulfillment_id}:{state}", facts)


def tell_invoice(*, number: str, document: str) -> None:
    """Only when the confirmation left before it: otherwise that has the link already."""
    order = Order.objects.get(number=number)
    found = Document.objects.filter(order=order, number=document, kind=DocumentKind.INVOICE).first()
    told = Message.objects.filter(dedupe_key=f"order_confirmed:{number}").first()
    if found is None or told is None or order.paid_at is None or told.created >= order.paid_at:
        return

    def facts(_order: Order, _market: MarketContext) -> Facts:
        return Facts(number=number, reference=document)

    _tell(
        number,
        "invoice_available",
        f"invoice:{number}:{document}",
        facts,
        page="orders:page",
        below=f"documents/{document}/",
    )


def tell_links(*, email_hash: str, key: str) -> int:
    """Mail the newest orders of an address a link each, to the address they were placed with; returns how many."""
    since = timezone.now() - FOUND_FOR
    rows = Order.objects.filter(email_hash=email_hash, placed_at__gt=since).order_by("-placed_at")
    numbers = list(rows.values_list("number", flat=True)[:MOST_LINKS])
    for number in numbers:
        _tell(number, "order_link", f"order_link:{number}:{key}", lambda order, _market: Facts(number=order.number))
    return len(numbers)


def tell_waiting_refunds() -> int:
    """Refunds that are promised and not made within an hour are told; returns how many. Run by the clock."""
    now = timezone.now()
    rows = OrderRefund.objects.filter(
        state__in=[RefundState.REQUESTED, RefundState.SENT], created__lt=now - SOON, created__gt=now - LONG_AGO
    ).select_related("order")
    found = {f"refund_promised:{row.number}": row for row in rows}
    told = set(Message.objects.filter(dedupe_key__in=found).values_list("dedupe_key", flat=True))
    due = [key for key in found if key not in told]
    for key in due:
        _tell_refund(found[key], key)
    return len(due)


def _tell_refund(refund: OrderRefund, key: str) -> None:
    def facts(order: Order, market: MarketContext) -> Facts:
        return Facts(number=order.number, amount=format_money(refund.amount, market))

    _tell(refund.order.number, "refund_promised", key, facts)


def _tell(number: str, step: str, key: str, facts: Gather, *, page: str = "", below: str = "") -> None:
    """Write one step. `page` is a page of the order whose link is the thing to do, `below` a path under the order's."""

    def words(order: Order, market: MarketContext) -> dict[str, Any]:
        found = facts(order, market)
        if page:
            found = replace(found, link_url=order_link(order, page, below=below))
        return STEPS[step](found).context()

    tell_order(number, step, key, words)


def _day(moment: datetime | None, market: MarketContext) -> str:
    return format_date(moment.date(), market.language, market.home_country) if moment else ""


def _duty(order: Order, market: MarketContext) -> str:
    """What was said at the checkout that the buyer pays at the border; nothing when it is paid or unknown."""
    later = order.landed.get("payable_on_delivery")
    amount = Money(Decimal(later), order.currency) if later is not None else None
    return format_money(amount, market) if amount is not None and to_minor(amount) else ""
