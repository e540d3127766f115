"""A guest pays at PayPal, over HTTP, from the cart to the order: agrees, turns back, is declined."""

import urllib.error
import urllib.request

import pytest

from markets.cache import forget
from markets.models import Market, MarketPaymentMethod
from orders.models import Lifecycle, Order, PaymentState
from payments.models import Payment
from tests.factories.cart import item_in, open_shop
from tests.factories.markets import PaymentMethodFactory
from tests.journeys.shopping import Answer, Shopper
from tests.payments.paypal_world import paypal, post
from tests.standins.paypal_double import PayPalDouble

__all__ = ["paypal"]
pytestmark = pytest.mark.django_db


class Stays(urllib.request.HTTPRedirectHandler):
    """The browser goes back to the shop itself."""

    def redirect_request(self, *_: object) -> None:
        return None


def press(page: str, choice: str) -> str:
    """Press a button on PayPal's page; where the browser is sent."""
    with pytest.raises(urllib.error.HTTPError) as moved:
        urllib.request.build_opener(Stays).open(page, data=f"choice={choice}".encode(), timeout=10)
    assert moved.value.code == 303
    return str(moved.value.headers["Location"])


def at_the_page(shopper: Shopper) -> str:
    market = open_shop("de")
    method = PaymentMethodFactory(code="paypal", brand="PayPal", family="wallet", provider_codes={})
    MarketPaymentMethod.objects.create(market=Market.objects.get(code="de"), method=method)
    forget()
    shopper.add(item_in(market, price="24.90"), 2)
    to_provider = shopper.order(payment="paypal")
    assert to_provider.status == 303, to_provider.text
    return to_provider.location


def shown(shopper: Shopper, place: str) -> Answer:
    """Follow the shop's own redirects to the page they end at."""
    answer = shopper.follow(place)
    while answer.status == 303:
        answer = shopper.follow(answer.location)
    assert answer.status == 200
    return answer


def test_a_guest_pays_at_paypal_and_sees_the_order(paypal: PayPalDouble) -> None:
    shopper = Shopper()
    page = at_the_page(shopper)
    assert page.startswith(f"{paypal.url}/checkoutnow?token=")
    back = press(page, "approve")
    order = Order.objects.get()
    assert order.number in shown(shopper, back).text
    order.refresh_from_db()
    assert order.payment_state == PaymentState.PAID
    assert Payment.objects.get().captured == order.total
    assert paypal.deliver(post, times=2) == 6
    assert len(paypal.books.made("POST", "/capture")) == 1


def test_a_guest_who_turns_back_or_is_declined_pays_the_same_order_in_the_end(paypal: PayPalDouble) -> None:
    shopper = Shopper()
    page = at_the_page(shopper)
    choices = shown(shopper, press(page, "cancel"))
    assert "The payment is not finished. Nothing was charged." in choices.text
    paypal.books.decline_with = "INSTRUMENT_DECLINED"
    choices = shown(shopper, press(page, "approve"))
    assert "The payment was declined. Nothing was charged." in choices.text
    paypal.books.decline_with = ""
    again = shopper.client.post(choices.response.request["PATH_INFO"], {"payment": "paypal"})
    assert again.status_code == 303
    back = press(again["Location"], "approve")
    shown(shopper, back)
    order = Order.objects.get()
    assert (order.lifecycle == Lifecycle.PENDING_PAYMENT, order.payment_state) == (False, PaymentState.PAID)
    assert [payment.state for payment in Payment.objects.order_by("pk")] == ["failed", "captured"]
