"""What the screens of planned prices show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from catalog.actions.price_plans import ApprovalRule, must_be_approved
from catalog.bulk.trying import FLAGS, summary_of
from catalog.models import BulkRun, PricePlan, PricePlanRow
from catalog.workspace.screens import PER_PAGE
from catalog.workspace.sheets import variants_for
from core.models import Job
from core.money import Money, format_money

RUNNING = (Job.State.QUEUED, Job.State.RUNNING)


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """A row of the preview, in words. `tone` of a warning is `bad` or `warn`."""

    variant_id: int
    sku: str
    name: str
    old: str
    new: str
    difference: str
    percent: str
    margin: str
    lowest: str
    tiers: tuple[tuple[str, str, str], ...]
    warnings: tuple[tuple[str, str], ...]
    refused: str


@dataclass(frozen=True, kw_only=True)
class PlanPage:
    """One planned change: what it is, its preview, and what can be done about it now."""

    plan: PricePlan
    what: str
    job: Job | None
    is_running: bool
    is_editable: bool
    needs_second: bool
    is_own: bool
    may_propose: bool
    may_decide: bool
    may_cancel: bool
    may_go_on: bool
    may_undo: bool
    counts: tuple[tuple[str, int, str], ...]
    chosen: str
    lines: tuple[PlanLine, ...]
    rows: "Page[PricePlanRow] | None"
    refused: tuple[Any, ...]


def approval_rule() -> ApprovalRule:
    """The shop's own threshold."""
    return ApprovalRule(percent=Decimal(settings.PRICE_APPROVAL_PERCENT), rows=settings.PRICE_APPROVAL_ROWS)


def variants_chosen(chosen: Mapping[str, Any]) -> list[int]:
    """Live variants that a filter of `ChosenForm` names, at most one more than a plan can have."""
    from_text = {"q": chosen.get("q") or "", "category": getattr(chosen.get("category"), "code", "")}
    rows = variants_for({name: value for name, value in from_text.items() if value})
    if chosen.get("brand"):
        rows = rows.filter(product__brand=chosen["brand"])
    if chosen.get("listed"):
        rows = rows.filter(prices__price_list=chosen["listed"]).distinct()
    return list(rows.order_by("pk").values_list("pk", flat=True)[:100_001])


def plan_page(plan: PricePlan, number: str | None, only: str, *, user_id: int | None, may_approve: bool) -> PlanPage:
    """The page of a plan. Ten queries, whatever its size."""
    run = plan.run
    job = run.undo_job or run.job or run.trial
    is_running = job is not None and job.state in RUNNING
    is_tried = run.trial is not None and run.trial.state == Job.State.DONE
    summary = summary_of(plan) if is_tried else {}
    is_draft, state = run.state == BulkRun.State.DRAFT, PricePlan.State
    rows = Paginator(_filtered(plan, only), PER_PAGE).get_page(number) if is_tried else None
    is_own = plan.proposed_by_id is not None and plan.proposed_by_id == user_id
    ended = run.job is not None and run.job.state not in RUNNING
    return PlanPage(
        plan=plan,
        what=sentence(plan),
        job=job,
        is_running=is_running,
        is_editable=is_draft and plan.state in {state.DRAFT, state.WAITING, state.DECLINED},
        needs_second=bool(summary) and must_be_approved(summary, approval_rule()),
        is_own=is_own,
        may_propose=is_draft and plan.state == state.DRAFT and is_tried and bool(summary["changed"]),
        may_decide=is_draft and plan.state == state.WAITING and may_approve and not is_own,
        may_cancel=is_draft and plan.state != state.CANCELED,
        may_go_on=run.state == BulkRun.State.STARTED and ended and run.job is not None and _broke(run.job),
        may_undo=ended and run.state == BulkRun.State.STARTED,
        counts=tuple(_counts(summary)),
        chosen=only,
        lines=tuple(_lines(plan, list(rows.object_list))) if rows is not None else (),
        rows=rows,
        refused=tuple(run.job.errors.all()[:20]) if run.job else (),
    )


def sentence(plan: PricePlan) -> str:
    """What the plan does: method, number, lists."""
    if plan.price_list is None or plan.source_list is None or not plan.method:
        return ""
    parts = [str(plan.get_method_display()), str(plan.run.arguments.get("value", "")), plan.price_list.name]
    parts.append(f"{plan.price_list.market.code.upper()} {plan.price_list.currency}")
    if plan.source_list_id != plan.price_list_id:
        parts.append(_("from “%(list)s”") % {"list": plan.source_list.name})
    return " · ".join(parts)


def _broke(job: Job) -> bool:
    return job.state in {Job.State.FAILED, Job.State.CANCELED}


def warning_words() -> dict[str, tuple[str, str]]:
    """Warnings with their tone, in words."""
    return {
        "below_cost": ("bad", _("Below cost")),
        "below_floor": ("warn", _("Below the lowest margin")),
        "large": ("warn", _("Moves a lot")),
        "collision": ("warn", _("Same price as another variant now")),
        "makes_badge": ("info", _("Shows a reduction")),
        "ends_badge": ("info", _("Ends a shown reduction")),
        "no_badge": ("warn", _("Reduced, but may not be announced")),
    }


def refusal_words() -> dict[str, str]:
    """Why nothing was proposed for a row, in words."""
    return {
        "no_price": _("There is no old price."),
        "no_competitor": _("No competitor's price of the last 30 days is known."),
        "no_cost": _("The cost is not known, so the lowest margin cannot be held."),
        "not_positive": _("Nothing would be left of the price."),
    }


def _filtered(plan: PricePlan, only: str) -> Any:
    rows = PricePlanRow.objects.filter(plan=plan).select_related("variant__product")
    if only == "refused":
        return rows.exclude(refused="").order_by("pk")
    if only in FLAGS:
        return rows.filter(flags__contains=[only]).order_by("pk")
    return rows.order_by("pk")


def _counts(summary: Mapping[str, Any]) -> Iterable[tuple[str, int, str]]:
    """Label, number, and the filter that shows these rows."""
    if not summary:
        return
    yield _("Would change"), summary["changed"], ""
    yield _("Cheaper"), summary["down"], ""
    yield _("Dearer"), summary["up"], ""
    yield _("Refused"), summary["left_out"], "refused"
    words = warning_words()
    for flag in FLAGS:
        if summary[flag]:
            yield words[flag][1], summary[flag], flag
    yield _("Without a known margin"), summary["no_cost"], ""


def _lines(plan: PricePlan, rows: list[PricePlanRow]) -> Iterable[PlanLine]:
    language = get_language() or "en"
    currency = plan.price_list.currency if plan.price_list else ""
    warnings, refusals = warning_words(), refusal_words()

    def money(amount: Any) -> str:
        return format_money(Money(amount, currency), language) if amount is not None else "–"

    for row in rows:
        is_both = row.old_amount is not None and row.new_amount is not None
        yield PlanLine(
            variant_id=row.variant_id,
            sku=row.sku,
            name=row.variant.product.text("name", language),
            old=money(row.old_amount),
            new=money(row.new_amount),
            difference=money(row.new_amount - row.old_amount) if is_both else "–",  # type: ignore[operator]  # both
            percent=_percent(row.change_bp),
            margin=_percent(row.margin_bp),
            lowest=money(row.lowest),
            tiers=tuple(_tiers(row)),
            warnings=tuple(warnings[flag] for flag in FLAGS if flag in row.flags),
            refused=refusals.get(row.refused, row.refused),
        )


def _tiers(row: PricePlanRow) -> Iterable[tuple[str, str, str]]:
    """Prices from larger quantities on: quantity, before, after."""
    for quantity in sorted({*row.before, *row.after} - {"1"}, key=int):
        yield quantity, row.before.get(quantity, "–"), row.after.get(quantity, "–")


def _percent(basis_points: int | None) -> str:
    if basis_points is None:
        return "–"
    sign = "−" if basis_points < 0 else ""
    whole, rest = divmod(abs(basis_points) // 10, 10)
    # Translators: a percentage such as "−12.5%".
    return pgettext("percentage", "%(sign)s%(whole)d.%(rest)d%%") % {"sign": sign, "whole": whole, "rest": rest}
