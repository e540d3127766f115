"""Writing exchange rates down, and deciding about those that are in doubt. History never moves."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone

from core import audit
from markets.errors import DoubtDecided, ReasonNeeded
from markets.fx.judging import Verdict, is_jump, judge
from markets.fx.types import Quoted
from markets.models import Currency, DoubtfulRate, ExchangeRate

BATCH = 5000
_IMPORT_LOCK = 0x45434252  # one advisory lock: two imports never judge by the same last rate
INSERT = (
    "INSERT INTO markets_exchangerate (base_id, quote_id, rate, effective_on, source, fetched_at)"
    " SELECT %s, t.quote, t.rate, t.day, %s, now()"
    " FROM unnest(%s::text[], %s::numeric[], %s::date[]) AS t(quote, rate, day) ON CONFLICT DO NOTHING"
)


@dataclass
class Imported:
    """What an import did. `unknown`: currencies that the shop has no row for."""

    read: int = 0
    created: int = 0
    doubtful: int = 0
    newest: date | None = None
    unknown: set[str] = field(default_factory=set)

    @property
    def unchanged(self) -> int:
        return self.read - self.created - self.doubtful


@transaction.atomic
def import_rates(*, cells: Iterable[Quoted], base: str, source: str) -> Imported:
    """Write down every believed rate and keep the doubtful ones apart; what is known already changes nothing.

    All or nothing. Cells are read one by one; only those newer than the newest known are held back, to be judged.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])
    count = Imported()
    wanted = _wanted(cells, base, count)
    verdicts = judge(wanted, newest_known(base=base, source=source))
    while batch := list(islice(verdicts, BATCH)):
        believed = [verdict.cell for verdict in batch if verdict.jumped_from is None]
        count.created += _write(believed, base=base, source=source)
        count.doubtful += _doubt([one for one in batch if one.jumped_from is not None], base=base, source=source)
    if count.created or count.doubtful:
        audit.record(
            "exchange_rate.import",
            f"markets.ExchangeRate:{source}",
            data={"created": count.created, "doubtful": count.doubtful, "newest": count.newest},
        )
    return count


@transaction.atomic
def approve_rate(*, doubt_id: int, reason: str) -> ExchangeRate:
    """Believe a doubtful rate: it counts from its day on, and so do later ones that waited and follow from it.

    Raises `ReasonNeeded`, `DoubtDecided`.
    """
    doubt = _decide(doubt_id, DoubtfulRate.State.APPROVED, reason)
    _write([_cell(doubt)], base=doubt.base_id, source=doubt.source)
    last = _cell(doubt)
    waiting = DoubtfulRate.objects.lock().filter(
        base_id=doubt.base_id,
        quote_id=doubt.quote_id,
        source=doubt.source,
        effective_on__gt=doubt.effective_on,
        state=DoubtfulRate.State.WAITING,
    )
    for later in sorted(waiting, key=lambda one: one.effective_on):
        if is_jump(last.rate, later.rate):
            break
        last = _cell(later)
        _write([last], base=doubt.base_id, source=doubt.source)
        _close(later, DoubtfulRate.State.APPROVED, reason)
    return ExchangeRate.objects.get(
        base_id=doubt.base_id, quote_id=doubt.quote_id, effective_on=doubt.effective_on, source=doubt.source
    )


@transaction.atomic
def refuse_rate(*, doubt_id: int, reason: str) -> DoubtfulRate:
    """A doubtful rate is never used; the day has the rate of the day before. Raises `ReasonNeeded`, `DoubtDecided`."""
    return _decide(doubt_id, DoubtfulRate.State.REFUSED, reason)


def newest_known(*, base: str, source: str) -> Mapping[str, Quoted]:
    """The newest believed rate per currency of a source."""
    rows = ExchangeRate.objects.filter(base_id=base, source=source).order_by("quote_id", "-effective_on")
    newest = rows.distinct("quote_id").values_list("effective_on", "quote_id", "rate")
    return {quote: Quoted(on, quote, rate) for on, quote, rate in newest}


def _wanted(cells: Iterable[Quoted], base: str, count: Imported) -> Iterator[Quoted]:
    """Cells of currencies we know; counts on the way."""
    known = set(Currency.objects.values_list("code", flat=True)) - {base}
    for cell in cells:
        if cell.quote not in known:
            count.unknown.add(cell.quote)
            continue
        count.read += 1
        count.newest = cell.on if count.newest is None else max(count.newest, cell.on)
        yield cell


def _write(cells: Sequence[Quoted], *, base: str, source: str) -> int:
    """How many of them are new."""
    if not cells:
        return 0
    columns = ([cell.quote for cell in cells], [cell.rate for cell in cells], [cell.on for cell in cells])
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [base, source, *columns])
        return int(cursor.rowcount)


def _doubt(verdicts: Sequence[Verdict], *, base: str, source: str) -> int:
    """Keep them for an operator; how many are new. Days that have a believed rate are settled already."""
    fresh = 0
    for verdict in verdicts:
        cell, before = verdict.cell, verdict.jumped_from
        key = {"base_id": base, "quote_id": cell.quote, "effective_on": cell.on, "source": source}
        if before is None or ExchangeRate.objects.filter(**key).exists():
            continue
        told = {"rate": cell.rate, "previous_rate": before.rate, "previous_on": before.on}
        _row, made = DoubtfulRate.objects.get_or_create(**key, defaults=told)
        fresh += made
    return fresh


def _decide(doubt_id: int, state: str, reason: str) -> DoubtfulRate:
    if not reason.strip():
        raise ReasonNeeded
    doubt = DoubtfulRate.objects.lock().get(pk=doubt_id)
    if doubt.state != DoubtfulRate.State.WAITING:
        raise DoubtDecided
    return _close(doubt, state, reason)


def _close(doubt: DoubtfulRate, state: str, reason: str) -> DoubtfulRate:
    doubt.state, doubt.reason, doubt.decided_at = state, reason.strip(), timezone.now()
    doubt.decided_by_id = audit.current_actor().user_id
    doubt.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    audit.record(f"exchange_rate.{state}", doubt, data={"rate": doubt.rate, "on": doubt.effective_on}, reason=reason)
    return doubt


def _cell(doubt: DoubtfulRate) -> Quoted:
    return Quoted(doubt.effective_on, doubt.quote_id, doubt.rate)
