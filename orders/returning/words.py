"""What is said about returns and questions, in the language that is active."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from orders.models import Fate, Resolution, ReturnRequest, ReturnState, WayBack
from orders.returning.rules import REASONS, WITHDRAWAL

TONES: Mapping[str, str] = {
    ReturnState.REQUESTED: "warn",
    ReturnState.APPROVED: "ok",
    ReturnState.LABEL_SENT: "ok",
    ReturnState.RECEIVED: "ok",
    ReturnState.INSPECTED: "ok",
    ReturnState.CLOSED: "plain",
    ReturnState.REJECTED: "bad",
    ReturnState.CANCELED: "plain",
}
STEPS = (
    ReturnState.REQUESTED,
    ReturnState.APPROVED,
    ReturnState.RECEIVED,
    ReturnState.INSPECTED,
    ReturnState.CLOSED,
)
"""The way of a return that goes well."""


def reason_words(reason: str) -> str:
    """A reason as people read it."""
    return _("Withdrawal from the contract") if reason == WITHDRAWAL else str(REASONS.get(reason, reason))


def headline(state: str) -> str:
    """Where the return stands, in a sentence: the title of its page and the subject of its mails."""
    return {
        ReturnState.REQUESTED: _("We have your return request"),
        ReturnState.APPROVED: _("You can send the goods back"),
        ReturnState.LABEL_SENT: _("Your return label is here"),
        ReturnState.RECEIVED: _("Your return has arrived"),
        ReturnState.INSPECTED: _("We have looked at your return"),
        ReturnState.CLOSED: _("Your return is done"),
        ReturnState.REJECTED: _("We cannot take this back"),
        ReturnState.CANCELED: _("You keep the goods"),
    }[ReturnState(state)]


def what_next(request: ReturnRequest) -> str:
    """What happens next, and whether the customer has to do something."""
    brings = _brings(request)
    return {
        ReturnState.REQUESTED: _("We look at it and answer you by email. Keep the goods until then."),
        ReturnState.APPROVED: _("Pack the goods well, put the number of this return inside, and send them."),
        ReturnState.LABEL_SENT: _("Print the label, put it on the parcel, and hand the parcel in."),
        ReturnState.RECEIVED: _("We look at every item and write to you. You need not do anything."),
        ReturnState.INSPECTED: brings,
        ReturnState.CLOSED: _("Nothing is left to do."),
        ReturnState.REJECTED: _("Write to us if you see it differently."),
        ReturnState.CANCELED: _("Nothing is left to do. You can ask for a return again while there is time."),
    }[ReturnState(request.state)]


def _brings(request: ReturnRequest) -> str:
    return {
        Resolution.REFUND: _("We work out your refund now. It goes back the way you paid."),
        Resolution.EXCHANGE: _("We prepare your exchange now and write to you."),
        Resolution.CREDIT: _("We work out your store credit now and write to you."),
        Resolution.REPAIR: _("We repair it now and write to you when it is on its way."),
        Resolution.KEEP_AND_REFUND: _("We work out your refund now. You keep the goods."),
    }[Resolution(request.resolution)]


def state_words(request: ReturnRequest) -> str:
    """Where the return stands, as its customer reads it."""
    if request.state == ReturnState.CANCELED:
        return _("You took it back")
    return request.get_state_display()


def resolution_words(key: str) -> str:
    """What a return brings, as the customer chooses it."""
    return {
        Resolution.REFUND: _("My money back"),
        Resolution.EXCHANGE: _("Another one instead"),
        Resolution.CREDIT: _("Store credit"),
        Resolution.REPAIR: _("A repair"),
        Resolution.KEEP_AND_REFUND: _("My money back"),
    }[Resolution(key)]


def way_back_words(payer: str, *, sends_label: bool) -> str:
    """Who pays for the way back and how it goes, in a sentence."""
    if payer == WayBack.SHOP:
        return (
            _("We pay for the way back and send you a label.")
            if sends_label
            else _("We pay for the way back: keep the receipt, we refund what it costs.")
        )
    return _("You send it with a carrier you choose and pay for the way back.")


def event_words(kind: str) -> str:
    """A step of a return or a question in the order's history; empty for what is no such step."""
    found: Mapping[str, str | Promise] = {
        "return.requested": _("Return asked for"),
        "return.approved": _("Return agreed"),
        "return.label_sent": _("Return label sent"),
        "return.sent": _("Goods sent back"),
        "return.received": _("Returned goods arrived"),
        "return.inspected": _("Returned goods looked at"),
        "return.closed": _("Return done"),
        "return.rejected": _("Return declined"),
        "return.canceled": _("Return taken back"),
        "exchange.agreed": _("Exchange agreed"),
        "exchange.given_up": _("The exchange does not come"),
        "return.deducted": _("An amount is kept for wear"),
        "ticket.opened": _("Question asked"),
        "ticket.solved": _("Question solved"),
    }
    return str(found.get(kind, ""))


def unit_words(fate: str) -> str:
    """What became of a unit, for its customer."""
    return {
        Fate.RESTOCK: _("taken back"),
        Fate.WRITE_OFF: _("taken back"),
        Fate.SEND_BACK: _("goes back to you"),
        Fate.REPAIR: _("is being repaired"),
    }[Fate(fate)]
