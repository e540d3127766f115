"""Record operations: who from a context set at the edge, what from the action. Append-only, hash-chained."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone

from core.models import AuditEntry

_CHAIN_LOCK = 0x506F7274  # one advisory lock: entries are chained one after the other


@dataclass(frozen=True)
class Actor:
    """Who acts: a signed-in person, or a part of the system that says its name."""

    user_id: int | None
    label: str


SYSTEM = Actor(None, "system")
Who = Callable[[], Actor]
_actor: ContextVar[Who] = ContextVar("actor", default=lambda: SYSTEM)


def current_actor() -> Actor:
    """Who acts in this request, task or command."""
    return _actor.get()()


@contextmanager
def acting_as(user_id: int | None, label: str) -> Iterator[None]:
    """Everything inside is done by this person or part of the system."""
    actor = Actor(user_id, label)
    with acting_by(lambda: actor):
        yield


@contextmanager
def acting_by(who: Who) -> Iterator[None]:
    """Everything inside is done by whoever `who` names when somebody asks; nobody asks, nothing is looked up."""
    token = _actor.set(who)
    try:
        yield
    finally:
        _actor.reset(token)


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One thing that was done: see `record`."""

    action: str
    target: models.Model | str
    data: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


def record(action: str, target: models.Model | str, *, data: Mapping[str, Any] | None = None, reason: str = "") -> None:
    """Write one entry in the running transaction, so that the record stands or falls with the deed."""
    record_all([Deed(action=action, target=target, data=data or {}, reason=reason)])


def record_all(deeds: Sequence[Deed]) -> None:
    """Write an entry per deed, in this order, at the cost of one. The chain is locked until the transaction ends."""
    if not deeds:
        return
    actor = current_actor()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
        last = AuditEntry.objects.order_by("-pk").values_list("hash", flat=True).first() or ""
        entries = []
        for deed in deeds:
            entry = _entry(deed, actor, last)
            last = entry.hash
            entries.append(entry)
        AuditEntry.objects.bulk_create(entries)


def target_of(row: models.Model) -> str:
    """How the log names a row."""
    return f"{row._meta.label}:{row.pk}"


def _entry(deed: Deed, actor: Actor, previous_hash: str) -> AuditEntry:
    target = deed.target
    entry = AuditEntry(
        at=timezone.now(),
        action=deed.action,
        target=target if isinstance(target, str) else target_of(target),
        actor_id=actor.user_id,
        actor_label=actor.label,
        reason=deed.reason,
        data=json.loads(json.dumps(dict(deed.data), cls=DjangoJSONEncoder, default=str)),
        previous_hash=previous_hash,
    )
    entry.hash = entry_hash(entry)
    return entry


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over the entry's facts and the hash before it, as 64 hex digits."""
    at: datetime = entry.at.astimezone(UTC)
    facts = [
        entry.previous_hash,
        at.isoformat(),
        entry.action,
        entry.target,
        entry.actor_id,
        entry.actor_label,
        entry.reason,
        entry.data,
    ]
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def broken_entries() -> Iterator[tuple[int, str]]:
    """Entries whose hash or whose link to the one before is wrong, as (id, what is wrong)."""
    before = ""
    for entry in AuditEntry.objects.order_by("pk").iterator():
        if entry.previous_hash != before:
            yield entry.pk, "does not follow the entry before it"
        if entry_hash(entry) != entry.hash:
            yield entry.pk, "was altered after it was written"
        before = entry.hash
