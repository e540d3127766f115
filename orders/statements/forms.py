"""What operators choose: a period, and what it is narrowed to."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from core.admin import dress
from markets.models import LegalEntity, Market
from orders.statements.periods import TaxPeriod
from orders.statements.types import Chosen
from orders.workspace.forms import KeyedForm

LONGEST_DAYS = 366
SCHEMES = [("oss", _("One-stop shop (OSS), per quarter")), ("ioss", _("Import one-stop shop (IOSS), per month"))]


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d")


def usual_period(today: date) -> dict[str, str]:
    """Last month."""
    last_month = TaxPeriod.holding(today, "ioss").before("ioss")
    return {"first": last_month.first.isoformat(), "last": last_month.last.isoformat()}


class StatementForm(forms.Form):
    """A period and its filters."""

    first = forms.DateField(label=pgettext_lazy("days", "From"), widget=_day())
    last = forms.DateField(label=pgettext_lazy("days", "Until"), widget=_day())
    seller = forms.ChoiceField(label=_("Seller"), required=False)
    market = forms.ChoiceField(label=_("Market"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", pgettext("filter", "All"))]
        markets = list(Market.objects.order_by("code").values_list("code", "currency_id"))
        sellers = [(code, name) for code, name in LegalEntity.objects.values_list("code", "name")]
        for name, choices in (
            ("seller", sellers),
            ("market", [(code, code.upper()) for code, _currency in markets]),
            ("currency", [(one, one) for one in sorted({currency for _code, currency in markets})]),
        ):
            self.fields[name].choices = [*every, *choices]  # type: ignore[attr-defined]  # these are choice fields
        dress(self)

    def clean(self) -> dict[str, Any]:
        """The days in their order, and a year at most, which bounds what is read."""
        told = super().clean() or {}
        first, last = told.get("first"), told.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        elif first and last and (last - first).days >= LONGEST_DAYS:
            self.add_error("last", _("Choose a year at most."))
        return told

    def chosen(self) -> Chosen:
        """What was chosen; the form is valid."""
        told = self.cleaned_data
        return Chosen(
            first=told["first"],
            last=told["last"],
            seller=told["seller"],
            market=told["market"],
            currency=told["currency"],
        )


class BehindForm(forms.Form):
    """Which row of the refunds a page lies behind. Links of our own always say so."""

    by = forms.ChoiceField(choices=[("refund", "refund"), ("order", "order")])
    day = forms.DateField()
    page = forms.IntegerField(min_value=1, max_value=100_000, required=False)


class FilingForm(KeyedForm):
    """That a return was filed."""

    filed_on = forms.DateField(label=pgettext_lazy("day of a tax return", "Filed on"), widget=_day())
    reference = forms.CharField(
        label=_("Reference"), max_length=60, help_text=_("The number under which the tax office took the return.")
    )


class ReturnForm(forms.Form):
    """Whose return of which period."""

    seller = forms.ChoiceField(label=_("Seller"))
    scheme = forms.ChoiceField(label=_("Scheme"), choices=SCHEMES)
    period = forms.CharField(
        label=_("Period"), max_length=7, help_text=_("A quarter such as 2026-Q3, or a month such as 2026-09.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sellers = list(LegalEntity.objects.values_list("code", "name"))
        self.fields["seller"].choices = sellers  # type: ignore[attr-defined]  # a choice field
        dress(self)

    def clean(self) -> dict[str, Any]:
        """The code of the period as the scheme counts periods."""
        told = super().clean() or {}
        if "scheme" in told and "period" in told:
            told["period"] = TaxPeriod.read(told["period"].upper(), told["scheme"])
            if told["period"] is None:
                self.add_error("period", _("Write the period as in the example."))
        return told
