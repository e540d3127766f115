"""Writing rows into tables: dated ones along a plan, plain ones by their code. Every change of a row is audited."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from core import audit
from markets.models import Dated
from markets.reference.periods import DatedRow, Key, Plan, plan_key, refuse_overlaps


@dataclass
class Count:
    """What a load did."""

    created: int = 0
    closed: int = 0
    changed: int = 0
    unchanged: int = 0

    def add(self, other: "Count") -> None:
        """Count the other's work too."""
        self.created += other.created
        self.closed += other.closed
        self.changed += other.changed
        self.unchanged += other.unchanged


@dataclass(frozen=True)
class DatedTable:
    """How the rows of a dated table find their key: the key's columns, and the columns of a key for a new row."""

    model: type[Dated]
    key_columns: Sequence[str]
    new: Callable[[Key], Mapping[str, Any]]


def write_dated(name: str, table: DatedTable, rows: Iterable[DatedRow], *, as_of: date, force: bool = False) -> Count:
    """Bring a dated table up to date. Raises `ReferenceRefused` before anything is written."""
    wanted = list(rows)
    refuse_overlaps(name, wanted)
    columns = sorted({column for row in wanted for column in row.values})
    known = known_rows(table, columns)
    plans = [
        plan_key(name, known.get(key, []), of_key, as_of=as_of, force=force) for key, of_key in by_key(wanted).items()
    ]
    return apply_plans(name, table, plans)


def apply_plans(name: str, table: DatedTable, plans: Iterable[Plan]) -> Count:
    """Write what was planned: end old rows, correct, then make the new ones."""
    plans = list(plans)
    count = Count()
    for plan in plans:
        if plan.is_empty:
            count.unchanged += 1
        for row, last in plan.end:
            _end(table.model, row, last, name)
            count.closed += 1
        for row, values in plan.correct:
            _correct(table.model, row, values, name)
            count.changed += 1
    fresh = [_new(table, row) for plan in plans for row in plan.create]
    table.model._default_manager.bulk_create(fresh, batch_size=2000)
    count.created += len(fresh)
    return count


def write_plain(model: type[models.Model], rows: Iterable[tuple[str, Mapping[str, Any]]]) -> Count:
    """Bring a table whose primary key is `code` up to date."""
    known = {row.pk: row for row in model._default_manager.all()}
    count, fresh = Count(), []
    for code, values in rows:
        row = known.get(code)
        if row is None:
            fresh.append(model(code=code, **values))
            continue
        old = {name: getattr(row, name) for name in values}
        changed = [name for name in values if old[name] != values[name]]
        if not changed:
            count.unchanged += 1
            continue
        for name in changed:
            setattr(row, name, values[name])
        row.save(update_fields=changed)
        audit.record(
            "reference.change",
            row,
            data={"old": {name: old[name] for name in changed}, "new": {name: values[name] for name in changed}},
        )
        count.changed += 1
    model._default_manager.bulk_create(fresh)
    count.created = len(fresh)
    return count


def known_rows(table: DatedTable, columns: Sequence[str]) -> dict[Key, list[DatedRow]]:
    """What the table holds, by key, with these columns as values."""
    found: dict[Key, list[DatedRow]] = {}
    wide = len(table.key_columns)
    fields = (*table.key_columns, *columns, "effective_from", "effective_to", "pk")
    for told in table.model._default_manager.values_list(*fields):
        row = DatedRow(
            key=tuple(told[:wide]),
            values=dict(zip(columns, told[wide:-3], strict=True)),
            effective_from=told[-3],
            effective_to=told[-2],
            id=told[-1],
        )
        found.setdefault(row.key, []).append(row)
    return found


def by_key(rows: Iterable[DatedRow]) -> dict[Key, list[DatedRow]]:
    """The rows of each key, in the order in which the keys come first."""
    found: dict[Key, list[DatedRow]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(row)
    return found


def _new(table: DatedTable, row: DatedRow) -> Dated:
    return table.model(
        **table.new(row.key), **row.values, effective_from=row.effective_from, effective_to=row.effective_to
    )


def _end(model: type[Dated], row: DatedRow, last: date | None, name: str) -> None:
    model._default_manager.filter(pk=row.id).update(effective_to=last)
    _note(model, row, name, {"effective_to": row.effective_to}, {"effective_to": last})


def _correct(model: type[Dated], row: DatedRow, values: Mapping[str, Any], name: str) -> None:
    model._default_manager.filter(pk=row.id).update(**values)
    changed = [column for column in values if row.values.get(column) != values[column]]
    _note(model, row, name, {one: row.values.get(one) for one in changed}, {one: values[one] for one in changed})


def _note(model: type[Dated], row: DatedRow, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    audit.record(
        "reference.change",
        f"{model._meta.label}:{row.id}",
        data={"key": list(row.key), "old": old, "new": new},
        reason=f"reference table {name}",
    )
