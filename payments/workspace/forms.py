"""The forms of the books screens."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from payments.reconciliation.files.cells import DATE_SHAPES
from payments.reconciliation.files.generic import PAYPAL_ACTIVITY, Mapping
from payments.reconciliation.files.importing import MOST_BYTES

LONGEST = timedelta(days=366)
SHAPE_LABELS = {
    "%Y-%m-%d": "2026-12-31",
    "%d.%m.%Y": "31.12.2026",
    "%d/%m/%Y": "31/12/2026",
    "%m/%d/%Y": "12/31/2026",
}
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


class FileForm(forms.Form):
    """A payout file, whose it is, and how to read it."""

    provider = forms.ChoiceField(label=gettext_lazy("Provider"))
    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("CSV, written in UTF-8."))
    report = forms.ChoiceField(label=gettext_lazy("What kind of file it is"), choices=REPORTS)
    shape = forms.ChoiceField(
        label=gettext_lazy("How dates are written"), choices=[(one, SHAPE_LABELS[one]) for one in DATE_SHAPES]
    )
    mark = forms.ChoiceField(
        label=gettext_lazy("How amounts are written"), choices=[(".", "1,234.56"), (",", "1.234,56")]
    )
    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: str(uuid4()), max_length=64)
    columns: ClassVar[tuple[str, ...]] = tuple(COLUMNS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = provider_choices()  # type: ignore[attr-defined]  # a choice field
        usual = asdict(Mapping())
        for name, label in COLUMNS.items():
            self.fields[name] = forms.CharField(label=label, required=False, max_length=80, initial=usual[name])
        for name, field in self.fields.items():
            if name != "key":
                field.widget.attrs["class"] = "input"

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """The names of the columns, for the part of the form that is for other tables."""
        return [self[name] for name in COLUMNS]

    def clean_file(self) -> Any:
        """A file of a size that is read at once."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large."))
        return file

    def clean(self) -> dict[str, Any]:
        """A table of one's own needs the names of its columns."""
        found = super().clean() or {}
        if found.get("report") == "table":
            for name in NEEDED:
                if not found.get(name):
                    self.add_error(name, _("Name this column."))
        return found

    def mapping(self) -> Mapping:
        """How to read the file."""
        told = self.cleaned_data
        if told["report"] == "activity":
            return Mapping(**{**asdict(PAYPAL_ACTIVITY), "shape": told["shape"], "mark": told["mark"]})
        if told["report"] == "known":
            return Mapping()
        return Mapping(**{name: told[name] for name in COLUMNS}, shape=told["shape"], mark=told["mark"])
