"""Planned changes of prices: opened with fixed variants, described, agreed to by a second person, begun and ended."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.actions.bulk import RUNNING, open_bulk_run, start_bulk_run, undo_bulk_run
from catalog.bulk.plans import FIELD, OPERATION
from catalog.bulk.trying import summary_of
from catalog.errors import OwnProposal, PlanNotPossible
from catalog.models import BulkRun, PriceList, PricePlan
from core import audit
from core.jobs import start_job
from core.models import Job

TRIAL = "catalog.price_trial"
State = PricePlan.State


@dataclass(frozen=True, kw_only=True)
class PlanDraft:
    """What a plan does. `arguments`: `value`, and where they matter `rounding`, `min_qty`, `floor_percent`."""

    price_list_id: int
    source_list_id: int
    method: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    begins: datetime | None = None
    ends: datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ApprovalRule:
    """From when on a second person must agree: a price that moves by more than `percent`, or more rows than `rows`.

    Prices below cost always need one.
    """

    percent: Decimal
    rows: int


@transaction.atomic
def open_price_plan(*, variant_ids: Sequence[int], origin: str = "") -> PricePlan:
    """Fix the variants whose prices are to change. Raises `TooManyRows`."""
    run = open_bulk_run(target=BulkRun.Target.VARIANT, object_ids=variant_ids, origin=origin)
    return PricePlan.objects.create(run=run)


@transaction.atomic
def describe_price_plan(*, plan_id: int, draft: PlanDraft) -> PricePlan:
    """Say what the change is; a worker works out every row and changes nothing. What was agreed before is void.

    Raises `PlanNotPossible` once it is agreed to or over, and for a time that ends before it begins.
    """
    plan = _locked(plan_id)
    if plan.state != State.DRAFT:
        _become(plan, State.DRAFT)
    if draft.begins and draft.ends and draft.ends <= draft.begins:
        raise PlanNotPossible(_("It would end before it begins."))
    lists = PriceList.objects.exclude(status=PriceList.Status.ARCHIVED).in_bulk(
        {draft.price_list_id, draft.source_list_id}
    )
    plan.price_list, plan.source_list = lists[draft.price_list_id], lists[draft.source_list_id]
    plan.method, plan.note = draft.method, draft.note[:300]
    plan.during = DateTimeTZRange(draft.begins, draft.ends) if draft.begins or draft.ends else None
    plan.proposed_by, plan.decided_by, plan.decided_at, plan.decision = None, None, None, ""
    plan.save()
    run = plan.run
    run.field, run.operation, run.arguments = FIELD, OPERATION, dict(draft.arguments)
    title = _("Preview new prices of %(count)d variants") % {"count": run.total}
    params = {"plan": plan.pk, "reader": get_language() or "en"}
    run.trial = start_job(kind=TRIAL, title=title, params=params, dry_run=True)
    run.save(update_fields=["field", "operation", "arguments", "trial", "updated"])
    return plan


@transaction.atomic
def propose_price_plan(*, plan_id: int, rule: ApprovalRule) -> PricePlan:
    """Ask for the change: it begins at its time, or waits for a second person where the rule wants one.

    Raises `PlanNotPossible` before the preview is complete, when nothing would change, and after it was proposed.
    """
    plan = _locked(plan_id)
    trial = plan.run.trial
    if trial is None or trial.state != Job.State.DONE:
        raise PlanNotPossible(_("Wait until the preview is complete."))
    summary = summary_of(plan)
    if not summary["changed"]:
        raise PlanNotPossible(_("Nothing would change."))
    needs_second = must_be_approved(summary, rule)
    plan.proposed_by_id = audit.current_actor().user_id
    plan.save(update_fields=["proposed_by", "updated"])
    _become(plan, State.WAITING if needs_second else State.READY)
    audit.record("catalog.propose_prices", plan, data=_told(plan, summary), reason=plan.note)
    if not needs_second:
        _begin_if_due(plan, timezone.now())
    return plan


def must_be_approved(summary: Mapping[str, Any], rule: ApprovalRule) -> bool:
    """Whether a second person must agree."""
    is_large = (summary["largest"] or 0) > rule.percent * 100
    return bool(is_large or summary["changed"] > rule.rows or summary["below_cost"])


@transaction.atomic
def approve_price_plan(*, plan_id: int, reason: str = "") -> PricePlan:
    """Agree to what somebody else proposed. Raises `OwnProposal`, and `PlanNotPossible` when nothing waits."""
    plan = _decided(plan_id, State.READY, reason)
    audit.record("catalog.approve_prices", plan, data=_told(plan, summary_of(plan)), reason=reason)
    _begin_if_due(plan, timezone.now())
    return plan


@transaction.atomic
def decline_price_plan(*, plan_id: int, reason: str) -> PricePlan:
    """Say no; it can be described anew. Raises `OwnProposal` and `PlanNotPossible`."""
    plan = _decided(plan_id, State.DECLINED, reason)
    audit.record("catalog.decline_prices", plan, reason=reason)
    return plan


@transaction.atomic
def cancel_price_plan(*, plan_id: int, reason: str = "") -> PricePlan:
    """Drop a plan that has not begun. Raises `PlanNotPossible` for one that has."""
    plan = _locked(plan_id)
    if plan.run.state != BulkRun.State.DRAFT:
        raise PlanNotPossible(_("It has begun. Take it back instead."))
    _become(plan, State.CANCELED)
    audit.record("catalog.cancel_prices", plan, reason=reason)
    return plan


def work_price_plans(*, at: datetime | None = None) -> tuple[int, int]:
    """Begin plans whose time has come and take back those whose time is over. Returns how many of each."""
    at = at or timezone.now()
    waiting = PricePlan.objects.filter(state=State.READY, run__state=BulkRun.State.DRAFT)
    over = PricePlan.objects.filter(run__state=BulkRun.State.STARTED, during__endswith__lte=at)
    begun = sum(_each(pk, _begin_if_due, at) for pk in list(waiting.values_list("pk", flat=True)))
    return begun, sum(_each(pk, _end_if_over, at) for pk in list(over.values_list("pk", flat=True)))


@transaction.atomic
def _each(plan_id: int, step: Callable[[PricePlan, datetime], bool], at: datetime) -> bool:
    return step(_locked(plan_id), at)


def _begin_if_due(plan: PricePlan, at: datetime) -> bool:
    begins, ends = (plan.during.lower, plan.during.upper) if plan.during else (None, None)
    if plan.run.state != BulkRun.State.DRAFT or (begins is not None and begins > at):
        return False
    if ends is not None and ends <= at:
        _become(plan, State.CANCELED)
        audit.record("catalog.cancel_prices", plan, reason="its time was over before it began")
        return False
    start_bulk_run(run_id=plan.run_id)
    return True


def _end_if_over(plan: PricePlan, at: datetime) -> bool:
    job = plan.run.job
    ends = plan.during.upper if plan.during else None
    is_going = plan.run.state != BulkRun.State.STARTED or job is None or job.state in RUNNING
    if ends is None or ends > at or is_going:
        return False
    undo_bulk_run(run_id=plan.run_id)
    return True


def _decided(plan_id: int, state: str, reason: str) -> PricePlan:
    plan = _locked(plan_id)
    actor = audit.current_actor().user_id
    if plan.state != State.WAITING:
        raise PlanNotPossible(_("Nobody waits for a decision about this."))
    if actor is None or actor == plan.proposed_by_id:
        raise OwnProposal
    plan.decided_by_id, plan.decided_at, plan.decision = actor, timezone.now(), reason.strip()[:300]
    plan.save(update_fields=["decided_by", "decided_at", "decision", "updated"])
    _become(plan, state)
    return plan


def _locked(plan_id: int) -> PricePlan:
    rows = PricePlan.objects.lock().defer("run__object_ids")
    return rows.select_related("run__trial", "run__job", "price_list", "source_list").get(pk=plan_id)


def _become(plan: PricePlan, state: str) -> None:
    if not plan.may_become("state", state) or plan.run.state != BulkRun.State.DRAFT:
        raise PlanNotPossible(_("This is no longer possible: the change is %(state)s.") % {"state": _stands(plan)})
    plan.become(state=state)


def _stands(plan: PricePlan) -> str:
    is_open = plan.run.state == BulkRun.State.DRAFT
    return str(plan.get_state_display() if is_open else plan.run.get_state_display())


def _told(plan: PricePlan, summary: Mapping[str, Any]) -> dict[str, Any]:
    target, source = plan.price_list, plan.source_list
    return {
        "list": target.code if target else "",
        "from": source.code if source else "",
        "method": plan.method,
        "arguments": plan.run.arguments,
        "during": str(plan.during) if plan.during else "",
        **summary,
    }
