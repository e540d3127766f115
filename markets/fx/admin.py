"""Exchange rates in the admin: history that is looked at, rates written by hand, and doubts that are decided."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.admin import Operation, OperationView, ReadOnlyAdmin
from markets.actions import record_exchange_rate
from markets.fx.actions import approve_rate, refuse_rate
from markets.fx.lookup import PEG
from markets.models import Currency, DoubtfulRate, ExchangeRate


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class RateForm(forms.Form):
    """A rate somebody has found elsewhere."""

    base = forms.ModelChoiceField(label=_("Base"), queryset=Currency.objects.all(), initial="EUR")
    quote = forms.ModelChoiceField(label=_("Currency"), queryset=Currency.objects.all())
    rate = forms.DecimalField(
        label=_("Rate"),
        min_value=0,
        max_digits=20,
        decimal_places=10,
        help_text=_("So many units for one of the base."),
    )
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("manual", _("rate of this day")), (PEG, _("fixed by law, until another is written down"))],
    )

    def clean(self) -> dict[str, Any]:
        """Two currencies, and a rate above zero."""
        found = super().clean() or {}
        if found.get("base") and found.get("base") == found.get("quote"):
            self.add_error("quote", _("Choose another currency than the base."))
        if found.get("rate") == 0:
            self.add_error("rate", _("The rate is more than zero."))
        return found


def _approve(target: models.Model, answers: dict[str, Any]) -> None:
    approve_rate(doubt_id=int(target.pk), reason=answers["reason"])


def _refuse(target: models.Model, answers: dict[str, Any]) -> None:
    refuse_rate(doubt_id=int(target.pk), reason=answers["reason"])


def _record(_target: models.Model, answers: dict[str, Any]) -> None:
    record_exchange_rate(
        base=answers["base"].code,
        quote=answers["quote"].code,
        rate=answers["rate"],
        on=answers["on"],
        source=answers["kind"],
    )


class DoubtView(OperationView):
    """A decision about one doubtful rate."""

    def target(self) -> models.Model:
        """The rate of the address."""
        return get_object_or_404(DoubtfulRate, pk=self.kwargs["pk"])

    def back(self, target: models.Model) -> str:
        """The list of what still waits."""
        return f"{reverse('admin:markets_doubtfulrate_changelist')}?state__exact=waiting"


class ApproveView(DoubtView):
    """Believe it."""

    operation = Operation(
        name="approve",
        permission="markets.decide_doubtfulrate",
        title=_("Approve the rate"),
        done=_("The rate counts from its day on."),
        form=ReasonForm,
        act=_approve,
        warning=_("Compare it with another source first. Later rates that waited and follow from it count as well."),
        is_costly=True,
    )


class RefuseView(DoubtView):
    """Never use it."""

    operation = Operation(
        name="refuse",
        permission="markets.decide_doubtfulrate",
        title=_("Refuse the rate"),
        done=_("The rate is not used."),
        form=ReasonForm,
        act=_refuse,
        warning=_("The day keeps the rate of the day before. Markets refuse rates that grow too old."),
    )


class RecordView(OperationView):
    """Write a rate down by hand."""

    operation = Operation(
        name="record",
        permission="markets.add_exchangerate",
        title=_("Write a rate down"),
        done=_("The rate was written down."),
        form=RateForm,
        act=_record,
        warning=_("Rates are never changed or deleted afterwards. The first rate of a day stays."),
        initial=lambda _target: {"on": timezone.now().date(), "base": "EUR"},
    )

    def target(self) -> models.Model:
        """The currency everything is quoted against stands for the whole table."""
        base = Currency.objects.filter(code="EUR").first() or Currency.objects.first()
        if base is None:
            raise Http404
        return base

    def back(self, target: models.Model) -> str:
        """The table."""
        return reverse("admin:markets_exchangerate_changelist")


@admin.register(ExchangeRate)
class ExchangeRateAdmin(ReadOnlyAdmin):
    """Exchange rates: history, only looked at."""

    list_display = ["effective_on", "base", "quote", "rate", "source"]
    list_filter = ["source", "quote"]
    list_select_related = ["base", "quote"]
    date_hierarchy = "effective_on"
    change_list_template = "admin/markets/exchange_rates.html"

    def get_urls(self) -> list[URLPattern]:
        """Writing one down, before the row's own address."""
        record = self.admin_site.admin_view(RecordView.as_view())
        return [path("write-down/", record, name="markets_exchangerate_record"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With the way to write one down for those who may."""
        may = request.user.has_perm("markets.add_exchangerate")
        return super().changelist_view(request, {**(extra_context or {}), "may_record": may})


@admin.register(DoubtfulRate)
class DoubtfulRateAdmin(ReadOnlyAdmin):
    """Rates that jumped too far."""

    list_display = ["effective_on", "base", "quote", "rate", "previous_rate", "moved_by", "state", "source"]
    list_filter = ["state", "source"]
    list_select_related = ["base", "quote"]
    change_form_template = "admin/core/operated.html"
    fields = [
        *("base", "quote", "effective_on", "rate", "previous_rate", "previous_on", "moved_by", "source"),
        *("state", "reported_at", "decided_at", "decided_by", "reason"),
    ]
    readonly_fields = ["moved_by"]

    @admin.display(description=_("moved by"))
    def moved_by(self, doubt: DoubtfulRate) -> str:
        """In percent, with its sign."""
        return f"{(doubt.rate / doubt.previous_rate - 1) * 100:+.1f} %"

    def get_urls(self) -> list[URLPattern]:
        """The decisions, before the row's own address."""
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/approve/", wrap(ApproveView.as_view()), name="markets_doubtfulrate_approve"),
            path("<int:pk>/refuse/", wrap(RefuseView.as_view()), name="markets_doubtfulrate_refuse"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The row with its decisions while one is wanted."""
        waits = DoubtfulRate.objects.filter(pk=object_id, state=DoubtfulRate.State.WAITING).exists()
        shown = [ApproveView, RefuseView] if waits and request.user.has_perm("markets.decide_doubtfulrate") else []
        operations = [
            {"name": f"admin:markets_doubtfulrate_{view.operation.name}", "title": view.operation.title}
            for view in shown
        ]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "operations": operations})
