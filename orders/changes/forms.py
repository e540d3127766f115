"""The operators' forms for changes. Each carries a key, the order's version, and the last entry of its history."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models import Variant
from inventory.models import DeliveryMethod
from markets.addresses import address_form, clean_address, format_address, validate_address
from markets.names import country_name
from markets.queries import market_of_record
from orders.changes.standing import LineStanding, Standing
from orders.changes.types import Added, Plan
from orders.models import Order, OrderLine
from orders.types import PostalAddress, ShipItem
from orders.workspace.forms import QuantitiesForm

ROWS = 3
"""How many new products one change can bring."""
PART = "ship_"


class SeenForm(QuantitiesForm):
    """What every change carries: which state of the order was looked at, and why it is changed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("The customer reads it in the message about the change.")
    )

    def __init__(self, order: Order, data: Any = None) -> None:
        latest = order.events.values_list("pk", flat=True).first()
        super().__init__(data, initial={"version": order.version, "seen": latest}, auto_id="change-%s")

    def items(self) -> tuple[ShipItem, ...]:
        """Units by line."""
        return tuple(ShipItem(line_id=int(key), quantity=count) for key, count in self.chosen())


class UnitsForm(SeenForm):
    """How many units of each line."""

    def __init__(self, order: Order, lines: Sequence[tuple[OrderLine, int]], data: Any = None) -> None:
        super().__init__(order, data)
        self.add_quantities([(line.pk, most, 0, f"{line.name} {line.options_text}".strip()) for line, most in lines])


class PlaceForm(UnitsForm):
    """How many units leave from which warehouse. Nobody outside is told; asked why only where a plan is overruled."""

    place = forms.ChoiceField(label=_("Warehouse"))

    def __init__(
        self,
        order: Order,
        lines: Sequence[tuple[OrderLine, int]],
        data: Any = None,
        *,
        places: Sequence[tuple[str, str]] = (),
        overrules: bool = False,
    ) -> None:
        super().__init__(order, lines, data)
        if overrules:
            self.fields["reason"].help_text = _("It is kept beside the plan. The customer does not read it.")
        else:
            del self.fields["reason"]
        cast(forms.ChoiceField, self.fields["place"]).choices = places


class MergeForm(SeenForm):
    """Which other order comes in."""

    other = forms.CharField(label=_("The other order"), max_length=32)


class EditForm(SeenForm):
    """The order as it should be: quantities, new products, address, delivery."""

    country = forms.ChoiceField(label=_("Country"), required=False)
    drawn = forms.CharField(widget=forms.HiddenInput, required=False)
    delivery = forms.ChoiceField(label=_("Delivery"), required=False)
    keeps_price = forms.BooleanField(label=_("Keep the agreed price of the delivery"), required=False, initial=True)

    def __init__(self, order: Order, standing: Standing, data: Any = None) -> None:
        super().__init__(order, data)
        self.order, self.standing = order, standing
        self.add_quantities(
            [
                (one.line.pk, 9999, one.line.quantity, str(_("Quantity: %(product)s") % {"product": one.line.name}))
                for one in standing.lines
                if one.may_change
            ]
        )
        for number in range(1, ROWS + 1):
            self._add_row(number)
        if standing.is_whole:
            self._add_address(data)
            self._choices("delivery", _deliveries(order), order.delivery_code)
        else:
            for name in ("country", "drawn", "delivery", "keeps_price"):
                del self.fields[name]

    def _add_row(self, number: int) -> None:
        sku = forms.TextInput({"class": "input", "autocomplete": "off", "dir": "ltr"})
        count = forms.NumberInput({"class": "input a-qty", "inputmode": "numeric"})
        self.fields[f"sku_{number}"] = forms.CharField(
            label=_("SKU of a new product"), max_length=80, required=False, widget=sku
        )
        self.fields[f"count_{number}"] = forms.IntegerField(
            label=_("Quantity"), min_value=1, max_value=9999, required=False, initial=1, widget=count
        )

    def _add_address(self, data: Any) -> None:
        stored = self.order.addresses["ship"]
        market = market_of_record(self.order.market, language=self.order.language)
        names = [(code, country_name(code, get_language() or market.language)) for code in market.countries]
        self._choices("country", names, stored["country"])
        drawn = (data or {}).get("country") or stored["country"]
        self.fields["drawn"].initial = drawn
        parts = stored["parts"] if drawn == stored["country"] else {"name": stored["parts"].get("name", "")}
        for field in address_form(drawn, self.order.language).fields:
            self.fields[f"{PART}{field.name}"] = _address_field(field, parts.get(field.name, ""))

    def _choices(self, name: str, choices: Sequence[tuple[str, str]], first: str) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices, field.initial = choices, first

    @property
    def drawn_country(self) -> str:
        """The country whose fields are on the page."""
        return str(self.fields["drawn"].initial) if "drawn" in self.fields else self.order.country

    @property
    def wants_other_fields(self) -> bool:
        """Whether another country was chosen than the one whose fields were filled in."""
        return bool(self.data) and "drawn" in self.fields and self.data.get("drawn") != self.data.get("country")

    def address_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(PART)]

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"sku_{number}"], self[f"count_{number}"]) for number in range(1, ROWS + 1)]

    def line_rows(self) -> list[tuple[LineStanding, forms.BoundField | None]]:
        return [
            (one, self[f"line_{one.line.pk}"] if f"line_{one.line.pk}" in self.fields else None)
            for one in self.standing.lines
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for number in range(1, ROWS + 1):
            sku = str(found.get(f"sku_{number}") or "").strip()
            if sku and not Variant.objects.filter(sku__iexact=sku).exists():
                self.add_error(f"sku_{number}", _("No product has this SKU."))
        if "country" in self.fields and not self.wants_other_fields:
            for name, problem in validate_address(self._written(), found.get("country") or self.order.country).items():
                if f"{PART}{name}" in self.fields:
                    self.add_error(f"{PART}{name}", problem)
        return found

    def _written(self) -> dict[str, str]:
        asked = self.cleaned_data
        return {name.removeprefix(PART): str(asked[name] or "") for name in asked if name.startswith(PART)}

    def plan(self) -> Plan:
        """What is asked for."""
        asked = self.cleaned_data
        quantities = {
            one.line.pk: asked[f"line_{one.line.pk}"] or 0
            for one in self.standing.lines
            if f"line_{one.line.pk}" in self.fields
        }
        wanted = [(str(asked[f"sku_{number}"]).strip(), asked[f"count_{number}"]) for number in range(1, ROWS + 1)]
        ids = {sku: Variant.objects.values_list("pk", flat=True).get(sku__iexact=sku) for sku, _count in wanted if sku}
        return Plan(
            quantities=quantities,
            added=tuple(Added(variant_id=ids[sku], quantity=count or 1) for sku, count in wanted if sku),
            address=self._address(),
            delivery_code=asked.get("delivery") or "",
            keeps_delivery_price=bool(asked.get("keeps_price", True)),
        )

    def _address(self) -> PostalAddress | None:
        """The address, when it is another one."""
        if "country" not in self.fields:
            return None
        country = self.cleaned_data["country"]
        parts = clean_address(self._written(), country)
        stored = self.order.addresses["ship"]
        if country == stored["country"] and parts == {name: value for name, value in stored["parts"].items() if value}:
            return None
        lines = [*format_address(parts, country), country_name(country, self.order.language)]
        return PostalAddress(country=country, parts=tuple(parts.items()), lines=tuple(lines))


def _address_field(field: Any, first: str) -> forms.Field:
    """One field of a country's form. What is wrong with it is said by the country's own rules."""
    if field.choices:
        choices = [("", "–"), *field.choices]
        select = forms.Select({"class": "input"})
        return forms.ChoiceField(label=field.label, choices=choices, required=False, initial=first, widget=select)
    text = forms.TextInput({"class": "input", "autocomplete": "off", "dir": "auto"})
    return forms.CharField(label=field.label, max_length=200, required=False, initial=first, widget=text)


def _deliveries(order: Order) -> list[tuple[str, str]]:
    methods = DeliveryMethod.objects.filter(market__code=order.market, is_active=True).order_by("position", "pk")
    found = [(method.code, method.name_i18n) for method in methods]
    known = {code for code, _name in found}
    return found if order.delivery_code in known else [(order.delivery_code, order.delivery_name), *found]
