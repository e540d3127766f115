"""Forms of planned changes: what is to happen when, and another moment for it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from catalog.actions.planning import Plan
from catalog.models import PlannedChange, Price, PriceList, Product, Variant
from catalog.translating.registry import words_of
from catalog.workspace.amounts import AmountProblem, parse_amount, written
from catalog.workspace.market_forms import moment_input
from catalog.workspace.matrix_forms import InputForm

TEXTS = ("name", "summary", "description", "selling_points")
MOST_PRICES = 60
LABELS = {
    "name": gettext_lazy("Name"),
    "summary": gettext_lazy("Summary"),
    "description": gettext_lazy("Description"),
    "selling_points": gettext_lazy("Selling points, one per line"),
}


class MomentForm(InputForm):
    """When."""

    due_at = forms.DateTimeField(label=gettext_lazy("When"), widget=moment_input(required=""))


class PlanForm(MomentForm):
    """What is to happen to products at a moment."""

    status = forms.ChoiceField(
        label=gettext_lazy("What happens"),
        required=False,
        choices=[("", pgettext_lazy("state of a product", "Leave its state")), *PlannedChange.Status.choices],
    )
    even_incomplete = forms.BooleanField(
        label=gettext_lazy("Plan it even for what is not complete yet. It is looked at again when the time comes."),
        required=False,
    )
    field_order = ("status", "due_at")

    def __init__(self, products: Iterable[Product], data: Any = None) -> None:
        super().__init__(data)
        self.products = tuple(products)

    def plan(self) -> Plan:
        """What the form says, in the time zone of the page."""
        given = self.cleaned_data
        return Plan(
            product_ids=[product.pk for product in self.products],
            due_at=given["due_at"],
            zone=timezone.get_current_timezone_name(),
            status=given["status"],
            texts=self.texts(),
            prices=self.prices(),
        )

    def texts(self) -> Mapping[str, Mapping[str, str]]:
        """New words; none for several products."""
        return {}

    def prices(self) -> Sequence[Mapping[str, Any]]:
        """New prices; none for several products."""
        return []


class ProductPlanForm(PlanForm):
    """The same for one product, with new words in one language and new prices. What stays as it is is not planned."""

    def __init__(self, product: Product, language: str, data: Any = None) -> None:
        super().__init__([product], data)
        self.product, self.language = product, language
        self.now = {name: words_of(product, name, language) for name in TEXTS}
        for name in TEXTS:
            is_line = name == "name"
            attrs = {"lang": language, "class": "input", **({} if is_line else {"rows": "3"})}
            widget = forms.TextInput(attrs) if is_line else forms.Textarea(attrs)
            self.fields[name] = forms.CharField(
                label=LABELS[name],
                required=False,
                max_length=Product._meta.get_field("name").max_length if is_line else None,
                initial=self.now[name],
                widget=widget,
                strip=True,
            )
        self.cells = _cells(product)
        for key, (_row, variant, label, amount) in self.cells.items():
            self.fields[key] = forms.CharField(
                label=f"{variant.sku}, {label}",
                required=False,
                max_length=30,
                initial=amount,
                widget=forms.TextInput({"class": "input", "inputmode": "decimal"}),
            )

    def clean(self) -> dict[str, Any] | None:
        """Amounts can be read; the name in the shop's own language stays."""
        cleaned = super().clean() or {}
        for key, (price_list, _variant, _label, amount) in self.cells.items():
            typed = cleaned.get(key) or ""
            if typed and typed != amount:
                try:
                    cleaned[key] = written(parse_amount(typed, price_list.currency), price_list.currency)
                except AmountProblem as problem:
                    self.add_error(key, str(problem))
        if "name" in self.data and not cleaned.get("name") and self.language == settings.LANGUAGE_CODE:
            self.add_error("name", _("A product cannot be without a name."))
        return cleaned

    def texts(self) -> Mapping[str, Mapping[str, str]]:
        """Those that were sent and differ from what stands now."""
        given = {name: self.cleaned_data[name] for name in TEXTS if name in self.data}
        return {
            name: {self.language: words} for name, words in given.items() if _plain(words) != _plain(self.now[name])
        }

    def prices(self) -> Sequence[Mapping[str, Any]]:
        """The same of prices."""
        return [
            {"list": row.pk, "variant": variant.pk, "quantity": 1, "amount": self.cleaned_data[key] or None}
            for key, (row, variant, _label, amount) in self.cells.items()
            if key in self.data and self.cleaned_data[key] != amount
        ]

    def text_fields(self) -> list[forms.BoundField]:
        """The words."""
        return [self[name] for name in TEXTS]

    def price_fields(self) -> list[forms.BoundField]:
        """The prices."""
        return [self[key] for key in self.cells]


def _plain(text: str) -> str:
    """Line ends as browsers send them are not a change."""
    return text.replace("\r\n", "\n").strip()


def _cells(product: Product) -> dict[str, tuple[PriceList, Variant, str, str]]:
    """Prices on the ordinary lists that can be given a new amount, as far as they fit on one page. Three queries."""
    variants = list(
        Variant.objects.filter(product=product).exclude(status=Variant.Status.ARCHIVED).order_by("position", "pk")
    )
    lists = list(
        PriceList.objects.filter(status=PriceList.Status.ACTIVE, kind=PriceList.Kind.BASE, market__active=True)
        .select_related("market")
        .order_by("market__position", "code")
    )
    if len(variants) * len(lists) > MOST_PRICES:
        return {}
    own: dict[tuple[int, int], Decimal] = {
        (row.price_list_id, row.variant_id): row.amount.amount
        for row in Price.objects.filter(variant__in=variants, price_list__in=lists, min_qty=1, derived=False)
    }
    found = {}
    for variant in variants:
        for row in lists:
            amount = own.get((row.pk, variant.pk))
            shown = "" if amount is None else written(amount, row.currency)
            found[f"price-{row.pk}-{variant.pk}"] = (row, variant, f"{row.name} ({row.currency})", shown)
    return found
