"""Have something told and look at the words instead of sending them. Nothing stays of it: no message, no link."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.notifications.kinds import Kind
from core.notifications.rendering import Rendered, render_message
from core.notifications.words import added_to


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """A message as it would have been written, by every channel it has words for, whatever its reader wishes."""

    kind: Kind
    language: str
    market: str
    reference: str
    parts: Mapping[str, Rendered]


_written: ContextVar[list[Rehearsed] | None] = ContextVar("rehearsal", default=None)


def rehearse(tell: Callable[[], object]) -> list[Rehearsed]:
    """What `tell` would write now. All it does to the database is undone, so the links in it open nothing."""
    found: list[Rehearsed] = []
    token = _written.set(found)
    try:
        with transaction.atomic():
            tell()
            transaction.set_rollback(True)
    finally:
        _written.reset(token)
    return found


def is_rehearsed(kind: Kind, *, language: str, market: str, reference: str, context: Mapping[str, Any]) -> bool:
    """Take the message and say so when this is a rehearsal. Asked by `send` before anything else."""
    found = _written.get()
    if found is None:
        return False
    added = added_to(kind.name, market=market, language=language)
    parts = {
        channel: render_message(kind, channel=channel, language=language, context=context, added=added)
        for channel in kind.channels
    }
    found.append(Rehearsed(kind=kind, language=language, market=market, reference=reference, parts=parts))
    return True
