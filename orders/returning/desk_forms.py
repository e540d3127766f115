"""The operators' forms of returns and questions. Each carries a key, so that a form sent twice is done once."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Condition, Fate, ReturnLine
from orders.returning.settling import Proposed
from orders.types import RefundWish
from orders.workspace.forms import KeyedForm, QuantitiesForm, RefundForm
from orders.workspace.types import DeliveryBack, RefundableLine


class ApproveForm(KeyedForm):
    """Where the goods go, what the customer should know, and the label if there is one."""

    address = forms.CharField(
        label=gettext_lazy("Address for the goods"), widget=forms.Textarea({"rows": 4}), max_length=500
    )
    answer = forms.CharField(
        label=gettext_lazy("A word to the customer"), max_length=400, required=False, widget=forms.Textarea({"rows": 2})
    )
    label = forms.FileField(
        label=gettext_lazy("Return label"), required=False, help_text=gettext_lazy("A PDF or a picture, up to 8 MB.")
    )

    def meaning(self) -> dict[str, Any]:
        """Without the file: the same form is the same wish."""
        return {name: value for name, value in super().meaning().items() if name != "label"}


class RejectForm(KeyedForm):
    """Why it is not taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Why not?"), max_length=400, widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("The customer reads it by email and on the page of the return."),
    )  # fmt: skip


class ReceiveForm(QuantitiesForm):
    """How many of each have arrived: typed, or scanned one at a time by SKU or GTIN."""

    scan = forms.CharField(
        label=gettext_lazy("Scan or type a code"), max_length=80, required=False,
        help_text=gettext_lazy("SKU or GTIN: one unit for each scan."),
    )  # fmt: skip

    def __init__(self, lines: Sequence[ReturnLine], data: Any = None) -> None:
        super().__init__(data, auto_id="receive-%s")
        self.lines = [row for row in lines if row.to_come]
        self.add_quantities(
            [(row.pk, row.to_come, 0, _("Arrived: %(product)s") % {"product": _name(row)}) for row in self.lines]
        )
        self.fields["scan"].widget.attrs |= {"autocomplete": "off", "autofocus": data is not None}

    def clean(self) -> dict[str, Any]:
        """A code that is scanned belongs to something that is expected."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        code = str(found.get("scan") or "").strip()
        if code and self._scanned(code) is None:
            self.add_error("scan", _("Nothing with this code is expected in this return."))
        return found

    def counts(self) -> dict[int, int]:
        """Units that have arrived, by line of the return."""
        found = {int(key): count for key, count in self.chosen()}
        row = self._scanned(str(self.cleaned_data.get("scan") or "").strip())
        if row is not None:
            found[row.pk] = found.get(row.pk, 0) + 1
        return found

    def _scanned(self, code: str) -> ReturnLine | None:
        return next((row for row in self.lines if code and code.casefold() in _codes(row)), None)


def _codes(row: ReturnLine) -> set[str]:
    thing = row.part or row.order_line
    gtin = thing.variant.gtin if thing.variant else ""
    return {code.casefold() for code in (thing.sku, gtin) if code}


def _name(row: ReturnLine) -> str:
    return row.part.name if row.part else row.order_line.name


class InspectForm(KeyedForm):
    """What the next unit of a line looks like, and what becomes of it."""

    nth = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    condition = forms.ChoiceField(label=gettext_lazy("Condition"), choices=Condition.choices)
    fate = forms.ChoiceField(label=gettext_lazy("What becomes of it"), choices=Fate.choices)
    warehouse = forms.ChoiceField(label=gettext_lazy("Warehouse"), required=False)
    note = forms.CharField(label=gettext_lazy("What was seen"), max_length=300, required=False)
    kept = forms.DecimalField(
        label=gettext_lazy("Kept for wear"), required=False, min_value=0, max_digits=15, decimal_places=3,
        help_text=gettext_lazy("Tax included. For use beyond trying it, with words and a photo. Never for faults."),
    )  # fmt: skip

    def __init__(
        self, line_id: int, nth: int, warehouses: Sequence[tuple[str, str]], data: Any = None, *, first: str = ""
    ) -> None:
        super().__init__(data, auto_id=f"unit-{line_id}-%s", initial={"nth": nth, "warehouse": first})
        self.fields["warehouse"].choices = [("", "–"), *warehouses]  # type: ignore[attr-defined]  # a choice field


class SettleForm(RefundForm):
    """What of the return is paid back: as proposed, or as the operator decides."""

    def __init__(
        self, proposals: Sequence[Proposed], data: Any = None, *, delivery: DeliveryBack, to: str = "methods"
    ) -> None:
        lines = [
            RefundableLine(
                line_id=one.row.order_line_id,
                part_id=one.row.part_id,
                sku=one.row.order_line.sku,
                name=one.name,
                options_text=one.row.order_line.options_text,
                left=one.most,
                worth=delivery.left,
            )
            for one in proposals
            if one.most
        ]
        super().__init__(lines, [], data, delivery=delivery)
        del self.fields["warehouse"]
        self.fields["to"].initial = to
        for one in proposals:
            if one.most:
                self.fields[f"line_{one.key}"].initial = one.units

    def wishes(self) -> tuple[RefundWish, ...]:
        """Units to pay back."""
        return super().wishes()


class CloseForm(KeyedForm):
    """The last word of a return without money."""

    answer = forms.CharField(
        label=gettext_lazy("A word to the customer"), max_length=400, widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("The customer reads it by email and on the page of the return."),
    )  # fmt: skip


class AnswerForm(KeyedForm):
    """An answer, or a note that only operators read."""

    body = forms.CharField(label=gettext_lazy("Message"), widget=forms.Textarea({"rows": 6}), max_length=5000)
    is_internal = forms.BooleanField(label=gettext_lazy("A note for the team only"), required=False)


class AssignForm(KeyedForm):
    """Who takes care of it."""

    who = forms.ChoiceField(label=gettext_lazy("Who takes care"), required=False)

    def __init__(self, people: Sequence[tuple[str, str]], data: Any = None, *, first: str = "") -> None:
        super().__init__(data, auto_id="assign-%s", initial={"who": first})
        self.fields["who"].choices = [("", _("Nobody yet")), *people]  # type: ignore[attr-defined]  # a choice field
