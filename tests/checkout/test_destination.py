"""Another country of the same market: what it costs there is computed anew, and what changed is said."""

import pytest

from core.money import Money
from inventory.models import DeliveryMethod
from markets.cache import forget
from markets.models import Country, MarketCountry
from markets.queries import market_by_code
from orders.models import Order
from tests.factories.cart import item_in, open_shop
from tests.factories.inventory import a_method
from tests.factories.markets import CountryFactory, JurisdictionFactory, TaxRateFactory, TaxRegistrationFactory
from tests.journeys.shopping import HIDDEN, Shopper

pytestmark = pytest.mark.django_db

VIENNA = {"country": "AT", "street": "Ring 1", "postal_code": "1010", "city": "Wien"}


@pytest.fixture
def shopper() -> Shopper:
    """A shop for Germany and Austria: 19 and 20 percent, and delivery to Austria costs more."""
    market = open_shop()
    austria = CountryFactory(code="AT", in_eu_customs_union=True)
    Country.objects.filter(code="DE").update(in_eu_customs_union=True)
    TaxRateFactory(jurisdiction=JurisdictionFactory(country=austria), rate="0.20")
    TaxRegistrationFactory(country=austria)
    MarketCountry.objects.create(country=austria, market_id=market.id, position=1)
    DeliveryMethod.objects.update(countries=["DE"])
    abroad = a_method(DeliveryMethod.objects.earliest("pk").market, "abroad", rates={2_000: "12.00"})
    abroad.countries = ["AT"]
    abroad.save()
    forget()
    shopper = Shopper()
    shopper.add(item_in(market))
    return shopper


def test_the_quote_is_computed_anew_and_every_change_is_named(shopper: Shopper) -> None:
    typed = shopper.form()

    page = shopper.post("checkout/country/", **{**typed, **VIENNA}).text

    assert "Your order goes to Austria now." in page
    assert "Delivery: €4.90 before, €12.00 now." in page
    assert "Tax: €3.97 before, €5.33 now." in page
    assert "Total: €24.90 before, €32.00 now." in page
    assert "VAT 20% (Austria)" in page
    assert 'value="Wien"' in page


def test_nothing_is_said_while_the_country_stays(shopper: Shopper) -> None:
    typed = shopper.form()

    assert "Your order goes to" not in shopper.post("checkout/country/", **{**typed, "city": "Bonn"}).text


def test_an_unseen_change_of_country_stops_before_the_order(shopper: Shopper) -> None:
    typed = shopper.form()

    answer = shopper.post("checkout/", **{**typed, **VIENNA}, action="place")

    assert answer.status == 409
    assert "Total: €24.90 before, €32.00 now." in answer.text
    assert not Order.objects.exists()


def test_the_order_goes_where_the_last_page_said(shopper: Shopper) -> None:
    typed = {**shopper.form(), **VIENNA}
    typed |= dict(HIDDEN.findall(shopper.post("checkout/country/", **typed).text))

    assert shopper.post("checkout/", **typed, action="place").status == 303

    order = Order.objects.get()
    assert (order.country, order.total, order.addresses["ship"]["parts"]["city"]) == (
        "AT",
        Money("32.00", "EUR"),
        "Wien",
    )


def test_the_cart_follows_its_destination(shopper: Shopper) -> None:
    shopper.post("cart/destination/", country="AT", postal_code="1010")

    page = shopper.get("cart/").text

    assert "€32.00" in page
    assert "VAT 20% (Austria)" in page


def test_an_order_that_is_too_heavy_is_told_so_and_not_sent_to_another_country(shopper: Shopper) -> None:
    shopper.post("cart/destination/", country="AT", postal_code="1010")
    shopper.add(item_in(market_by_code("de", language="en")), 4)

    cart = shopper.get("cart/").text

    assert "Your order weighs 2.5 kg. To Austria we send at most 2 kg in one order." in cart
    assert "another country" not in cart
    typed = {**shopper.form(), **VIENNA}
    answer = shopper.post("checkout/", **typed, action="place")
    assert answer.status == 422
    assert "Take something out, or order in two parts." in answer.text
    assert "another country" not in answer.text
