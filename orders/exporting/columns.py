"""The columns an export of orders can have, and what each says of an order.

A row is an order. Amounts are decimal numbers in the order's currency, which is a column of its own; moments are
ISO 8601 with their offset from UTC. Words of states are the reader's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from markets.names import country_name
from orders.models import Order, OrderHold, OrderLine, OrderTagging
from orders.origins import read_touch

Cell = str | int | Decimal


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its code in addresses and choices, its title, and its cell."""

    code: str
    title: str | Promise
    cell: Callable[[Order], Cell]
    is_number: bool = False


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""


def _part(kind: str, part: str) -> Callable[[Order], Cell]:
    def cell(order: Order) -> Cell:
        address = order.addresses.get(kind) or {}
        return str(address.get("parts", {}).get(part, ""))

    return cell


def _address(kind: str) -> Callable[[Order], Cell]:
    return lambda order: ", ".join((order.addresses.get(kind) or {}).get("lines", []))


def _amount(name: str) -> Callable[[Order], Cell]:
    return lambda order: getattr(order, name).amount


def _goods(order: Order) -> Cell:
    return "; ".join(f"{line.quantity} × {line.sku}" for line in order.lines.all())


def _tags(order: Order) -> Cell:
    return ", ".join(one.tag.name for one in order.taggings.all())


def _touch(which: str, part: str) -> Callable[[Order], Cell]:
    def cell(order: Order) -> Cell:
        origin = getattr(order, "origin", None)
        return str(getattr(read_touch(getattr(origin, which)), part)) if origin is not None else ""

    return cell


def _country(order: Order) -> Cell:
    return country_name(order.country, get_language() or "en")


COLUMNS: tuple[Column, ...] = (
    Column(code="number", title=_("Order number"), cell=lambda order: order.number),
    Column(code="placed_at", title=_("Placed"), cell=lambda order: _moment(order.placed_at)),
    Column(code="paid_at", title=_("Paid on"), cell=lambda order: _moment(order.paid_at)),
    Column(
        code="lifecycle",
        title=pgettext_lazy("where something stands", "State"),
        cell=lambda order: order.get_lifecycle_display(),
    ),
    Column(code="payment", title=_("Payment"), cell=lambda order: order.get_payment_state_display()),
    Column(code="delivery", title=_("Delivery"), cell=lambda order: order.get_fulfillment_state_display()),
    Column(code="returns", title=_("Returns"), cell=lambda order: order.get_aftersales_state_display()),
    Column(code="held", title=_("On hold"), cell=lambda order: int(order.held), is_number=True),  # type: ignore[attr-defined]  # annotated
    Column(code="tags", title=_("Tags"), cell=_tags),
    Column(code="channel", title=_("Channel"), cell=lambda order: order.channel),
    Column(code="external_ref", title=_("Number elsewhere"), cell=lambda order: order.external_ref),
    Column(code="source", title=_("Campaign or source"), cell=lambda order: order.source),
    Column(code="first_source", title=_("Came first by"), cell=_touch("first", "label")),
    Column(code="medium", title=pgettext_lazy("of a campaign", "Medium"), cell=_touch("last", "medium")),
    Column(code="landing", title=_("First page"), cell=_touch("first", "landing")),
    Column(code="market", title=_("Market"), cell=lambda order: order.market),
    Column(code="language", title=_("Language"), cell=lambda order: order.language),
    Column(code="country", title=_("Country code"), cell=lambda order: order.country),
    Column(code="country_name", title=_("Country"), cell=_country),
    Column(code="email", title=_("Email"), cell=lambda order: order.email),
    Column(code="phone", title=_("Phone"), cell=lambda order: order.phone),
    Column(code="name", title=_("Name"), cell=_part("ship", "name")),
    Column(code="ship_to", title=_("Delivery address"), cell=_address("ship")),
    Column(code="bill_to", title=_("Billing address"), cell=_address("bill")),
    Column(code="goods", title=_("Goods"), cell=_goods),
    Column(code="pieces", title=_("Pieces"), cell=lambda order: order.pieces or 0, is_number=True),  # type: ignore[attr-defined]  # annotated
    Column(code="currency", title=_("Currency"), cell=lambda order: order.currency),
    Column(code="items_total", title=_("Goods total"), cell=_amount("items_total"), is_number=True),
    Column(code="discount_total", title=_("Discounts"), cell=_amount("discount_total"), is_number=True),
    Column(
        code="shipping_total",
        title=pgettext_lazy("amount", "Delivery"),
        cell=_amount("shipping_total"),
        is_number=True,
    ),
    Column(code="duty_total", title=_("Duties"), cell=_amount("duty_total"), is_number=True),
    Column(code="tax_total", title=_("Tax"), cell=_amount("tax_total"), is_number=True),
    Column(code="total", title=_("Total"), cell=_amount("total"), is_number=True),
    Column(code="delivery_name", title=_("Way of delivery"), cell=lambda order: order.delivery_name),
    Column(code="payment_method", title=_("Way to pay"), cell=lambda order: order.payment_method),
)
BY_CODE: Mapping[str, Column] = {column.code: column for column in COLUMNS}
FIRST = ("number", "placed_at", "lifecycle", "payment", "delivery", "market", "country", "email", "currency", "total")
"""What is exported before anybody has chosen columns."""
OF_ORIGINS = frozenset({"first_source", "medium", "landing"})
"""Columns of how the buyer came."""


def columns_of(codes: Sequence[str]) -> tuple[Column, ...]:
    """The columns of these codes, in their order, each once; those that do not exist any more are left out."""
    return tuple(BY_CODE[code] for code in dict.fromkeys(codes) if code in BY_CODE)


def read_for(orders: QuerySet[Order], columns: Sequence[Column]) -> QuerySet[Order]:
    """With what these columns read of other tables, and nothing else."""
    codes = {column.code for column in columns}
    if "held" in codes:
        orders = orders.annotate(held=Exists(OrderHold.objects.filter(order=OuterRef("pk"), resolved_at__isnull=True)))
    if "pieces" in codes:
        orders = orders.annotate(pieces=Sum("lines__quantity"))
    if codes & OF_ORIGINS:
        orders = orders.select_related("origin")
    if "tags" in codes:
        tags = OrderTagging.objects.select_related("tag").order_by("tag__name")
        orders = orders.prefetch_related(Prefetch("taggings", tags))
    if "goods" in codes:
        orders = orders.prefetch_related(Prefetch("lines", OrderLine.objects.order_by("position")))
    return orders
