"""Work on many orders: each in a transaction of its own, refusals named, resumable after a kill, tags taken back."""

from collections.abc import Mapping
from typing import Any

import pytest

from core.integrity import registered
from core.integrity import run as check_all
from core.jobs import JobLost, JobRun, run_job
from core.models import Job
from orders.actions import open_hold, resolve_hold
from orders.actions.bulk_runs import draft_again, draft_run, go_on_with_run, start_run, undo_run
from orders.actions.tags import change_tag, make_tag, tag_order, untag_order
from orders.bulk.deeds import ready
from orders.bulk.running import BulkDeedJob, outcomes
from orders.desk_errors import NothingChosen, NotUndone, RunUnknown, TooManyChosen
from orders.models import Order, OrderBulkRun, OrderTagging
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, placed_order

pytestmark = pytest.mark.django_db


def orders(paid: int, unpaid: int = 0) -> list[Order]:
    shop = open_shop("de")
    variant = item_in(shop, stock=100)
    return [paid_order(shop, (variant, 1)) for _ in range(paid)] + [
        placed_order(shop, (variant, 1)) for _ in range(unpaid)
    ]


def drafted(deed: str, chosen: list[Order], **params: Any) -> OrderBulkRun:
    return draft_run(deed=deed, params=params, order_ids=[order.pk for order in chosen])


def worked(run: OrderBulkRun) -> Mapping[str, int]:
    """Start it and do what a worker does."""
    started = start_run(run_id=run.pk)
    assert started.job is not None
    run_job(started.job.pk)
    return outcomes(run)


def test_nothing_is_done_before_it_is_started() -> None:
    tag = make_tag(name="Gift")
    run = drafted("tag", orders(2), tag=tag.pk)

    assert outcomes(run) == {"waiting": 2}
    assert not OrderTagging.objects.exists()
    assert worked(run) == {"done": 2}
    with pytest.raises(RunUnknown):
        start_run(run_id=run.pk)
    assert OrderTagging.objects.count() == 2


def test_a_run_takes_each_order_once_and_refuses_none_and_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    order = orders(1)[0]

    assert draft_run(deed="pack", params={}, order_ids=[order.pk, order.pk]).total == 1
    with pytest.raises(NothingChosen):
        draft_run(deed="pack", params={}, order_ids=[order.pk + 1])
    monkeypatch.setattr("orders.actions.bulk_runs.MOST", 1)
    with pytest.raises(TooManyChosen):
        draft_run(deed="pack", params={}, order_ids=[order.pk, order.pk + 1])


def test_tags_are_taken_back_from_those_that_got_them_only() -> None:
    tag, (had, got) = make_tag(name="Gift"), orders(2)
    tag_order(number=had.number, tag_id=tag.pk)
    run = drafted("tag", [had, got], tag=tag.pk)
    assert worked(run) == {"unchanged": 1, "done": 1}

    undone = undo_run(run_id=run.pk)
    assert undone.undo_job is not None
    run_job(undone.undo_job.pk)

    assert outcomes(run) == {"unchanged": 1, "undone": 1}
    assert OrderTagging.objects.get().order == had
    with pytest.raises(RunUnknown):
        undo_run(run_id=run.pk)


def test_one_refusal_stops_no_other_order_and_is_a_sentence() -> None:
    paid, unpaid = orders(1, 1)
    run = drafted("pack", [unpaid, paid])

    assert worked(run) == {"refused": 1, "done": 1}

    assert run.items.get(order=unpaid).sentence
    assert paid.fulfillments.filter(state="packed").exists()
    assert not unpaid.fulfillments.filter(state="packed").exists()
    with pytest.raises(NotUndone):
        undo_run(run_id=run.pk)


def test_packed_orders_are_sent_held_ones_are_refused_and_nothing_is_sent_twice() -> None:
    free, held = orders(2)
    worked(drafted("pack", [free, held]))
    open_hold(number=held.number, reason="Wait")
    run = drafted("ship", [free, held], carrier="Post")

    assert worked(run) == {"done": 1, "refused": 1}
    assert worked(drafted("ship", [free], carrier="Post")) == {"unchanged": 1}

    assert free.lines.get().qty_shipped == 1
    assert held.lines.get().qty_shipped == 0


class Killed(BaseException):
    """What no handler catches: the process is gone."""


def test_a_run_whose_worker_dies_goes_on_behind_the_last_order() -> None:
    tag, chosen = make_tag(name="Gift"), orders(3)
    run = drafted("tag", chosen, tag=tag.pk)
    job = start_run(run_id=run.pk).job
    assert job is not None

    class Dying(JobRun):
        def stop_if_asked(self) -> None:
            if self.job.progress == 2:
                raise Killed
            super().stop_if_asked()

    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, runner="first")
    job.refresh_from_db()
    with pytest.raises(Killed):
        BulkDeedJob().run(Dying(job))
    assert outcomes(run) == {"done": 2, "waiting": 1}

    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    run_job(job.pk)

    assert outcomes(run) == {"done": 3}
    job.refresh_from_db()
    assert (job.state, job.progress, job.total) == ("done", 3, 3)
    for order in chosen:
        assert order.events.filter(kind="order.tagged").count() == 1


def test_a_worker_that_lost_its_job_touches_no_order() -> None:
    tag, chosen = make_tag(name="Gift"), orders(1)
    run = drafted("tag", chosen, tag=tag.pk)
    job = start_run(run_id=run.pk).job
    assert job is not None
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, runner="second")
    job.refresh_from_db()
    job.runner = "first"

    with pytest.raises(JobLost):
        BulkDeedJob().run(JobRun(job))

    assert outcomes(run) == {"waiting": 1}
    assert not OrderTagging.objects.exists()


def test_a_stopped_run_goes_on_when_somebody_says_so() -> None:
    tag, chosen = make_tag(name="Gift"), orders(2)
    run = drafted("tag", chosen, tag=tag.pk)
    job = start_run(run_id=run.pk).job
    assert job is not None
    Job.objects.filter(pk=job.pk).update(wants_cancel=True)
    run_job(job.pk)
    assert outcomes(run) == {"waiting": 2}

    go_on_with_run(run_id=run.pk)
    run_job(job.pk)

    assert outcomes(run) == {"done": 2}


def test_what_would_happen_is_known_before() -> None:
    tag, (paid, unpaid) = make_tag(name="Gift"), orders(1, 1)
    tag_order(number=paid.number, tag_id=tag.pk)
    every = Order.objects.all()

    assert list(ready(every, "tag", {"tag": tag.pk})) == [unpaid]
    assert list(ready(every, "untag", {"tag": tag.pk})) == [paid]
    assert list(ready(every, "pack", {})) == [paid]
    assert list(ready(every, "ship", {"carrier": "Post"})) == []
    worked(drafted("pack", [paid]))
    assert list(ready(every, "ship", {"carrier": "Post"})) == [paid]


def test_a_tag_that_went_out_of_use_is_refused_when_it_is_put_back() -> None:
    tag, (order,) = make_tag(name="Gift"), orders(1)
    tag_order(number=order.number, tag_id=tag.pk)
    run = drafted("untag", [order], tag=tag.pk)
    assert worked(run) == {"done": 1}
    change_tag(tag_id=tag.pk, tone="plain", in_use=False)

    undone = undo_run(run_id=run.pk)
    assert undone.undo_job is not None
    run_job(undone.undo_job.pk)

    assert outcomes(run) == {"refused": 1}
    assert untag_order(number=order.number, tag_id=tag.pk) is False


def test_those_that_refused_are_tried_again_in_a_draft_of_their_own() -> None:
    free, held = orders(2)
    worked(drafted("pack", [free, held]))
    hold = open_hold(number=held.number, reason="Wait")
    run = drafted("ship", [free, held], carrier="Post")
    worked(run)
    resolve_hold(hold_id=hold.pk, resolution="Go")

    again = draft_again(run_id=run.pk)

    assert [item.order for item in again.items.all()] == [held]
    assert (again.deed, again.params) == ("ship", {"carrier": "Post"})
    assert worked(again) == {"done": 1}
    with pytest.raises(NothingChosen):
        draft_again(run_id=again.pk)


def test_a_run_whose_orders_have_no_outcome_is_found_at_night() -> None:
    run = drafted("pack", orders(1))
    worked(run)

    def found() -> int:
        return next(one.count for one in check_all(registered()) if one.check.code == "O30")

    assert found() == 0
    run.items.update(outcome="waiting")
    assert found() == 1
