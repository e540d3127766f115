"""The operators' list of orders: saved views, filters that live in the address, one page of rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from markets.names import country_name
from markets.queries import active_markets, market_of_record
from orders.models import FulfillmentState, HoldKind, Lifecycle, Order, OrderHold, PaymentState
from orders.queries import orders_to_ship
from orders.workspace import words
from orders.workspace.types import OrderRow, PageLinks, State, ViewTab

PER_PAGE = 25
VIEWS = ("to_pack", "on_hold", "payment_problems", "all")


class FilterForm(forms.Form):
    """Everything one can filter by. What cannot be understood is left out, never an error page."""

    q = forms.CharField(label=_("Number or email"), required=False, max_length=100)
    lifecycle = forms.ChoiceField(label=pgettext_lazy("where something stands", "State"), required=False)
    payment = forms.ChoiceField(label=_("Payment"), required=False)
    delivery = forms.ChoiceField(label=_("Delivery"), required=False)
    market = forms.ChoiceField(label=_("Market"), required=False)
    since = forms.DateField(label=_("Placed from"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("Placed until"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", pgettext("filter", "All"))]
        markets = [(market.code, market.name) for market in active_markets(language=get_language())]
        for name, choices in (
            ("lifecycle", Lifecycle.choices),
            ("payment", PaymentState.choices),
            ("delivery", FulfillmentState.choices),
            ("market", markets),
        ):
            self.fields[name].choices = [*every, *choices]  # type: ignore[attr-defined]  # these are choice fields
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


@dataclass(frozen=True, kw_only=True)
class OrderList:
    """One page of the list."""

    rows: tuple[OrderRow, ...]
    tabs: tuple[ViewTab, ...]
    form: FilterForm
    view: str
    is_filtered: bool
    links: PageLinks
    clear_url: str


def order_list(params: Mapping[str, str]) -> OrderList:
    """The page that the address asks for."""
    form = FilterForm(params)
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    view = params.get("view", "") if params.get("view") in VIEWS else "all"
    found = filtered(in_view(view), chosen)
    if view == "all":
        found = found.order_by("-placed_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(params.get("page"))
    kept = {"view": view, **{name: str(value) for name, value in chosen.items()}}
    return OrderList(
        rows=rows_of(page.object_list),
        tabs=view_tabs(current=view),
        form=form,
        view=view,
        is_filtered=bool(chosen),
        links=PageLinks(
            first=page.start_index(),
            last=page.end_index(),
            total=page.paginator.count,
            previous_url=_url(kept, page.previous_page_number()) if page.has_previous() else "",
            next_url=_url(kept, page.next_page_number()) if page.has_next() else "",
        ),
        clear_url=_url({"view": view}),
    )


def in_view(view: str) -> QuerySet[Order]:
    """The orders of a saved view, in the order one works through them."""
    if view == "to_pack":
        return orders_to_ship()
    if view == "on_hold":
        return Order.objects.filter(Exists(open_holds())).order_by("placed_at")
    if view == "payment_problems":
        in_doubt = Q(payment_state__in=[PaymentState.DISPUTED, PaymentState.PARTLY_PAID])
        stopped = Exists(open_holds().filter(kind=HoldKind.PAYMENT_MISMATCH))
        return Order.objects.filter(in_doubt | stopped).order_by("placed_at")
    return Order.objects.order_by("-placed_at", "-pk")


def open_holds() -> QuerySet[OrderHold]:
    """Open holds of the order outside."""
    return OrderHold.objects.filter(order=OuterRef("pk"), resolved_at__isnull=True)


def filtered(orders: QuerySet[Order], chosen: Mapping[str, Any]) -> QuerySet[Order]:
    """Those of them that fit what was chosen."""
    for name, field in (
        ("lifecycle", "lifecycle"),
        ("payment", "payment_state"),
        ("delivery", "fulfillment_state"),
        ("market", "market"),
    ):
        if name in chosen:
            orders = orders.filter(**{field: chosen[name]})
    if "q" in chosen:
        text = chosen["q"].strip()
        orders = orders.filter(Q(number__icontains=text.upper()) | Q(email__icontains=text))
    if "since" in chosen:
        orders = orders.filter(placed_at__gte=_midnight(chosen["since"]))
    if "until" in chosen:
        orders = orders.filter(placed_at__lt=_midnight(chosen["until"]) + timedelta(days=1))
    return orders


def view_tabs(*, current: str = "") -> tuple[ViewTab, ...]:
    """The saved views with how many orders wait in each; "all" is not counted twice."""
    labels = {
        "to_pack": pgettext("saved view of orders", "To pack"),
        "on_hold": pgettext("saved view of orders", "On hold"),
        "payment_problems": pgettext("saved view of orders", "Payment problems"),
        "all": pgettext("saved view of orders", "All"),
    }
    return tuple(
        ViewTab(
            key=key,
            label=labels[key],
            count=in_view(key).order_by().count(),
            url=_url({"view": key}),
            current=key == current,
        )
        for key in VIEWS
    )


def rows_of(orders: Any) -> tuple[OrderRow, ...]:
    """Rows of a list, in one query."""
    held = orders.annotate(held=Exists(open_holds())) if isinstance(orders, QuerySet) else orders
    return tuple(_row(order) for order in held)


def _row(order: Order) -> OrderRow:
    language = get_language() or "en"
    ship = order.addresses["ship"]
    return OrderRow(
        number=order.number,
        url=reverse("admin:workspace_order", args=[order.number]),
        placed_at=order.placed_at,
        customer=str(ship.get("parts", {}).get("name", "")) or order.email,
        email=order.email,
        market=market_of_record(order.market, language=language).name,
        country=country_name(order.country, language),
        total=order.total,
        lifecycle=words.lifecycle_state(order.lifecycle),
        payment=words.payment_state(order.payment_state),
        delivery=_delivery(order),
        is_held=bool(getattr(order, "held", False)),
    )


def _delivery(order: Order) -> State:
    """How far the goods are; an order that ended early or waits for its money says that instead."""
    if order.lifecycle in (Lifecycle.CANCELED, Lifecycle.EXPIRED, Lifecycle.PENDING_PAYMENT):
        return words.lifecycle_state(order.lifecycle)
    if getattr(order, "held", False):
        return State(label=pgettext("delivery of an order", "On hold"), tone="bad")
    return words.delivery_state(order.fulfillment_state)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _url(params: Mapping[str, str], page: int | None = None) -> str:
    query = {**params, **({"page": str(page)} if page else {})}
    return f"{reverse('admin:workspace_list')}?{urlencode(query)}"
