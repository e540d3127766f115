"""The forms of orders to suppliers. Each carries a key where a repeat must do nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from catalog.models import Variant
from inventory.buying.actions.purchases import Wanted
from inventory.buying.actions.receiving import Arrived
from inventory.buying.desk.listing import warehouse_choices
from inventory.models import PurchaseLine, PurchaseOrder, PurchaseReceiptLine, Supplier, SupplierVariant
from inventory.operations import KeyedForm
from inventory.stockwork.batches import batched

MOST = 1_000_000
TWO_LINES = forms.Textarea({"rows": 2})


def _date_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class NewPurchaseForm(forms.Form):
    """From whom, and where to."""

    supplier = forms.ModelChoiceField(
        label=gettext_lazy("Supplier"), queryset=Supplier.objects.filter(is_active=True).order_by("name")
    )
    warehouse = forms.ChoiceField(label=gettext_lazy("Warehouse"))

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["warehouse"].choices = warehouse_choices()  # type: ignore[attr-defined]  # a choice field


class LinesForm(forms.Form):
    """The lines of a draft: pieces of those on it, one more by its code, and a word to the supplier."""

    code = forms.CharField(
        label=gettext_lazy("Add an article"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Our SKU, a GTIN, or the supplier's article number."),
    )
    pieces = forms.IntegerField(label=gettext_lazy("Pieces"), min_value=1, max_value=MOST, required=False)
    note = forms.CharField(
        label=gettext_lazy("Note to the supplier"), max_length=1000, required=False, widget=TWO_LINES
    )

    def __init__(self, order: PurchaseOrder, data: Any = None) -> None:
        super().__init__(data, auto_id="lines-%s", initial={"note": order.note})
        self.order = order
        self.rows = list(order.lines.select_related("variant").order_by("pk"))
        self.found: SupplierVariant | None = None
        for row in self.rows:
            self.fields[f"line_{row.pk}"] = forms.IntegerField(
                label=_("Pieces of %(sku)s") % {"sku": row.variant.sku},
                min_value=0,
                max_value=MOST,
                initial=row.quantity,
            )

    def clean(self) -> dict[str, Any]:
        """A code belongs to an article of this supplier, and comes with pieces."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        code = str(told.get("code") or "").strip()
        if code:
            self.found = _article(self.order, code)
            if self.found is None:
                self.add_error("code", _("This supplier sells nothing with this code to us."))
            elif told.get("pieces") is None and "pieces" not in self.errors:
                told["pieces"] = max(self.found.moq, self.found.pack)
        return told

    def wanted(self) -> list[Wanted]:
        """What the lines shall be."""
        told = self.cleaned_data
        rows = {row.variant_id: told[f"line_{row.pk}"] for row in self.rows}
        if self.found is not None:
            rows[self.found.variant_id] = rows.get(self.found.variant_id, 0) + told["pieces"]
        return [Wanted(variant_id=pk, pieces=count) for pk, count in rows.items()]

    def line_fields(self) -> Mapping[int, forms.BoundField]:
        """The field of each line."""
        return {row.pk: self[f"line_{row.pk}"] for row in self.rows}


def _article(order: PurchaseOrder, code: str) -> SupplierVariant | None:
    own = SupplierVariant.objects.filter(supplier=order.supplier_id, is_active=True)
    theirs = own.filter(supplier_sku__iexact=code).first()
    if theirs is not None:
        return theirs
    variants = Variant.objects.filter(sku__iexact=code) | Variant.objects.filter(gtin=code)
    return own.filter(variant__in=variants).order_by("pk").first()


class SendForm(forms.Form):
    """Whether the mail leaves, or somebody tells the supplier in another way."""

    by_mail = forms.BooleanField(label=gettext_lazy("Send it by mail"), required=False, initial=True)


class ConfirmForm(forms.Form):
    """What the supplier said."""

    expected_on = forms.DateField(label=gettext_lazy("Expected on"), widget=_date_input())
    supplier_ref = forms.CharField(label=gettext_lazy("Their order number"), max_length=80, required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=TWO_LINES)


class SettleForm(forms.Form):
    """What was agreed."""

    note = forms.CharField(label=gettext_lazy("What was agreed with the supplier"), max_length=300, widget=TWO_LINES)


class ReceiveForm(KeyedForm):
    """What arrived, line by line; a code that is scanned counts one more piece of its line as kept."""

    delivery_note = forms.CharField(label=gettext_lazy("Delivery note"), max_length=100, required=False)
    scan = forms.CharField(
        label=gettext_lazy("Scan or type a code"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("SKU, GTIN or the supplier's number: one piece is added and shown before it is booked."),
    )
    is_last = forms.BooleanField(label=gettext_lazy("Nothing more will come"), required=False)

    def __init__(self, lines: Sequence[PurchaseLine], data: Any = None) -> None:
        super().__init__(data, auto_id="receive-%s")
        self.lines = list(lines)
        self.batched = batched({line.variant_id for line in self.lines})
        for line in self.lines:
            self.fields |= _counts(line, is_batched=line.variant_id in self.batched)

    def clean(self) -> dict[str, Any]:
        """A code that is scanned belongs to something on the order; rejected pieces say why."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        code = str(told.get("scan") or "").strip()
        if code and self.scanned() is None:
            self.add_error("scan", _("Nothing with this code is on this order."))
        for line in self.lines:
            if told.get(f"rejected_{line.pk}") and not told.get(f"fault_{line.pk}"):
                self.add_error(f"fault_{line.pk}", _("Say what is wrong with the pieces you reject."))
            if line.variant_id in self.batched and told.get(f"kept_{line.pk}") and not told.get(f"batch_{line.pk}"):
                self.add_error(f"batch_{line.pk}", _("Say which batch arrived."))
        return told

    def scanned(self) -> PurchaseLine | None:
        """The line whose code was scanned."""
        code = str(self.cleaned_data.get("scan") or "").strip().casefold()
        return next((line for line in self.lines if code and code in codes_of(line)), None)

    def with_scanned(self) -> "ReceiveForm":
        """The same form with one more piece of the scanned line, to go on with."""
        data = dict(self.data.items())
        line = self.scanned()
        if line is not None:
            data[f"kept_{line.pk}"] = str((self.cleaned_data.get(f"kept_{line.pk}") or 0) + 1)
        data["scan"] = ""
        again = ReceiveForm(self.lines, data)
        again.fields["scan"].widget.attrs["autofocus"] = True
        return again

    def arrived(self) -> dict[int, Arrived]:
        """What came, by line."""
        told = self.cleaned_data
        return {
            line.pk: Arrived(
                accepted=told.get(f"kept_{line.pk}") or 0,
                rejected=told.get(f"rejected_{line.pk}") or 0,
                fault=told.get(f"fault_{line.pk}") or "",
                note=told.get(f"note_{line.pk}") or "",
                batch=told.get(f"batch_{line.pk}") or "",
                expires_on=told.get(f"expires_{line.pk}"),
            )
            for line in self.lines
        }

    def by_line(self) -> dict[int, dict[str, forms.BoundField]]:
        """The fields of each line: kept, rejected, what is wrong, remark; batch and its date where it has them."""
        names = ("kept", "batch", "expires", "rejected", "fault", "note")
        return {
            line.pk: {name: self[f"{name}_{line.pk}"] for name in names if f"{name}_{line.pk}" in self.fields}
            for line in self.lines
        }


def _counts(line: PurchaseLine, *, is_batched: bool) -> dict[str, forms.Field]:
    """What is asked of a line; the page names the line above its fields."""
    kept = forms.IntegerField(label=pgettext("pieces of a delivery", "Kept"), min_value=0, max_value=MOST)
    rejected = forms.IntegerField(label=pgettext("pieces of a delivery", "Rejected"), min_value=0, max_value=MOST)
    asked: dict[str, forms.Field] = {"kept": kept}
    if is_batched:
        asked["batch"] = forms.CharField(label=pgettext("of pieces that expire", "Batch"), max_length=60)
        asked["expires"] = forms.DateField(label=_("Best before"), widget=_date_input())
    asked["rejected"] = rejected
    asked["fault"] = forms.ChoiceField(
        label=_("What is wrong"), choices=[("", "–"), *PurchaseReceiptLine.Fault.choices]
    )
    asked["note"] = forms.CharField(label=_("Remark"), max_length=300)
    for field in asked.values():
        field.required = False
        field.widget.is_required = False
    return {f"{name}_{line.pk}": field for name, field in asked.items()}


def codes_of(line: PurchaseLine) -> set[str]:
    """What can be scanned for a line."""
    codes = (line.variant.sku, line.variant.gtin, line.supplier_sku)
    return {code.casefold() for code in codes if code}
