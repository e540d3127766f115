"""What the screens of a change of many rows show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.bulk.batches import Planned, look, work_of
from catalog.bulk.columns import Column
from catalog.bulk.fields import field_named
from catalog.bulk.operations import Op, Value
from catalog.models import BulkChange, BulkRestore, BulkRun
from catalog.workspace.screens import PER_PAGE
from core.models import Job, JobError

SAMPLE = 12
RUNNING = (Job.State.QUEUED, Job.State.RUNNING)
SHORTENED = 200


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A row before and after, in words."""

    label: str
    old: str
    new: str
    refused: str = ""
    outcome: str = ""
    found: str = ""


@dataclass(frozen=True, kw_only=True)
class BulkPage:
    """One change of many rows."""

    run: BulkRun
    what: str
    job: Job | None
    is_running: bool
    counts: tuple[tuple[str, int], ...]
    samples: tuple[Sample, ...]
    refused: tuple[JobError, ...]
    refused_total: int
    changes: "Page[BulkChange] | None"
    rows: tuple[Sample, ...]
    may_start: bool
    may_go_on: bool
    may_undo: bool
    may_stop: bool


def bulk_page(run: BulkRun, number: str | None, *, only_kept: bool = False) -> BulkPage:
    """The page of a run: a trial's numbers before, the log afterwards."""
    job = run.undo_job or run.job or run.trial
    is_running = job is not None and job.state in RUNNING
    column = work_of(run.pk).column if run.field else None
    log = _log(run, only_kept=only_kept)
    changes = Paginator(log, PER_PAGE).get_page(number) if run.state != BulkRun.State.DRAFT else None
    errors = job.errors.filter(level=JobError.Level.REFUSED) if job else JobError.objects.none()
    ended = run.job is not None and run.job.state not in RUNNING
    may_go_on = run.state == BulkRun.State.STARTED and run.job is not None and _broke(run.job)
    undo_broke = run.undo_job is not None and _broke(run.undo_job)
    return BulkPage(
        run=run,
        what=sentence(run, column),
        job=job,
        is_running=is_running,
        counts=_counts(run, job),
        samples=_samples(run, column) if column and run.state == BulkRun.State.DRAFT else (),
        refused=tuple(errors[:20]),
        refused_total=errors.count(),
        changes=changes,
        rows=_rows(changes, column) if changes and column else (),
        may_start=run.state == BulkRun.State.DRAFT and bool(run.field),
        may_go_on=may_go_on,
        may_undo=ended and (run.state == BulkRun.State.STARTED or undo_broke),
        may_stop=is_running,
    )


def _broke(job: Job) -> bool:
    return job.state in {Job.State.FAILED, Job.State.CANCELED}


def sentence(run: BulkRun, column: Column | None) -> str:
    """What the run does: field, operation, value."""
    if not run.field or column is None:
        return ""
    field = field_named(run.target, run.field)
    parts = [str(field.label) if field else run.field]
    language = run.arguments.get("language")
    if language:
        parts.append(str(dict(settings.LANGUAGES).get(language, language)))
    if run.operation == Op.REPLACE:
        told = _("Find “%(find)s”, replace with “%(replace)s”")
        parts.append(told % {name: run.arguments.get(name, "") for name in ("find", "replace")})
    else:
        parts.append(str(Op(run.operation).label))
    if "value" in run.arguments:
        value = run.arguments["value"]
        parts.append(spoken(value, column.words([value])))
    if run.field == "name":
        parts.append(_("with new addresses") if run.arguments.get("moves_addresses") else _("addresses stay"))
    return " · ".join(parts)


def spoken(value: Value, names: dict[str, str]) -> str:
    """A value in words, shortened."""
    if value is None or value == "" or value == []:
        return pgettext("value", "empty")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return pgettext("between items", ", ").join(names.get(str(one), str(one)) for one in value)
    text = names.get(str(value), str(value))
    return text if len(text) <= SHORTENED else f"{text[:SHORTENED]}…"


def _samples(run: BulkRun, column: Column) -> tuple[Sample, ...]:
    """Rows from the whole set: those the trial found to change, else rows spread over the set."""
    found = (run.trial.result.get("samples") or run.trial.checkpoint.get("samples")) if run.trial else None
    if found:
        names = column.words([value for _label, old, new in found for value in (old, new)])
        return tuple(
            Sample(label=label, old=spoken(old, names), new=spoken(new, names)) for label, old, new in found[:SAMPLE]
        )
    return spoken_plan(column, _spread(run))


def _spread(run: BulkRun) -> Sequence[Planned]:
    work = work_of(run.pk)
    step = max(run.total // SAMPLE, 1)
    ids = [pk for at in range(0, run.total, step) for pk in work.ids(at, at + 1)][:SAMPLE] if run.total > SAMPLE else []
    return look(work, ids or work.ids(0, SAMPLE))


def spoken_plan(column: Column, planned: Iterable[Planned]) -> tuple[Sample, ...]:
    """What would become of rows, in words."""
    rows = list(planned)
    names = column.words([value for one in rows for value in (one.old, one.new)])
    return tuple(
        Sample(label=one.label, old=spoken(one.old, names), new=spoken(one.new, names), refused=one.refused)
        for one in rows
    )


def _log(run: BulkRun, *, only_kept: bool) -> Any:
    rows = BulkChange.objects.filter(run=run).select_related("restore").order_by("pk")
    if only_kept:
        rows = rows.filter(restore__outcome__in=[BulkRestore.Outcome.KEPT, BulkRestore.Outcome.REFUSED])
    return rows


def _rows(changes: "Page[BulkChange]", column: Column) -> tuple[Sample, ...]:
    rows = list(changes.object_list)
    restores = {one.pk: getattr(one, "restore", None) for one in rows}
    found = [restore.found for restore in restores.values() if restore]
    names = column.words([*(value for one in rows for value in (one.old, one.new)), *found])
    return tuple(_logged(one, restores[one.pk], names) for one in rows)


def _logged(one: BulkChange, restore: BulkRestore | None, names: dict[str, str]) -> Sample:
    is_left = restore is not None and restore.outcome != BulkRestore.Outcome.RESTORED
    return Sample(
        label=one.label,
        old=spoken(one.old, names),
        new=spoken(one.new, names),
        outcome=restore.get_outcome_display() if restore else "",
        refused=restore.reason if restore else "",
        found=spoken(restore.found, names) if restore and is_left else "",
    )


def _counts(run: BulkRun, job: Job | None) -> tuple[tuple[str, int], ...]:
    if job is None:
        return ()
    counts = job.result.get("counts") or job.checkpoint.get("counts") or {}
    labels = (
        (("restored", _("Restored")), ("kept", _("Left alone")), ("refused", _("Refused")))
        if run.undo_job
        else (
            ("changed", _("Would change") if job.is_dry_run else _("Changed")),
            ("unchanged", _("Unchanged")),
            ("refused", _("Refused")),
        )
    )
    return tuple((label, int(counts.get(key, 0))) for key, label in labels)
