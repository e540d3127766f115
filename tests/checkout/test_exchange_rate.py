"""The exchange rate of an order: locked when the checkout starts, stored with its day, source and mark-up."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from cart.models import Cart
from checkout.actions import complete_checkout, save_entry
from checkout.models import Checkout
from core.money import Money
from markets.cache import forget
from markets.fx import Quoted, import_rates
from markets.models import LegalEntity, Market
from markets.types import MarketContext
from orders.models import Order
from orders.workspace.books import booked, books_sentence
from tests.factories.cart import cart_with, item_in, open_shop
from tests.factories.checkout import seen, typed
from tests.factories.markets import CurrencyFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def rate(day: date, value: str) -> None:
    import_rates(cells=[Quoted(day, "USD", Decimal(value))], base="EUR", source="ecb")


@pytest.fixture
def market() -> MarketContext:
    found = open_shop("us")
    CurrencyFactory(code="EUR")
    Market.objects.filter(code="us").update(fx_markup_percent="1.5", fx_lock_minutes=30)
    forget()
    return found


def begun(market: MarketContext) -> Cart:
    cart = cart_with(market, (item_in(market), 1))
    save_entry(cart_id=cart.pk, entry=typed(market), market=market, user_id=None)
    return cart


def ordered(cart: Cart, market: MarketContext) -> Order:
    entry = seen(typed(market), cart, market)
    placed = complete_checkout(cart_id=cart.pk, entry=entry, market=market, user_id=None, prefix="TST")
    return Order.objects.get(number=placed.number)


def facts(order: Order) -> tuple[object, ...]:
    return (
        order.reporting_currency,
        order.exchange_rate and round(order.exchange_rate, 15),
        order.exchange_rate_ref,
        order.exchange_rate_on,
        order.exchange_markup_percent,
    )


def in_euro(value: str) -> Decimal:
    return round(1 / Decimal(value), 15)


def test_the_rate_of_the_start_stays_for_the_minutes_of_the_market(market: MarketContext) -> None:
    rate(date(2026, 11, 19), "1.10")
    with time_machine.travel(START, tick=False):
        cart = begun(market)
    rate(date(2026, 11, 20), "1.20")
    with time_machine.travel(START + timedelta(minutes=30), tick=False):
        order = ordered(cart, market)
    assert facts(order) == ("EUR", in_euro("1.10"), "ecb", date(2026, 11, 19), Decimal("1.500"))


def test_after_the_minutes_the_newer_rate_counts(market: MarketContext) -> None:
    rate(date(2026, 11, 19), "1.10")
    with time_machine.travel(START, tick=False):
        cart = begun(market)
    rate(date(2026, 11, 20), "1.20")
    with time_machine.travel(START + timedelta(minutes=31), tick=False):
        order = ordered(cart, market)
    assert facts(order) == ("EUR", in_euro("1.20"), "ecb", date(2026, 11, 20), Decimal("1.500"))


def test_operators_see_the_worth_in_the_books(market: MarketContext) -> None:
    rate(date(2026, 11, 19), "1.25")
    with time_machine.travel(START, tick=False):
        order = ordered(begun(market), market)
    assert booked(order) == Money(round(order.total.amount * Decimal("0.8"), 2), "EUR")
    assert "1 USD = 0.8 EUR, source ecb, 19 Nov 2026." in books_sentence(order)
    order.exchange_rate = None
    assert books_sentence(order) == "No exchange rate to EUR was known when the order was placed."


def test_a_rate_too_old_for_the_market_is_left_out_and_never_used(market: MarketContext) -> None:
    rate(date(2026, 11, 10), "1.10")
    with time_machine.travel(START, tick=False):
        order = ordered(begun(market), market)
    assert facts(order) == ("EUR", None, "", None, Decimal(0))
    assert Checkout.objects.get().locked_rate == {}


def test_in_the_sellers_own_currency_the_rate_is_one() -> None:
    market = open_shop("de")
    with time_machine.travel(START, tick=False):
        order = ordered(begun(market), market)
    assert facts(order) == ("EUR", Decimal(1), "identity", date(2026, 11, 20), Decimal(0))


def test_the_books_are_kept_in_the_sellers_currency(market: MarketContext) -> None:
    LegalEntity.objects.update(reporting_currency="USD")
    forget()
    with time_machine.travel(START, tick=False):
        assert facts(ordered(begun(market), market))[:3] == ("USD", Decimal(1), "identity")
