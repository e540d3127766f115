"""Requests that arrive twice are done once: keys live in PostgreSQL, in the scope of what they change."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.models import IdempotencyKey


class IdempotencyConflict(DomainError):
    """The key came back with another request: two different wishes must not share an answer."""

    code = "IDEMPOTENCY_CONFLICT"
    message = _("This form was already used for a different request. Reload the page and try again.")


class IdempotencyInProgress(DomainError):
    """The same request is being worked on right now."""

    code = "IDEMPOTENCY_IN_PROGRESS"
    message = _("We are already working on this. Wait a moment, then reload the page.")


@dataclass
class Claim:
    """A key that is ours to work under, or the answer somebody already produced under it."""

    row_id: int
    is_replay: bool
    response: dict[str, Any] = field(default_factory=dict)

    def finish(self, response: Mapping[str, Any]) -> None:
        """Keep the answer for whoever comes back with the same key."""
        self.response = dict(response)


def fingerprint(body: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form of a request's meaning, 64 hex digits."""
    canonical = json.dumps(body, sort_keys=True, cls=DjangoJSONEncoder, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


@contextmanager
def claim(
    scope: str, key: str, body_fingerprint: str, *, stale_after: timedelta = timedelta(minutes=2)
) -> Iterator[Claim]:
    """Work under (`scope`, `key`) once.

    The first caller gets a claim to finish; a later one with the same request gets the stored answer
    (`is_replay`). When the body raises or never calls `finish`, the key is free again. Raises
    `IdempotencyConflict` for another request under the key, `IdempotencyInProgress` while one runs.
    A claim whose process died is taken over after `stale_after`. Call it with no transaction open.
    """
    found = _take(scope, key, body_fingerprint, stale_after)
    if found.is_replay:
        yield found
        return
    try:
        yield found
    except BaseException:
        IdempotencyKey.objects.filter(pk=found.row_id).delete()
        raise
    if found.response:
        IdempotencyKey.objects.filter(pk=found.row_id).update(
            state=IdempotencyKey.State.DONE, response=json.loads(json.dumps(found.response, cls=DjangoJSONEncoder))
        )
    else:
        IdempotencyKey.objects.filter(pk=found.row_id).delete()


def _take(scope: str, key: str, body_fingerprint: str, stale_after: timedelta) -> Claim:
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(scope=scope, key=key, fingerprint=body_fingerprint)
        return Claim(row.pk, is_replay=False)
    except IntegrityError:
        pass
    with transaction.atomic():
        found = IdempotencyKey.objects.lock().filter(scope=scope, key=key).first()
        if found is None:
            raise IdempotencyInProgress
        if found.fingerprint != body_fingerprint:
            raise IdempotencyConflict
        if found.state == IdempotencyKey.State.DONE:
            return Claim(found.pk, is_replay=True, response=found.response)
        if found.created > timezone.now() - stale_after:
            raise IdempotencyInProgress
        found.created = timezone.now()
        found.save(update_fields=["created"])
    return Claim(found.pk, is_replay=False)


def purge(older_than: timedelta = timedelta(days=7)) -> int:
    """Forget old keys; returns how many."""
    return IdempotencyKey.objects.filter(created__lt=timezone.now() - older_than).delete()[0]
