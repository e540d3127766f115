"""What orders say to their customers, in the language that is active."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from orders.models import ParcelState
from orders.returning.words import event_words
from orders.states import CHAIN, Station
from orders.types import Stage, Stop

TONES: Mapping[Station, str] = {
    "pending_payment": "warn",
    "canceled": "bad",
    "expired": "bad",
    "after_sales": "plain",
}


def station_label(key: Station) -> str:
    """The name of a station of the chain."""
    return {
        "pending_payment": pgettext("state of an order", "Waiting for payment"),
        "paid": pgettext("state of an order", "Paid"),
        "preparing": pgettext("state of an order", "Being prepared"),
        "shipped": pgettext("state of an order", "On its way"),
        "completed": pgettext("state of an order", "Delivered"),
        "after_sales": pgettext("state of an order", "Return or refund"),
        "canceled": pgettext("state of an order", "Canceled"),
        "expired": pgettext("state of an order", "Not paid in time"),
    }[key]


def transfer_sentence(day: str) -> str:
    """While a bank transfer is awaited; `day` is the last one on which the goods are kept."""
    return _("We are waiting for your bank transfer. We keep the goods for you until %(day)s.") % {"day": day}


def station_sentence(key: Station, *, undecided: bool) -> str:
    """What it means for the customer."""
    if key == "pending_payment" and undecided:
        return _("We are waiting for your bank. You need not do anything; we write to you as soon as we know.")
    return {
        "pending_payment": _("Nothing was charged yet. You can pay now; we keep the goods for you for a while."),
        "paid": _("We have your payment and set the goods aside. We write to you when they leave."),
        "preparing": _("Your goods are being packed."),
        "shipped": _("Follow every parcel below."),
        "completed": _("Everything has arrived."),
        "after_sales": _("A return or refund of this order is under way or done."),
        "canceled": _("This order was canceled. Money that was received goes back the way it came."),
        "expired": _("The payment did not reach us in time, so we let the goods go. Nothing was charged."),
    }[key]


def stages(key: Station) -> tuple[Stage, ...]:
    """The chain with the order's place on it; an order that ended early has no chain."""
    if key in ("canceled", "expired"):
        return ()
    at = CHAIN.index(key) if key in CHAIN else len(CHAIN) - 1
    return tuple(
        Stage(
            key=one,
            label=station_label(one),
            state="done" if index < at else "here" if index == at else "next",
        )
        for index, one in enumerate(CHAIN)
    )


def parcel_label(state: str) -> str:
    """The state of a parcel in words."""
    return str(ParcelState(state).label)


def parcel_tone(state: str) -> str:
    """How good the news is."""
    if state in (ParcelState.EXCEPTION, ParcelState.CUSTOMS):
        return "warn"
    if state in (ParcelState.LOST, ParcelState.RETURNED_TO_SENDER, ParcelState.CANCELED):
        return "bad"
    return "ok" if state == ParcelState.DELIVERED else "plain"


ROUTE_AT: Mapping[str, int] = {
    ParcelState.PLANNED: 0,
    ParcelState.PICKING: 0,
    ParcelState.PACKED: 0,
    ParcelState.HANDED_OVER: 1,
    ParcelState.IN_TRANSIT: 1,
    ParcelState.EXCEPTION: 1,
    ParcelState.LOST: 1,
    ParcelState.CUSTOMS: 2,
    ParcelState.OUT_FOR_DELIVERY: 2,
    ParcelState.DELIVERED: 3,
}


def route(state: str, *, start: str, goal: str) -> tuple[Stop, ...]:
    """From the warehouse's town to the customer's, with the parcel's place on the way."""
    at = ROUTE_AT.get(ParcelState(state), 0)
    names = (start, _("On its way"), _("Nearly there"), goal)
    return tuple(
        Stop(label=name, text="", state="done" if index < at else "here" if index == at else "next")
        for index, name in enumerate(names)
    )


def event_text(kind: str) -> str:
    """An entry of the history for the customer; empty for what is not theirs to read."""
    return {
        "order.placed": _("Order placed"),
        "order.confirmed": _("Order confirmed"),
        "order.completed": _("Everything delivered"),
        "order.canceled": _("Order canceled"),
        "order.expired": _("Not paid in time"),
        "order.changed": _("Order changed"),
        "order.split": _("A part of the order is sent as an order of its own"),
        "order.split_from": _("Part of another order of yours"),
        "order.merged": _("Another order of yours was put into this one"),
        "order.part_canceled": _("A part of the order was canceled"),
        "order.reshipped": _("Goods are sent again"),
        "exchange.agreed": _("Exchange agreed"),
        "exchange.ordered": _("What you get instead is an order of its own"),
        "exchange.of": _("In exchange for goods of another order"),
        "exchange.given_up": _("The exchange does not come"),
        "return.deducted": _("An amount is kept for wear"),
        "change.requested": _("A change waits for your payment"),
        "change.ended": _("A change did not happen, the order stays as it was"),
        "payment.received": _("Payment received"),
        "parcel.picking": _("Parcel is being packed"),
        "parcel.shipped": _("Parcel handed to the carrier"),
        "parcel.delivered": _("Parcel delivered"),
        "withdrawal.received": _("Withdrawal received"),
        "presale.moved": _("The release was moved"),
        "presale.canceled": _("A pre-sale was canceled"),
        "downloads.opened": _("Downloads opened"),
        "download.consent": _("You agreed that the download begins"),
        "download.renewed": _("Download opened anew"),
        "download.revoked": _("Download ended"),
        "refund.requested": _("Refund started"),
        "refund.succeeded": _("Refund sent"),
        "refund.credited": _("Refund given as store credit"),
        "gift_cards.issued": _("Codes of gift cards sent by email"),
        "gift_cards.canceled": _("Gift cards ended, because their price is returned"),
        "note": _("Note from the shop"),
    }.get(kind, "") or event_words(kind)
