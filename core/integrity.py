"""Integrity checks: named queries that must find nothing.

Each app registers its checks in its `integrity.py`. `manage.py check_integrity` runs them all in one
REPEATABLE READ read-only transaction, so they see one moment of the shop. It never repairs anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

from django.apps import apps
from django.db import connection, transaction

Severity = Literal["critical", "high"]


@dataclass(frozen=True)
class Check:
    """One invariant. `sql` returns one row per violation; the first column names the culprit."""

    code: str
    severity: Severity
    sentence: str
    sql: str


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    check: Check
    count: int
    examples: tuple[str, ...]


_checks: dict[str, Check] = {}


class DuplicateCheck(RuntimeError):
    """Two checks share a code."""


def register(*checks: Check) -> None:
    """Add checks. Raises `DuplicateCheck` when a code is taken by another check."""
    for check in checks:
        if _checks.get(check.code, check) != check:
            raise DuplicateCheck(check.code)
        _checks[check.code] = check


def registered() -> list[Check]:
    """All checks of all installed apps, by code."""
    for config in apps.get_app_configs():
        name = f"{config.name}.integrity"
        if name != __name__ and find_spec(name) is not None:
            import_module(name)
    return [_checks[code] for code in sorted(_checks)]


def run(checks: Iterable[Check], *, examples: int = 10) -> list[Finding]:
    """Run the checks on one snapshot; returns a finding per check, clean ones with count 0."""
    findings = []
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids and len(connection.atomic_blocks) == 1:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        for check in checks:
            cursor.execute(check.sql)
            rows = cursor.fetchall()
            culprits = tuple(str(row[0]) for row in rows[:examples])
            findings.append(Finding(check, len(rows), culprits))
    return findings


register(
    Check(
        "Q02",
        "high",
        "The outbox is drained within ten minutes and holds no dead letters.",
        "SELECT id FROM core_outboxmessage WHERE state = 'dead'"
        " OR (state = 'waiting' AND created < now() - interval '10 minutes' AND attempts = 0)",
    ),
    Check(
        "Q03",
        "high",
        "No idempotency key stays in progress for more than ten minutes.",
        "SELECT scope || ':' || key FROM core_idempotencykey"
        " WHERE state = 'in_progress' AND created < now() - interval '10 minutes'",
    ),
    Check(
        "Q04",
        "high",
        "Messages that are due are tried within the hour, unless their channel rests.",
        "SELECT id FROM core_message WHERE state = 'waiting' AND next_attempt_at < now() - interval '1 hour'"
        " AND channel NOT IN (SELECT channel FROM core_channelstate WHERE open_until > now())",
    ),
    Check(
        "Q05",
        "high",
        "No channel has been in trouble for a day.",
        "SELECT DISTINCT s.channel FROM core_channelstate s JOIN core_message m ON m.channel = s.channel"
        " WHERE s.open_until IS NOT NULL AND m.state = 'waiting' AND m.attempts > 0"
        " AND m.created < now() - interval '1 day'",
    ),
    Check(
        "Q06",
        "high",
        "A message that was sent says when, and one that waits was not.",
        "SELECT id FROM core_message WHERE (state = 'sent') AND sent_at IS NULL"
        " OR state = 'waiting' AND arrived_at IS NOT NULL",
    ),
    Check(
        "T01",
        "critical",
        "The activity log is an unbroken chain.",
        "SELECT id FROM (SELECT id, previous_hash, lag(hash, 1, '') OVER (ORDER BY id) AS before"
        " FROM core_auditentry) chain WHERE previous_hash <> before",
    ),
)
