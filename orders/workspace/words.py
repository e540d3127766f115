"""What operators read about orders, in the language that is active."""

from collections.abc import Mapping

from django.utils.translation import get_language, gettext_noop, pgettext
from django.utils.translation import gettext as _

from catalog.selling import spoken
from orders.actions.changing import HOLD_REASON as CHANGE_WAITS
from orders.actions.withdrawals import HOLD_REASON
from orders.actions.withdrawn_exchanges import ASK_FIRST
from orders.models import FulfillmentState, Lifecycle, OrderLine, OrderTag, ParcelState, PaymentState, RefundState
from orders.returning.words import event_words
from orders.workspace.types import State, Tone

LIFECYCLE_TONES: Mapping[str, Tone] = {
    Lifecycle.PENDING_PAYMENT: "warn",
    Lifecycle.CONFIRMED: "brand",
    Lifecycle.COMPLETED: "ok",
    Lifecycle.CANCELED: "bad",
    Lifecycle.EXPIRED: "bad",
}
PAYMENT_TONES: Mapping[str, Tone] = {
    PaymentState.AUTHORIZED: "warn",
    PaymentState.PARTLY_PAID: "warn",
    PaymentState.PAID: "ok",
    PaymentState.PARTLY_REFUNDED: "warn",
    PaymentState.REFUNDED: "plain",
    PaymentState.DISPUTED: "bad",
}
DELIVERY_TONES: Mapping[str, Tone] = {
    FulfillmentState.ALLOCATED: "warn",
    FulfillmentState.PREPARING: "warn",
    FulfillmentState.PARTLY_SHIPPED: "warn",
    FulfillmentState.SHIPPED: "brand",
    FulfillmentState.PARTLY_DELIVERED: "brand",
    FulfillmentState.DELIVERED: "ok",
}
PARCEL_TONES: Mapping[str, Tone] = {
    ParcelState.PLANNED: "warn",
    ParcelState.PICKING: "warn",
    ParcelState.PACKED: "warn",
    ParcelState.CUSTOMS: "warn",
    ParcelState.EXCEPTION: "bad",
    ParcelState.LOST: "bad",
    ParcelState.RETURNED_TO_SENDER: "bad",
    ParcelState.CANCELED: "bad",
    ParcelState.DELIVERED: "ok",
}
MONEY_TONES: Mapping[str, Tone] = {
    "authorized": "warn",
    "processing": "warn",
    "action_required": "warn",
    "captured": "ok",
    "partly_refunded": "warn",
    "disputed": "bad",
    "failed": "bad",
    "held": "bad",
}

STORED_SENTENCES = frozenset(
    {
        gettext_noop("A payment does not fit the order."),
        gettext_noop("A refund was made at the payment provider and not here."),
        gettext_noop("A refund was refused by the payment provider."),
        gettext_noop("Less money was received than is due."),
        gettext_noop("More money was received than is due."),
        gettext_noop("The bank of the customer took the money back."),
        gettext_noop("The money came late and the goods are gone."),
        gettext_noop("The document was issued."),
        gettext_noop("The electronic invoice is not valid; the buyer has the PDF alone."),
        gettext_noop("The order was canceled before the money came."),
        gettext_noop("The payment looks unusual. See why below, and decide before anything leaves."),
        CHANGE_WAITS,
        gettext_noop("The difference is paid, and the order is changed."),
        gettext_noop("The difference was not paid, and the order stays as it was."),
        gettext_noop("The payment came in another currency than the order."),
        HOLD_REASON,
        ASK_FIRST,
        gettext_noop("Refunded at the payment provider."),
    }
)
"""Sentences the system stores in English; people's own words are shown as they wrote them."""


def stored_sentence(text: str) -> str:
    """The system's own sentences in the reader's language."""
    return _(text) if text in STORED_SENTENCES else text


def tag(one: OrderTag) -> State:
    """A tag that operators put on orders."""
    return State(label=one.name, tone=one.tone)  # type: ignore[arg-type]  # its tones are those of states


def lifecycle_state(key: str) -> State:
    return State(label=str(Lifecycle(key).label), tone=LIFECYCLE_TONES.get(key, "plain"))


def payment_state(key: str) -> State:
    return State(label=str(PaymentState(key).label), tone=PAYMENT_TONES.get(key, "plain"))


def delivery_state(key: str) -> State:
    return State(label=str(FulfillmentState(key).label), tone=DELIVERY_TONES.get(key, "plain"))


def parcel_state(key: str) -> State:
    return State(label=str(ParcelState(key).label), tone=PARCEL_TONES.get(key, "brand"))


def refund_state(key: str) -> State:
    """Where a refund stands."""
    return {
        RefundState.REQUESTED: State(label=pgettext("state of a refund", "Asked for"), tone="warn"),
        RefundState.SENT: State(label=pgettext("state of a refund", "On its way"), tone="warn"),
        RefundState.SUCCEEDED: State(label=pgettext("state of a refund", "Done"), tone="ok"),
        RefundState.FAILED: State(label=pgettext("state of a refund", "Refused"), tone="bad"),
    }[RefundState(key)]


WITH_AMOUNT = frozenset(
    {"payment.received", "payment.authorized", "refund.requested", "refund.succeeded", "refund.credited"}
)


def event_sentence(kind: str, amount: str) -> str:
    """An entry of the history for operators; the bare kind when nobody has given it words."""
    if amount and kind in WITH_AMOUNT:
        return {
            "payment.received": _("Payment received: %(amount)s"),
            "payment.authorized": _("Payment authorized: %(amount)s"),
            "refund.requested": _("Refund started: %(amount)s"),
            "refund.succeeded": _("Refund sent: %(amount)s"),
            "refund.credited": _("Given as store credit: %(amount)s"),
        }[kind] % {"amount": amount}
    return (
        {
            "parcel.claim": _("Claim against the carrier"),
            "parcel.proof": _("Files about a parcel added"),
            "parcel.trouble": _("Parcel in trouble"),
            "parcel.trouble_over": _("Trouble with a parcel ended"),
            "order.placed": _("Order placed"),
            "order.pending_payment": _("Order placed"),
            "order.confirmed": _("Order confirmed"),
            "order.completed": _("Everything delivered"),
            "order.canceled": _("Order canceled"),
            "order.expired": _("Not paid in time"),
            "payment.declined": _("Payment declined"),
            "payment.failed": _("Payment failed"),
            "payment.capture_asked": _("Capture of the payment asked for"),
            "payment.disputed": _("The bank took the money back"),
            "payment.dispute_won": _("Dispute won, the money is back"),
            "parcel.picking": _("Parcel is being picked"),
            "parcel.packed": _("Parcel packed"),
            "parcel.put_back": _("Picking given up, the parcel waits again"),
            "parcel.reopened": _("Box opened again"),
            "parcel.set_apart": _("Missing pieces set apart"),
            "parcel.short": _("Pieces were not on their shelf"),
            "parcel.shipped": _("Parcel handed to the carrier"),
            "parcel.delivered": _("Parcel delivered"),
            "goods.taken_back": _("Goods taken back into stock"),
            "document.issued": _("Document issued"),
            "approval.asked": _("Money back waits for a second person"),
            "approval.done": _("A second person has agreed to money back"),
            "approval.declined": _("Money back was declined"),
            "hold.opened": _("Order put on hold"),
            "hold.resolved": _("Hold resolved"),
            "hold.planned": _("Hold planned"),
            "order.tagged": _("Tag put on"),
            "order.untagged": _("Tag taken off"),
            "order.claimed": _("Put into the buyer's account"),
            "order.changed": _("Order changed"),
            "order.split": _("Order split"),
            "order.split_from": _("Split from another order"),
            "order.seller": _("Order handed to another seller"),
            "order.merged": _("Another order was merged into this one"),
            "order.moved": _("Goods leave from another warehouse"),
            "order.replanned": _("Planned again from where it leaves"),
            "order.part_canceled": _("A part of the order was canceled"),
            "order.reshipped": _("Goods are sent again"),
            "order.reship_of": _("Made good for another order"),
            "exchange.agreed": _("Exchange agreed"),
            "exchange.ordered": _("What is sent instead is an order of its own"),
            "exchange.of": _("Made in exchange for goods of another order"),
            "exchange.given_up": _("Exchange given up"),
            "return.deducted": _("An amount is kept for wear"),
            "change.requested": _("A change waits for the customer to pay"),
            "change.ended": _("A change was given up"),
            "withdrawal.received": _("Withdrawal received"),
            "return.unit": _("Returned unit looked at"),
            "note": _("Note"),
            "gift_cards.issued": _("Codes of gift cards sent by email"),
            "gift_cards.canceled": _("Gift cards ended, because their price is returned"),
        }.get(kind)
        or event_words(kind)
        or kind
    )


def tax_reason(key: str) -> str:
    """Why a tax line is what it is."""
    return {
        "standard": pgettext("reason of a tax line", "Standard rate"),
        "reduced": pgettext("reason of a tax line", "Reduced rate"),
        "zero": pgettext("reason of a tax line", "Zero rate"),
        "exempt": pgettext("reason of a tax line", "Exempt"),
        "export": pgettext("reason of a tax line", "Export"),
        "not_registered": pgettext("reason of a tax line", "The seller is not registered there"),
        "reverse_charge": pgettext("reason of a tax line", "Reverse charge"),
        "below_threshold": pgettext("reason of a tax line", "Below the threshold of the destination"),
        "on_delivery": pgettext("reason of a tax line", "Collected by the carrier on delivery"),
        "no_import_tax": pgettext("reason of a tax line", "Imports bear no tax there"),
        "in_duty": pgettext("reason of a tax line", "Part of the import charge"),
        "not_computed": _("No tax is charged by this shop"),
        "not_taxed": pgettext("reason of a tax line", "Not taxed"),
        "voucher": pgettext("reason of a tax line", "Gift card: taxed when it is spent"),
        "out_of_scope": pgettext("reason of a tax line", "Outside the scope of the tax"),
    }.get(key, key)


def message_sentence(kind: str) -> str:
    """A message to the customer, by its kind."""
    return {
        "order_confirmed": _("Confirmation written"),
        "order_shipped": _("Shipping notice written"),
        "order_written": _("Message of the team sent"),
        "order_refunded": _("Refund notice written"),
        "payment_awaited": _("Notice that a payment is awaited written"),
        "transfer_reminder": _("Reminder of the transfer written"),
        "transfer_part": _("Request for the rest of a transfer written"),
        "order_canceled": _("Cancellation notice written"),
        "withdrawal_received": _("Receipt of the withdrawal written"),
        "order_changed": _("Notice of the change written"),
        "order_change_due": _("Request to pay a difference written"),
        "order_change_ended": _("Notice that the order stays written"),
        "order_split": _("Notice of the split written"),
        "order_merged": _("Notice of the merger written"),
        "order_reshipped": _("Notice of goods sent again written"),
        "exchange_ordered": _("Notice of the exchange written"),
        "exchange_given_up": _("Notice that the exchange does not come written"),
        "downloads_ready": _("Notice of downloads written"),
        "release_moved": _("Notice of the new release date written"),
        "return_news": _("News of a return written"),
        "ticket_news": _("Message about a question written"),
    }.get(kind, _("Message written: %(kind)s") % {"kind": kind})


def blocked_sentence(*, lifecycle: str, payment: str, has_holds: bool) -> str:
    """Why nothing of the order can leave now; empty when it can."""
    if lifecycle == Lifecycle.PENDING_PAYMENT:
        return _("This order cannot ship yet. It is not paid.")
    if lifecycle != Lifecycle.CONFIRMED:
        return ""
    if has_holds:
        return _("This order cannot ship yet. Resolve what stops it first.")
    if payment == PaymentState.AUTHORIZED:
        return _("This order cannot ship yet. The payment is authorized and still to be captured.")
    if payment not in (PaymentState.PAID, PaymentState.PARTLY_REFUNDED):
        return _("This order cannot ship yet. The money is not complete.")
    return ""


def sold_thing(line: OrderLine) -> tuple[str, str]:
    """Name and options in the operator's language while the shop still has it; else as it was sold."""
    if line.variant is None:
        return line.name, line.options_text
    name, options = spoken(line.variant, get_language() or "en")
    return name, options or line.options_text
