"""The operators' forms. Each carries a key, so that a form sent twice is done once."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import DecimalValidator, MaxValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.money import Money, exponent, round_half_up, to_minor
from orders.types import RefundTo, RefundWish, ShipItem
from orders.workspace.types import DeliveryBack, PackLine, ParcelPanel, RefundableLine


def fresh_key() -> str:
    return str(uuid4())


class KeyedForm(forms.Form):
    """A form with a key of its own."""

    key = forms.CharField(widget=forms.HiddenInput, initial=fresh_key, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _dress(field)

    def meaning(self) -> dict[str, Any]:
        """What was asked for, without the key: the same key may only ever mean one thing."""
        return {name: str(value) for name, value in self.cleaned_data.items() if name != "key"}


def _dress(field: forms.Field) -> None:
    if not isinstance(field.widget, (forms.CheckboxInput, forms.HiddenInput)):
        field.widget.attrs.setdefault("class", "input")


class QuantitiesForm(KeyedForm):
    """How many of each line."""

    def add_quantities(self, lines: Sequence[tuple[int | str, int, int, str]]) -> None:
        """One number per line: (line id or key, most, at first, what it is called aloud)."""
        for line_id, most, first, spoken in lines:
            widget = forms.NumberInput({"class": "input a-qty", "aria-label": spoken, "inputmode": "numeric"})
            self.fields[f"line_{line_id}"] = forms.IntegerField(
                label=spoken, min_value=0, max_value=most, initial=first, required=False, widget=widget
            )

    def chosen(self) -> list[tuple[str, int]]:
        """(line key, quantity) of the lines with more than nothing."""
        return [
            (name.removeprefix("line_"), value)
            for name, value in self.cleaned_data.items()
            if name.startswith("line_") and value
        ]


class PackForm(QuantitiesForm):
    """What goes into a parcel of its own."""

    def __init__(self, parcel: ParcelPanel, data: Any = None) -> None:
        super().__init__(data, auto_id=f"pack-{parcel.pk}-%s")
        self.add_quantities([_pack_row(line) for line in parcel.lines])

    def items(self) -> list[ShipItem]:
        return [ShipItem(line_id=int(key), quantity=count) for key, count in self.chosen()]


def _pack_row(line: PackLine) -> tuple[int | str, int, int, str]:
    return line.line_id, line.in_parcel, line.in_parcel, _("Packed: %(product)s") % {"product": line.name}


class ShipForm(KeyedForm):
    """With whom the parcel leaves."""

    carrier = forms.CharField(label=_("Carrier"), max_length=80)
    tracking_no = forms.CharField(label=_("Tracking number"), max_length=80, required=False)
    tracking_url = forms.URLField(label=_("Tracking page"), required=False, assume_scheme="https")

    def __init__(self, parcel: ParcelPanel, data: Any = None) -> None:
        super().__init__(data, auto_id=f"ship-{parcel.pk}-%s", initial={"carrier": parcel.carrier})


class PressForm(KeyedForm):
    """The button is all there is."""


class NoteForm(KeyedForm):
    """A note for the team or, when said so, for the customer as well."""

    note = forms.CharField(label=_("Note for the team"), widget=forms.Textarea({"rows": 3}), max_length=2000)
    to_customer = forms.BooleanField(label=_("The customer may read it, too"), required=False)
    by_mail = forms.BooleanField(label=_("Send it to the customer by email"), required=False)


class ResolveForm(KeyedForm):
    """What was decided."""

    resolution = forms.CharField(label=_("What was decided?"), max_length=500)


class CancelForm(KeyedForm):
    """Why the order is given up. The customer reads it."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("The customer reads it in the message about the cancellation.")
    )


class RefundForm(QuantitiesForm):
    """What is to be refunded, why, and what becomes of the goods."""

    shipping = forms.DecimalField(
        label=pgettext_lazy("in a refund", "Delivery"), min_value=0, required=False, localize=True
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("The customer reads it in the message about the refund.")
    )
    warehouse = forms.ChoiceField(
        label=_("Put back in stock"),
        required=False,
        help_text=_("Units that have not left yet are taken out of their parcel and can be sold again."),
    )

    to = forms.ChoiceField(
        label=_("Where the money goes"),
        required=False,
        choices=[
            ("methods", _("Back the way it was paid")),
            ("credit", _("To store credit, because the customer agreed to it")),
        ],
    )

    def __init__(
        self,
        lines: Sequence[RefundableLine],
        warehouses: Sequence[tuple[str, str]],
        data: Any = None,
        *,
        delivery: DeliveryBack,
    ) -> None:
        super().__init__(data)
        self.currency = delivery.left.currency.code
        self._bound_delivery(delivery)
        self.add_quantities(
            [(line.key, line.left, 0, _("Units to refund: %(product)s") % {"product": line.name}) for line in lines]
        )
        field = self.fields["warehouse"]
        stays = ("", _("No, the goods stay where they are"))
        field.choices = [stays, *warehouses]  # type: ignore[attr-defined]  # a choice field

    def _bound_delivery(self, delivery: DeliveryBack) -> None:
        """From nothing up to what is left of it, in the digits of the currency; at first what is proposed."""
        digits = exponent(self.currency)
        field = self.fields["shipping"]
        field.validators.append(MaxValueValidator(delivery.left.amount))
        field.validators.append(DecimalValidator(19, digits))
        field.initial = delivery.proposed.amount if to_minor(delivery.proposed) else None
        field.widget.attrs |= {"class": "input a-qty", "inputmode": "decimal"}

    def delivery(self) -> Money:
        """What of the delivery is to go back, tax included."""
        return round_half_up(self.cleaned_data["shipping"] or Decimal(0), self.currency)

    def goes_to(self) -> RefundTo:
        """Back the way it was paid, unless store credit was chosen."""
        return "credit" if self.cleaned_data["to"] == "credit" else "methods"

    def wishes(self) -> tuple[RefundWish, ...]:
        return tuple(_wish(key, count) for key, count in self.chosen())


def _wish(key: str, count: int) -> RefundWish:
    line, _, part = key.partition("_")
    return RefundWish(line_id=int(line), quantity=count, part_id=int(part) if part else None)


class ConfirmRefundForm(forms.Form):
    """The second step: the amount that was shown."""

    shown = forms.DecimalField(widget=forms.HiddenInput, max_digits=19, decimal_places=4)
