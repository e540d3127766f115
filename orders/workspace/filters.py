"""What the list of orders is filtered by: read from an address, kept under a name, turned into one query.

The same words stand in the address, in a saved view and in the hidden field by which all orders that fit are chosen.
What cannot be understood is left out, never an error page.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from markets.names import country_name
from markets.queries import active_markets
from orders.models import (
    AftersalesState,
    FulfillmentState,
    HoldKind,
    Lifecycle,
    Order,
    OrderHold,
    OrderTag,
    OrderTagging,
    PaymentState,
)

PLAIN = {
    "lifecycle": "lifecycle",
    "payment": "payment_state",
    "delivery": "fulfillment_state",
    "returns": "aftersales_state",
    "market": "market",
    "country": "country",
    "channel": "channel",
    "source": "source",
    "currency": "currency",
}
"""Filters that are one column each."""
OFTEN = ("q", "payment", "delivery", "market", "tag", "hold")
"""What one filters by most; the others are folded away until one of them is chosen."""
YEARS = range(1970, 2201)
"""Days beyond are typing errors, and no moment in every time zone."""


class FilterForm(forms.Form):
    """Everything one can filter by."""

    q = forms.CharField(label=_("Number or email"), required=False, max_length=100)
    lifecycle = forms.ChoiceField(label=pgettext_lazy("where something stands", "State"), required=False)
    payment = forms.ChoiceField(label=_("Payment"), required=False)
    delivery = forms.ChoiceField(label=_("Delivery"), required=False)
    returns = forms.ChoiceField(label=_("Returns"), required=False)
    market = forms.ChoiceField(label=_("Market"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    channel = forms.CharField(label=_("Channel"), required=False, max_length=20)
    source = forms.CharField(label=_("Campaign or source"), required=False, max_length=80)
    tag = forms.TypedChoiceField(label=_("Tag"), required=False, coerce=int, empty_value=None)
    hold = forms.ChoiceField(label=_("Hold"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    least = forms.DecimalField(label=_("Total from"), required=False, min_value=0, max_digits=19, decimal_places=4)
    most = forms.DecimalField(label=_("Total until"), required=False, min_value=0, max_digits=19, decimal_places=4)
    since = forms.DateField(label=_("Placed from"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("Placed until"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", pgettext("filter", "All"))]
        for name, choices in _choices().items():
            self.fields[name].choices = [*every, *choices]  # type: ignore[attr-defined]  # these are choice fields
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    @property
    def often(self) -> list[forms.BoundField]:
        """The fields that are always seen."""
        return [self[name] for name in OFTEN]

    @property
    def seldom(self) -> list[forms.BoundField]:
        """The fields that are folded away."""
        return [field for field in self.visible_fields() if field.name not in OFTEN]

    @property
    def is_unfolded(self) -> bool:
        """Whether something was said in a field that is folded away."""
        return any(field.value() for field in self.seldom)

    def clean(self) -> dict[str, Any]:
        """Amounts of different currencies are not compared: without a currency they are left out."""
        said = super().clean() or {}
        for name in ("since", "until"):
            if said.get(name) and said[name].year not in YEARS:
                self.add_error(name, _("Choose a day since 1970."))
        if not said.get("currency"):
            for name in ("least", "most"):
                if said.get(name) is not None:
                    self.add_error(name, _("Choose the currency of the total as well."))
        return said


def _choices() -> Mapping[str, list[tuple[Any, Any]]]:
    language = get_language() or "en"
    markets = active_markets(language=language)
    countries = sorted({code for market in markets for code in market.countries})
    held = [
        ("any", pgettext("filter of holds", "On hold")),
        ("none", pgettext("filter of holds", "Not on hold")),
        ("overdue", pgettext("filter of holds", "Overdue")),
        ("mine", pgettext("filter of holds", "I take care of it")),
        ("nobody", pgettext("filter of holds", "Nobody takes care of it")),
    ]
    return {
        "lifecycle": list(Lifecycle.choices),
        "payment": list(PaymentState.choices),
        "delivery": list(FulfillmentState.choices),
        "returns": list(AftersalesState.choices),
        "market": [(market.code, market.name) for market in markets],
        "country": sorted(((code, country_name(code, language)) for code in countries), key=lambda row: row[1]),
        "tag": [(tag.pk, tag.name) for tag in OrderTag.objects.all()],
        "hold": [*held, *HoldKind.choices],
        "currency": [(code, code) for code in sorted({market.currency for market in markets})],
    }


def understood(params: Mapping[str, str]) -> tuple[FilterForm, dict[str, Any]]:
    """The form as it is shown, and by name what was understood of it."""
    form = FilterForm(params)
    form.is_valid()
    return form, {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}


def as_words(chosen: Mapping[str, Any]) -> dict[str, str]:
    """What was chosen as an address or a saved view holds it, in one order of names."""
    return {name: str(chosen[name]) for name in FilterForm.base_fields if name in chosen}


def as_address(chosen: Mapping[str, Any], **others: str) -> str:
    """The query string of it; `others` are what is no filter: the view, the place in the list."""
    return urlencode({**{name: value for name, value in others.items() if value}, **as_words(chosen)})


def narrowed(orders: QuerySet[Order], chosen: Mapping[str, Any], *, user_id: int | None) -> QuerySet[Order]:
    """Those of them that fit everything that was chosen. `user_id` is who asks, for "I take care of it"."""
    orders = orders.filter(**{column: chosen[name] for name, column in PLAIN.items() if name in chosen})
    if "q" in chosen:
        text = chosen["q"].strip()
        orders = orders.filter(Q(number__holds=text) | Q(email__holds=text) | Q(external_ref=text))
    if "tag" in chosen:
        orders = orders.filter(Exists(OrderTagging.objects.filter(order=OuterRef("pk"), tag=chosen["tag"])))
    if "hold" in chosen:
        orders = _held(orders, chosen["hold"], user_id)
    if "least" in chosen:
        orders = orders.filter(total__gte=chosen["least"])
    if "most" in chosen:
        orders = orders.filter(total__lte=chosen["most"])
    if "since" in chosen:
        orders = orders.filter(placed_at__gte=_midnight(chosen["since"]))
    if "until" in chosen:
        orders = orders.filter(placed_at__lt=_midnight(chosen["until"] + timedelta(days=1)))
    return orders


def open_holds() -> QuerySet[OrderHold]:
    """Open holds of the order outside."""
    return OrderHold.objects.filter(order=OuterRef("pk"), resolved_at__isnull=True)


def _held(orders: QuerySet[Order], wanted: str, user_id: int | None) -> QuerySet[Order]:
    if wanted == "none":
        return orders.filter(~Exists(open_holds()))
    narrower = {
        "any": Q(),
        "overdue": Q(due_at__lt=timezone.now()),
        "mine": Q(owner_id=user_id, owner__isnull=False),
        "nobody": Q(owner__isnull=True),
    }.get(wanted, Q(kind=wanted))
    return orders.filter(Exists(open_holds().filter(narrower)))


def _midnight(day: date) -> datetime:
    """The beginning of a day where the operator is."""
    return timezone.make_aware(datetime.combine(day, time.min))
