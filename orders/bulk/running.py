"""Runs as jobs: every order in a transaction of its own that also says what became of it.

A worker that is killed loses nothing and repeats nothing: an order was done together with its outcome, or not at all,
and whoever goes on takes the orders that still wait. The job is noted down first in each of these transactions, so a
worker whose job was given to another one is stopped before it touches the order.

Parcels are the exception: each leaves in a transaction of its own, because its goods are booked out in it. A parcel
that has left is not sent again, so an order that was half sent when its worker died is finished by the next one.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import override

from core import audit
from core.errors import DomainError
from core.jobs import JobRun
from orders.bulk.deeds import IN_STEPS, UNDONE_BY, do, left_since
from orders.models import BulkOutcome, OrderBulkItem, OrderBulkRun

BATCH = 200
Step = Callable[[OrderBulkItem], str]
"""Does the deed to one order and says what became of it."""


class BulkDeedJob:
    """Does the deed of a run to each of its orders. Params: `run`, `reader`."""

    def run(self, run: JobRun) -> Mapping[str, Any]:
        """Order by order, those that still wait."""
        work = OrderBulkRun.objects.get(pk=int(run.job.params["run"]))

        def step(item: OrderBulkItem) -> str:
            changed = do(work.deed, number=item.order.number, params=work.params)
            if work.deed in IN_STEPS:
                changed = left_since(item.order.number, work.job.created if work.job else work.created)
            return BulkOutcome.DONE if changed else BulkOutcome.UNCHANGED

        return _work(run, work, taken=BulkOutcome.WAITING, step=step, deed="orders.finish_bulk_run")


class BulkUndoJob:
    """Takes back what a run did, for the orders it changed. Params: `run`, `reader`."""

    def run(self, run: JobRun) -> Mapping[str, Any]:
        """Order by order, those that were changed."""
        work = OrderBulkRun.objects.get(pk=int(run.job.params["run"]))

        def step(item: OrderBulkItem) -> str:
            do(UNDONE_BY[work.deed], number=item.order.number, params=work.params)
            return BulkOutcome.UNDONE

        return _work(run, work, taken=BulkOutcome.DONE, step=step, deed="orders.finish_bulk_undo")


def _work(run: JobRun, work: OrderBulkRun, *, taken: str, step: Step, deed: str) -> Mapping[str, Any]:
    with override(run.job.params.get("reader", "en")):
        waiting = work.items.filter(outcome=taken)
        total = int(run.checkpoint.get("total", 0)) or waiting.count()
        done = total - waiting.count()
        run.advance(progress=done, total=total, checkpoint={"total": total})
        for item in _items(work, taken):
            done += 1
            _one(run, work, item, step=step, progress=done)
            run.stop_if_asked()
        counts = outcomes(work)
        audit.record(deed, work, data=counts)
    return {"counts": counts}


def _items(work: OrderBulkRun, taken: str) -> Iterator[OrderBulkItem]:
    """Those that wait, by their place; each once, so that a refused one is not taken again."""
    last = 0
    while batch := list(
        work.items.filter(outcome=taken, position__gt=last).select_related("order").order_by("position")[:BATCH]
    ):
        last = batch[-1].position
        yield from batch


def _one(run: JobRun, work: OrderBulkRun, item: OrderBulkItem, *, step: Step, progress: int) -> None:
    """One order and its outcome, together or not at all. Raises `JobLost` before anything is touched."""
    try:
        if work.deed in IN_STEPS:
            run.record(progress=progress - 1)
            outcome = step(item)
            with transaction.atomic():
                run.record(progress=progress)
                _note(item, outcome=outcome)
        else:
            with transaction.atomic():
                run.record(progress=progress)
                _note(item, outcome=step(item))
    except DomainError as refusal:
        with transaction.atomic():
            run.record(progress=progress)
            _note(item, outcome=BulkOutcome.REFUSED, sentence=str(refusal))


def _note(item: OrderBulkItem, *, outcome: str, sentence: str = "") -> None:
    item.outcome, item.sentence, item.done_at = outcome, sentence, timezone.now()
    item.save(update_fields=["outcome", "sentence", "done_at"])


def outcomes(work: OrderBulkRun) -> dict[str, int]:
    """How many orders by what became of them. One query."""
    found = work.items.order_by().values_list("outcome").annotate(many=Count("pk"))
    return dict(found.values_list("outcome", "many"))
