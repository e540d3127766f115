"""Exchanges that leave before the goods are back: money is lent, and what is lent ends as goods or as money."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.money import to_minor
from core.outbox import drain
from markets.types import MarketContext
from orders.actions import cancel_order
from orders.actions.exchanging import chase_sent_first, settle_exchange
from orders.actions.returns import approve_return, cancel_return
from orders.exchanging.errors import AlreadyOrdered
from orders.exchanging.rules import Standing
from orders.exchanging.standing import standing_of_customer
from orders.models import Exchange, Lifecycle, Order, OrderHold, OrderLink, OrderRefund, ReturnRequest
from payments.actions import submit_due_refunds
from payments.models import CreditAccount, LedgerEntry
from tests.factories.cart import open_shop
from tests.factories.orders import pay, placed_order
from tests.orders.exchanges.world import (
    promise,
    seen,
    settled,
    settlement_of,
    shown_for,
    two_sizes,
    wants,
)
from tests.orders.returns.world import delivered_order
from tests.shared_world import shared_world
from tests.soundness import broken

pytestmark = pytest.mark.django_db


@shared_world
def market() -> MarketContext:
    return open_shop()


def all_done() -> None:
    for _ in range(4):
        drain(limit=300)
        submit_due_refunds()
    drain(limit=300)


def account(code: str) -> int:
    """What lies on a ledger account."""
    return sum(LedgerEntry.objects.filter(account__code=code).values_list("amount_minor", flat=True))


def lent(market: MarketContext, django_user_model: type, small: str = "20.00", large: str = "20.00") -> ReturnRequest:
    """A member in good standing exchanges one size for the other, and the new one is ordered at once."""
    promise(market, exchange_sends="known")
    one, other = two_sizes(market, small, large, stock=9)
    person = django_user_model.objects.create_user(email="known@example.com", password="not a secret 1")
    for _ in range(3):
        done = placed_order(market, (one, 1), user_id=person.pk)
        pay(done)
        Order.objects.filter(pk=done.pk).update(lifecycle=Lifecycle.COMPLETED)
    order = delivered_order(market, (one, 1))
    Order.objects.filter(pk=order.pk).update(user_id=person.pk)
    request = wants(order, other)
    approve_return(return_number=request.number)
    return request


def test_the_new_order_is_paid_before_anything_is_back_and_the_ledger_says_what_is_lent(
    market: MarketContext, django_user_model: type
) -> None:
    request = lent(market, django_user_model)
    exchange = Exchange.objects.get()
    assert exchange.child is not None
    assert (exchange.sends, exchange.state, exchange.lent_minor) == ("first", "ordered", 2000)
    assert (exchange.child.lifecycle, exchange.child.payment_state) == ("confirmed", "paid")
    assert account("exchange_advances") == 2000
    assert standing_of_customer(request.order) == Standing(is_member=True, completed=3, lent=1)
    assert not OrderRefund.objects.exists()


def test_goods_that_come_back_end_what_was_lent(market: MarketContext, django_user_model: type) -> None:
    request = settled(seen(lent(market, django_user_model)))
    all_done()
    exchange = Exchange.objects.get()
    assert (request.state, exchange.lent_minor, exchange.settled_minor) == ("closed", 0, 2000)
    assert (account("exchange_advances"), account("exchange_clearing")) == (0, 0)
    assert OrderLink.objects.count() == 1
    assert OrderRefund.objects.get().state == "succeeded"
    assert not OrderHold.objects.exists()


def test_a_new_order_that_is_canceled_before_pays_nobody_and_the_goods_are_refunded_later(
    market: MarketContext, django_user_model: type
) -> None:
    request = lent(market, django_user_model)
    exchange = Exchange.objects.get()
    assert exchange.child is not None
    cancel_order(number=exchange.child.number, reason="Not wanted after all")
    all_done()
    exchange.refresh_from_db()
    assert (exchange.lent_minor, exchange.returned_minor) == (0, 2000)
    assert (account("exchange_advances"), account("exchange_clearing")) == (0, 0)
    assert not request.order.receipts.filter(refunded__gt=0).exists()

    request = seen(request)
    settle_exchange(return_number=request.number, settlement=settlement_of(request), shown=shown_for(request))
    all_done()
    assert to_minor(request.order.receipts.get().refunded) == 2000


def test_a_return_whose_exchange_was_sent_cannot_be_taken_back(market: MarketContext, django_user_model: type) -> None:
    request = lent(market, django_user_model)
    with pytest.raises(AlreadyOrdered):
        cancel_return(number=request.order.number, return_number=request.number)
    request.refresh_from_db()
    assert request.state == "approved"


def test_goods_that_do_not_come_back_are_asked_about_once(market: MarketContext, django_user_model: type) -> None:
    request = lent(market, django_user_model)
    assert chase_sent_first() == 0
    ReturnRequest.objects.filter(pk=request.pk).update(send_by=timezone.now().date() - timedelta(days=1))
    assert (chase_sent_first(), chase_sent_first()) == (1, 0)
    assert OrderHold.objects.get().facts["amount"] == "20.00"


def test_guests_wait_until_their_goods_are_back(market: MarketContext) -> None:
    promise(market, exchange_sends="known")
    one, other = two_sizes(market, "20.00", "20.00")
    order = delivered_order(market, (one, 1))
    approve_return(return_number=wants(order, other).number)
    assert (Exchange.objects.get().sends, CreditAccount.objects.count()) == ("after", 0)
    assert broken("Q02") == []
