"""Planned prices over HTTP: choose, describe, look, propose, decide, take back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from catalog.actions.bulk import start_bulk_run, undo_bulk_run
from catalog.actions.price_plans import (
    approve_price_plan,
    cancel_price_plan,
    decline_price_plan,
    describe_price_plan,
    open_price_plan,
    propose_price_plan,
)
from catalog.models import PricePlan
from catalog.prices.policy import policy_of
from catalog.workspace.price_plan_forms import ChosenForm, PlanForm
from catalog.workspace.price_plans import approval_rule, plan_page, sentence, variants_chosen
from catalog.workspace.screens import PER_PAGE, go_to, links_of, must, screen
from core.errors import DomainError

LOOK, CHANGE, APPROVE = "catalog.view_priceplan", "catalog.change_price", "catalog.approve_prices"
REFRESH_SECONDS = 2


class PlansView(View):
    """All planned changes, newest first, and the choice of variants for another."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list. A filter in the address fills the choice in."""
        must(request, LOOK)
        return self.page(request, ChosenForm(initial=request.GET.dict()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Fix the variants and go on to what becomes of them."""
        must(request, LOOK, CHANGE)
        form = ChosenForm(request.POST)
        if not form.is_valid():
            return self.page(request, form, status=422)
        try:
            origin = ", ".join(f"{form[name].label}: {value}" for name, value in form.cleaned_data.items() if value)
            plan = open_price_plan(variant_ids=variants_chosen(form.cleaned_data), origin=origin)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.page(request, form, status=422)
        return go_to(reverse("admin:catalog_price_plan", args=[plan.pk]))

    @staticmethod
    def page(request: HttpRequest, form: ChosenForm, *, status: int = 200) -> HttpResponse:
        """The page around both."""
        rows = PricePlan.objects.select_related(
            "run__job", "run__undo_job", "price_list__market", "source_list", "proposed_by", "decided_by"
        ).defer("run__object_ids")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        return screen(
            request,
            "admin/catalog/workspace/price_plans.html",
            status=status,
            title=_("Planned prices"),
            plans=[(plan, sentence(plan)) for plan in page.object_list],
            links=links_of(page, {}),
            form=form,
            may_change=request.user.has_perm(CHANGE),
        )


class PlanView(View):
    """One planned change."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Where it stands; asks again by itself while something runs."""
        must(request, LOOK)
        plan = _plan(pk)
        wants_form = plan.state == PricePlan.State.DRAFT and (not plan.method or "again" in request.GET)
        wants_form = wants_form or (plan.state != PricePlan.State.CANCELED and "again" in request.GET)
        return self.page(request, plan, PlanForm(initial=_initial(plan)) if wants_form else None)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What its button says."""
        must(request, LOOK)
        deed = request.POST.get("deed", "")
        if deed == "describe":
            return self._describe(request, pk)
        found = DEEDS.get(deed)
        if found is None:
            raise PermissionDenied
        permission, act = found
        must(request, permission)
        try:
            act(pk, request.POST.get("reason", ""))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return go_to(reverse("admin:catalog_price_plan", args=[pk]))

    def _describe(self, request: HttpRequest, pk: int) -> HttpResponse:
        must(request, CHANGE)
        form = PlanForm(request.POST)
        if not form.is_valid():
            return self.page(request, _plan(pk), form, status=422)
        factor = policy_of(form.cleaned_data["price_list"].market_id).power_factor
        try:
            describe_price_plan(plan_id=pk, draft=form.draft(factor))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.page(request, _plan(pk), form, status=422)
        return go_to(reverse("admin:catalog_price_plan", args=[pk]))

    @staticmethod
    def page(request: HttpRequest, plan: PricePlan, form: PlanForm | None, *, status: int = 200) -> HttpResponse:
        """The page around it all."""
        only = request.GET.get("only", "")
        page = plan_page(
            plan,
            request.GET.get("page"),
            only,
            user_id=request.user.pk,
            may_approve=request.user.has_perm(APPROVE),
        )
        response = screen(
            request,
            "admin/catalog/workspace/price_plan.html",
            status=status,
            title=_("Planned prices"),
            page=page,
            form=form,
            links=links_of(page.rows, {"only": only} if only else {}) if page.rows is not None else None,
            may_change=request.user.has_perm(CHANGE),
        )
        if page.is_running and form is None:
            response.headers["Refresh"] = str(REFRESH_SECONDS)
        return response


def _propose(pk: int, _reason: str) -> None:
    propose_price_plan(plan_id=pk, rule=approval_rule())


def _approve(pk: int, reason: str) -> None:
    approve_price_plan(plan_id=pk, reason=reason)


def _decline(pk: int, reason: str) -> None:
    decline_price_plan(plan_id=pk, reason=reason)


def _cancel(pk: int, reason: str) -> None:
    cancel_price_plan(plan_id=pk, reason=reason)


def _go_on(pk: int, _reason: str) -> None:
    start_bulk_run(run_id=_plan(pk).run_id)


def _undo(pk: int, _reason: str) -> None:
    undo_bulk_run(run_id=_plan(pk).run_id)


DEEDS: dict[str, tuple[str, Callable[[int, str], None]]] = {
    "propose": (CHANGE, _propose),
    "approve": (APPROVE, _approve),
    "decline": (APPROVE, _decline),
    "cancel": (CHANGE, _cancel),
    "go_on": (CHANGE, _go_on),
    "undo": (CHANGE, _undo),
}
"""What a button may ask for: the permission and the action."""


def _plan(pk: int) -> PricePlan:
    rows = PricePlan.objects.select_related(
        "run__trial", "run__job", "run__undo_job", "price_list__market", "source_list", "proposed_by", "decided_by"
    )
    found: PricePlan = get_object_or_404(rows.defer("run__object_ids"), pk=pk)
    return found


def _initial(plan: PricePlan) -> dict[str, Any]:
    arguments = plan.run.arguments
    return {
        "price_list": plan.price_list_id,
        "source_list": plan.source_list_id if plan.source_list_id != plan.price_list_id else None,
        "method": plan.method or PricePlan.Method.PERCENT,
        "value": arguments.get("value"),
        "rounding": arguments.get("rounding", "market"),
        "min_qty": arguments.get("min_qty", 1),
        "floor_percent": arguments.get("floor_percent"),
        "begins": plan.during.lower if plan.during else None,
        "ends": plan.during.upper if plan.during else None,
        "note": plan.note,
    }
