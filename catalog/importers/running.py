"""The import as a job: streaming, resumable, cancellable, with what became of every product on record."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import dropwhile
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.importers.apply import Target, open_components, open_target
from catalog.importers.batches import Pace, Piece, Told, bring_in, in_batches
from catalog.importers.errors import RowProblem, problem
from catalog.importers.outcomes import Outcome
from catalog.importers.preparing import how_of
from catalog.importers.reading.opening import Opened, open_source
from catalog.importers.registry import import_format
from catalog.importers.understanding import Understanding
from core.jobs import JobRun
from core.models import JobError, JobItem

MOST_LISTED = 10_000
"""Products of one outcome that are named one by one; refused ones all are, because their rows can be downloaded."""
MOST_CHANGES = 200
MOST_REMARKS = 100_000
LONGEST = 300


class CatalogueImport:
    """The kind of job that brings a catalogue in.

    Params: `format`, `market`, `language`, `mapping`, `encoding`, `sheet`, and `reader`, the language of its words.
    """

    def run(self, run: JobRun) -> Mapping[str, Any]:
        """Bring products in, a few at a time; a killed run goes on exactly behind the last that is in."""
        params = run.job.params
        reading = import_format(params["format"])
        with (
            override(params.get("reader", "en")),
            run.job.file.open("rb") as file,
            open_source(file, run.job.file.name or "", reading, how_of(params)) as opened,
        ):
            target, setting = open_target(params)
            units = reading.read(opened.source, setting)
            understanding = Understanding(opened)
            work = _Work(run, opened)
            work.begin()
            work.bring_in(understanding.pieces(units), target)
            work.end([*understanding.left_over(), *open_components()])
            return {"counts": work.counts, "unknown_columns": list(opened.unknown_columns)}


@dataclass(frozen=True)
class _Point:
    """How far it is: products done, the highest line, how many remarks there are, and products by outcome."""

    units: int = 0
    line: int = 0
    remarks: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def as_checkpoint(self) -> dict[str, Any]:
        return {"units": self.units, "line": self.line, "remarks": self.remarks, "counts": dict(self.counts)}


class _Work:
    """One run of one job. Its point is written with the rows it covers."""

    def __init__(self, run: JobRun, opened: Opened) -> None:
        self._run = run
        self._opened = opened
        stored = run.checkpoint
        self._at = _Point(**stored | {"counts": Counter(stored.get("counts", {}))}) if stored else _Point()
        self._next = self._at

    @property
    def counts(self) -> dict[str, int]:
        """Products by outcome."""
        return dict(self._at.counts)

    def begin(self) -> None:
        """Say once what there is to say of the file as a whole."""
        if self._run.checkpoint:
            return
        unknown = _("This column is not known and was left alone.")
        notes = [
            *self._opened.notes,
            *(problem(1, title, "", unknown, is_note=True) for title in self._opened.unknown_columns),
        ]
        self._store([], notes, self._opened.total)
        self.settle()
        self._run.stop_if_asked()

    def bring_in(self, pieces: Iterator[Piece], target: Target) -> None:
        """All pieces behind the checkpoint."""
        pace, done = Pace(), self._at.units
        waiting = dropwhile(lambda piece: piece.number <= done, pieces)
        for batch in in_batches(waiting, pace):
            began = time.monotonic()
            bring_in(batch, target, is_dry_run=self._run.job.is_dry_run, record=self)
            pace.took(time.monotonic() - began)
            self._run.stop_if_asked()

    def end(self, left_over: list[RowProblem]) -> None:
        """The last words: everything is done."""
        self._store([], left_over, self._at.line)
        self.settle()

    def write(self, told: list[Told]) -> None:
        """What became of a batch, and how far that is, in the transaction of its rows."""
        items = [item for each in told if (item := self._item(each)) is not None]
        self._next = replace(
            self._at,
            units=told[-1].piece.number,
            line=max([self._at.line, *(line for each in told for line in each.piece.unit.lines)]),
            counts=self._at.counts + Counter(each.outcome.value for each in told),
        )
        self._store(items, [said for each in told for said in each.problems], self._opened.total)

    def settle(self) -> None:
        """What was written last is there to stay."""
        self._at = self._next

    def _store(self, items: list[JobItem], problems: list[RowProblem], total: int | None) -> None:
        errors = [self._error(said) for said in problems[: max(MOST_REMARKS - self._at.remarks, 0)]]
        self._next = replace(self._next, remarks=self._at.remarks + len(errors))
        self._run.record(
            progress=self._next.line,
            total=total,
            checkpoint=self._next.as_checkpoint(),
            errors=errors,
            items=items,
        )

    def _item(self, told: Told) -> JobItem | None:
        outcome, piece = told.outcome, told.piece
        if outcome == Outcome.UNCHANGED:
            return None
        if outcome != Outcome.REFUSED and self._at.counts[outcome.value] >= MOST_LISTED:
            return None
        return JobItem(
            job=self._run.job,
            number=piece.number,
            outcome=outcome.value,
            title=(piece.imported.draft.code if piece.imported else piece.unit.key)[:200].replace("\0", ""),
            lines=list(piece.unit.lines),
            changes=[
                [change.where, change.field, change.old[:LONGEST], change.new[:LONGEST]]
                for change in told.changes[:MOST_CHANGES]
            ],
        )

    def _error(self, said: RowProblem) -> JobError:
        return self._run.error(
            line=said.line,
            column=said.column.replace("\0", ""),
            value=said.value.replace("\0", ""),
            message=said.message,
            is_note=said.is_note,
        )
