"""Work on many orders: drafted with its orders, looked at, then started; tags can be taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import get_language

from core import audit
from core.jobs import resume_job, start_job
from core.models import Job
from orders.bulk.deeds import UNDONE_BY
from orders.desk_errors import NothingChosen, NotUndone, RunUnknown, TooManyChosen
from orders.models import BulkDeed, BulkOutcome, Order, OrderBulkItem, OrderBulkRun

MOST = 10_000
KIND, UNDO_KIND = "orders.bulk", "orders.bulk_undo"


def draft_run(*, deed: str, params: Mapping[str, Any], order_ids: Sequence[int]) -> OrderBulkRun:
    """Settle what is to be done to which orders, in their order. Nothing is done yet.

    Raises `NothingChosen`, `TooManyChosen`.
    """
    wanted = list(dict.fromkeys(order_ids))
    if len(wanted) > MOST:
        raise TooManyChosen(most=MOST)
    known = set(Order.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    chosen = [pk for pk in wanted if pk in known]
    if not chosen:
        raise NothingChosen
    with transaction.atomic():
        run = OrderBulkRun.objects.create(
            deed=BulkDeed(deed), params=dict(params), total=len(chosen), made_by_id=audit.current_actor().user_id
        )
        OrderBulkItem.objects.bulk_create(
            [OrderBulkItem(run=run, order_id=pk, position=place) for place, pk in enumerate(chosen, start=1)],
            batch_size=1000,
        )
    return run


def start_run(*, run_id: int) -> OrderBulkRun:
    """Hand a drafted run to a worker. Raises `RunUnknown` for one that was started before."""
    with transaction.atomic():
        run = _locked(run_id)
        if run.state != OrderBulkRun.State.DRAFT:
            raise RunUnknown
        run.job = _job(KIND, run)
        run.save(update_fields=["job", "updated"])
        run.become(state=OrderBulkRun.State.STARTED)
        audit.record("orders.start_bulk_run", run, data={"deed": run.deed, "orders": run.total, **run.params})
    return run


def go_on_with_run(*, run_id: int) -> OrderBulkRun:
    """Let a run that was stopped or broke off go on with the orders that wait. Raises `RunUnknown`."""
    with transaction.atomic():
        run = _locked(run_id)
        job = run.undo_job or run.job
        if job is None or job.state not in (Job.State.CANCELED, Job.State.FAILED):
            raise RunUnknown
        resume_job(job_id=job.pk)
    return run


def draft_again(*, run_id: int) -> OrderBulkRun:
    """A new draft of the same deed for the orders that refused. Raises `RunUnknown`, `NothingChosen`."""
    run = OrderBulkRun.objects.filter(pk=run_id).first()
    if run is None:
        raise RunUnknown
    refused = run.items.filter(outcome=BulkOutcome.REFUSED).order_by("position")
    return draft_run(deed=run.deed, params=run.params, order_ids=list(refused.values_list("order_id", flat=True)))


def undo_run(*, run_id: int) -> OrderBulkRun:
    """Take back what a run did, once it has ended. Raises `NotUndone`, `RunUnknown`."""
    with transaction.atomic():
        run = _locked(run_id)
        if run.deed not in UNDONE_BY:
            raise NotUndone
        ended = run.job is not None and run.job.state not in (Job.State.QUEUED, Job.State.RUNNING)
        if run.state != OrderBulkRun.State.STARTED or not ended:
            raise RunUnknown
        if not run.items.filter(outcome=BulkOutcome.DONE).exists():
            raise RunUnknown
        run.undo_job = _job(UNDO_KIND, run)
        run.save(update_fields=["undo_job", "updated"])
        run.become(state=OrderBulkRun.State.UNDONE)
        audit.record("orders.undo_bulk_run", run)
    return run


def _locked(run_id: int) -> OrderBulkRun:
    found = OrderBulkRun.objects.select_for_update(of=("self",)).filter(pk=run_id).first()
    if found is None:
        raise RunUnknown
    return found


def _job(kind: str, run: OrderBulkRun) -> Job:
    title = f"{run.get_deed_display()} ({run.total})"
    return start_job(kind=kind, title=title, params={"run": run.pk, "reader": get_language() or "en"})
