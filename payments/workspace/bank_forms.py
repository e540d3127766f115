"""What operators say about bank lines, and how they bring in statements."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payments.models import BankAccount
from payments.statements.importing import MOST_BYTES, remembered_columns
from payments.statements.table import Columns
from payments.workspace.table_forms import TableFileForm

COLUMNS = {
    "booked_on": gettext_lazy("Column with the date"),
    "amount": gettext_lazy("Column with the amount"),
    "currency": gettext_lazy("Column with the currency"),
    "bank_id": gettext_lazy("Column with the bank's number of the line"),
    "remittance": gettext_lazy("Column with the purpose"),
    "payer": gettext_lazy("Column with the payer"),
    "payer_account": gettext_lazy("Column with the payer's account"),
}
NEEDED = frozenset({"booked_on", "amount", "remittance"})


class StatementForm(TableFileForm):
    """A statement file. The columns are for tables only, and start as the account's last table was read."""

    labels = COLUMNS
    most_bytes = MOST_BYTES

    account = forms.ModelChoiceField(label=gettext_lazy("Bank account"), queryset=BankAccount.objects.all())

    def __init__(self, *args: Any, account: BankAccount | None = None, **kwargs: Any) -> None:
        usual = remembered_columns(account) if account is not None else Columns()
        super().__init__(*args, usual=asdict(usual), **kwargs)
        self.fields["file"].help_text = _("CAMT.053 (XML), MT940, or a table (CSV).")
        if account is not None:
            self.fields["account"].initial = account.pk

    def needed(self) -> frozenset[str]:
        """A table is read by its date, amount and purpose."""
        return NEEDED

    def columns(self) -> Columns:
        """How a table is read."""
        return Columns(**self.told())


class BookLineForm(forms.Form):
    """What a line is about: the references of one transfer or of several, or a transfer that was sent; and why."""

    line = forms.IntegerField(widget=forms.HiddenInput)
    reference = forms.CharField(max_length=400, required=False)
    payout = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(max_length=500, required=False)
    choice = forms.ChoiceField(choices=[("book", "book"), ("payout", "payout"), ("aside", "aside")])
