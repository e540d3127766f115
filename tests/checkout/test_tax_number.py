"""Buying as a business: the number takes the tax off only when its register says so, and stays with the order."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from cart.models import Cart
from cart.queries import quote_for_cart
from catalog.models import Variant
from checkout.actions import complete_checkout, destination_of
from checkout.entry import Entry, entry_from, read_entry
from checkout.shown import seal
from checkout.tasks import forget_tax_numbers
from checkout.tax_number import (
    FOR_GUESTS,
    buyer_of,
    check_tax_number,
    forget_old_numbers,
    kind_asked,
    tax_number_fields,
    tax_number_problem,
)
from markets.models import BuyerTaxId
from orders.models import Order
from tests.factories.cart import cart_with, item_in, open_shop
from tests.factories.checkout import typed
from tests.journeys.shopping import Shopper
from tests.markets.facts import market as anywhere
from tests.markets.test_tax_ids import Stand

pytestmark = pytest.mark.django_db
GOOD = "DE136695976"


@pytest.fixture
def vies() -> Iterator[Stand]:
    stand = Stand()
    with override_settings(VIES_URL=stand.address):
        yield stand
    stand.server.shutdown()
    stand.server.server_close()


def entry(number: str, **changes: Any) -> Entry:
    return Entry(**{**vars(typed(anywhere())), "tax_number": number, **changes})


def test_a_wrong_number_is_said_and_can_be_left_out() -> None:
    problem = tax_number_problem(entry("DE1"))["tax_number"]
    assert problem.startswith("This is not a valid VAT number.")
    assert problem.endswith("Correct it, or leave it empty.")
    assert tax_number_problem(entry("")) == {}


def test_the_number_is_asked_only_where_it_matters() -> None:
    assert kind_asked(entry("")) is not None
    assert kind_asked(entry("", country="US")) is None
    assert kind_asked(entry("", country="US", billing_same=False, bill_country="FR")) is not None
    assert tax_number_fields(entry("", country="US"), "") == ()


def test_a_number_its_register_knows_makes_the_buyer_a_business(vies: Stand) -> None:
    mine = entry("de 136 695 976")
    assert buyer_of(mine, user_id=None).is_business is False
    check_tax_number(mine, user_id=None, visitor="1")
    buyer = buyer_of(mine, user_id=None)
    assert (buyer.is_business, buyer.tax_id, buyer.tax_id_country) == (True, GOOD, "DE")
    (field,) = tax_number_fields(mine, "")
    assert "The register knows this number." in field.hint
    check_tax_number(mine, user_id=None, visitor="1")
    assert len(vies.asked) == 1


@pytest.mark.parametrize("body", [{"isValid": False, "userError": "INVALID"}, b"down"])
def test_without_a_clear_yes_the_tax_is_charged(vies: Stand, body: Any) -> None:
    vies.body = body
    mine = entry(GOOD)
    check_tax_number(mine, user_id=None, visitor="1")
    assert buyer_of(mine, user_id=None).is_business is False
    check_tax_number(mine, user_id=None, visitor="1")
    assert len(vies.asked) == 1


def test_nobody_is_asked_about_too_many_numbers(vies: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checkout.tax_number.MOST_CHECKS", 1)
    check_tax_number(entry(GOOD), user_id=None, visitor="a visitor of this test")
    check_tax_number(entry("ATU00000024", country="AT"), user_id=None, visitor="a visitor of this test")
    assert len(vies.asked) == 1


def test_the_number_is_kept_while_the_checkout_is_open_and_frozen_on_the_order(vies: Stand) -> None:
    market = open_shop()
    variant: Variant = item_in(market)
    cart: Cart = cart_with(market, (variant, 1))
    mine = Entry(**{**vars(typed(market)), "tax_number": GOOD})
    check_tax_number(mine, user_id=None, visitor="2")
    again = entry_from(mine.as_json(), email="", delivery="", payment="", market=market)
    assert again.tax_number == GOOD
    quote = quote_for_cart(cart=cart, market=market, destination=destination_of(mine))
    ready = Entry(**{**vars(mine), "shown": seal(quote)})
    placed = complete_checkout(cart_id=cart.pk, entry=ready, market=market, user_id=None, prefix="TST")
    order = Order.objects.get(number=placed.number)
    assert order.total == quote.total
    row = BuyerTaxId.objects.get(reference=placed.number)
    assert (row.number, row.status, row.consultation_ref) == (GOOD, "valid", "WAPIAAAA")


def test_what_guests_typed_is_forgotten_after_a_month(vies: Stand) -> None:
    check_tax_number(entry(GOOD), user_id=None, visitor="3")
    assert forget_old_numbers() == 0
    BuyerTaxId.objects.filter(reference=FOR_GUESTS).update(updated="2026-01-01T00:00:00Z")
    assert forget_tax_numbers() == 1


def test_the_form_keeps_what_was_typed() -> None:
    market = open_shop()
    assert read_entry({"tax_number": f" {GOOD} "}, market).tax_number == GOOD


def test_the_page_shows_the_field_and_the_problem() -> None:
    shopper = Shopper()
    shopper.add(item_in(open_shop(), price="20.00"), 1)
    assert 'name="tax_number"' in shopper.get("checkout/").text
    answer = shopper.order(tax_number="DE1")
    assert answer.status == 422
    assert "Correct it, or leave it empty." in answer.text
