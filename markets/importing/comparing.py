"""Comparing a file with what is known: what would be new, end, be corrected, and which lines are refused."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from core import audit
from markets.cache import forget_on_commit
from markets.errors import ReferenceRefused
from markets.importing.cells import CellRefused, Cells
from markets.importing.tables import TableFormat
from markets.reference.periods import DatedRow, Key, Plan, plan_key, refuse_overlaps
from markets.reference.writing import Count, apply_plans, known_rows

MOST_DIFFERENCES = 500


@dataclass(frozen=True)
class RefusedLine:
    """A line that was not taken, and why."""

    line: int
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class Difference:
    """One step: a row that is `new`, `ends` on a day, or is `corrected`. Texts are for operators."""

    step: str
    key: str
    old: str
    new: str


@dataclass
class Comparison:
    """What a file would do to its table. Nothing is written until `write` is called."""

    format: TableFormat
    plans: list[Plan] = field(default_factory=list)
    refused: list[RefusedLine] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    count: Count = field(default_factory=Count)


def compare(table_format: TableFormat, lines: Iterable[Cells | RefusedLine], *, as_of: date) -> Comparison:
    """Compare the lines with the table. Changes hold from `as_of` on; the past is never rewritten."""
    found = Comparison(table_format)
    wanted: dict[Key, list[tuple[int, DatedRow]]] = {}
    for cells in lines:
        if isinstance(cells, RefusedLine):
            found.refused.append(cells)
            continue
        try:
            row = table_format.row(cells)
        except CellRefused as refusal:
            found.refused.append(RefusedLine(cells.line, refusal.column, refusal.value[:200], str(refusal)))
            continue
        wanted.setdefault(row.key, []).append((cells.line, row))
    columns = sorted({column for rows in wanted.values() for _line, row in rows for column in row.values})
    known = known_rows(table_format.table, columns) if wanted else {}
    for key, rows in wanted.items():
        _plan(found, key, rows, known.get(key, []), as_of)
    found.refused.sort(key=lambda one: one.line)
    return found


def _plan(found: Comparison, key: Key, rows: list[tuple[int, DatedRow]], known: list[DatedRow], as_of: date) -> None:
    name = found.format.name
    try:
        refuse_overlaps(name, [row for _line, row in rows])
        plan = plan_key(name, known, [row for _line, row in rows], as_of=as_of)
    except ReferenceRefused as refusal:
        found.refused += [RefusedLine(line, "", "", refusal.reason) for line, _row in rows]
        return
    found.plans.append(plan)
    found.count.unchanged += plan.is_empty
    found.count.created += len(plan.create)
    found.count.closed += len(plan.end)
    found.count.changed += len(plan.correct)
    if len(found.differences) < MOST_DIFFERENCES:
        found.differences += _differences(plan, known)


def _differences(plan: Plan, known: list[DatedRow]) -> list[Difference]:
    steps = [Difference("ends", _key(row), _period(row), str(last or "")) for row, last in plan.end]
    for row, values in plan.correct:
        changed = [name for name in values if row.values.get(name) != values[name]]
        before = ", ".join(f"{name}={row.values.get(name)}" for name in changed)
        steps.append(
            Difference("corrected", _key(row), before, ", ".join(f"{name}={values[name]}" for name in changed))
        )
    before_it = max((row for row in known), key=lambda row: row.first, default=None)
    for row in plan.create:
        old = _told(before_it.values) if before_it is not None else ""
        steps.append(Difference("new", _key(row), old, f"{_told(row.values)} {_period(row)}".strip()))
    return steps


def _key(row: DatedRow) -> str:
    return " ".join(str(part) for part in row.key if part not in ("", None))


def _told(values: Any) -> str:
    skipped = ("sources", "note", "verification")
    return ", ".join(f"{k}={v}" for k, v in values.items() if k not in skipped and v not in ("", None))


def _period(row: DatedRow) -> str:
    return f"{row.effective_from or ''}…{row.effective_to or ''}"


def write(found: Comparison, *, source: str) -> Count:
    """Write what was compared, all of it or nothing, and record who did."""
    with transaction.atomic():
        count = apply_plans(found.format.name, found.format.table, found.plans)
        audit.record(
            "customs_table.import",
            f"{found.format.table.model._meta.label}:{found.format.name}",
            data={"source": source, "refused": len(found.refused), **vars(count)},
        )
        forget_on_commit()
    return count
