"""Refunds: cumulative rounding, one promise per key, never more than was received."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import Money, to_minor
from core.outbox import drain
from markets.queries import market_by_code
from orders.actions import refund_order
from orders.errors import NothingToRefund, ReasonMissing, RefundTooLarge
from orders.models import Order, OrderRefund, PaymentState, RefundState
from orders.refunding import LinePaid, part_for
from orders.types import RefundWish
from payments.actions import submit_due_refunds
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, placed_order
from tests.shared_world import shared_world

db = pytest.mark.django_db


@given(
    net=st.integers(0, 10**7),
    tax=st.integers(0, 10**6),
    duty=st.integers(0, 10**5),
    quantity=st.integers(1, 60),
    steps=st.lists(st.integers(1, 7), max_size=60),
)
@settings(max_examples=300, deadline=None)
def test_units_refunded_one_by_one_give_back_exactly_what_was_paid(
    net: int, tax: int, duty: int, quantity: int, steps: list[int]
) -> None:
    back = {"net": 0, "tax": 0, "duty": 0}
    done = 0
    for step in [*steps, quantity]:
        units = min(step, quantity - done)
        if not units:
            break
        part = part_for(
            LinePaid(
                quantity=quantity,
                net=net,
                tax=tax,
                duty=duty,
                qty_refunded=done,
                net_refunded=back["net"],
                tax_refunded=back["tax"],
            ),
            units,
        )
        assert min(part.net, part.tax, part.duty) >= 0
        back = {"net": back["net"] + part.net, "tax": back["tax"] + part.tax, "duty": back["duty"] + part.duty}
        done += units
    assert back == {"net": net, "tax": tax, "duty": duty}


@pytest.mark.parametrize("units", [0, -1, 3])
def test_no_more_units_than_are_left(units: int) -> None:
    line = LinePaid(quantity=4, net=100, tax=19, duty=0, qty_refunded=2, net_refunded=50, tax_refunded=10)

    with pytest.raises(ValueError, match="left"):
        part_for(line, units)


@shared_world
def order() -> Order:
    market = open_shop()
    return paid_order(market, (item_in(market, price="3.33"), 3))


def wish(order: Order, quantity: int) -> RefundWish:
    return RefundWish(line_id=order.lines.get().pk, quantity=quantity)


@db
def test_a_refund_is_promised_once_per_key(order: Order) -> None:
    for _ in range(2):
        refund = refund_order(
            number=order.number, lines=[wish(order, 1)], shipping=False, reason="Broken", key="ticket-1"
        )

    assert OrderRefund.objects.get() == refund
    assert refund.amount == Money("3.33", "EUR")
    assert order.lines.get().qty_refunded == 1


@db
def test_everything_in_parts_closes_to_the_cent(order: Order) -> None:
    for number in range(3):
        refund_order(
            number=order.number,
            lines=[wish(order, 1)],
            shipping=number == 0,
            reason="Broken",
            key=f"ticket-{number}",
        )
    drain(limit=100)
    submit_due_refunds()

    order.refresh_from_db()
    assert sum(to_minor(refund.amount) for refund in order.refunds.all()) == to_minor(order.total)
    assert {refund.state for refund in order.refunds.all()} == {RefundState.SUCCEEDED}
    assert order.payment_state == PaymentState.REFUNDED


@db
@pytest.mark.parametrize(
    ("quantity", "shipping", "reason", "refusal"),
    [
        (4, False, "Broken", NothingToRefund),
        (0, False, "Broken", NothingToRefund),
        (1, False, "  ", ReasonMissing),
    ],
)
def test_a_refused_refund_changes_nothing(
    order: Order, quantity: int, shipping: bool, reason: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        refund_order(number=order.number, lines=[wish(order, quantity)], shipping=shipping, reason=reason, key="t")

    assert not OrderRefund.objects.exists()
    assert order.lines.get().qty_refunded == 0


@db
def test_delivery_is_refunded_once(order: Order) -> None:
    refund_order(number=order.number, lines=[], shipping=True, reason="Late", key="a")

    with pytest.raises(NothingToRefund):
        refund_order(number=order.number, lines=[], shipping=True, reason="Late", key="b")


@db
def test_what_was_not_received_is_not_given_back() -> None:
    market = market_by_code("de")
    order = placed_order(market, (item_in(market), 1))

    with pytest.raises(RefundTooLarge):
        refund_order(number=order.number, lines=[wish(order, 1)], shipping=False, reason="Broken", key="a")
