"""The forms of the books screens."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from payments.reconciliation.files.generic import PAYPAL_ACTIVITY, Mapping
from payments.reconciliation.files.importing import MOST_BYTES
from payments.workspace.table_forms import TableFileForm

LONGEST = timedelta(days=366)
REPORTS = [
    ("known", gettext_lazy("A report of Stripe or PayPal (settlement)")),
    ("activity", gettext_lazy("PayPal's activity download, in English")),
    ("table", gettext_lazy("Another table; its columns are named below")),
]
COLUMNS = {
    "entry_id": gettext_lazy("Column with the provider's number of the row"),
    "moment": gettext_lazy("Column with the date"),
    "kind": gettext_lazy("Column with the kind"),
    "amount": gettext_lazy("Column with the amount"),
    "fee": gettext_lazy("Column with the fee"),
    "net": gettext_lazy("Column with the net amount"),
    "currency": gettext_lazy("Column with the currency"),
    "reference": gettext_lazy("Column with the reference of the payment"),
    "order": gettext_lazy("Column with our order number"),
    "payout": gettext_lazy("Column with the payout"),
}
NEEDED = frozenset({"entry_id", "moment", "amount", "currency"})


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d")


def provider_choices() -> list[tuple[str, str]]:
    """The providers of the settings."""
    return [(name, name.title()) for name in settings.PAYMENT_PROVIDERS]


class SpanForm(forms.Form):
    """Which days, and whose."""

    first = forms.DateField(label=pgettext_lazy("days", "From"), widget=_day())
    last = forms.DateField(label=pgettext_lazy("days", "Until"), widget=_day())
    provider = forms.ChoiceField(label=gettext_lazy("Provider"), required=False)
    only = forms.ChoiceField(
        label=gettext_lazy("Days"),
        required=False,
        choices=[("", gettext_lazy("All days")), ("differ", gettext_lazy("Days that differ"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("All providers")), *provider_choices()]
        self.fields["provider"].choices = choices  # type: ignore[attr-defined]  # a choice field
        for name in ("provider", "only"):
            self.fields[name].widget.attrs["class"] = "input"

    def clean(self) -> dict[str, Any]:
        """In order, and at most a year."""
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last day lies before the first."))
        elif first and last and last - first > LONGEST:
            self.add_error("last", _("Choose at most a year."))
        return found


def usual_span(today: date) -> dict[str, Any]:
    """The last two weeks."""
    return {"first": today - timedelta(days=13), "last": today}


class FileForm(TableFileForm):
    """A payout file, whose it is, and how to read it."""

    labels = COLUMNS
    most_bytes = MOST_BYTES

    provider = forms.ChoiceField(label=gettext_lazy("Provider"))
    report = forms.ChoiceField(label=gettext_lazy("What kind of file it is"), choices=REPORTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, usual=asdict(Mapping()), **kwargs)
        self.fields["provider"].choices = provider_choices()  # type: ignore[attr-defined]  # a choice field
        self.fields["file"].help_text = _("CSV, written in UTF-8.")

    def needed(self) -> frozenset[str]:
        """A table of one's own needs the names of its columns."""
        return NEEDED if self.cleaned_data.get("report") == "table" else frozenset()

    def mapping(self) -> Mapping:
        """How to read the file."""
        told = self.told()
        kind = self.cleaned_data["report"]
        if kind == "activity":
            return Mapping(**{**asdict(PAYPAL_ACTIVITY), "shape": told["shape"], "mark": told["mark"]})
        return Mapping(**told) if kind == "table" else Mapping()
