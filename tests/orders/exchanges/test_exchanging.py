"""Exchanges from asking to money: what is held, what is sent, what is paid, and what comes back again."""

import pytest

from core.models import Message
from core.money import to_minor
from core.outbox import drain
from inventory.errors import OutOfStock
from inventory.models import Reservation, StockItem
from markets.types import MarketContext
from orders.actions import cancel_order, expire_order
from orders.actions.exchanging import bring_exchange_back, give_up_exchange, settle_exchange
from orders.actions.returns import ReturnItem, approve_return, cancel_return, open_exchange
from orders.exchanging.errors import ExchangeMoved
from orders.models import Document, Exchange, LinkKind, Order, OrderLink, OrderRefund, ReturnRequest
from orders.returning.errors import ReasonNeeded
from payments.actions import refresh_payment, settle_payment, submit_due_refunds
from payments.models import CreditAccount, Payment, SandboxCharge
from tests.factories.cart import item_in, open_shop
from tests.factories.payments import choose_at_sandbox, fact, started
from tests.orders.exchanges.world import (
    came_back,
    euros,
    promise,
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
    """Everything that waits is done: reactions, refunds, and what follows from them."""
    for _ in range(4):
        drain(limit=300)
        submit_due_refunds()
    drain(limit=300)


def child_of(order: Order) -> Order:
    return OrderLink.objects.get(target=order, kind=LinkKind.EXCHANGE_OF).source


def lies_in_between() -> list[int]:
    return list(CreditAccount.objects.filter(kind="exchange").values_list("balance_minor", flat=True))


def test_an_exchange_of_equal_worth_costs_nothing_and_closes_both_sides(market: MarketContext) -> None:
    promise(market)
    small, large = two_sizes(market, "20.00", "20.00")
    order = delivered_order(market, (small, 1))
    request = settled(came_back(wants(order, large)))
    child = child_of(order)

    assert request.state == "closed"
    assert request.refund is not None
    assert request.refund.amount == child.total == euros("20.00")
    assert (child.lifecycle, child.payment_state) == ("confirmed", "paid")
    assert [row.variant_id for row in child.lines.all()] == [large.pk]
    all_done()
    order.refresh_from_db()
    assert OrderRefund.objects.get().state == "succeeded"
    assert not order.receipts.filter(refunded__gt=0).exists()
    assert lies_in_between() == [0]
    assert Document.objects.filter(order=order, kind="credit_note").count() == 1
    assert Document.objects.filter(order=child, kind="invoice").count() == 1
    told = Message.objects.filter(reference=child.number)
    assert {"exchange_ordered", "order_confirmed"} <= set(told.values_list("kind", flat=True))
    assert broken("Q02") == []


def test_a_cheaper_one_gives_the_rest_back_the_way_it_was_paid(market: MarketContext) -> None:
    promise(market)
    small, large = two_sizes(market, "20.00", "15.00")
    order = delivered_order(market, (small, 1))
    settled(came_back(wants(order, large)))
    all_done()

    refund = OrderRefund.objects.get()
    shares = {(share.exchange_id is not None, to_minor(share.amount)) for share in refund.shares.all()}
    assert shares == {(True, 1500), (False, 500)}
    assert to_minor(order.receipts.get().refunded) == 500
    assert child_of(order).payment_state == "paid"
    assert broken("Q02") == []


def test_a_dearer_one_waits_for_the_difference_and_is_sent_when_it_is_paid(market: MarketContext) -> None:
    promise(market)
    small, large = two_sizes(market, "20.00", "25.00")
    order = delivered_order(market, (small, 1))
    settled(came_back(wants(order, large)))
    child = child_of(order)
    assert (child.lifecycle, to_minor(child.receipts.get().received)) == ("pending_payment", 2000)
    all_done()
    assert "5" in Message.objects.get(kind="exchange_ordered").text

    payment = started(euros("5.00"), order=child.number)
    choose_at_sandbox(payment, "succeed")
    refresh_payment(payment_ref=payment.ref)
    child.refresh_from_db()
    assert (child.lifecycle, child.payment_state) == ("confirmed", "paid")
    all_done()
    assert broken("Q02") == []


def test_a_difference_nobody_pays_sends_everything_back_to_the_first_payment(market: MarketContext) -> None:
    promise(market)
    small, large = two_sizes(market, "20.00", "25.00")
    order = delivered_order(market, (small, 1))
    settled(came_back(wants(order, large)))
    child = child_of(order)

    assert expire_order(number=child.number)
    all_done()

    order.refresh_from_db()
    assert lies_in_between() == [0]
    assert to_minor(order.receipts.get().refunded) == 2000
    exchange = Exchange.objects.get()
    assert (exchange.credit_minor, exchange.settled_minor, exchange.returned_minor) == (2000, 2000, 2000)
    assert bring_exchange_back(child_number=child.number) == 0
    assert StockItem.objects.get(variant=large).on_hand == 5
    assert broken("Q02") == []


@pytest.mark.parametrize("came_back_first", [True, False])
def test_a_difference_that_comes_too_late_goes_back_as_well(market: MarketContext, came_back_first: bool) -> None:
    """The credit of the exchange has gone on to the first payment, so the difference alone never sends the goods."""
    promise(market)
    small, large = two_sizes(market, "20.00", "25.00")
    order = delivered_order(market, (small, 1))
    settled(came_back(wants(order, large)))
    child = child_of(order)
    late = started(euros("5.00"), order=child.number)
    assert expire_order(number=child.number)
    if came_back_first:
        all_done()

    SandboxCharge.objects.filter(payment_ref=late.ref).update(captured_minor=500)
    settle_payment(payment_ref=late.ref, fact=fact(late, "captured"))
    all_done()

    child.refresh_from_db()
    late.refresh_from_db()
    assert child.lifecycle == "expired"
    assert (late.captured_minor, late.refunded_minor) == (500, 500)
    assert to_minor(order.receipts.get().refunded) == 2000
    assert lies_in_between() == [0]
    assert StockItem.objects.get(variant=large).allocated == 0
    assert broken("Q02") == []


def test_a_canceled_exchange_pays_back_once(market: MarketContext) -> None:
    promise(market)
    small, large = two_sizes(market, "20.00", "20.00")
    order = delivered_order(market, (small, 1))
    settled(came_back(wants(order, large)))
    cancel_order(number=child_of(order).number, reason="Not wanted after all")
    all_done()
    all_done()

    payment = Payment.objects.get(order_ref=order.number)
    assert payment.refunded_minor == 2000
    assert lies_in_between() == [0]
    assert broken("Q02") == []


@pytest.mark.parametrize(("policy", "total"), [("today", "25.00"), ("lower", "20.00")])
def test_a_dearer_variant_costs_what_the_market_promises(market: MarketContext, policy: str, total: str) -> None:
    promise(market, exchange_price=policy)
    small, large = two_sizes(market, "20.00", "25.00")
    order = delivered_order(market, (small, 1))
    settled(came_back(wants(order, large)))
    assert child_of(order).total == euros(total)


def test_what_is_wanted_is_held_from_the_agreement_and_free_when_the_return_is_taken_back(
    market: MarketContext,
) -> None:
    promise(market)
    small, large = two_sizes(market, "20.00", "20.00", stock=1)
    order = delivered_order(market, (small, 1))
    request = wants(order, large)
    approve_return(return_number=request.number)
    assert Reservation.objects.filter(state="held").count() == 1

    cancel_return(number=order.number, return_number=request.number)
    assert Exchange.objects.get().state == "given_up"
    assert not Reservation.objects.filter(state="held").exists()


def test_the_last_one_is_sent_though_it_is_held_by_the_exchange_itself(market: MarketContext) -> None:
    promise(market)
    small, large = two_sizes(market, "20.00", "20.00", stock=1)
    order = delivered_order(market, (small, 1))
    settled(came_back(wants(order, large)))
    assert child_of(order).lines.get().variant_id == large.pk


def test_what_is_gone_is_not_agreed_to_and_nothing_is_written(market: MarketContext) -> None:
    promise(market)
    small, large = two_sizes(market, "20.00", "20.00")
    order = delivered_order(market, (small, 1))
    StockItem.objects.filter(variant=large).update(on_hand=0)
    request = wants(order, large)
    with pytest.raises(OutOfStock):
        approve_return(return_number=request.number)
    request.refresh_from_db()
    assert request.state == "requested"
    assert not Exchange.objects.exists()


def test_a_settlement_that_is_not_what_was_shown_is_refused(market: MarketContext) -> None:
    promise(market)
    small, large = two_sizes(market, "20.00", "20.00")
    order = delivered_order(market, (small, 1))
    request = came_back(wants(order, large))
    shown = shown_for(request)
    wrong = type(shown)(worth=shown.worth, total=shown.total + euros("0.01"))
    with pytest.raises(ExchangeMoved):
        settle_exchange(return_number=request.number, settlement=settlement_of(request), shown=wrong)
    assert not OrderLink.objects.exists()
    assert not OrderRefund.objects.exists()
    assert not CreditAccount.objects.exists()


def test_settling_twice_is_one_order_and_one_refund(market: MarketContext) -> None:
    promise(market)
    small, large = two_sizes(market, "20.00", "20.00")
    order = delivered_order(market, (small, 1))
    request = came_back(wants(order, large))
    settlement, shown = settlement_of(request), shown_for(request)
    for _ in range(2):
        settle_exchange(return_number=request.number, settlement=settlement, shown=shown)
    assert (OrderRefund.objects.count(), OrderLink.objects.count(), Exchange.objects.count()) == (1, 1, 1)


def test_an_exchange_that_is_given_up_becomes_a_refund(market: MarketContext) -> None:
    promise(market)
    small, large = two_sizes(market, "20.00", "20.00")
    order = delivered_order(market, (small, 1))
    request = came_back(wants(order, large))
    give_up_exchange(return_number=request.number, reason="It is damaged in the warehouse")
    request.refresh_from_db()
    drain(limit=100)
    assert (request.resolution, Exchange.objects.get().state) == ("refund", "given_up")
    assert Message.objects.filter(kind="exchange_given_up").count() == 1


def test_an_operator_exchanges_for_any_variant_that_is_sold(market: MarketContext) -> None:
    small, _large = two_sizes(market, "20.00", "20.00")
    order = delivered_order(market, (small, 1))
    other = item_in(market, price="12.00")
    item = ReturnItem(line_id=order.lines.get().pk, quantity=1, wanted_id=other.pk)
    with pytest.raises(ReasonNeeded):
        open_exchange(number=order.number, items=[item], note=" ", key="desk-1")
    request = open_exchange(number=order.number, items=[item], note="Wrong advice on the phone", key="desk-1")
    assert open_exchange(number=order.number, items=[item], note="Again", key="desk-1") == request
    assert (ReturnRequest.objects.count(), request.state, Exchange.objects.get().state) == (1, "approved", "agreed")
