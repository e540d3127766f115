"""The risk rules over HTTP: changed after seeing how many orders of the last 90 days a change would have touched."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from payments.actions.risk import change_rule, change_thresholds
from payments.risk.preview import Policy, Preview, preview_change
from payments.risk.standing import rules_now, thresholds_now
from payments.risk.words import outcome_label
from payments.workspace.risk_forms import RulesForm
from payments.workspace.views import must, screen

SEE, DO = "payments.view_riskdecision", "payments.change_risk_rules"


class RulesView(View):
    """GET shows the rules; POST with `step` preview counts, keep changes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """As they stand."""
        must(request, SEE)
        return self.page(RulesForm(_policy()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Preview or keep."""
        must(request, DO)
        form = RulesForm(_policy(), request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        if request.POST.get("step") != "keep":
            return self.page(form, preview=preview_change(form.policy, form.wanted()))
        self._keep(form)
        messages.success(request, _("The rules hold from now on."))
        return HttpResponseRedirect(reverse("admin:payments_risk_rules"))

    @staticmethod
    def _keep(form: RulesForm) -> None:
        """All of it or nothing."""
        reason, wanted = form.cleaned_data["reason"], form.wanted()
        with transaction.atomic():
            for rule in form.changed():
                change_rule(rule, reason=reason)
            if wanted.thresholds != form.policy.thresholds:
                change_thresholds(wanted.thresholds, reason=reason)

    def page(self, form: RulesForm, *, preview: Preview | None = None, status: int = 200) -> HttpResponse:
        """The page; with what a change would have done when it was asked."""
        return screen(
            self.request,
            "admin/payments/risk_rules.html",
            status=status,
            title=_("Risk rules"),
            form=form,
            preview=preview,
            moves=_moves(preview),
            may_change=self.request.user.has_perm(DO),
        )


def _policy() -> Policy:
    return Policy(rules=rules_now(), thresholds=thresholds_now())


def _moves(preview: Preview | None) -> list[dict[str, Any]]:
    if preview is None:
        return []
    return [
        {"before": outcome_label(before), "after": outcome_label(after), "orders": orders}
        for before, after, orders in preview.moves
    ]
