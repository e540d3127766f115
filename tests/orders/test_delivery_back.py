"""Delivery given back in parts, and what of it a withdrawal gives back: on the form, in the preview, to the shopper."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import Money, to_minor
from markets.types import MarketContext
from orders.actions import Declared, declare_withdrawal, fail_refund, grant_access, refund_order
from orders.actions.delivery_back import withdrawal_delivery
from orders.errors import NothingToRefund, RefundTooLarge
from orders.models import Order, OrderRefund, OrderRefundLine
from orders.refunding import DeliveryPaid, LinePaid, delivery_part, part_for
from orders.types import RefundWish
from orders.workspace.refunds import delivery_back, preview_refund
from tests.admin.people import operator, text
from tests.factories.cart import item_in, open_shop
from tests.factories.checkout import EMAIL
from tests.factories.orders import paid_order
from tests.journeys.shopping import Shopper

db = pytest.mark.django_db


@given(
    net=st.integers(0, 10**5),
    tax=st.integers(0, 10**4),
    goods=st.tuples(st.integers(0, 10**6), st.integers(0, 10**5), st.integers(1, 20)),
    steps=st.lists(st.tuples(st.integers(0, 4), st.integers(1, 40_000), st.booleans()), max_size=30),
)
@settings(max_examples=300, deadline=None)
def test_any_refunds_of_units_and_of_parts_of_the_delivery_sum_to_what_was_paid(
    net: int, tax: int, goods: tuple[int, int, int], steps: list[tuple[int, int, bool]]
) -> None:
    """Some of the delivery's parts fail and are open again, in whatever order."""
    goods_net, goods_tax, quantity = goods
    delivery: list[tuple[int, int]] = []
    done, units_back = 0, [0, 0]
    for units, wanted, fails in [*steps, (quantity, 10**9, False)]:
        paid = DeliveryPaid(
            net=net,
            tax=tax,
            net_refunded=sum(one for one, _ in delivery),
            tax_refunded=sum(one for _, one in delivery),
        )
        if paid.left:
            part = delivery_part(paid, min(wanted, paid.left))
            assert part.net >= 0
            assert part.tax >= 0
            delivery.append((part.net, part.tax))
        if fails and delivery:
            delivery.pop(0)
        if count := min(units, quantity - done):
            line = LinePaid(
                quantity=quantity,
                net=goods_net,
                tax=goods_tax,
                duty=0,
                qty_refunded=done,
                net_refunded=units_back[0],
                tax_refunded=units_back[1],
            )
            unit = part_for(line, count)
            units_back = [units_back[0] + unit.net, units_back[1] + unit.tax]
            done += count
    assert (sum(one for one, _ in delivery), sum(one for _, one in delivery)) == (net, tax)
    assert units_back == [goods_net, goods_tax]


@pytest.mark.parametrize("amount", [0, -1, 60])
def test_no_more_of_the_delivery_than_is_left(amount: int) -> None:
    with pytest.raises(ValueError, match="left"):
        delivery_part(DeliveryPaid(net=100, tax=19, net_refunded=50, tax_refunded=10), amount)


def bought(*, express: bool = False) -> tuple[MarketContext, Order]:
    """Two lines; `express` costs 1.00 more than standard delivery."""
    market = open_shop()
    order = paid_order(market, (item_in(market, price="3.33"), 3), (item_in(market, price="10.00"), 1))
    if express:
        Order.objects.filter(pk=order.pk).update(standard_delivery=order.shipping_total - Money("1.00", order.currency))
        order.refresh_from_db()
    return market, order


def withdraw(order: Order, market: MarketContext, *lines: int) -> None:
    declared = Declared(key=str(uuid4()), name="Buyer", named_order=order.number, email=EMAIL, line_ids=lines)
    declare_withdrawal(declared=declared, market=market, number=order.number)


@db
def test_an_order_remembers_what_standard_delivery_would_have_cost() -> None:
    _market, order = bought()

    assert order.standard_delivery == order.shipping_total
    assert to_minor(order.shipping_total) > 0


@db
def test_delivery_goes_back_in_parts_with_its_tax_and_never_more_than_was_paid() -> None:
    _market, order = bought()
    whole = to_minor(order.shipping_total)
    first = Money(Decimal("1.01"), order.currency)
    refund_order(number=order.number, lines=[], shipping=first, reason="Late", key="a")
    with pytest.raises(RefundTooLarge):
        refund_order(number=order.number, lines=[], shipping=order.shipping_total, reason="Late", key="b")
    lines = [RefundWish(line_id=line.pk, quantity=line.quantity) for line in order.lines.all()]
    refund_order(number=order.number, lines=lines, shipping=True, reason="Late", key="c")

    rows = OrderRefundLine.objects.filter(is_shipping=True)
    taxes = order.tax_lines.filter(owner="shipping")
    assert sum(to_minor(row.amount) for row in rows) == whole
    assert sum(to_minor(row.tax) for row in rows) == sum(to_minor(tax.amount) for tax in taxes)
    assert sum(to_minor(one.amount) for one in order.refunds.all()) == to_minor(order.total)
    with pytest.raises(NothingToRefund):
        refund_order(number=order.number, lines=[], shipping=True, reason="Late", key="d")


@db
def test_a_part_that_failed_can_be_refunded_again() -> None:
    _market, order = bought()
    part = Money(Decimal("1.01"), order.currency)
    failed = refund_order(number=order.number, lines=[], shipping=part, reason="Late", key="a")
    fail_refund(refund_number=failed.number, code="declined")

    again = refund_order(number=order.number, lines=[], shipping=True, reason="Late", key="b")

    assert again.amount == order.shipping_total


@db
def test_a_whole_withdrawal_gives_standard_delivery_back_but_not_the_surcharge() -> None:
    market, order = bought(express=True)
    withdraw(order, market)

    found = delivery_back(order)

    assert found.left == order.shipping_total
    assert found.proposed == order.standard_delivery == withdrawal_delivery(order)
    assert "surcharge" in found.why
    refund_order(number=order.number, lines=[], shipping=found.proposed, reason="Withdrawal", key="a")
    rest = delivery_back(order)
    assert (rest.left.amount, rest.proposed.amount) == (Decimal(1), Decimal(0))


@db
def test_a_partial_withdrawal_gives_no_delivery_back_until_the_rest_is_withdrawn_too() -> None:
    market, order = bought()
    first, second = order.lines.order_by("position")
    withdraw(order, market, first.pk)
    partial = delivery_back(order)
    withdraw(order, market, second.pk)

    assert (to_minor(partial.proposed), "part of the order" in partial.why) == (0, True)
    assert delivery_back(order).proposed == order.shipping_total


@db
def test_without_a_withdrawal_nothing_is_proposed() -> None:
    _market, order = bought()

    found = delivery_back(order)

    assert (found.left, to_minor(found.proposed), found.why) == (order.shipping_total, 0, "")


@db
def test_the_form_proposes_it_and_the_operator_may_change_it_within_limits() -> None:
    market, order = bought(express=True)
    withdraw(order, market)
    client = operator("orders.view_order", "orders.refund_order")
    page = text(client.get(reverse("admin:workspace_order", args=[order.number])))
    assert order.standard_delivery is not None
    assert f'name="shipping" value="{order.standard_delivery.amount:.2f}"' in page
    typed = {"key": str(uuid4()), "reason": "Withdrawal", "step": "preview"}
    address = reverse("admin:workspace_refund", args=[order.number])

    too_much = client.post(address, {**typed, "shipping": "999"})
    shown = client.post(address, {**typed, "shipping": "1.25"})
    assert (too_much.status_code, shown.status_code) == (422, 200)
    assert "surcharge" in text(shown)
    preview = preview_refund(order, wishes=(), shipping=Money("1.25", order.currency))
    done = client.post(address, {**typed, "shipping": "1.25", "step": "confirm", "shown": "1.25"})

    assert done.status_code == 302
    assert OrderRefund.objects.get().amount == preview.total == Money("1.25", order.currency)


@db
def test_the_shopper_reads_the_same_sum_before_sending() -> None:
    _market, order = bought(express=True)
    token = grant_access(number=order.number)

    page = Shopper().get(f"orders/{order.number}/{token}/withdraw/").text

    assert order.standard_delivery is not None
    goods = order.total - order.shipping_total
    for amount in (order.standard_delivery, goods + order.standard_delivery):
        assert f"{amount.amount:.2f}".replace(".", ",") in page or f"{amount.amount:.2f}" in page
