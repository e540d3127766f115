"""What is handed over at once waits, too, while somebody looks whether an order is honest."""

import pytest

from core.outbox import drain
from orders.actions import resolve_hold
from orders.models import Order, OrderHold
from payments.actions import Asked, open_payment
from payments.models import CreditAccount
from payments.risk.types import About
from tests.factories.cart import open_shop
from tests.factories.orders import placed_order
from tests.factories.payments import fact, settled
from tests.orders.test_gift_cards_sold import a_gift_card

pytestmark = pytest.mark.django_db


def paid_with_risk(level: str) -> Order:
    market = open_shop()
    order = placed_order(market, (a_gift_card(market), 2))
    about = About(order_ref=order.number, worth=order.total, email=order.email, address="", ship_country="DE")
    payment = open_payment(
        order_ref=order.number, amount=order.total, provider="sandbox", method="card", asked=Asked(about=about)
    )
    settled(payment, fact(payment, "captured", detail={"risk_level": level}))
    drain(limit=200)
    return order


def cards() -> int:
    return CreditAccount.objects.filter(kind="gift_card").count()


def test_gift_cards_of_an_honest_order_are_made_at_once() -> None:
    paid_with_risk("normal")
    assert cards() == 2


def test_gift_cards_of_a_suspected_order_are_made_when_somebody_has_looked() -> None:
    order = paid_with_risk("highest")
    hold = OrderHold.objects.get(order=order, kind="fraud")
    assert cards() == 0
    resolve_hold(hold_id=hold.pk, resolution="Called the customer back")
    drain(limit=200)
    assert cards() == 2


def test_a_second_suspicion_keeps_them_back_when_the_first_is_gone() -> None:
    order = paid_with_risk("highest")
    first = OrderHold.objects.get(order=order, kind="fraud")
    OrderHold.objects.create(order=order, kind="fraud", key="another", reason="Another reason", due_at=first.due_at)
    resolve_hold(hold_id=first.pk, resolution="Called the customer back")
    drain(limit=200)
    assert cards() == 0
