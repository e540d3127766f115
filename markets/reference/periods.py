"""Bringing dated rows up to date without ever losing what held before. Pure.

A changed row closes the old one the day before; rows that ended are history and do not move.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from markets.errors import ReferenceRefused

Key = tuple[Any, ...]
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DatedRow:
    """What a table says of one key in one period. Both ends are inclusive; an empty end is open."""

    key: Key
    values: Mapping[str, Any]
    effective_from: date | None = None
    effective_to: date | None = None
    id: int | None = field(default=None, compare=False)

    @property
    def first(self) -> date:
        return self.effective_from or date.min

    @property
    def last(self) -> date:
        return self.effective_to or date.max


@dataclass(frozen=True)
class Plan:
    """What to do: rows to make, rows that end on another day, rows whose values are put right."""

    create: tuple[DatedRow, ...]
    end: tuple[tuple[DatedRow, date | None], ...]
    correct: tuple[tuple[DatedRow, Mapping[str, Any]], ...]

    @property
    def is_empty(self) -> bool:
        return not (self.create or self.end or self.correct)


def refuse_overlaps(table: str, rows: Iterable[DatedRow]) -> None:
    """Raises `ReferenceRefused` when two rows of a key hold on the same day."""
    before: dict[Key, DatedRow] = {}
    for row in sorted(rows, key=lambda one: (str(one.key), one.first)):
        earlier = before.get(row.key)
        if row.first > row.last:
            raise ReferenceRefused(table=table, reason=f"{row.key} ends before it starts")
        if earlier is not None and row.first <= earlier.last:
            raise ReferenceRefused(table=table, reason=f"two rows of {row.key} overlap at {row.first}")
        before[row.key] = row


def plan_key(table: str, known: list[DatedRow], wanted: list[DatedRow], *, as_of: date, force: bool = False) -> Plan:
    """The steps that bring the rows of one key from `known` to `wanted`. Raises `ReferenceRefused`."""
    steps = _Steps(table, sorted(known, key=lambda row: row.first), as_of, force)
    for row in sorted(wanted, key=lambda one: one.first):
        steps.take(row)
    return Plan(tuple(steps.create), tuple(steps.end), tuple(steps.correct))


class _Steps:
    """Collects the steps of one key, row by row from the oldest."""

    def __init__(self, table: str, known: list[DatedRow], as_of: date, force: bool) -> None:
        self.table, self.known, self.as_of, self.force = table, known, as_of, force
        self.create: list[DatedRow] = []
        self.end: list[tuple[DatedRow, date | None]] = []
        self.correct: list[tuple[DatedRow, Mapping[str, Any]]] = []

    def take(self, row: DatedRow) -> None:
        chain = [one for one in self.known if row.first <= one.first <= row.last]
        if not chain:
            self._add(row)
            return
        latest = chain[-1]
        if latest.values != row.values:
            self._change(latest, row)
        elif latest.effective_to != row.effective_to:
            self.end.append((latest, row.effective_to))

    def _add(self, row: DatedRow) -> None:
        """A new period. An open row that runs into it ends the day before."""
        for one in self.known:
            if one.first < row.first <= one.last:
                if one.effective_to is not None and not self.force:
                    raise ReferenceRefused(table=self.table, reason=f"{row.key} overlaps a row that ends {one.last}")
                self.end.append((one, row.first - ONE_DAY))
        self.create.append(row)

    def _change(self, latest: DatedRow, row: DatedRow) -> None:
        """Other values for a period we know: they hold from the file's date on."""
        if row.last < self.as_of and not self.force:
            raise ReferenceRefused(table=self.table, reason=f"{row.key} would change a period that is over")
        if row.last < self.as_of or latest.first >= self.as_of:
            self.correct.append((latest, row.values))
            return
        self.end.append((latest, self.as_of - ONE_DAY))
        self.create.append(DatedRow(row.key, row.values, effective_from=self.as_of, effective_to=row.effective_to))
