"""The import of orders from elsewhere as a job: streaming, resumable, with what became of every order on record."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import dropwhile, islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.importers.errors import RowProblem, RowsRefused, problem
from catalog.importers.preparing import how_of
from catalog.importers.reading.opening import Opened, open_source
from core.jobs import JobRun
from core.models import JobError, JobItem
from orders.actions.past_orders import PastOutcome, keep_past_orders, note_import
from orders.past.formats import FORMATS
from orders.past.reading import Group, Setting, groups_of, read_group
from orders.past.types import ReadOrder

KIND = "orders.past_import"
BATCH = 200
MOST_LISTED = 10_000
"""Orders of one outcome that are named one by one; refused ones all are, because their rows can be downloaded."""
MOST_REMARKS = 100_000
LONGEST = 300


@dataclass
class _Told:
    """What there is to say of one order."""

    number: int
    group: Group
    outcome: str
    problems: list[RowProblem] = field(default_factory=list)
    changes: tuple[tuple[str, str, str, str], ...] = ()


@dataclass
class _Point:
    """How far it is: orders done, the highest line, how many remarks there are, and orders by outcome."""

    units: int = 0
    line: int = 0
    remarks: int = 0
    counts: Counter[str] = field(default_factory=Counter)


class PastOrderImport:
    """The kind of job. Params: `format`, `currency`, `zone`, `mapping`, `encoding`, `sheet`, and `reader`, the
    language of its words."""

    def run(self, run: JobRun) -> Mapping[str, Any]:
        """Bring orders in, some at a time; a run that was killed goes on behind the last that is in."""
        params = run.job.params
        reading = FORMATS[params["format"]]
        with (
            override(params.get("reader", "en")),
            run.job.file.open("rb") as file,
            open_source(file, run.job.file.name or "", reading, how_of(params)) as opened,
        ):
            setting = Setting(currency=params["currency"], zone=params["zone"])
            stored = run.checkpoint
            at = _Point(**stored | {"counts": Counter(stored.get("counts", {}))}) if stored else _Point()
            if not stored:
                _begin(run, opened, at)
            pieces = enumerate(groups_of(opened.source.rows), start=1)
            waiting = dropwhile(lambda piece: piece[0] <= at.units, pieces)
            while batch := list(islice(waiting, BATCH)):
                _bring_in(run, opened, at, (_read(number, group, opened, params["format"], setting)
                                            for number, group in batch))  # fmt: skip
                run.stop_if_asked()
            if not run.job.is_dry_run:
                note_import(job=run.job, counts=dict(at.counts))
            return {"counts": dict(at.counts), "unknown_columns": list(opened.unknown_columns)}


def _begin(run: JobRun, opened: Opened, at: _Point) -> None:
    unknown = _("This column is not known and was left alone.")
    notes = [*opened.notes, *(problem(1, title, "", unknown, is_note=True) for title in opened.unknown_columns)]
    at.remarks = len(notes)
    run.advance(progress=0, total=opened.total, checkpoint=vars(at), errors=[_error(run, one) for one in notes])


def _read(
    number: int, group: Group, opened: Opened, code: str, setting: Setting
) -> tuple[_Told, ReadOrder | None]:  # fmt: skip
    broken = [opened.broken.pop(line) for line in group.lines if line in opened.broken]
    try:
        if broken:
            raise RowsRefused(*broken)
        order, notes = read_group(group, FORMATS[code], setting)
    except RowsRefused as refusal:
        return _Told(number, group, "refused", list(refusal.problems)), None
    return _Told(number, group, "", notes), order


def _bring_in(run: JobRun, opened: Opened, at: _Point, batch: Iterator[tuple[_Told, ReadOrder | None]]) -> None:
    """Write a batch and what became of it, both in one transaction or neither."""
    told = list(batch)
    orders = [order for _said, order in told if order is not None]
    with transaction.atomic():
        done = iter(keep_past_orders(orders=orders, job=run.job, is_dry_run=run.job.is_dry_run))
        for one, order in told:
            if order is not None:
                outcome: PastOutcome = next(done)
                one.outcome, one.changes = outcome.outcome, outcome.changes
        items = [item for one, _order in told if (item := _item(run, one, at)) is not None]
        errors = [_error(run, said) for one, _order in told for said in one.problems]
        errors = errors[: max(MOST_REMARKS - at.remarks, 0)]
        at.units = told[-1][0].number
        at.line = max(line for one, _order in told for line in one.group.lines)
        at.remarks += len(errors)
        run.record(progress=at.line, total=opened.total, checkpoint=vars(at), errors=errors, items=items)


def _item(run: JobRun, one: _Told, at: _Point) -> JobItem | None:
    at.counts[one.outcome] += 1
    if one.outcome == "unchanged" or (one.outcome != "refused" and at.counts[one.outcome] > MOST_LISTED):
        return None
    return JobItem(
        job=run.job,
        number=one.number,
        outcome=one.outcome,
        title=one.group.number[:200],
        lines=one.group.lines,
        changes=[[where, name, old[:LONGEST], new[:LONGEST]] for where, name, old, new in one.changes],
    )


def _error(run: JobRun, said: RowProblem) -> JobError:
    return run.error(
        line=said.line, column=said.column, value=said.value, message=said.message, is_note=said.is_note
    )  # fmt: skip
