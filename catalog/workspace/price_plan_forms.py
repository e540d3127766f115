"""What is asked about a planned change of prices: which variants, then what becomes of their prices, and when."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from catalog.actions.price_plans import PlanDraft
from catalog.models import Brand, Category, PriceList, PricePlan
from catalog.workspace.matrix_forms import InputForm
from core.money import exponent
from markets.queries import market_called

METHOD = PricePlan.Method
CONVERTING = {METHOD.FX, METHOD.POWER}
MOMENT = forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
ALL = pgettext_lazy("filter", "All")


class ListField(forms.ModelChoiceField[PriceList]):
    """A price list. Many have the same name: the market and the code tell them apart."""

    def label_from_instance(self, row: PriceList) -> str:
        """As in lists of markets."""
        return f"{market_called(row.market)}: {row.name} ({row.code})"


class ChosenForm(InputForm):
    """Which variants. At least one of the filters, or a price list on which they have a price."""

    q = forms.CharField(label=gettext_lazy("SKU or GTIN"), max_length=80, required=False)
    category = forms.ModelChoiceField(
        Category.objects.none(), empty_label=ALL, label=gettext_lazy("Category"), to_field_name="code", required=False
    )
    brand = forms.ModelChoiceField(
        Brand.objects.none(), empty_label=ALL, label=gettext_lazy("Brand"), to_field_name="code", required=False
    )
    listed = ListField(
        PriceList.objects.none(),
        empty_label=ALL,
        label=gettext_lazy("With a price on"),
        to_field_name="code",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = {
            "category": Category.objects.order_by("name"),
            "brand": Brand.objects.order_by("name"),
            "listed": open_lists(),
        }
        for name, found in rows.items():
            self.fields[name].queryset = found  # type: ignore[attr-defined]  # a model choice

    def clean(self) -> dict[str, Any] | None:
        """Never the whole catalogue by mistake."""
        given = super().clean() or {}
        if not self.errors and not any(given.values()):
            self.add_error(None, _("Say which variants: at least one of these."))
        return given


class PlanForm(InputForm):
    """What becomes of the prices. Which inputs matter follows from the method; others are ignored."""

    price_list = ListField(PriceList.objects.none(), label=gettext_lazy("Change prices on"))
    method = forms.ChoiceField(label=pgettext_lazy("change of prices", "Method"), choices=METHOD.choices)
    value = forms.DecimalField(
        label=gettext_lazy("Percent, amount or factor"),
        max_digits=14,
        decimal_places=4,
        required=False,
        help_text=gettext_lazy(
            "Percent: -10 is ten percent less. Competitors: by how many percent they are undercut, 0 matches them."
            " Purchasing power: empty takes the market's own factor."
        ),
    )
    source_list = ListField(
        PriceList.objects.none(),
        label=gettext_lazy("Old prices from"),
        required=False,
        help_text=gettext_lazy("Empty: from the same list. A sale is made from the ordinary list."),
    )
    rounding = forms.ChoiceField(
        label=gettext_lazy("Price endings"),
        choices=[("market", gettext_lazy("as the market's rule says")), ("none", gettext_lazy("as calculated"))],
    )
    min_qty = forms.IntegerField(
        label=gettext_lazy("From quantity"),
        min_value=1,
        max_value=1_000_000,
        initial=1,
        required=False,
        help_text=gettext_lazy("For a set amount and for competitors. Other methods change every quantity price."),
    )
    floor_percent = forms.DecimalField(
        label=gettext_lazy("Lowest margin %"),
        min_value=Decimal(0),
        max_value=Decimal(99),
        max_digits=5,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("For competitors' prices. Empty: as the market's policy says."),
    )
    begins = forms.DateTimeField(label=gettext_lazy("Begins"), required=False, widget=MOMENT)
    ends = forms.DateTimeField(
        label=gettext_lazy("Ends"),
        required=False,
        widget=MOMENT,
        help_text=gettext_lazy("At the end the old prices return, where nobody changed them since."),
    )
    note = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("price_list", "source_list"):
            self.fields[name].queryset = open_lists()  # type: ignore[attr-defined]  # a model choice

    def clean(self) -> dict[str, Any] | None:
        """What the method needs."""
        given = super().clean() or {}
        method, value = given.get("method"), given.get("value")
        if self.errors:
            return given
        target, source = given["price_list"], given.get("source_list") or given["price_list"]
        given["source_list"] = source
        if value is None and method == METHOD.COMPETITOR:
            given["value"] = Decimal(0)
        elif value is None and method != METHOD.POWER:
            self.add_error("value", _("This method needs a number."))
        elif value is not None:
            self._check(str(method), value, target)
        if method in CONVERTING and source.market_id == target.market_id:
            self.add_error("source_list", _("Choose a list of another market."))
        if method not in CONVERTING and source.currency != target.currency:
            self.add_error("source_list", _("This list has another currency. Choose a method that converts."))
        if given.get("begins") and given.get("ends") and given["ends"] <= given["begins"]:
            self.add_error("ends", _("It would end before it begins."))
        return given

    def _check(self, method: str, value: Decimal, target: PriceList) -> None:
        step = Decimal(1).scaleb(-exponent(target.currency))
        if method == METHOD.PERCENT and value <= -100:
            self.add_error("value", _("This would leave nothing of the price."))
        elif method == METHOD.COMPETITOR and not 0 <= value < 100:
            self.add_error("value", _("Others are undercut by 0 to less than 100 percent."))
        elif method in {METHOD.AMOUNT, METHOD.SET} and value % step:
            self.add_error("value", _("The currency has fewer decimals than this."))
        elif method in {METHOD.SET, *CONVERTING} and value <= 0:
            self.add_error("value", _("This must be above zero."))

    def draft(self, power_factor: Decimal) -> PlanDraft:
        """What was asked, for the action."""
        given = self.cleaned_data
        value = given["value"] if given["value"] is not None else power_factor
        arguments = {"value": str(value), "rounding": given["rounding"], "min_qty": given.get("min_qty") or 1}
        if given.get("floor_percent") is not None:
            arguments["floor_percent"] = str(given["floor_percent"])
        return PlanDraft(
            price_list_id=given["price_list"].pk,
            source_list_id=given["source_list"].pk,
            method=given["method"],
            arguments=arguments,
            begins=given.get("begins"),
            ends=given.get("ends"),
            note=given.get("note", ""),
        )


def open_lists() -> Any:
    """Lists that prices can be put on, by market."""
    rows = PriceList.objects.exclude(status=PriceList.Status.ARCHIVED).filter(market__active=True)
    return rows.select_related("market").order_by("market__position", "kind", "code")
