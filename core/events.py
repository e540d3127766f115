"""Events: what happened, announced inside the transaction in which it happened.

The announcer does not know who listens. `config/reactions.py` binds every event to its handlers:
`inside` handlers run at once in the same transaction (database only, they may not fail separately),
`after` handlers are written to the outbox in the same transaction and delivered by a worker, at least
once, so each is idempotent by (event id, handler).
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_type_hints

from django.db import transaction
from djmoney.money import Money

from core.models import OutboxMessage
from core.wakeups import wake_on_commit

Handler = Callable[[Any], None]


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact in the past tense. Fields are identifiers and values: text, numbers, Money, dates, tuples."""


@dataclass(frozen=True)
class Reaction:
    """Who reacts to one event, and when."""

    inside: tuple[Handler, ...] = ()
    after: tuple[Handler, ...] = ()


class NotInTransaction(RuntimeError):
    """An event was announced with no transaction open: it could be lost while its cause stays, or the reverse."""


_reactions: dict[type[Event], Reaction] = {}
_names: dict[str, type[Event]] = {}


def bind(reactions: Mapping[type[Event], Reaction]) -> None:
    """Install the one table of reactions. Called once at start-up."""
    _reactions.clear()
    _reactions.update(reactions)
    _names.clear()
    _names.update({event_name(kind): kind for kind in reactions})


def reaction_to(kind: type[Event]) -> Reaction:
    """The reaction bound to an event class; nothing when nobody listens."""
    return _reactions.get(kind, Reaction())


def event_name(kind: type[Event]) -> str:
    """The stable name of an event class: `orders.OrderPaid`."""
    return f"{kind.__module__.split('.')[0]}.{kind.__name__}"


def handler_name(handler: Handler) -> str:
    """The stable name of a handler: its dotted path."""
    return f"{handler.__module__}.{handler.__qualname__}"


def publish(event: Event) -> uuid.UUID:
    """Announce `event`; returns its id. Inside handlers have run when this returns, the rest are on the outbox."""
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction(f"{event_name(type(event))} was announced outside a transaction")
    event_id = uuid.uuid4()
    reaction = reaction_to(type(event))
    for handler in reaction.inside:
        handler(event)
    if reaction.after:
        _enqueue(event_id, event, reaction.after)
    return event_id


def _enqueue(event_id: uuid.UUID, event: Event, handlers: tuple[Handler, ...]) -> None:
    """One outbox message per handler, in the running transaction; a worker is woken after its commit."""
    payload = to_payload(event)
    OutboxMessage.objects.bulk_create(
        OutboxMessage(event_id=event_id, event=event_name(type(event)), handler=handler_name(handler), payload=payload)
        for handler in handlers
    )
    wake_on_commit("core.tasks.drain_outbox")


def to_payload(event: Event) -> dict[str, Any]:
    """The event as JSON-able values, with a version so that readers can be tolerant."""
    return {"v": 1} | {f.name: _plain(getattr(event, f.name)) for f in fields(event)}


def from_payload(name: str, payload: Mapping[str, Any]) -> Event:
    """The event again. Unknown fields are ignored: an older worker may read a newer event. Raises `KeyError`."""
    kind = _names[name]
    hints = get_type_hints(kind)
    known = {f.name: f for f in fields(kind)}
    return kind(**{key: _typed(value, hints[key]) for key, value in payload.items() if key in known})


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return [str(value.amount), value.currency.code]
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value


def _typed(value: Any, hint: Any) -> Any:
    if value is None:
        return None
    options = [hint, *getattr(hint, "__args__", ())]
    if Money in options:
        return Money(Decimal(value[0]), value[1])
    if Decimal in options:
        return Decimal(value)
    if uuid.UUID in options:
        return uuid.UUID(value)
    if datetime in options:
        return datetime.fromisoformat(value)
    if date in options:
        return date.fromisoformat(value)
    if getattr(hint, "__origin__", None) is tuple:
        return tuple(_typed(part, hint.__args__[0]) for part in value)
    return value
