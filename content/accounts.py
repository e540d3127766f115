"""What a member sees of their orders in the account."""

from django.db.models import Sum
from django.urls import reverse

from content.types import AccountPage, OrderSummary, PastSummary
from members.models import User
from members.queries import proven_emails
from orders.models import Order, PastOrder
from orders.past.queries import past_orders_with, platform_name
from orders.queries import orders_of
from orders.states import station
from orders.station_words import StationWords
from orders.words import TONES

MOST_ORDERS = 50


def account_page(user: User) -> AccountPage:
    """The latest orders of `user`, and what was bought elsewhere with addresses they have proven. Three queries."""
    rows = orders_of(user.pk).annotate(pieces=Sum("lines__quantity"))[:MOST_ORDERS]
    return AccountPage(
        email=user.email,
        orders=tuple(_summary(row, row.pieces or 0) for row in rows),
        elsewhere=tuple(map(_past, past_orders_with(proven_emails(user.pk)))),
    )


def _past(order: PastOrder) -> PastSummary:
    return PastSummary(
        number=order.number,
        platform=platform_name(order.platform),
        placed_at=order.placed_at,
        label=order.get_state_display(),
        total=order.total,
    )


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
