"""A guest buys, over HTTP, without scripts."""

import pytest

from orders.models import Lifecycle, Order, PaymentState
from payments.models import Payment
from tests.factories.cart import item_in, open_shop
from tests.journeys.shopping import Shopper

pytestmark = pytest.mark.django_db


def test_a_guest_buys_and_sees_the_order() -> None:
    market = open_shop("de")
    shopper = Shopper()
    item = item_in(market, price="24.90")

    assert shopper.add(item, 2).status == 303
    cart = shopper.get("cart/")
    assert cart.status == 200
    assert "49.80" in cart.text

    to_provider = shopper.order()
    assert to_provider.status == 303, to_provider.text
    order = Order.objects.get()
    assert order.lifecycle == Lifecycle.PENDING_PAYMENT

    back = shopper.choose(to_provider.location, "succeed")
    assert back.status == 303
    to_order = shopper.follow(back.location)
    assert to_order.status == 303
    page = shopper.follow(to_order.location)
    assert page.status == 200
    assert order.number in page.text

    order.refresh_from_db()
    assert order.payment_state == PaymentState.PAID
    assert Payment.objects.get().captured == order.total
    assert shopper.get("cart/badge/").text.count("count") == 0
