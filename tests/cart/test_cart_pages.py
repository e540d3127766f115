"""The cart over HTTP, as a browser and as somebody who tampers with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cart.models import Cart, CartLine
from markets.types import MarketContext
from members.models import User
from tests.factories.cart import item_in, open_shop
from tests.journeys.shopping import Shopper
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def market() -> MarketContext:
    return open_shop()


@pytest.mark.parametrize("quantity", ["-1", "NaN", "1.5", "99999999999999999999", "x", "1e9"])
def test_a_tampered_quantity_gets_a_sentence_and_loses_nothing(market: MarketContext, quantity: str) -> None:
    shopper = Shopper()
    shopper.add(item_in(market), 2)
    line = CartLine.objects.get()

    answer = shopper.post("cart/update/", line=line.pk, quantity=quantity)

    assert answer.status == 303
    assert "We left it as it was." in shopper.get("cart/").text
    line.refresh_from_db()
    assert line.quantity == 2


@pytest.mark.parametrize("variant", ["", "-1", "abc", "9" * 40, "1 OR 1=1", "999999999"])
@pytest.mark.usefixtures("market")
def test_a_tampered_item_gets_a_sentence(variant: str) -> None:
    shopper = Shopper()

    assert shopper.post("cart/add/", variant=variant, quantity=1).status == 303

    assert shopper.get("cart/").status == 200
    assert not CartLine.objects.exists()


def test_a_price_in_the_form_is_ignored(market: MarketContext) -> None:
    shopper = Shopper()

    shopper.post("cart/add/", variant=item_in(market, price="20.00").pk, quantity=1, price="0.01", unit="0.01")

    assert "20.00" in shopper.get("cart/").text


def test_a_forged_cart_cookie_opens_nothing(market: MarketContext) -> None:
    owner, thief = Shopper(), Shopper()
    owner.add(item_in(market), 2)
    thief.client.cookies["cart"] = str(Cart.objects.get().pk)

    assert "20.00" not in thief.get("cart/").text


def test_an_expired_cart_is_said_and_a_new_one_begins(market: MarketContext) -> None:
    shopper = Shopper()
    item = item_in(market)
    shopper.add(item, 2)
    Cart.objects.update(touched_at=timezone.now() - timedelta(days=61))

    assert "kept for 60 days" in shopper.get("cart/").text
    assert "kept for 60 days" not in shopper.get("cart/").text

    shopper.add(item, 1)
    assert Cart.objects.count() == 2


def test_adding_from_a_script_answers_with_the_drawer(market: MarketContext) -> None:
    shopper = Shopper()
    item = item_in(market, names={"en": "Kesen kettle"})

    answer = shopper.client.post(
        shopper.path("cart/add/"), {"variant": item.pk, "quantity": 1}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 200
    assert b"Kesen kettle" in answer.content
    assert b"<html" not in answer.content


@pytest.mark.usefixtures("market")
def test_the_cart_is_never_kept_by_a_cache() -> None:

    header = Shopper().get("cart/").response["Cache-Control"]

    assert "no-store" in header
    assert "private" in header


def test_a_foreign_destination_is_refused_in_words(market: MarketContext) -> None:
    shopper = Shopper()
    shopper.add(item_in(market))

    shopper.post("cart/destination/", country="KP", postal_code="1")

    assert "does not deliver there" in shopper.get("cart/").text
    assert Cart.objects.get().country == ""


def test_signing_in_brings_the_guests_cart_along(market: MarketContext) -> None:
    shopper = Shopper()
    shopper.add(item_in(market, price="20.00"), 2)
    user = User.objects.create_user("member@example.com")

    shopper.client.force_login(user)

    assert "40.00" in shopper.get("cart/").text
    assert Cart.objects.get(state="open").user_id == user.pk
