"""What closing a warehouse would have meant, over HTTP. Nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from catalog.workspace.screens import must, screen
from core.money import Money, from_minor
from inventory.models import Warehouse
from inventory.sourcing.replay import MarketReplay, Replayed, orders_between, replay, summed
from markets.queries import find_market_of_record

MOST_SHOWN = 100
LONGEST = timedelta(days=92)
MOST_ORDERS = 600
"""Some ten milliseconds each."""


class ReplayForm(forms.Form):
    """Which warehouses, and which orders."""

    without = forms.MultipleChoiceField(
        label=gettext_lazy("Without these warehouses"), widget=forms.CheckboxSelectMultiple
    )
    first = forms.DateField(
        label=gettext_lazy("Orders from"), widget=forms.DateInput({"type": "date", "class": "input"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("until"), widget=forms.DateInput({"type": "date", "class": "input"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any = None) -> None:
        first, last = last_month(timezone.now().date())
        super().__init__(data, initial={"first": first, "last": last}, auto_id="replay-%s")
        places = Warehouse.objects.filter(is_active=True).order_by("code")
        field = self.fields["without"]
        field.choices = [(place.code, place.name_i18n) for place in places]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """Days in order, and no more of them than can be planned while somebody waits."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last day is before the first."))
        elif first and last and last - first > LONGEST:
            self.add_error("last", _("Three months at most can be tried in one go."))
        elif first and last and (count := orders_between(first, last)) > MOST_ORDERS:
            told = ngettext(
                "On these days there was %(count)d order, which takes too long here. Choose fewer days, or ask the"
                " command replay_sourcing.",
                "On these days there were %(count)d orders, which takes too long here. Choose fewer days, or ask the"
                " command replay_sourcing.",
                count,
            )
            self.add_error("last", told % {"count": count})
        return given


@dataclass(frozen=True, kw_only=True)
class MarketRow:
    """One market with its amounts."""

    name: str
    sums: MarketReplay
    was: Money
    then: Money
    difference: Money


@dataclass(frozen=True, kw_only=True)
class OrderRow:
    """One order that would have left from elsewhere. No difference where nothing could have served it."""

    number: str
    was: str
    then: str
    difference: Money | None
    days_later: int


class ReplayView(View):
    """Choose warehouses and days; see what would have been."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form, and what it asks for once it was sent: a question, so it has an address."""
        must(request, "inventory.replay_sourcing")
        form = ReplayForm(request.GET or None)
        if not form.is_valid():
            status = 422 if form.is_bound else 200
            return screen(request, "admin/inventory/replay.html", status=status, title=_title(), form=form)
        asked = form.cleaned_data
        names = dict(form.fields["without"].choices)  # type: ignore[attr-defined]  # a choice field
        orders = list(replay(first=asked["first"], last=asked["last"], without=asked["without"]))
        moved = [one for one in orders if one.moved]
        worst = sorted(moved, key=lambda one: (one.then is not None, -one.dearer))
        return screen(
            request,
            "admin/inventory/replay.html",
            title=_title(),
            form=form,
            is_asked=True,
            markets=[_market(one) for one in summed(orders)],
            orders=[_order(one, names) for one in worst[:MOST_SHOWN]],
            more=max(0, len(worst) - MOST_SHOWN),
        )


def last_month(today: date) -> tuple[date, date]:
    """Its first and last day."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def _title() -> str:
    return _("If a warehouse were closed")


def _market(sums: MarketReplay) -> MarketRow:
    market = find_market_of_record(sums.market)
    return MarketRow(
        name=market.name if market is not None else sums.market,
        sums=sums,
        was=from_minor(sums.freight_was + sums.duty_was, sums.currency),
        then=from_minor(sums.freight_then + sums.duty_then, sums.currency),
        difference=from_minor(sums.dearer, sums.currency),
    )


def _order(one: Replayed, names: Mapping[str, str]) -> OrderRow:
    return OrderRow(
        number=one.order_ref,
        was=" + ".join(names.get(code, code) for code in one.was.codes),
        then=" + ".join(names.get(code, code) for code in one.then.codes) if one.then is not None else "",
        difference=from_minor(one.dearer, one.currency) if one.then is not None else None,
        days_later=one.days_later,
    )
