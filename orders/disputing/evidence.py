"""What the shop holds about a disputed order, by kind. Read only; nothing is worked out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.models import Message
from core.money import Money, format_money
from orders.models import Order, TicketMessage, TrackingEvent
from payments.models import Dispute, EvidenceKind
from payments.risk.queries import decisions_of

MOST = 200


@dataclass(frozen=True, kw_only=True)
class Found:
    """One kind of evidence: `lines` is what would be handed in, in the order it happened. Empty: the shop has none."""

    kind: str
    title: str
    lines: tuple[str, ...]

    @property
    def is_held(self) -> bool:
        return bool(self.lines)


def evidence_for(dispute: Dispute, order: Order) -> tuple[Found, ...]:
    """Every kind, held or not, so that what is missing is seen too."""
    return tuple(
        Found(kind=kind.value, title=str(kind.label), lines=tuple(_READERS[kind](order))) for kind in EvidenceKind
    )


def _order(order: Order) -> Iterable[str]:
    yield _("Order %(number)s of %(day)s, %(total)s") % {
        "number": order.number,
        "day": _when(order.placed_at),
        "total": _amount(order.total),
    }
    for line in order.lines.order_by("position"):
        yield f"{line.quantity} × {line.sku} {line.name} {line.options_text}".strip()


def _delivery(order: Order) -> Iterable[str]:
    for parcel in order.fulfillments.exclude(shipped_at=None).order_by("position"):
        yield _("Parcel %(n)d left on %(day)s by %(carrier)s.") % {
            "n": parcel.position,
            "day": _when(parcel.shipped_at),
            "carrier": parcel.carrier or "–",
        }
        for package in parcel.packages.order_by("pk"):
            yield _("Tracking number %(number)s %(url)s") % {"number": package.tracking_no, "url": package.tracking_url}
        if parcel.delivered_at is not None:
            yield _("Delivered on %(day)s.") % {"day": _when(parcel.delivered_at)}
    seen = TrackingEvent.objects.filter(package__fulfillment__order=order).order_by("occurred_at", "pk")[:MOST]
    for event in seen:
        yield " · ".join(filter(None, (_when(event.occurred_at), event.get_code_display(), event.place, event.text)))


def _messages(order: Order) -> Iterable[str]:
    for message in Message.objects.filter(reference=order.number).order_by("pk")[:MOST]:
        yield f"{_when(message.created)} · {message.subject}"
    # What staff wrote among themselves is nobody else's.
    said = TicketMessage.objects.filter(ticket__order=order, is_internal=False)
    for written in said.order_by("pk")[:MOST]:
        yield f"{_when(written.created)} · {written.body}"


def _terms(order: Order) -> Iterable[str]:
    yield from (str(sentence) for sentence in order.compliance_profile.get("agreed", {}).values())
    yield _("Returns within %(days)d days, withdrawal within %(withdrawal)d days.") % {
        "days": order.return_days,
        "withdrawal": order.withdrawal_days,
    }


def _address(order: Order) -> Iterable[str]:
    ship, bill = order.addresses.get("ship") or {}, order.addresses.get("bill") or {}
    if not bill:
        yield _("The billing address is the delivery address: %(address)s") % {"address": _printed(ship)}
    elif ship.get("country") == bill.get("country"):
        yield _("Delivery: %(address)s") % {"address": _printed(ship)}
        yield _("Billing: %(address)s") % {"address": _printed(bill)}


def _refunds(order: Order) -> Iterable[str]:
    for refund in order.refunds.order_by("pk"):
        yield f"{_when(refund.created)} · {refund.number} · {_amount(refund.amount)} · {refund.get_state_display()}"


def _risk(order: Order) -> Iterable[str]:
    for decision in reversed(decisions_of(order.number)):
        yield f"{_when(decision.at)} · {decision.outcome}"
        yield from (f"  {why.sentence}" for why in decision.why)


def _printed(address: Mapping[str, object]) -> str:
    lines = address.get("lines")
    return ", ".join(str(line) for line in lines) if isinstance(lines, list) else ""


def _amount(amount: Money) -> str:
    return format_money(amount, get_language() or "en")


def _when(moment: datetime | None) -> str:
    return date_format(localtime(moment), "Y-m-d H:i") if moment is not None else "–"


_READERS: Mapping[EvidenceKind, Callable[[Order], Iterable[str]]] = {
    EvidenceKind.ORDER: _order,
    EvidenceKind.DELIVERY: _delivery,
    EvidenceKind.MESSAGES: _messages,
    EvidenceKind.TERMS: _terms,
    EvidenceKind.ADDRESS: _address,
    EvidenceKind.REFUNDS: _refunds,
    EvidenceKind.RISK: _risk,
}
