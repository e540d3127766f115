"""Changes of many rows: opened with a fixed set, described, tried out, started, taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.errors import BulkNotPossible, TooManyRows
from catalog.models import BulkRun, PricePlan
from core import audit
from core.jobs import start_job
from core.models import Job

MOST_ROWS = 100_000
RUNNING = (Job.State.QUEUED, Job.State.RUNNING)
CHANGE, UNDO = "catalog.bulk_change", "catalog.bulk_undo"


@transaction.atomic
def open_bulk_run(*, target: str, object_ids: Sequence[int], origin: str = "") -> BulkRun:
    """Fix the rows a change is to be made to. Raises `TooManyRows` for none of them or more than 100,000."""
    ids = sorted(set(object_ids))
    if not ids or len(ids) > MOST_ROWS:
        raise TooManyRows(most=MOST_ROWS)
    run = BulkRun.objects.create(target=target, object_ids=ids, total=len(ids), origin=origin[:500])
    audit.record("catalog.open_bulk_run", run, data={"target": target, "rows": len(ids), "origin": origin[:500]})
    return run


@transaction.atomic
def describe_bulk_run(*, run_id: int, field: str, operation: str, arguments: Mapping[str, Any]) -> BulkRun:
    """Say what the change is; it is tried out on all rows by a worker, which changes nothing.

    Raises `BulkNotPossible` once the run has begun.
    """
    run = _locked(run_id)
    _is_no_plan(run)
    if run.state != BulkRun.State.DRAFT:
        raise BulkNotPossible(_("This change has begun and stays as it is. Open another one."))
    run.field, run.operation, run.arguments = field, operation, dict(arguments)
    run.trial = _job(run, CHANGE, _("Try a change of %(count)d rows") % {"count": run.total}, dry_run=True)
    run.save(update_fields=["field", "operation", "arguments", "trial", "updated"])
    return run


@transaction.atomic
def start_bulk_run(*, run_id: int) -> BulkRun:
    """Make the change; a run that was stopped or failed goes on with the rows it has not changed.

    Raises `BulkNotPossible` while it runs, when it is done, and before it is described.
    """
    run = _locked(run_id)
    if not run.field:
        raise BulkNotPossible(_("Say first what is to be changed."))
    _is_no_plan(run, unless=PricePlan.State.READY)
    may_go_on = run.job is not None and run.job.state in {Job.State.FAILED, Job.State.CANCELED}
    if run.state == BulkRun.State.DRAFT:
        run.become(state=BulkRun.State.STARTED)
    elif run.state != BulkRun.State.STARTED or not may_go_on:
        raise BulkNotPossible(_("This change was made already."))
    run.job = _job(run, CHANGE, _("Change %(count)d rows") % {"count": run.total})
    run.save(update_fields=["job", "updated"])
    data = {"field": run.field, "operation": run.operation, "arguments": run.arguments, "rows": run.total}
    audit.record("catalog.start_bulk_run", run, data=data)
    return run


@transaction.atomic
def undo_bulk_run(*, run_id: int) -> BulkRun:
    """Take the change back where rows still hold what it wrote; others are left alone and listed.

    Raises `BulkNotPossible` while the change or the taking back runs, and when either has not happened or is done.
    """
    run = _locked(run_id)
    if run.job is None or run.job.state in RUNNING:
        raise BulkNotPossible(_("Only a change that has ended can be taken back. Stop it first."))
    is_again = run.undo_job is not None and run.undo_job.state in {Job.State.FAILED, Job.State.CANCELED}
    if run.state == BulkRun.State.STARTED:
        run.become(state=BulkRun.State.UNDONE)
    elif not is_again:
        raise BulkNotPossible(_("This change was taken back already."))
    run.undo_job = _job(run, UNDO, _("Take back a change of %(count)d rows") % {"count": run.total})
    run.save(update_fields=["undo_job", "updated"])
    audit.record("catalog.undo_bulk_run", run)
    return run


def _is_no_plan(run: BulkRun, *, unless: str = "") -> None:
    """Prices that are planned begin by being agreed to, never past that."""
    if PricePlan.objects.filter(run=run).exclude(state=unless).exists():
        raise BulkNotPossible(_("These prices are planned: they begin when they are agreed to."))


def _locked(run_id: int) -> BulkRun:
    return BulkRun.objects.lock().defer("object_ids").select_related("job", "undo_job").get(pk=run_id)


def _job(run: BulkRun, kind: str, title: str, *, dry_run: bool = False) -> Job:
    return start_job(kind=kind, title=title, params={"run": run.pk, "reader": get_language() or "en"}, dry_run=dry_run)
