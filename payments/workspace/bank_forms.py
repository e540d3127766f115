"""What operators say about bank lines, and how they bring in statements."""

from dataclasses import asdict
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payments.models import BankAccount
from payments.reconciliation.files.cells import DATE_SHAPES
from payments.statements.importing import MOST_BYTES, remembered_columns
from payments.statements.table import Columns
from payments.workspace.forms import SHAPE_LABELS

COLUMNS = {
    "booked_on": gettext_lazy("Column with the date"),
    "amount": gettext_lazy("Column with the amount"),
    "currency": gettext_lazy("Column with the currency"),
    "bank_id": gettext_lazy("Column with the bank's number of the line"),
    "remittance": gettext_lazy("Column with the purpose"),
    "payer": gettext_lazy("Column with the payer"),
    "payer_account": gettext_lazy("Column with the payer's account"),
}
NEEDED = ("booked_on", "amount", "remittance")


class StatementForm(forms.Form):
    """A statement file. The columns are for tables only, and start as the account's last table was read."""

    account = forms.ModelChoiceField(label=gettext_lazy("Bank account"), queryset=BankAccount.objects.all())
    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("CAMT.053 (XML), MT940, or a table (CSV).")
    )
    shape = forms.ChoiceField(
        label=gettext_lazy("How dates are written"), choices=[(one, SHAPE_LABELS[one]) for one in DATE_SHAPES]
    )
    mark = forms.ChoiceField(
        label=gettext_lazy("How amounts are written"), choices=[(".", "1,234.56"), (",", "1.234,56")]
    )
    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: str(uuid4()), max_length=64)

    def __init__(self, *args: Any, account: BankAccount | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = asdict(remembered_columns(account) if account is not None else Columns())
        for name, label in COLUMNS.items():
            self.fields[name] = forms.CharField(label=label, required=False, max_length=80, initial=usual[name])
        for name in ("shape", "mark"):
            self.fields[name].initial = usual[name]
        if account is not None:
            self.fields["account"].initial = account.pk
        for name, field in self.fields.items():
            if name != "key":
                field.widget.attrs["class"] = "input"

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """The names of the columns."""
        return [self[name] for name in COLUMNS]

    def clean_file(self) -> Any:
        """A file of a size that is read at once."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large."))
        return file

    def clean(self) -> dict[str, Any]:
        """A table is read by its date, amount and purpose."""
        found = super().clean() or {}
        for name in NEEDED:
            if not found.get(name):
                self.add_error(name, _("Name this column."))
        return found

    def columns(self) -> Columns:
        """How a table is read."""
        told = self.cleaned_data
        return Columns(**{name: told[name] for name in COLUMNS}, shape=told["shape"], mark=told["mark"])


class BookLineForm(forms.Form):
    """What a line is about: the references of one transfer or of several, or a transfer that was sent; and why."""

    line = forms.IntegerField(widget=forms.HiddenInput)
    reference = forms.CharField(max_length=400, required=False)
    payout = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(max_length=500, required=False)
    choice = forms.ChoiceField(choices=[("book", "book"), ("payout", "payout"), ("aside", "aside")])
