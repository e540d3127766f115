"""The table of contents of the system's consequences: every event, and what follows from it.

`inside` runs in the announcer's transaction (database only, may not fail separately); `after` is delivered by the
outbox once the transaction is committed, at least once, so each of those handlers is idempotent.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.events import Event, Reaction

REACTIONS: Mapping[type[Event], Reaction] = {}
