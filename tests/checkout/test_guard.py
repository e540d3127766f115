"""A checkout that is much dearer than its cart says why, and the shop hears of it once."""

from collections.abc import Callable

import pytest

from core.models import AuditEntry
from markets.cache import forget
from markets.models import Country, Market
from tests.factories.cart import item_in, open_shop
from tests.factories.markets import JurisdictionFactory, TaxRateFactory, TaxRegistrationFactory
from tests.journeys.shopping import Shopper

pytestmark = pytest.mark.django_db
DEARER = "The total is higher than in your cart"


@pytest.fixture
def taxed_in_oregon() -> Shopper:
    """A shop whose cart knows no state yet, and whose seller collects 30 percent in one of them."""
    market = open_shop("us")
    country = Country.objects.get(code="US")
    TaxRateFactory(jurisdiction=JurisdictionFactory(country=country, region="OR"), rate="0.30", kind="sales")
    TaxRegistrationFactory(country=country, region="OR")
    forget()
    shopper = Shopper(market="us")
    shopper.add(item_in(market), 2)
    return shopper


def test_the_shopper_reads_why_and_the_shop_hears_once(taxed_in_oregon: Shopper, run_outbox: Callable[[], int]) -> None:
    typed = taxed_in_oregon.form("US")

    for _ in range(2):
        page = taxed_in_oregon.post("checkout/delivery/", **typed)
        run_outbox()

    assert DEARER in page.text
    assert "Tax: $0.00 before, $13.47 now." in page.text
    [entry] = AuditEntry.objects.filter(action="checkout.dearer_than_cart")
    assert entry.data["percent"] == 30


def test_a_market_that_expects_such_differences_says_nothing(taxed_in_oregon: Shopper) -> None:
    Market.objects.filter(code="us").update(price_shock_percent=50)
    forget()

    page = taxed_in_oregon.post("checkout/delivery/", **taxed_in_oregon.form("US"))

    assert DEARER not in page.text


def test_a_checkout_that_costs_what_the_cart_said_says_nothing() -> None:
    market = open_shop("de")
    shopper = Shopper()
    shopper.add(item_in(market))

    assert DEARER not in shopper.post("checkout/delivery/", **shopper.form("DE")).text
