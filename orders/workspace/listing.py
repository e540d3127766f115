"""The operators' list of orders: views, filters that live in the address, one page of rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, pgettext

from markets.names import country_name
from markets.queries import market_of_record
from orders.models import (
    HoldKind,
    Lifecycle,
    Order,
    OrderHold,
    OrderTagging,
    PaymentState,
    SavedOrderView,
)
from orders.queries import orders_to_ship
from orders.workspace import words
from orders.workspace.counting import Count, counts_of
from orders.workspace.filters import FilterForm, as_address, as_words, narrowed, open_holds, understood
from orders.workspace.leafing import leaf_of, read_place
from orders.workspace.types import LeafLinks, OrderRow, State, ViewTab

PER_PAGE = 25
MOST_SAVED = 12
"""Saved views beside the shop's own that are shown as tabs; the others are found on their own page."""
VIEWS = ("to_pack", "on_hold", "payment_problems", "all")


@dataclass(frozen=True, kw_only=True)
class OrderList:
    """One page of the list. `query` is the whole choice as an address has it, without the place in the list."""

    rows: tuple[OrderRow, ...]
    tabs: tuple[ViewTab, ...]
    form: FilterForm
    view: str
    saved: SavedOrderView | None
    is_changed: bool
    """Whether other filters than those of the saved view are chosen."""
    is_filtered: bool
    links: LeafLinks
    query: str
    clear_url: str


def order_list(params: Mapping[str, str], *, user_id: int | None) -> OrderList:
    """The page that the address asks for, as this person sees it."""
    form, chosen = understood(params)
    view = view_named(params.get("view", ""))
    views = saved_views(user_id)
    saved = next((one for one in views if str(one.pk) == params.get("saved", "")), None)
    found = narrowed(in_view(view), chosen, user_id=user_id)
    leaf = leaf_of(
        dressed(found),
        newest_first=view == "all",
        after=read_place(params.get("after", "")),
        before=read_place(params.get("before", "")),
        size=PER_PAGE,
    )
    counts = counts_of([found, *_lists(views, user_id)])
    query = as_address(chosen, view=view)
    named = {"saved": str(saved.pk)} if saved else {}
    return OrderList(
        rows=rows_of(leaf.orders),
        tabs=_tabs(views, counts[1:], current=str(saved.pk) if saved else view),
        form=form,
        view=view,
        saved=saved,
        is_changed=saved is not None and saved.filters != {"view": view, **as_words(chosen)},
        is_filtered=bool(chosen),
        links=LeafLinks(
            total=counts[0].number,
            is_more=counts[0].is_more,
            previous_url=_url(as_address(chosen, view=view, **named, before=str(leaf.before))) if leaf.before else "",
            next_url=_url(as_address(chosen, view=view, **named, after=str(leaf.after))) if leaf.after else "",
        ),
        query=query,
        clear_url=_url(urlencode({"view": view})),
    )


def orders_of_address(params: Mapping[str, str], *, user_id: int | None) -> QuerySet[Order]:
    """All orders the list shows for an address, on all its pages."""
    _form, chosen = understood(params)
    return narrowed(in_view(view_named(params.get("view", ""))), chosen, user_id=user_id)


def view_named(key: str) -> str:
    """One of the shop's own views; all orders for anything else."""
    return key if key in VIEWS else "all"


def in_view(view: str) -> QuerySet[Order]:
    """The orders of one of the shop's own views, in the order one works through them."""
    if view == "to_pack":
        return orders_to_ship()
    if view == "on_hold":
        return Order.objects.filter(Exists(open_holds())).order_by("placed_at")
    if view == "payment_problems":
        # By key, each found by an index of its own; "one or the other" of two tables would read every order.
        in_doubt = Order.objects.filter(payment_state__in=[PaymentState.DISPUTED, PaymentState.PARTLY_PAID])
        stopped = OrderHold.objects.filter(resolved_at__isnull=True, kind=HoldKind.PAYMENT_MISMATCH)
        either = in_doubt.order_by().values("pk").union(stopped.order_by().values("order_id"))
        return Order.objects.filter(pk__in=either).order_by("placed_at")
    return Order.objects.order_by("-placed_at", "-pk")


def saved_views(user_id: int | None) -> list[SavedOrderView]:
    """The person's own views, then those that are shared. One query."""
    visible = SavedOrderView.objects.filter(Q(is_shared=True) | Q(owner_id=user_id)).order_by("name", "pk")
    return sorted(visible, key=lambda one: one.owner_id != user_id)[:MOST_SAVED]


def view_tabs(*, current: str = "") -> tuple[ViewTab, ...]:
    """The shop's own views with how many orders are in each. One query."""
    return _tabs((), counts_of(_lists((), None)), current=current)


def _lists(views: Iterable[SavedOrderView], user_id: int | None) -> list[QuerySet[Order]]:
    """Every list that is counted: the shop's own views, then the saved ones."""
    return [*map(in_view, VIEWS), *(orders_of_address(one.filters, user_id=user_id) for one in views)]


def _tabs(views: Iterable[SavedOrderView], counts: Iterable[Count], *, current: str) -> tuple[ViewTab, ...]:
    labels = {
        "to_pack": pgettext("saved view of orders", "To pack"),
        "on_hold": pgettext("saved view of orders", "On hold"),
        "payment_problems": pgettext("saved view of orders", "Payment problems"),
        "all": pgettext("saved view of orders", "All"),
    }
    named = [(key, labels[key], _url(urlencode({"view": key})), False) for key in VIEWS]
    named += [
        (str(one.pk), one.name, _url(urlencode({"saved": one.pk, **one.filters})), one.is_shared) for one in views
    ]
    return tuple(
        ViewTab(
            key=key,
            label=label,
            count=count.number,
            is_more=count.is_more,
            url=url,
            current=key == current,
            is_shared=is_shared,
        )
        for (key, label, url, is_shared), count in zip(named, counts, strict=True)
    )


def dressed(orders: QuerySet[Order]) -> QuerySet[Order]:
    """With what a row shows besides the order's own columns: whether it is held, and its tags."""
    tags = OrderTagging.objects.select_related("tag").order_by("tag__name")
    return orders.annotate(held=Exists(open_holds())).prefetch_related(Prefetch("taggings", tags))


def rows_of(orders: Iterable[Order]) -> tuple[OrderRow, ...]:
    """Rows of a list of orders that were dressed."""
    return tuple(_row(order) for order in orders)


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
        channel="" if order.channel == "shop" else order.channel,
        tags=tuple(words.tag(one.tag) for one in order.taggings.all()),
    )


def _delivery(order: Order) -> State:
    """How far the goods are; an order that ended early or waits for its money says that instead."""
    if order.lifecycle in (Lifecycle.CANCELED, Lifecycle.EXPIRED, Lifecycle.PENDING_PAYMENT):
        return words.lifecycle_state(order.lifecycle)
    if getattr(order, "held", False):
        return State(label=pgettext("delivery of an order", "On hold"), tone="bad")
    return words.delivery_state(order.fulfillment_state)


def _url(query: str) -> str:
    return f"{reverse('admin:workspace_list')}?{query}"
