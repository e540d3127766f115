"""Checkouts filled in as a shopper would."""

from uuid import UUID, uuid4

from cart.models import Cart
from cart.queries import quote_for_cart
from checkout.actions import Placed, complete_checkout, destination_of
from checkout.entry import Entry
from checkout.shown import seal
from markets.types import MarketContext

ADDRESSES = {
    "DE": {"name": "Test Person", "street": "Kastanienallee 41", "postal_code": "10435", "city": "Berlin"},
    "US": {
        "name": "Test Person",
        "street": "1 Main Street",
        "postal_code": "97201",
        "city": "Portland",
        "region": "OR",
    },
    "JP": {
        "name": "Test Person",
        "street": "1-1",
        "postal_code": "150-0001",
        "city": "渋谷区",
        "region": "東京都",
    },
    "AE": {"name": "Test Person", "street": "Sheikh Zayed Road 1", "city": "Dubai", "region": "Dubai"},
}
EMAIL = "shopper@example.com"


def typed(market: MarketContext, *, payment: str = "card", delivery: str = "", key: UUID | None = None) -> Entry:
    """A complete form for the market's first country."""
    return Entry(
        email=EMAIL,
        country=market.country,
        ship=ADDRESSES[market.country],
        bill_country=market.country,
        delivery=delivery,
        payment=payment,
        form_key=key or uuid4(),
    )


def seen(entry: Entry, cart: Cart, market: MarketContext) -> Entry:
    """The same form after the page has shown the total of now."""
    quote = quote_for_cart(cart=cart, market=market, destination=destination_of(entry))
    return Entry(**{**vars(entry), "shown": seal(quote)})


def place(cart: Cart, market: MarketContext, entry: Entry | None = None, *, user_id: int | None = None) -> Placed:
    """Order the cart."""
    ready = seen(entry or typed(market), cart, market)
    return complete_checkout(cart_id=cart.pk, entry=ready, market=market, user_id=user_id, prefix="TST")
