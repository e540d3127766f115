"""What orders do when payments or orders announce something. Wired in `config/reactions.py`."""

from collections import Counter

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.actions import note_sold
from catalog.events import PresaleMoved, PresaleReleased
from markets.events import TaxIdDecided
from orders import notifications, transfer_notices
from orders.actions import book_authorization, book_dispute, book_receipt, book_refund, note_failed_refund, send_refund
from orders.actions.ahead import move_release, release_parcels
from orders.actions.changing import take_difference
from orders.actions.downloads import open_downloads, revoke_of_order, revoke_refunded
from orders.actions.gift_cards import issue_cards
from orders.actions.holds import open_hold_on
from orders.actions.receipts import dispute_key
from orders.actions.sharing import home_of, shares_of_dispute
from orders.actions.trail import lock_order, own_order, write_event
from orders.customs_gate import notice_customs_facts
from orders.events import (
    CustomerWritten,
    DownloadsOpened,
    FulfillmentShipped,
    HoldResolved,
    OrderCanceled,
    OrderChanged,
    OrderConfirmed,
    OrderPaid,
    OrderRefunded,
    RefundRequested,
    ReleaseMoved,
    WithdrawalReceived,
)
from orders.models import HoldKind, Lifecycle, Order, OrderHold, OrderReceipt
from payments.events import (
    DisputeOpened,
    DisputeWon,
    PartReceived,
    PaymentAuthorized,
    PaymentCaptured,
    PaymentDeclined,
    PaymentDisputed,
    PaymentFailed,
    PaymentHeld,
    PaymentRefunded,
    PaymentReported,
    RefundFailed,
    RiskHeld,
    TransferAwaited,
    TransferReminded,
)


def lock_reported_order(event: PaymentReported) -> None:
    """Inside, first of all: order before payment, everywhere; after a split or a merge all that share the payment."""
    sharing = OrderReceipt.objects.filter(payment_ref=event.payment_ref).values("order")
    list(Order.objects.lock().filter(Q(number=event.order_ref) | Q(pk__in=sharing)))


def book_captured(event: PaymentCaptured) -> None:
    """Inside: the money is booked with the payment, or neither is. What it pays for is done first."""
    number = home_of(event.order_ref)
    take_difference(order_number=number, amount=event.amount)
    book_receipt(order_number=number, payment_ref=event.payment_ref, amount=event.amount, fact_ref=event.fact_ref)


def book_authorized(event: PaymentAuthorized) -> None:
    """Inside: an order whose amount is held for us is confirmed."""
    book_authorization(order_number=home_of(event.order_ref), payment_ref=event.payment_ref, amount=event.amount)


def book_disputed(event: PaymentDisputed) -> None:
    """Inside: nothing more is shipped."""
    for number, amount in shares_of_dispute(event.order_ref, event.payment_ref, event.amount, won=False):
        book_dispute(
            order_number=number,
            payment_ref=event.payment_ref,
            amount=amount,
            won=False,
            fact_ref=event.fact_ref,
        )


def book_dispute_won(event: DisputeWon) -> None:
    """Inside: the money is ours again."""
    for number, amount in shares_of_dispute(event.order_ref, event.payment_ref, event.amount, won=True):
        book_dispute(order_number=number, payment_ref=event.payment_ref, amount=amount, won=True)


def book_refunded(event: PaymentRefunded) -> None:
    """Inside: the refund is done."""
    book_refund(
        order_number=home_of(event.order_ref),
        payment_ref=event.payment_ref,
        refund_ref=event.refund_ref,
        amount=event.amount,
    )


def book_refund_failed(event: RefundFailed) -> None:
    """Inside: the promise is open again."""
    note_failed_refund(order_number=event.order_ref, refund_ref=event.refund_ref, code=event.code)


def note_failed_payment(event: PaymentFailed) -> None:
    """Inside: the history says why an attempt did not bring money."""
    _note(event.order_ref, "payment.failed", event.code)


def note_declined_payment(event: PaymentDeclined) -> None:
    """Inside: the same for one declined attempt."""
    _note(event.order_ref, "payment.declined", event.code)


def hold_for_payment_case(event: PaymentHeld) -> None:
    """Inside: money in doubt stops the parcel until somebody has looked. Too much by transfer is in no doubt: the
    order is paid, and what is too much waits as a payment case."""
    if event.kind == "surplus":
        return
    order = own_order(event.order_ref)
    if order is not None:
        open_hold_on(
            order,
            kind=HoldKind.PAYMENT_MISMATCH,
            key=f"case:{event.case_id}",
            reason="A payment does not fit the order.",
            facts={"case": event.case_id, "kind": event.kind},
        )


def tell_transfer(event: TransferAwaited) -> None:
    """After: account, reference and amount, to be at hand when the shopper opens their bank."""
    transfer_notices.tell_transfer(number=home_of(event.order_ref), payment_ref=event.payment_ref)


def tell_transfer_reminder(event: TransferReminded) -> None:
    """After: half of the time has passed."""
    transfer_notices.tell_reminder(number=home_of(event.order_ref), payment_ref=event.payment_ref)


def tell_transfer_part(event: PartReceived) -> None:
    """After: so much came, so much is missing."""
    transfer_notices.tell_part(
        number=home_of(event.order_ref), payment_ref=event.payment_ref, received=event.received, name=event.name
    )


def hold_for_risk(event: RiskHeld) -> None:
    """Inside: nothing is shipped until somebody has looked. The same reasons, once looked at, do not stop it again."""
    order = own_order(event.order_ref)
    if order is not None:
        open_hold_on(
            order,
            kind=HoldKind.FRAUD,
            key=event.key,
            reason="The payment looks unusual. See why below, and decide before anything leaves.",
            facts={"points": event.points},
        )


def date_dispute(event: DisputeOpened) -> None:
    """Inside: the holds of the dispute end when the bank stops taking evidence, those of a split's other orders too."""
    if event.due_at is None:
        return
    sharing = OrderReceipt.objects.filter(payment_ref=event.payment_ref).values("order")
    orders = Order.objects.filter(Q(number=event.order_ref) | Q(pk__in=sharing))
    keys = [dispute_key(order, event.fact_ref) for order in orders]
    OrderHold.objects.filter(key__in=keys, resolved_at=None).update(due_at=event.due_at)


def open_paid_downloads(event: OrderPaid) -> None:
    """After: what is handed over by download can be fetched."""
    open_downloads(number=event.number)


def hand_over_after_hold(event: HoldResolved) -> None:
    """After: downloads and gift cards that waited for somebody's look."""
    if event.kind == HoldKind.FRAUD:
        open_downloads(number=event.number)
        issue_cards(number=event.number)


def issue_paid_cards(event: OrderPaid) -> None:
    """After: gift cards that were sold are made, and their codes mailed."""
    issue_cards(number=event.number)


def tell_downloads(event: DownloadsOpened) -> None:
    """After: where to fetch it."""
    notifications.tell_downloads(number=event.number)


def end_refunded_downloads(event: RefundRequested) -> None:
    """Inside: what is paid back is downloaded no more, from the moment the money is promised."""
    revoke_refunded(refund_number=event.refund_number)


def end_canceled_downloads(event: OrderCanceled) -> None:
    """Inside: the same for all of an order."""
    revoke_of_order(number=event.number, reason=event.reason)


def move_promises(event: PresaleMoved) -> None:
    """After: every order with a piece of the pre-sale promises the new day."""
    move_release(variant_id=event.variant_id, release_on=event.release_on)


def free_parcels(event: PresaleReleased) -> None:
    """After: what waited for its day may leave."""
    release_parcels(variant_id=event.variant_id)


def tell_release_moved(event: ReleaseMoved) -> None:
    """After: the new day, and the right to cancel."""
    notifications.tell_release_moved(number=event.number, line_id=event.line_id, release_on=event.release_on)


def send_requested_refund(event: RefundRequested) -> None:
    """After: hand the promised refund to payments."""
    send_refund(refund_number=event.refund_number)


def tell_confirmed(event: OrderConfirmed) -> None:
    """After: the confirmation on a durable medium."""
    notifications.tell_confirmed(number=event.number)


def tell_shipped(event: FulfillmentShipped) -> None:
    """After: the parcel is on its way."""
    notifications.tell_shipped(number=event.number, fulfillment_id=event.fulfillment_id)


def tell_refunded(event: OrderRefunded) -> None:
    """After: money is on its way back."""
    notifications.tell_refunded(number=event.number, refund_number=event.refund_number)


def tell_written(event: CustomerWritten) -> None:
    """After: what somebody of the shop wrote."""
    notifications.tell_written(number=event.number, event_id=event.event_id)


def tell_canceled(event: OrderCanceled) -> None:
    """After: the order will not come."""
    notifications.tell_canceled(number=event.number)


@transaction.atomic
def tell_what_sold(event: OrderPaid | OrderCanceled | OrderChanged | OrderRefunded) -> None:
    """After: the catalogue learns what the order took, as it stands now; a set counts as one thing."""
    order = lock_order(event.number)
    if order.paid_at is None:
        return
    pieces: Counter[int] = Counter()
    if order.lifecycle != Lifecycle.CANCELED:
        for line in order.lines.filter(bundle_parent=None, product_id_sold__isnull=False):
            pieces[line.product_id_sold or 0] += line.quantity - line.qty_canceled - line.qty_returned
    note_sold(order_ref=order.number, market_code=order.market, sold_at=order.paid_at, pieces=pieces)


def tell_withdrawal_received(event: WithdrawalReceived) -> None:
    """After: the receipt of the withdrawal on a durable medium."""
    notifications.tell_withdrawal_received(statement=event.statement)


def _note(number: str, kind: str, code: str) -> None:
    order = own_order(number)
    if order is not None:
        write_event(order, kind, code=code)


def notice_customs(event: OrderConfirmed) -> None:
    """After: parcels that customs would send back are seen before somebody packs them."""
    notice_customs_facts(number=event.number)


def note_tax_id_decided(event: TaxIdDecided) -> None:
    """After: the register has answered at last. What it says is written down once; the tax of the sale stays."""
    with transaction.atomic():
        order = Order.objects.lock().filter(number=event.reference).first()
        if order is None or order.events.filter(kind="tax_id.decided", data__tax_id=event.tax_id).exists():
            return
        if event.status == "valid":
            note = _("The buyer's tax number is valid after all. The order was taxed; refund the tax if they ask.")
        else:
            note = _("The buyer's tax number is not valid. The tax that was charged stays.")
        write_event(order, "tax_id.decided", note=note, tax_id=event.tax_id, status=event.status)
