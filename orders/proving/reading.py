"""Running the checks: over one order for its page, or over all of them as one set in one snapshot."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from orders.proving.checks import CHECKS, ProofCheck

KEPT = 1000
"""So many failures are named; all of them are counted."""
AT_ONCE = 500
ONE = "WITH scope AS (SELECT * FROM orders_order WHERE number = %s) "
COUNT = "SELECT count(*) FROM orders_order WHERE %s::timestamptz IS NULL OR placed_at >= %s"
SINCE = "WITH scope AS (SELECT * FROM orders_order WHERE %s::timestamptz IS NULL OR placed_at >= %s) "
FAILING = "SELECT * FROM (@check) AS proof (number, currency, l, r, agrees) WHERE agrees IS NOT TRUE"


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One check of one order. Amounts are minor units of `currency`."""

    check: ProofCheck
    number: str
    currency: str
    left: int
    right: int
    agrees: bool


@dataclass(kw_only=True)
class Outcome:
    """What a proof over many orders found."""

    orders: int = 0
    found: dict[str, int] = field(default_factory=dict)
    failures: list[Compared] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)

    @property
    def is_complete(self) -> bool:
        """Whether every failure is named."""
        return sum(self.found.values()) == len(self.failures)


def compare_order(number: str) -> list[Compared]:
    """Every check that is about this order, in their order: one query each, the same for every order."""
    found = []
    with connection.cursor() as cursor:
        for check in CHECKS:
            cursor.execute(ONE + check.sql, [number])
            found += [_compared(check, row) for row in cursor.fetchall()]
    return found


def compare_all(*, since: datetime | None = None) -> Outcome:
    """Every check over every order placed since then, on one snapshot that nothing is written in.

    The database sets the rows beside each other and sends only those that do not agree, through a cursor of
    its own, so the memory taken here does not grow with the number of orders.
    """
    outcome = Outcome()
    with _snapshot():
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [since, since])
            outcome.orders = cursor.fetchone()[0]
        for check in CHECKS:
            _collect(check, since, outcome)
    return outcome


def _collect(check: ProofCheck, since: datetime | None, outcome: Outcome) -> None:
    count = 0
    with connection.chunked_cursor() as cursor:
        cursor.execute(SINCE + FAILING.replace("@check", check.sql), [since, since])
        while rows := cursor.fetchmany(AT_ONCE):
            count += len(rows)
            for row in rows[: max(0, KEPT - len(outcome.failures))]:
                outcome.failures.append(_compared(check, row))
                outcome.numbers.add(row[0])
    outcome.found[check.code] = count


def _compared(check: ProofCheck, row: tuple[str, str, int, int, bool]) -> Compared:
    number, currency, left, right, agrees = row
    return Compared(check=check, number=number, currency=currency, left=left, right=right, agrees=bool(agrees))


@contextmanager
def _snapshot() -> Iterator[None]:
    """One moment of the shop, read only. Inside a test's transaction the test's own moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids and len(connection.atomic_blocks) == 1:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        yield
