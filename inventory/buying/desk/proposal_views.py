"""Proposals over HTTP: looked at, ordered by one click, dismissed."""

from collections.abc import Mapping
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from catalog.workspace.screens import go_to, must, screen
from core.admin import dress
from core.errors import DomainError
from inventory.buying.actions.forecasts import adopt_reorder_points
from inventory.buying.actions.ordering import Ordered, dismiss_proposals, order_proposals
from inventory.buying.desk.listing import warehouse_choices
from inventory.buying.desk.proposals import proposal_page

ORDER = "inventory.order_proposal"
MOST_PIECES = 1_000_000
MOST_ROWS = 500


class DismissForm(forms.Form):
    """Why not, and for how long."""

    reason = forms.CharField(label=gettext_lazy("Why not?"), max_length=300, required=False)
    days = forms.TypedChoiceField(
        label=gettext_lazy("Do not propose again for"),
        coerce=int,
        choices=[
            (0, gettext_lazy("no time")),
            (7, gettext_lazy("a week")),
            (30, gettext_lazy("a month")),
            (90, gettext_lazy("three months")),
            (3650, gettext_lazy("ever")),
        ],
        initial=30,
    )


class ProposalsView(View):
    """What to order."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page its address asks for."""
        must(request, "inventory.view_replenishmentproposal")
        return self.page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Order or dismiss the ticked ones, all or none. What was typed is never lost."""
        must(request, ORDER)
        ticked = [int(pk) for pk in request.POST.getlist("pick")[:MOST_ROWS] if pk.isdecimal() and len(pk) < 16]
        if request.POST.get("one", "").isdecimal():
            ticked = [int(request.POST["one"][:15])]
        typed = {pk: request.POST.get(f"pieces-{pk}", "").strip() for pk in ticked}
        form = DismissForm(request.POST)
        if not ticked:
            return self.page(request, form=form, refusal=_("Tick what you mean first."), status=422)
        try:
            if request.POST.get("step") == "dismiss":
                return self._dismiss(request, form, typed)
            wrong = {pk: _wrong(text) for pk, text in typed.items() if _wrong(text)}
            if wrong:
                refusal = _("Nothing was ordered yet: some numbers cannot be right.")
                return self.page(request, form=form, refusal=refusal, status=422, typed=typed, errors=wrong)
            _tell(request, order_proposals(quantities={pk: int(text) for pk, text in typed.items()}))
        except DomainError as refused:
            return self.page(request, form=form, refusal=str(refused), status=422, typed=typed)
        return go_to(request.path, query=request.GET.urlencode())

    def _dismiss(self, request: HttpRequest, form: DismissForm, typed: Mapping[int, str]) -> HttpResponse:
        if not form.is_valid():
            return self.page(request, form=form, refusal=_("Nothing was dismissed yet."), status=422, typed=typed)
        days = form.cleaned_data["days"]
        until = timezone.localdate() + timedelta(days=days) if days else None
        count = dismiss_proposals(ids=list(typed), reason=form.cleaned_data["reason"], snoozed_until=until)
        told = ngettext("%(count)d proposal was dismissed.", "%(count)d proposals were dismissed.", count)
        messages.success(request, told % {"count": count})
        return go_to(request.path, query=request.GET.urlencode())

    @staticmethod
    def page(
        request: HttpRequest,
        *,
        form: DismissForm | None = None,
        refusal: str = "",
        status: int = 200,
        typed: Mapping[int, str] | None = None,
        errors: Mapping[int, str] | None = None,
    ) -> HttpResponse:
        """The screen; 422 when something was refused."""
        return screen(
            request,
            "admin/inventory/buying/proposals.html",
            status=status,
            title=_("What to order"),
            page=proposal_page(request.GET.dict(), typed=typed, errors=errors),
            picked=set(typed or ()),
            form=dress(form or DismissForm()),
            refusal=refusal,
            may_order=request.user.has_perm(ORDER),
            may_adopt=request.user.has_perm("inventory.change_stockitem"),
        )


def _wrong(text: str) -> str:
    """Why this is no number of pieces; empty when it is one."""
    if text.isdecimal() and 0 < int(text[:10]) <= MOST_PIECES and len(text) <= len(str(MOST_PIECES)):
        return ""
    return _("Write a whole number from 1 to %(most)d.") % {"most": MOST_PIECES}


def _tell(request: HttpRequest, done: Ordered) -> None:
    if done.purchases:
        told = ngettext(
            "It is on the draft %(numbers)s. Look at it, then send it.",
            "It is on the drafts %(numbers)s. Look at them, then send them.",
            len(done.purchases),
        )
        messages.success(request, told % {"numbers": ", ".join(done.purchases)})
    if done.transfers:
        told = ngettext(
            "The transfer %(numbers)s is drafted.", "The transfers %(numbers)s are drafted.", len(done.transfers)
        )
        messages.success(request, told % {"numbers": ", ".join(done.transfers)})


class AdoptView(View):
    """Take the forecasts' reorder points over for a warehouse, so that alerts fire at them."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it; a warehouse there is none of changes nothing."""
        must(request, "inventory.change_stockitem", "inventory.view_forecast")
        code = request.POST.get("warehouse", "")
        codes = [one for one, _name in warehouse_choices() if not code or one == code]
        count = sum(adopt_reorder_points(warehouse_code=one) for one in codes)
        told = ngettext("%(count)d reorder point was set.", "%(count)d reorder points were set.", count)
        messages.success(request, told % {"count": count})
        return go_to(reverse("admin:buying_proposals"))
