"""The same purchase in markets with other money, taxes and addresses."""

from decimal import Decimal

import pytest

from core.money import Money
from orders.models import Order, PaymentState
from payments.models import Payment
from tests.factories.cart import item_in, open_shop
from tests.journeys.shopping import Shopper

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "language", "country", "total", "tax"),
    [
        ("de", "de", "DE", "44.90", "7.17"),
        ("jp", "ja", "JP", "10400", "946"),
        ("ae", "ar", "AE", "184.90", "8.80"),
        ("us", "en", "US", "44.90", "0"),
    ],
)
def test_a_guest_buys_in_every_kind_of_market(code: str, language: str, country: str, total: str, tax: str) -> None:
    market = open_shop(code)
    shopper = Shopper(market=code, language=language)
    shopper.add(item_in(market), 2)

    to_provider = shopper.order(country)
    assert to_provider.status == 303, to_provider.text[:4000]
    page = shopper.follow(shopper.follow(shopper.choose(to_provider.location, "succeed").location).location)

    order = Order.objects.get()
    assert page.status == 200
    assert order.number in page.text
    assert order.language == language
    assert order.payment_state == PaymentState.PAID
    assert order.total == Payment.objects.get().captured == Money(total, market.currency)
    assert order.tax_total == Money(Decimal(tax), market.currency)


def test_an_unknown_language_or_market_is_a_404() -> None:
    open_shop("de")

    assert Shopper(market="de", language="xx").get("checkout/").status == 404
    assert Shopper(market="zz", language="en").get("cart/").status == 404
