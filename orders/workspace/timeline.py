"""Everything that happened to an order, from its own history, its payments, its parcels, messages and stock."""

from collections.abc import Iterable, Sequence

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core.models import Message
from core.money import Money, format_money, from_minor
from inventory.models import StockMovement
from markets.names import language_name
from orders.models import OrderEvent, TrackingEvent
from orders.workspace import words
from orders.workspace.types import TimelineEntry
from payments.models import PaymentTransaction

MOST = 200
GOOD = frozenset({"payment.received", "parcel.delivered", "refund.succeeded"})
BAD = frozenset(
    {
        "order.canceled",
        "order.expired",
        "payment.failed",
        "payment.declined",
        "payment.disputed",
        "hold.opened",
        "withdrawal.received",
    }
)
NAMED = ("tracking", "code", "refund", "return", "ticket", "warehouse", "other", "tag", "owner", "due")
STOCK_SHOWN = (StockMovement.Kind.SHIP, StockMovement.Kind.RETURN, StockMovement.Kind.RELEASE)


def timeline_of(order_pk: int, number: str, currency: str) -> tuple[TimelineEntry, ...]:
    """Newest first. Five queries."""
    entries = [
        *_events(OrderEvent.objects.filter(order_id=order_pk)[:MOST], currency),
        *_facts(PaymentTransaction.objects.select_related("payment").filter(payment__order_ref=number)[:MOST]),
        *_tracking(TrackingEvent.objects.filter(package__fulfillment__order_id=order_pk)[:MOST]),
        *_messages(Message.objects.filter(reference=number).order_by("-pk")[:MOST]),
        *_stock(
            StockMovement.objects.filter(order_ref=number, kind__in=STOCK_SHOWN).select_related(
                "stock_item__warehouse", "stock_item__variant"
            )[:MOST]
        ),
    ]
    return tuple(sorted(entries, key=lambda entry: entry.at, reverse=True))


def _events(events: Iterable[OrderEvent], currency: str) -> list[TimelineEntry]:
    return [_event(event, currency) for event in events]


def _event(event: OrderEvent, currency: str) -> TimelineEntry:
    mark = "k" if event.kind in GOOD else "x" if event.kind in BAD else ""
    is_note = event.kind == "note"
    text = event.note if is_note else words.event_sentence(event.kind, _amount(event, currency))
    return TimelineEntry(
        at=event.created,
        text=text,
        detail=_detail(event, is_note=is_note),
        who=_who(event.actor),
        mark=mark,  # type: ignore[arg-type]  # one of the three above
        is_note=is_note,
    )


def _detail(event: OrderEvent, *, is_note: bool) -> str:
    if is_note:
        if event.data.get("mailed"):
            return _("Sent to the customer by email.")
        return _("The customer can read this note.") if event.visibility == "customer" else ""
    parts = [words.stored_sentence(event.note)]
    if event.data.get("parcel"):
        parts.append(_("Parcel %(number)s") % {"number": event.data["parcel"]})
    parts += [str(event.data.get(name, "")) for name in NAMED]
    return ", ".join(part for part in parts if part)


def _amount(event: OrderEvent, currency: str) -> str:
    stored = event.data.get("amount")
    return format_money(Money(stored, currency), get_language() or "en") if stored else ""


def _who(actor: str) -> str:
    return {"system": pgettext("who did it", "the shop"), "visitor": pgettext("who did it", "the customer")}.get(
        actor, actor
    )


def _facts(facts: Iterable[PaymentTransaction]) -> list[TimelineEntry]:
    """What the provider said that the order's own history does not say already."""
    return [
        TimelineEntry(
            at=fact.recorded_at,
            text=_fact_sentence(fact),
            detail=" · ".join(part for part in (fact.payment.provider.title(), fact.fact_ref, fact.code) if part),
            who="",
            mark="x" if fact.kind in ("refund_failed", "disputed", "dispute_lost") else "",
        )
        for fact in facts
        if fact.kind
        in ("captured", "authorized", "refunded", "refund_failed", "disputed", "dispute_lost", "canceled", "fee")
    ]


def _fact_sentence(fact: PaymentTransaction) -> str:
    amount = format_money(from_minor(fact.amount_minor, fact.currency), get_language() or "en")
    return {
        "captured": _("Provider reports a capture of %(amount)s"),
        "authorized": _("Provider reports an authorization of %(amount)s"),
        "refunded": _("Provider reports a refund of %(amount)s"),
        "refund_failed": _("Provider refused a refund of %(amount)s"),
        "disputed": _("Provider reports a dispute over %(amount)s"),
        "dispute_lost": _("Provider reports a dispute over %(amount)s as lost"),
        "canceled": _("Provider closed the payment of %(amount)s"),
        "fee": _("Provider charged a fee of %(amount)s"),
    }[fact.kind] % {"amount": amount}


def _tracking(events: Iterable[TrackingEvent]) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            at=event.occurred_at,
            text=event.text or words.parcel_state(event.code).label,
            detail=event.place,
            who=pgettext("who did it", "the carrier"),
            mark="x" if event.code in ("exception", "lost", "returned_to_sender") else "",
        )
        for event in events
    ]


def _messages(messages: Iterable[Message]) -> list[TimelineEntry]:
    language = get_language() or "en"
    return [
        TimelineEntry(
            at=message.sent_at or message.created,
            text=words.message_sentence(message.kind),
            detail=", ".join(
                (language_name(message.language, language), message.recipient, message.get_state_display())
            ),
            who="",
            mark="x" if message.state == Message.State.FAILED else "",
        )
        for message in messages
    ]


def _stock(movements: Iterable[StockMovement]) -> list[TimelineEntry]:
    """Pieces that left, came back or were released; one entry per cause and moment."""
    groups: dict[tuple[str, str, str], list[StockMovement]] = {}
    for row in movements:
        moment = row.created.replace(microsecond=0).isoformat()
        groups.setdefault((row.kind, row.cause, moment), []).append(row)
    return [_movement(rows) for rows in groups.values()]


def _movement(rows: Sequence[StockMovement]) -> TimelineEntry:
    first = rows[0]
    skus = ", ".join(f"{row.quantity} × {row.stock_item.variant.sku}" for row in rows)
    text = {
        StockMovement.Kind.SHIP: _("Stock booked out of %(place)s"),
        StockMovement.Kind.RETURN: _("Stock booked into %(place)s"),
        StockMovement.Kind.RELEASE: _("Stock of %(place)s can be sold again"),
    }[StockMovement.Kind(first.kind)]
    place = first.stock_item.warehouse.name_i18n
    return TimelineEntry(at=first.created, text=text % {"place": place}, detail=skus, who="", mark="")
