"""What is said at each step of an order, in the active language. Pure words: facts come in, sentences go out.

One shape for all of them: a headline, a short form for text messages and push, whole sentences, facts as rows, and at
most one thing to do. The preview shows the same words with sample facts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a step may need to know; every step takes what it needs. Amounts and days are written already."""

    number: str
    amount: str = ""
    until: str = ""
    day: str = ""
    reference: str = ""
    """What to write on a bank transfer."""
    transfer: Sequence[tuple[str, str]] = ()
    """Where a bank transfer goes: label and value."""
    received: str = ""
    """What came by transfer just now, where a part is still missing."""
    carrier: str = ""
    tracking_no: str = ""
    link_url: str = ""
    reason: str = ""
    goods: Sequence[str] = ()
    rest: bool = False
    """Whether something of the order is still to come."""
    duty: str = ""
    """What the reader has to pay at the border, when it is known."""
    duty_is_paid: bool = False
    """Whether the price contained it; neither this nor `duty`: nobody knows."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """The words of one step."""

    headline: str
    short: str
    sentences: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    goods: tuple[str, ...] = ()
    link_label: str = ""
    link_url: str = ""

    def context(self) -> dict[str, Any]:
        """For the templates."""
        return asdict(self)


def payment_awaited(facts: Facts) -> Step:
    """The order exists, and its money is on its way."""
    sentences = [_("Thank you. We have your order and set the goods aside for you.")]
    if facts.transfer:
        sentences.append(_("Please transfer the amount below. Name the reference, so that we find your payment."))
    else:
        sentences.append(_("Your bank has not decided yet. You need not do anything; we write to you when we know."))
    if facts.until:
        sentences.append(_("We keep the goods for you until %(day)s.") % {"day": facts.until})
    return Step(
        headline=_("We are waiting for your payment"),
        short=_("Order %(number)s: we are waiting for your payment of %(amount)s.") % _both(facts),
        sentences=tuple(sentences),
        facts=_to_transfer(facts),
        link_label=_("See where to transfer to") if facts.link_url else "",
        link_url=facts.link_url,
    )


def transfer_reminder(facts: Facts) -> Step:
    """Half of the time to transfer has passed, and nothing came."""
    keep = _("We keep the goods for you until %(day)s.") % {"day": facts.until} if facts.until else ""
    return Step(
        headline=_("Your transfer has not come yet"),
        short=_("Order %(number)s: your transfer of %(amount)s has not come yet.") % _both(facts),
        sentences=_said(
            _("If you have just sent it, you need not do anything. Otherwise please transfer the amount below."), keep
        ),
        facts=_to_transfer(facts),
        link_label=_("See where to transfer to") if facts.link_url else "",
        link_url=facts.link_url,
    )


def transfer_part(facts: Facts) -> Step:
    """A part of a transfer came; the rest is missing."""
    keep = _("We keep the goods for you until %(day)s.") % {"day": facts.until} if facts.until else ""
    came = _("We received %(received)s. Please transfer the rest to the same account, with the same reference.")
    return Step(
        headline=_("A part of the amount is missing"),
        short=_("Order %(number)s: %(amount)s is still to be transferred.") % _both(facts),
        sentences=_said(came % {"received": facts.received}, keep),
        facts=_to_transfer(facts),
        link_label=_("See where to transfer to") if facts.link_url else "",
        link_url=facts.link_url,
    )


def payment_failed(facts: Facts) -> Step:
    """No money came; the order still waits, and there is a way to pay."""
    keep = _("We keep the goods for you until %(day)s.") % {"day": facts.until} if facts.until else ""
    return Step(
        headline=_("Your payment did not work"),
        short=_("Order %(number)s: your payment did not work. You can pay another way.") % _both(facts),
        sentences=_said(_("Nothing was charged. You can try again or choose another way to pay."), keep),
        facts=((_("Amount"), facts.amount),) if facts.amount else (),
        link_label=_("Pay now") if facts.link_url else "",
        link_url=facts.link_url,
    )


def order_expired(facts: Facts) -> Step:
    """Nobody paid in time."""
    return Step(
        headline=_("We let your order go"),
        short=_("Order %(number)s was not paid in time and is closed.") % _both(facts),
        sentences=(
            _("The payment did not reach us in time, so the goods are free for others again."),
            _("Nothing is owed. If you have paid meanwhile, the money goes back to you the way it came."),
        ),
    )


def held_for_address(facts: Facts) -> Step:
    """A carrier could not deliver there."""
    return Step(
        headline=_("Please look at your delivery address"),
        short=_("Order %(number)s: please look at your delivery address.") % _both(facts),
        sentences=(
            _("We are not sure that a parcel would arrive at the address of your order, so it waits here."),
            _("Open your order and correct the address, or write to us that it is right."),
        ),
    )


def held_for_customs(facts: Facts) -> Step:
    """Customs asks for something only the buyer knows."""
    return Step(
        headline=_("Customs needs something from you"),
        short=_("Order %(number)s: customs needs something from you before it can leave.") % _both(facts),
        sentences=(
            _("Your parcel cannot cross the border yet, because a detail for customs is missing."),
            _("Open your order and write to us there; we tell you what is needed."),
        ),
    )


def held_for_check(facts: Facts) -> Step:
    """We look at it ourselves; why is not said."""
    return Step(
        headline=_("We are checking your order"),
        short=_("We are checking order %(number)s and write to you soon.") % _both(facts),
        sentences=(
            _("A person looks at your order before it leaves. You need not do anything."),
            _("We write to you as soon as it goes on."),
        ),
    )


def parcel_customs(facts: Facts) -> Step:
    """The parcel is at the border, and perhaps somebody must pay there."""
    if facts.duty_is_paid:
        due = _("Duty and tax are paid already. You need not do anything.")
    elif facts.duty:
        due = _("The carrier will ask you for about %(duty)s of duty and tax before it delivers.") % {
            "duty": facts.duty
        }
    else:
        due = _("If duty or tax is due, the carrier asks you for it before it delivers.")
    return Step(
        headline=_("Your parcel is at customs"),
        short=_("A parcel of order %(number)s is at customs.") % _both(facts),
        sentences=(_("Customs is looking at your parcel. That takes some days at times."), due),
        **_parcel(facts),
    )


def parcel_out_for_delivery(facts: Facts) -> Step:
    """Today."""
    return Step(
        headline=_("Your parcel comes today"),
        short=_("A parcel of order %(number)s is out for delivery today.") % _both(facts),
        sentences=(_("The carrier has your parcel in the vehicle and is on the way to you."),),
        **_parcel(facts),
    )


def parcel_delivered(facts: Facts) -> Step:
    """It arrived."""
    rest = _("The rest of your order comes separately.") if facts.rest else ""
    return Step(
        headline=_("Your parcel was delivered"),
        short=_("A parcel of order %(number)s was delivered.") % _both(facts),
        sentences=_said(
            _("The carrier says that your parcel has arrived."),
            rest,
            _("If you do not find it, or something is wrong with it, write to us from the page of your order."),
        ),
        **_parcel(facts),
    )


def parcel_delayed(facts: Facts) -> Step:
    """Later than promised."""
    day = _("It is expected on %(day)s now.") % {"day": facts.day} if facts.day else ""
    return Step(
        headline=_("Your parcel is late"),
        short=_("A parcel of order %(number)s is late. We are sorry.") % _both(facts),
        sentences=_said(
            _("We are sorry: the carrier reports trouble with your parcel."),
            day,
            _("We watch it. If it does not move on, we send it again or pay you back."),
        ),
        **_parcel(facts),
    )


def parcel_eta(facts: Facts) -> Step:
    """Another day than was promised, earlier or later."""
    return Step(
        headline=_("Your parcel comes on another day"),
        short=_("A parcel of order %(number)s is expected on %(day)s now.")
        % {"number": facts.number, "day": facts.day},
        sentences=(
            _("The carrier expects to deliver your parcel on %(day)s now.") % {"day": facts.day},
            _("We follow it for you and write again when that changes."),
        ),
        **_parcel(facts),
    )


def parcel_waits(facts: Facts) -> Step:
    """Nobody was there, or it waits to be collected."""
    return Step(
        headline=_("Your parcel could not be handed over yet"),
        short=_("A parcel of order %(number)s could not be handed over yet. Please look at it.") % _both(facts),
        sentences=(
            _("The carrier was there, or keeps the parcel for you to collect."),
            _("Look at the carrier's page when it comes again or where it waits. Uncollected parcels go back to us."),
        ),
        **_parcel(facts),
    )


def parcel_came_back(facts: Facts) -> Step:
    """It returns to the warehouse, or is lost."""
    return Step(
        headline=_("Your parcel could not be delivered"),
        short=_("A parcel of order %(number)s could not be delivered.") % _both(facts),
        sentences=(
            _("The carrier could not deliver your parcel."),
            _("We write to you soon about what to do: we send it again, or pay you back."),
        ),
        **_parcel(facts),
    )


def refund_promised(facts: Facts) -> Step:
    """Money will go back, and has not yet."""
    return Step(
        headline=_("Your refund is on its way"),
        short=_("Order %(number)s: we are paying %(amount)s back to you.") % _both(facts),
        sentences=(
            _("We have promised you money back. Your bank or card needs some time to take it."),
            _("We write to you again when it has left us."),
        ),
        facts=((_("Refund"), facts.amount),),
    )


def invoice_available(facts: Facts) -> Step:
    """The invoice came after the confirmation."""
    return Step(
        headline=_("Your invoice is ready"),
        short=_("The invoice of order %(number)s is ready.") % _both(facts),
        sentences=(_("You find the invoice on the page of your order, and can keep it as a file."),),
        facts=((_("Invoice"), facts.reference),),
        link_label=_("Open the invoice"),
        link_url=facts.link_url,
    )


def order_link(facts: Facts) -> Step:
    """Somebody with this address asked for the way to their order."""
    return Step(
        headline=_("The link to your order"),
        short=_("The link to order %(number)s.") % _both(facts),
        sentences=(
            _("Somebody asked us to send the links to the orders of this address."),
            _("If it was not you, you need not do anything. Nobody but you has this link."),
        ),
    )


STEPS: Mapping[str, Callable[[Facts], Step]] = {
    "payment_awaited": payment_awaited,
    "transfer_reminder": transfer_reminder,
    "transfer_part": transfer_part,
    "payment_failed": payment_failed,
    "order_expired": order_expired,
    "held_for_address": held_for_address,
    "held_for_customs": held_for_customs,
    "held_for_check": held_for_check,
    "parcel_customs": parcel_customs,
    "parcel_out_for_delivery": parcel_out_for_delivery,
    "parcel_delivered": parcel_delivered,
    "parcel_delayed": parcel_delayed,
    "parcel_eta": parcel_eta,
    "parcel_waits": parcel_waits,
    "parcel_came_back": parcel_came_back,
    "refund_promised": refund_promised,
    "invoice_available": invoice_available,
    "order_link": order_link,
}


def _both(facts: Facts) -> dict[str, str]:
    return {"number": facts.number, "amount": facts.amount}


def _to_transfer(facts: Facts) -> tuple[tuple[str, str], ...]:
    """What is to be paid and, where it is to be transferred, what a shopper copies into the form of their bank."""
    rows = [(_("Amount"), facts.amount), *facts.transfer]
    if facts.transfer:
        rows.append((_("Reference"), facts.reference))
    return tuple(row for row in rows if row[1])


def _said(*sentences: str) -> tuple[str, ...]:
    return tuple(sentence for sentence in sentences if sentence)


def _parcel(facts: Facts) -> dict[str, Any]:
    rows = ((facts.carrier or _("Parcel"), facts.tracking_no),) if facts.tracking_no else ()
    return {
        "facts": rows,
        "goods": tuple(facts.goods),
        "link_label": _("Follow the parcel") if facts.link_url else "",
        "link_url": facts.link_url,
    }
