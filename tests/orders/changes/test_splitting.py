"""Splitting, merging, canceling in part, sending again: what there was is what there is, to the cent and the piece."""

import pytest

from core.money import Money, to_minor
from inventory.models import StockItem
from markets.models import Market
from markets.types import MarketContext
from orders.actions import cancel_order, refund_order, ship_fulfillment
from orders.actions.changing_merge import merge_orders, why_not_merge
from orders.actions.changing_parts import CancelAsked, cancel_part
from orders.actions.changing_places import move_units
from orders.actions.changing_reship import send_again
from orders.actions.changing_split import SplitAsked, split_off
from orders.changes.errors import CannotMerge, ChangeRefused, OrderMoved
from orders.models import Lifecycle, Order, OrderReceipt
from orders.types import RefundWish, ShipItem
from payments.actions import submit_due_refunds
from tests.factories.cart import item_in, open_shop
from tests.factories.inventory import a_warehouse, stocked
from tests.factories.kinds import set_in
from tests.factories.orders import paid_order, parcel_of, pay, placed_order
from tests.shared_world import shared_world
from tests.soundness import broken

pytestmark = pytest.mark.django_db
COLUMNS = (
    "items_total", "discount_total", "shipping_total", "fee_total", "duty_total", "duty_added", "tax_total",
    "tax_added", "total",
)  # fmt: skip


@shared_world
def market() -> MarketContext:
    return open_shop()


def money(*orders: Order) -> dict[str, int]:
    return {name: sum(to_minor(getattr(order, name)) for order in orders) for name in COLUMNS}


def split(order: Order, *units: tuple[int, int], key: str = "s1") -> Order:
    order.refresh_from_db()
    items = tuple(ShipItem(line_id=line, quantity=count) for line, count in units)
    child = split_off(
        number=order.number, asked=SplitAsked(items=items, version=order.version, reason="Sent apart", key=key)
    )
    order.refresh_from_db()
    return Order.objects.get(pk=child.pk)


def test_a_split_divides_every_column_and_loses_nothing(market: MarketContext) -> None:
    cup, pot = item_in(market, price="19.99", stock=10), item_in(market, price="7.77", stock=10)
    order = paid_order(market, (cup, 3), (pot, 2))
    before, line = money(order), order.lines.get(variant=cup)

    child = split(order, (line.pk, 1))

    assert money(order, child) == before
    assert [row.quantity for row in child.lines.all()] == [1]
    assert [row.quantity for row in order.lines.all()] == [2, 2]
    assert sum(to_minor(row.received) for row in OrderReceipt.objects.all()) == before["total"]
    assert (order.payment_state, child.payment_state, child.lifecycle) == ("paid", "paid", Lifecycle.CONFIRMED)
    assert child.group_id == order.group_id
    assert broken() == []


def test_both_halves_are_sent_and_refunded_by_themselves(market: MarketContext) -> None:
    cup, pot = item_in(market, price="19.99", stock=10), item_in(market, price="7.77", stock=10)
    order = paid_order(market, (cup, 3), (pot, 2))
    child = split(order, *[(line.pk, line.quantity) for line in order.lines.filter(variant=pot)])

    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no="A")
    ship_fulfillment(fulfillment_id=parcel_of(child).pk, carrier="DHL", tracking_no="B")
    for one in (order, child):
        wishes = [RefundWish(line_id=line.pk, quantity=line.quantity) for line in one.lines.all()]
        refund_order(number=one.number, lines=wishes, shipping=True, reason="All back", key=f"all:{one.number}")

    assert StockItem.objects.get(variant=pot).on_hand == 8
    assert broken() == []
    for one in (order, child):
        one.refresh_from_db()
        assert sum(to_minor(refund.amount) for refund in one.refunds.all()) == to_minor(one.total)


def test_a_set_is_split_with_its_components(market: MarketContext) -> None:
    cup, pot = item_in(market, stock=20), item_in(market, stock=20)
    order = paid_order(market, (set_in(market, (cup, 2, 1), (pot, 1, 3)), 3))

    child = split(order, (order.lines.get().pk, 1))

    assert [part.quantity for part in child.lines.get().parts.all()] == [2, 1]
    assert [part.quantity for part in order.lines.get().parts.all()] == [4, 2]
    assert broken() == []


def test_canceling_one_half_leaves_the_other_and_gives_back_its_money_only(market: MarketContext) -> None:
    order = paid_order(market, (item_in(market, price="20.00", stock=10), 3))
    child = split(order, (order.lines.get().pk, 1))

    cancel_order(number=child.number, reason="Not wanted")

    child.refresh_from_db()
    assert [to_minor(refund.amount) for refund in child.refunds.all()] == [to_minor(child.total)]
    assert not order.refunds.exists()
    assert broken() == []


def test_what_cannot_leave_is_said_and_nothing_happens(market: MarketContext) -> None:
    order = paid_order(market, (item_in(market, stock=10), 2))
    line = order.lines.get()

    with pytest.raises(ChangeRefused, match="stay"):
        split(order, (line.pk, 2))
    with pytest.raises(OrderMoved):
        split_off(
            number=order.number,
            asked=SplitAsked(
                items=(ShipItem(line_id=line.pk, quantity=1),), version=order.version + 9, reason="x", key="k"
            ),
        )
    waiting = placed_order(market, (item_in(market), 2))
    with pytest.raises(ChangeRefused, match="paid"):
        split(waiting, (waiting.lines.get().pk, 1))
    assert Order.objects.count() == 2


def test_merging_puts_everything_into_one_order(market: MarketContext) -> None:
    cup, pot = item_in(market, price="19.99", stock=10), item_in(market, price="7.77", stock=10)
    one, other = placed_order(market, (cup, 1)), placed_order(market, (pot, 2))
    before = money(one, other)

    merge_orders(number=one.number, other=other.number, reason="One parcel", key="m1")

    one.refresh_from_db()
    other.refresh_from_db()
    assert money(one) == before
    assert [line.position for line in one.lines.all()] == [1, 2]
    assert (other.lifecycle, to_minor(other.total)) == (Lifecycle.CANCELED, 0)
    assert broken() == []
    pay(one)
    assert one.payment_state == "paid"
    assert broken() == []


def test_orders_that_were_paid_are_merged_with_their_money_and_refunded_from_both_payments(
    market: MarketContext,
) -> None:
    item = item_in(market, price="20.00", stock=10)
    one, other = paid_order(market, (item, 1)), paid_order(market, (item, 2))

    merge_orders(number=one.number, other=other.number, reason="One parcel", key="m1")
    one.refresh_from_db()
    cancel_order(number=one.number, reason="All of it")
    submit_due_refunds()

    assert one.receipts.count() == 2
    assert broken() == []


def test_the_reasons_against_a_merge_are_all_said(market: MarketContext) -> None:
    item = item_in(market, stock=10)
    one, other = paid_order(market, (item, 1)), placed_order(market, (item, 1))
    ship_fulfillment(fulfillment_id=parcel_of(one).pk, carrier="DHL")

    with pytest.raises(CannotMerge) as refusal:
        merge_orders(number=one.number, other=other.number, reason="x", key="m1")

    assert len(refusal.value.reasons) == 2
    assert why_not_merge(one, one) == ("An order cannot be merged with itself.",)


def test_a_part_is_canceled_with_its_money_and_its_stock(market: MarketContext) -> None:
    cup = item_in(market, price="20.00", stock=10)
    order = paid_order(market, (cup, 3))
    line = order.lines.get()
    asked = CancelAsked(
        items=(ShipItem(line_id=line.pk, quantity=2),),
        version=order.version,
        shown=Money("40.00", "EUR"),
        reason="Too many",
        key="c1",
    )

    first = cancel_part(number=order.number, asked=asked)
    assert cancel_part(number=order.number, asked=asked).pk == first.pk

    line.refresh_from_db()
    assert (line.qty_canceled, line.qty_refunded) == (2, 2)
    assert [to_minor(refund.amount) for refund in order.refunds.all()] == [4000]
    assert StockItem.objects.get().allocated == 1
    assert broken() == []
    order.refresh_from_db()
    with pytest.raises(ChangeRefused, match="Cancel it"):
        cancel_part(
            number=order.number,
            asked=CancelAsked(
                items=(ShipItem(line_id=line.pk, quantity=1),),
                version=order.version,
                shown=Money("20.00", "EUR"),
                reason="x",
                key="c2",
            ),
        )


def test_goods_are_sent_again_for_nothing_and_keep_their_worth(market: MarketContext) -> None:
    cup = item_in(market, price="20.00", stock=10)
    order = paid_order(market, (cup, 2))
    line = order.lines.get()
    with pytest.raises(ChangeRefused, match="left"):
        send_again(number=order.number, items=[ShipItem(line_id=line.pk, quantity=1)], reason="Lost", key="r0")
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no="A")

    child = send_again(number=order.number, items=[ShipItem(line_id=line.pk, quantity=1)], reason="Lost", key="r1")

    child.refresh_from_db()
    assert (to_minor(child.total), to_minor(child.lines.get().unit_list)) == (0, 2000)
    assert (child.lifecycle, child.payment_state) == (Lifecycle.CONFIRMED, "paid")
    ship_fulfillment(fulfillment_id=parcel_of(child).pk, carrier="DHL", tracking_no="B")
    assert StockItem.objects.get().on_hand == 7
    assert broken() == []


def test_units_leave_from_another_warehouse_of_the_same_country(market: MarketContext) -> None:
    cup = item_in(market, price="20.00", stock=10)
    second = a_warehouse("HAM", market=Market.objects.get(code="de"), position=1)
    stocked(cup, 4, warehouse=second)
    order = paid_order(market, (cup, 3))
    line = order.lines.get()
    wanted = [ShipItem(line_id=line.pk, quantity=2)]

    move_units(number=order.number, items=wanted, warehouse_code="HAM", version=order.version)

    assert {row.warehouse.code: row.allocated for row in StockItem.objects.all()} == {"LEJ": 1, "HAM": 2}
    assert sorted((row.warehouse_code, row.lines.get().quantity) for row in order.fulfillments.all()) == [
        ("HAM", 2),
        ("LEJ", 1),
    ]
    assert broken() == []
    with pytest.raises(OrderMoved):
        move_units(number=order.number, items=wanted, warehouse_code="HAM", version=order.version)
    for parcel in order.fulfillments.all():
        ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL", tracking_no=parcel.warehouse_code)
    assert {row.warehouse.code: row.on_hand for row in StockItem.objects.all()} == {"LEJ": 9, "HAM": 2}
    assert broken() == []
