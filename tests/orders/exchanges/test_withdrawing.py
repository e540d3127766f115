"""Withdrawing when the exchange was sent first: two pairs are out, one was paid, and it is paid back once.

Directive 2011/83/EU Art. 9 and 13: the right holds for each contract; money goes back for goods that come back.
"""

from uuid import uuid4

import pytest

from core.models import AuditEntry
from core.money import from_minor, to_minor
from markets.queries import market_of_record
from members.models import User
from orders.actions import deliver_fulfillment, ship_fulfillment
from orders.actions.exchange_rows import worth_of
from orders.actions.exchanging import settle_exchange
from orders.actions.returns import approve_return, cancel_return
from orders.actions.returns_closing import settle_return
from orders.actions.withdrawals import Declared, declare_withdrawal
from orders.errors import NothingToWithdraw
from orders.models import Exchange, Order, OrderHold, ReturnRequest, WithdrawalStatement
from orders.returning.errors import WithdrawalStands
from orders.returning.settling import proposals, with_deductions
from tests.factories.cart import open_shop
from tests.orders.exchanges.test_sent_first import account, all_done, lent
from tests.orders.exchanges.world import seen, settled, settlement_of, shown_for
from tests.shared_world import shared_world
from tests.soundness import broken_checks

pytestmark = pytest.mark.django_db


@shared_world
def on_its_way() -> ReturnRequest:
    """The return of the old pair, which is still with the customer; the new pair has been ordered."""
    return lent(open_shop(), User)


@pytest.fixture
def first(on_its_way: ReturnRequest) -> ReturnRequest:
    """The same when the new pair has been delivered too."""
    request = on_its_way
    child = child_of(request)
    for parcel in child.fulfillments.all():
        ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL", tracking_no=f"{child.number}-1")
        deliver_fulfillment(fulfillment_id=parcel.pk)
    Order.objects.update(withdrawal_days=14)
    request.order.refresh_from_db()
    return request


def broken() -> list[str]:
    """What is wrong, besides the customer's earlier orders, which nobody has carried out."""
    return sorted(broken_checks("Q02", "O07"))


def child_of(request: ReturnRequest) -> Order:
    child = Exchange.objects.get(return_request=request).child
    assert child is not None
    child.refresh_from_db()
    return child


def withdraw(order: Order) -> WithdrawalStatement:
    market = market_of_record(order.market, language=order.language)
    said = Declared(key=str(uuid4()), name="Test Person", named_order=order.number, email=order.email)
    return declare_withdrawal(declared=said, market=market, number=order.number)


def old_pair_comes(request: ReturnRequest) -> None:
    """It arrives and is settled by the exchange's own rules."""
    request = seen(request)
    settle_exchange(return_number=request.number, settlement=settlement_of(request), shown=shown_for(request))
    all_done()


def new_pair_comes(child: Order) -> None:
    """The return that the withdrawal from the new order has opened ends."""
    request = child.returns.get()
    if request.state == "requested":
        approve_return(return_number=request.number)
    request = seen(request)
    settlement = settlement_of(request)
    minor = worth_of(child, with_deductions(proposals(request), settlement.lines), settlement.shipping)
    shown = from_minor(minor, child.currency)
    settle_return(return_number=request.number, settlement=settlement, shown=shown)
    all_done()


def paid_back(order: Order) -> int:
    """What went back to the customer's own payment."""
    return to_minor(order.receipts.get().refunded)


def test_the_open_return_becomes_the_withdrawals_and_the_statement_names_it(first: ReturnRequest) -> None:
    statement = withdraw(first.order)

    first.refresh_from_db()
    assert (statement.timeliness, statement.return_request) == ("in_time", first)
    assert (first.reason, first.resolution, first.order.returns.count()) == ("withdrawal", "exchange", 1)
    assert AuditEntry.objects.get(action="orders.withdraw_exchanged").data == {"was": "too_small"}
    with pytest.raises(NothingToWithdraw):
        withdraw(first.order)
    with pytest.raises(WithdrawalStands):
        cancel_return(number=first.order.number, return_number=first.number)


def test_the_old_pair_comes_back_the_new_one_stays_and_no_money_moves(first: ReturnRequest) -> None:
    withdraw(first.order)

    old_pair_comes(first)

    assert (paid_back(first.order), Exchange.objects.get().lent_minor) == (0, 0)
    assert (account("exchange_advances"), account("exchange_clearing")) == (0, 0)
    assert child_of(first).payment_state == "paid"
    assert broken() == []


@pytest.mark.parametrize("new_first", [True, False])
def test_both_pairs_come_back_and_one_is_paid_back_once(first: ReturnRequest, new_first: bool) -> None:
    child = child_of(first)
    withdraw(first.order)
    withdraw(child)

    if new_first:
        new_pair_comes(child)
        assert paid_back(first.order) == 0
        old_pair_comes(first)
    else:
        old_pair_comes(first)
        new_pair_comes(child)

    assert paid_back(first.order) == 2000
    assert (account("exchange_advances"), account("exchange_clearing")) == (0, 0)
    assert not OrderHold.objects.filter(resolved_at=None).exists()
    assert broken() == []


def test_the_new_pair_comes_back_and_the_old_one_stays_for_what_was_paid(first: ReturnRequest) -> None:
    child = child_of(first)
    withdraw(child)
    new_pair_comes(child)

    cancel_return(number=first.order.number, return_number=first.number)

    first.refresh_from_db()
    assert (first.state, paid_back(first.order)) == ("canceled", 0)
    assert (account("exchange_advances"), account("exchange_clearing")) == (0, 0)
    statement = withdraw(first.order)
    assert statement.return_request is not None
    assert statement.return_request != first
    assert broken() == []


def test_what_has_not_left_waits_for_somebody_who_asks(on_its_way: ReturnRequest) -> None:
    request = on_its_way
    Order.objects.update(withdrawal_days=14)

    withdraw(Order.objects.get(pk=request.order_id))

    hold = OrderHold.objects.get(order=child_of(request))
    assert "Ask whether they still want it" in hold.reason


def test_without_a_withdrawal_nothing_is_taken_over(first: ReturnRequest) -> None:
    settled(seen(first))
    all_done()

    first.refresh_from_db()
    assert (first.reason, first.state) == ("too_small", "closed")
