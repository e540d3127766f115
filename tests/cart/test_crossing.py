"""Another market is chosen with a full cart: what cannot come along is named first, and kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cart.models import CartLine, Place
from catalog import actions
from catalog.models import Variant
from core.money import Money
from inventory.models import Warehouse
from markets.models import Market
from markets.queries import market_by_code
from tests.factories.cart import item_in, open_shop
from tests.factories.catalog import price_list
from tests.factories.inventory import a_method, a_warehouse, stocked
from tests.factories.markets import small_world
from tests.journeys.shopping import Shopper
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def here() -> Variant:
    """A shop in Germany and one in Japan that has a price for nothing yet; an item of the German one."""
    market = open_shop()
    small_world("jp")
    japan = Market.objects.get(code="jp")
    a_warehouse("TYO", market=japan)
    a_method(japan, rates={2_000: "800"})
    return item_in(market)


def sold_in_japan(item: Variant, *, stock: int = 5) -> None:
    """The item gets a price there, and pieces."""
    row = price_list("jp")
    actions.set_price(price_list_id=row.pk, variant_id=item.pk, amount=Money("4800", "JPY"))
    actions.refresh_derived(product_ids=[item.product_id])
    if stock:
        stocked(item, stock, warehouse=Warehouse.objects.get(code="TYO"))


def to_japan(shopper: Shopper) -> str:
    return shopper.get("choose/?market=jp&country=JP").text


def test_an_item_that_is_not_sold_there_is_listed_before_and_kept_for_later(here: Variant) -> None:
    shopper = Shopper()
    shopper.add(here, 2)

    page = to_japan(shopper)

    assert "1 item of your cart cannot come along" in page
    assert "Not sold in Japan." in page
    assert CartLine.objects.get().place == Place.CART

    answer = shopper.post("cart/switch/", market="jp", country="JP", language="en", next="/de/en/cart/")

    assert answer.location == "/jp/en/cart/"
    line = CartLine.objects.get()
    assert (line.place, line.quantity) == (Place.LATER, 2)
    there = shopper.follow(answer.location).text
    assert "It is saved for later, below." in there
    assert "Saved for later (1)" in there


@pytest.mark.parametrize(("stock", "grams", "reason"), [(0, 500, "Out of stock for Japan."), (5, 2_500, "Cannot be")])
def test_what_is_out_of_stock_or_too_heavy_there_is_listed_with_its_reason(
    here: Variant, stock: int, grams: int, reason: str
) -> None:
    Variant.objects.filter(pk=here.pk).update(weight_g=grams)
    sold_in_japan(here, stock=stock)
    shopper = Shopper()
    shopper.add(here)

    assert reason in to_japan(shopper)


def test_what_can_come_along_is_not_listed_and_stays_in_the_cart(here: Variant) -> None:
    sold_in_japan(here)
    shopper = Shopper()
    shopper.add(here)

    page = to_japan(shopper)
    assert "cannot come along" not in page
    assert 'action="/de/en/choose/"' in page
    shopper.post("choose/", market="jp", country="JP", language="en")

    assert CartLine.objects.get().place == Place.CART


def test_with_something_in_the_cart_every_other_market_leads_to_the_look_before(here: Variant) -> None:
    shopper = Shopper()
    assert 'href="/jp/en/"' in shopper.get("choose/").text
    shopper.add(here)

    page = shopper.get("choose/").text

    assert 'href="/jp/en/"' not in page
    assert "/de/en/choose/?market=jp" in page


def test_twice_kept_lines_become_one_and_nothing_is_lost(here: Variant) -> None:
    shopper = Shopper()
    shopper.add(here, 2)
    shopper.post("cart/save/", line=CartLine.objects.get().pk)
    shopper.add(here, 3)

    shopper.post("cart/switch/", market="jp", country="JP")

    line = CartLine.objects.get()
    assert (line.place, line.quantity) == (Place.LATER, 5)


def test_looking_costs_the_same_for_one_line_and_many(here: Variant) -> None:
    shopper = Shopper()
    shopper.add(here)
    to_japan(shopper)
    with CaptureQueriesContext(connection) as one:
        to_japan(shopper)
    for _ in range(5):
        shopper.add(item_in(market_by_code("de", language="en")))
    to_japan(shopper)
    with CaptureQueriesContext(connection) as many:
        to_japan(shopper)

    assert len(many) == len(one)


def test_a_market_that_does_not_exist_changes_nothing(here: Variant) -> None:
    shopper = Shopper()
    shopper.add(here)

    assert shopper.post("cart/switch/", market="xx", country="AQ").location == "/de/en/"

    assert CartLine.objects.get().place == Place.CART
