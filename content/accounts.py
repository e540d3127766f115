"""What a member sees of their orders in the account."""

from django.db.models import Sum
from django.urls import reverse

from content.types import AccountPage, OrderSummary
from members.models import User
from orders.models import Order
from orders.queries import orders_of
from orders.states import station
from orders.station_words import StationWords
from orders.words import TONES

MOST_ORDERS = 50


def account_page(user: User) -> AccountPage:
    """The latest orders of `user`. One query."""
    rows = orders_of(user.pk).annotate(pieces=Sum("lines__quantity"))[:MOST_ORDERS]
    return AccountPage(email=user.email, orders=tuple(_summary(row, row.pieces or 0) for row in rows))


def _summary(order: Order, pieces: int) -> OrderSummary:
    key = station(
        lifecycle=order.lifecycle,
        payment=order.payment_state,
        fulfillment=order.fulfillment_state,
        aftersales=order.aftersales_state,
    )
    return OrderSummary(
        number=order.number,
        url=reverse("orders:open", kwargs={"number": order.number}),
        placed_at=order.placed_at,
        item_count=pieces,
        label=StationWords(market=order.market, country=order.country).label(key),
        tone=TONES.get(key, "ok"),
        total=order.total,
    )
