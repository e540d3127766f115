"""The checkout page over HTTP: errors, changes, double presses, declines, tampering."""

import re

import pytest

from cart.models import Cart, CartState
from catalog.actions import NewPrice, set_prices
from catalog.models import PriceList
from checkout.models import Checkout, CheckoutState
from core.money import Money
from inventory.models import StockItem
from orders.models import Lifecycle, Order
from payments.models import Payment
from tests.factories.cart import item_in, open_shop
from tests.journeys.shopping import Answer, Shopper

pytestmark = pytest.mark.django_db


def ready(**facts: object) -> Shopper:
    """Somebody with two pieces in the cart."""
    market = open_shop()
    shopper = Shopper()
    shopper.add(item_in(market, price="20.00", **facts), 2)
    return shopper


def title_of(answer: Answer) -> str:
    found = re.search(r"<title>(.*?)</title>", answer.text, re.S)
    return found[1].strip() if found else ""


def test_an_empty_cart_has_no_checkout() -> None:
    open_shop()

    answer = Shopper().get("checkout/")

    assert answer.status == 303
    assert answer.location == "/de/en/cart/"


def test_errors_keep_everything_and_lead_to_the_fields() -> None:
    shopper = ready()

    answer = shopper.order(street="", postal_code="104", email="nobody", city="Köln & Co")

    assert answer.status == 422
    assert title_of(answer).startswith("Error:")
    for field in ("street", "postal-code", "email"):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}-error"' in answer.text
    assert 'value="Köln &amp; Co"' in answer.text
    assert 'value="104"' in answer.text
    assert not Order.objects.exists()


@pytest.mark.parametrize("word", ["invalid", "please", "required"])
def test_errors_do_not_scold(word: str) -> None:
    answer = ready().order(street="", postal_code="1", email="x", name="", payment="none")

    shown = re.sub(r"<[^>]+>", " ", answer.text[answer.text.index("<main") :])
    assert word not in shown.lower()


def test_another_country_keeps_what_was_typed_without_a_script() -> None:
    shopper = ready()
    typed = shopper.form(street="Kastanienallee 41", email="me@example.com")

    answer = shopper.post("checkout/", **typed, action="refresh")

    assert answer.status == 200
    assert 'value="Kastanienallee 41"' in answer.text
    assert 'value="me@example.com"' in answer.text
    assert 'value="Kastanienallee 41"' in shopper.get("checkout/").text
    assert Checkout.objects.get().state == CheckoutState.OPEN


def test_a_country_of_another_market_is_not_taken() -> None:
    shopper = ready()

    answer = shopper.post("checkout/", **{**shopper.form(), "country": "KP"}, action="refresh")

    assert answer.status == 200
    assert '<option value="DE" selected' in answer.text


def test_a_price_that_moved_is_shown_and_asked_again() -> None:
    shopper = ready()
    typed = shopper.form()
    variant_id = Cart.objects.get().lines.get().variant_id
    set_prices(
        price_list_id=PriceList.objects.get().pk,
        prices=[NewPrice(variant_id=variant_id, amount=Money("25.00", "EUR"))],
    )

    answer = shopper.post("checkout/", **typed, action="place")

    assert answer.status == 409
    assert "40.00 before" in answer.text
    assert "50.00 now" in answer.text
    assert not Order.objects.exists()
    assert StockItem.objects.get().available == 10

    assert shopper.order().status == 303
    assert Order.objects.get().items_total == Money("50.00", "EUR")


def test_stock_that_went_meanwhile_is_shown_and_asked_again() -> None:
    shopper = ready()
    typed = shopper.form()
    StockItem.objects.update(on_hand=1)

    answer = shopper.post("checkout/", **typed, action="place")

    assert answer.status == 409
    assert not Order.objects.exists()
    assert Cart.objects.get().lines.get().quantity == 2


@pytest.mark.parametrize("fingerprint", ["", "abc", "eyJmIjoieCJ9:1tX:aa"])
def test_a_tampered_total_orders_nothing(fingerprint: str) -> None:
    shopper = ready()

    answer = shopper.post("checkout/", **shopper.form(fingerprint=fingerprint), action="place", total="0.01")

    assert answer.status == 409
    assert not Order.objects.exists()


def test_numbers_in_the_form_do_not_change_what_is_charged() -> None:
    shopper = ready()

    shopper.order(total="0.01", amount="1", shipping="0", discount="99", items_total="0")

    assert Payment.objects.get().amount == Order.objects.get().total == Money("44.90", "EUR")


def test_pressing_twice_is_one_order_and_one_payment() -> None:
    shopper = ready()
    typed = shopper.form()
    typed["action"] = "place"

    first, second, third = (shopper.post("checkout/", **typed) for _ in range(3))

    assert first.status == 303
    assert {second.status, third.status} == {303}
    assert Order.objects.count() == 1
    assert Payment.objects.count() == 1
    assert Cart.objects.get().state == CartState.ORDERED


def test_going_back_to_the_checkout_leads_to_the_order_it_became() -> None:
    shopper = ready()
    to_provider = shopper.order()
    back = shopper.choose(to_provider.location, "succeed").location
    shopper.follow(back)

    again = shopper.get("checkout/")
    assert "/checkout/return/" in again.location
    assert f"/orders/{Order.objects.get().number}/" in shopper.follow(again.location).location


def test_a_declined_payment_keeps_the_order_and_takes_another_method() -> None:
    shopper = ready()
    to_provider = shopper.order()
    back = shopper.choose(to_provider.location, "decline").location
    to_retry = shopper.follow(back)
    assert "/checkout/retry/" in to_retry.location

    page = shopper.follow(to_retry.location)
    assert page.status == 200
    assert "Nothing was charged" in page.text

    form = re.search(r'name="form_key" value="([^"]*)"', page.text)
    assert form
    again = [Answer(shopper.client.post(to_retry.location, {"payment": "card", "form_key": form[1]})) for _ in range(2)]
    assert again[0].status == again[1].status == 303
    assert again[0].location == again[1].location
    done = shopper.follow(shopper.choose(again[0].location, "succeed").location)
    assert "/orders/" in done.location
    assert Order.objects.get().lifecycle == Lifecycle.CONFIRMED
    assert sorted(Payment.objects.values_list("state", flat=True)) == ["captured", "failed"]


def test_coming_back_without_paying_offers_to_pay() -> None:
    shopper = ready()
    shopper.order()
    checkout = Checkout.objects.get()

    answer = shopper.get(f"checkout/return/{checkout.pk}/")

    assert "/checkout/retry/" in answer.location
    assert Order.objects.get().lifecycle == Lifecycle.PENDING_PAYMENT


def test_a_payment_that_is_still_pending_is_confirming_and_polled() -> None:
    shopper = ready()
    back = shopper.choose(shopper.order().location, "pending_succeed").location

    page = shopper.follow(back)

    assert page.status == 200
    status = re.search(r'<order-status src="([^"]+)"', page.text)
    assert status
    fragment = shopper.follow(status[1])
    assert fragment.status == 200
    assert "data-settled" not in fragment.text


def test_an_unknown_return_leads_to_the_finder() -> None:
    open_shop()

    answer = Shopper().get("checkout/return/00000000-0000-4000-8000-000000000000/")

    assert answer.location.endswith("/orders/find/")


def test_billing_elsewhere_is_checked_and_kept() -> None:
    shopper = ready()

    answer = shopper.order(billing_same="", billing_country="DE", billing_name="Firma")
    assert answer.status == 422
    assert 'href="#billing-street"' in answer.text

    shopper.order(
        billing_same="",
        billing_country="DE",
        billing_name="Firma",
        billing_street="Weg 1",
        billing_postal_code="50667",
        billing_city="Köln",
    )
    stored = Order.objects.get().addresses
    assert stored["bill"]["parts"]["city"] == "Köln"
    assert stored["ship"]["parts"]["city"] == "Berlin"


def test_the_button_names_the_amount_and_the_obligation() -> None:
    page = ready().get("checkout/")

    assert "Buy now: €44.90" in page.text
