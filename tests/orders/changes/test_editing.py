"""Changing placed orders: what is shown is what happens, and everything still adds up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Message
from core.money import Money, to_minor
from inventory.errors import OutOfStock
from inventory.models import Allocation, StockItem
from markets.queries import market_by_code
from markets.types import MarketContext
from orders.actions import cancel_order, create_fulfillment, refund_order, resolve_hold, ship_fulfillment
from orders.actions.changing import Asked, change_order, expire_changes, free_held_stock, withdraw_change
from orders.changes.errors import ChangeRefused, ChangeWaiting, NothingChanges, OrderMoved, PriceMoved
from orders.changes.notifications import tell_changed, tell_due
from orders.changes.pricing import project
from orders.changes.types import Added, Plan
from orders.errors import OrderOnHold
from orders.models import ChangeState, Order, OrderChange, OrderHold
from orders.types import PostalAddress, RefundWish, ShipItem
from payments.actions import refresh_payment, start_payment
from payments.actions.opening import open_difference
from tests.factories.cart import item_in, open_shop
from tests.factories.kinds import set_in
from tests.factories.orders import paid_order, parcel_of, placed_order
from tests.factories.payments import SITE, choose_at_sandbox
from tests.shared_world import shared_world
from tests.soundness import broken

pytestmark = pytest.mark.django_db


@shared_world
def market() -> MarketContext:
    return open_shop()


def ask(order: Order, plan: Plan, key: str = "k1") -> Asked:
    order.refresh_from_db()
    return Asked(version=order.version, shown=project(order, plan).difference, reason="The customer asked", key=key)


def change(order: Order, plan: Plan, key: str = "k1") -> OrderChange:
    done = change_order(number=order.number, plan=plan, asked=ask(order, plan, key))
    order.refresh_from_db()
    return done


def test_an_untouched_line_keeps_its_price_when_another_is_added(market: MarketContext) -> None:
    cup, pot = item_in(market, price="20.00"), item_in(market, price="7.50")
    order = placed_order(market, (cup, 2))

    change(order, Plan(added=(Added(variant_id=pot.pk, quantity=3),)))

    assert [(line.quantity, to_minor(line.line_total)) for line in order.lines.all()] == [(2, 4000), (3, 2250)]
    assert to_minor(order.total) == 4000 + 2250 + to_minor(order.shipping_total)
    assert broken() == []


def test_a_cheaper_order_promises_the_difference_back_and_frees_the_stock(market: MarketContext) -> None:
    cup = item_in(market, price="20.00", stock=10)
    order = paid_order(market, (cup, 3))
    line = order.lines.get()

    done = change(order, Plan(quantities={line.pk: 1}))

    assert (done.state, to_minor(done.delta_total)) == (ChangeState.CONFIRMED, -4000)
    assert [to_minor(refund.amount) for refund in order.refunds.all()] == [4000]
    assert StockItem.objects.get().allocated == 1
    assert [row.quantity for row in parcel_of(order).lines.all()] == [1]
    assert broken() == []


def pay_difference(order: Order, done: OrderChange) -> None:
    """Pay what a change costs more, as the page does."""
    payment = open_difference(
        order_ref=order.number, amount=done.delta_total, provider="sandbox", method="card", key=f"{done.pk}"
    )
    start_payment(
        payment_ref=payment.ref, email=order.email, market="de", language="de", return_url=SITE, cancel_url=SITE
    )
    choose_at_sandbox(payment, "succeed")
    refresh_payment(payment_ref=payment.ref)
    order.refresh_from_db()


def dearer(stock: int = 10) -> tuple[Order, OrderChange]:
    """A paid order of two cups that should become four: it waits for its payment."""
    market = market_by_code("de")
    cup = item_in(market, price="20.00", stock=stock)
    order = paid_order(market, (cup, 2))
    return order, change(order, Plan(quantities={order.lines.get().pk: 4}))


def test_a_dearer_order_waits_for_its_payment_with_its_stock_held() -> None:
    order, done = dearer()

    assert (done.state, to_minor(done.delta_total)) == (ChangeState.REQUESTED, 4000)
    assert order.lines.get().quantity == 2
    item = StockItem.objects.get()
    assert (item.allocated, item.reserved) == (2, 2)
    with pytest.raises(OrderOnHold):
        ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL")
    with pytest.raises(ChangeWaiting):
        change_order(
            number=order.number,
            plan=Plan(quantities={order.lines.get().pk: 1}),
            asked=Asked(version=order.version, shown=Money("-20.00", "EUR"), reason="x", key="k2"),
        )
    assert broken() == []


def test_the_change_is_made_when_its_difference_is_paid() -> None:
    order, done = dearer()
    before = to_minor(order.total)

    pay_difference(order, done)

    done.refresh_from_db()
    assert done.state == ChangeState.CONFIRMED
    assert (order.lines.get().quantity, to_minor(order.total)) == (4, before + 4000)
    assert order.payment_state == "paid"
    item = StockItem.objects.get()
    assert (item.allocated, item.reserved) == (4, 0)
    assert not order.refunds.exists()
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL")
    assert StockItem.objects.get().on_hand == 6
    assert broken() == []


def test_a_change_nobody_pays_is_given_up_and_the_order_may_leave() -> None:
    order, done = dearer()
    OrderChange.objects.update(pay_by=timezone.now() - timedelta(minutes=1))

    assert expire_changes() == 1
    assert expire_changes() == 0

    done.refresh_from_db()
    assert done.state == ChangeState.EXPIRED
    item = StockItem.objects.get()
    assert (item.allocated, item.reserved) == (2, 0)
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL")
    assert broken() == []


def test_an_operator_gives_a_waiting_change_up_and_may_make_another() -> None:
    order, done = dearer()

    withdraw_change(number=order.number)
    again = change(order, Plan(quantities={order.lines.get().pk: 1}), key="k2")

    done.refresh_from_db()
    assert (done.state, again.state) == (ChangeState.DECLINED, ChangeState.CONFIRMED)
    assert broken() == []


def test_canceling_the_order_ends_the_change_that_waits() -> None:
    order, done = dearer()

    cancel_order(number=order.number, reason="Changed their mind")
    free_held_stock(change_id=done.pk)

    done.refresh_from_db()
    item = StockItem.objects.get()
    assert (done.state, item.allocated, item.reserved) == (ChangeState.DECLINED, 0, 0)
    assert broken() == []


def test_a_line_is_taken_out_and_never_comes_back_under_its_old_name(market: MarketContext) -> None:
    cup, pot = item_in(market, price="20.00"), item_in(market, price="7.50")
    order = placed_order(market, (cup, 2), (pot, 1))
    gone = order.lines.get(variant=pot)

    change(order, Plan(quantities={gone.pk: 0}))
    change(order, Plan(added=(Added(variant_id=pot.pk, quantity=1),)), key="k2")

    assert [line.position for line in order.lines.all()] == [1, 3]
    assert Allocation.objects.get(line_ref=f"{order.number}/3").quantity == 1
    assert OrderChange.objects.get(key="k1").before["lines"][1]["sku"] == pot.sku
    assert broken() == []


def test_the_same_key_changes_once_and_an_old_page_changes_nothing(market: MarketContext) -> None:
    order = placed_order(market, (item_in(market), 3))
    plan = Plan(quantities={order.lines.get().pk: 2})
    asked = ask(order, plan)

    first = change_order(number=order.number, plan=plan, asked=asked)
    assert change_order(number=order.number, plan=plan, asked=asked).pk == first.pk
    with pytest.raises(OrderMoved):
        change_order(
            number=order.number,
            plan=Plan(quantities={order.lines.get().pk: 1}),
            asked=Asked(version=asked.version, shown=asked.shown, reason="x", key="other"),
        )
    assert order.lines.get().quantity == 2


def test_a_price_that_moved_since_it_was_shown_changes_nothing(market: MarketContext) -> None:
    order = placed_order(market, (item_in(market), 3))
    line = order.lines.get()

    with pytest.raises(PriceMoved):
        change_order(
            number=order.number,
            plan=Plan(quantities={line.pk: 1}),
            asked=Asked(version=order.version, shown=Money("-1.00", "EUR"), reason="x", key="k"),
        )

    assert (order.lines.get().quantity, OrderChange.objects.count()) == (3, 0)


def test_what_was_sent_stays_and_the_rest_may_change(market: MarketContext) -> None:
    cup, pot = item_in(market, price="20.00"), item_in(market, price="7.50", stock=10)
    order = paid_order(market, (cup, 2), (pot, 2))
    cups, pots = order.lines.get(variant=cup), order.lines.get(variant=pot)
    parcel = create_fulfillment(
        number=order.number,
        warehouse_code=parcel_of(order).warehouse_code,
        items=[ShipItem(line_id=cups.pk, quantity=1)],
    )
    ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL")

    with pytest.raises(ChangeRefused, match="sent"):
        project(order, Plan(quantities={cups.pk: 1}))
    with pytest.raises(ChangeRefused, match="address and delivery"):
        project(order, Plan(delivery_code="express"))
    change(order, Plan(quantities={pots.pk: 1}))

    assert [to_minor(refund.amount) for refund in order.refunds.all()] == [750]
    assert broken() == []


def test_another_delivery_costs_what_it_costs_today(market: MarketContext) -> None:
    order = placed_order(market, (item_in(market, price="20.00"), 1))

    done = change(order, Plan(delivery_code="express"))

    assert order.delivery_code == "express"
    assert to_minor(done.delta_total) == to_minor(order.shipping_total) - 490 == 490
    assert broken() == []


def test_an_address_in_another_country_is_taxed_there(market: MarketContext) -> None:
    order = placed_order(market, (item_in(market, price="20.00"), 1))
    parts = {**dict(order.addresses["ship"]["parts"]), "postal_code": "20095", "city": "Hamburg"}
    address = PostalAddress(country="DE", parts=tuple(parts.items()), lines=("Hamburg",))

    done = change(order, Plan(address=address))

    assert to_minor(done.delta_total) == 0
    assert order.addresses["ship"]["parts"]["city"] == "Hamburg"
    assert done.addresses["before"]["parts"]["city"] == "Berlin"
    assert broken() == []


def test_nothing_is_changed_by_nothing_and_the_last_line_is_not_taken(market: MarketContext) -> None:
    order = placed_order(market, (item_in(market), 2))

    with pytest.raises(NothingChanges):
        project(order, Plan())
    with pytest.raises(ChangeRefused, match="Cancel it"):
        project(order, Plan(quantities={order.lines.get().pk: 0}))


def test_more_than_there_is_cannot_be_had(market: MarketContext) -> None:
    order = placed_order(market, (item_in(market, stock=3), 2))

    with pytest.raises(OutOfStock):
        project(order, Plan(quantities={order.lines.get().pk: 5}))


def test_the_quantity_of_a_set_changes_with_its_components(market: MarketContext) -> None:
    cup, pot = item_in(market, stock=20), item_in(market, stock=20)
    order = paid_order(market, (set_in(market, (cup, 2, 1), (pot, 1, 1)), 3))

    change(order, Plan(quantities={order.lines.get().pk: 1}))

    assert [part.quantity for part in order.lines.get().parts.all()] == [2, 1]
    assert StockItem.objects.get(variant=cup).allocated == 2
    assert broken() == []


def test_the_customer_is_told_in_the_language_of_the_order() -> None:
    order, done = dearer()

    tell_due(change_id=done.pk)
    pay_difference(order, done)
    tell_changed(change_id=done.pk)
    tell_changed(change_id=done.pk)

    kinds = list(Message.objects.filter(reference=order.number).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["order_change_due", "order_changed"]


def test_the_hold_of_a_waiting_change_ends_with_it_only() -> None:
    order, _done = dearer()

    with pytest.raises(ChangeWaiting):
        resolve_hold(hold_id=order.holds.get().pk, resolution="Go on")

    assert order.holds.get().resolved_at is None
    OrderHold.objects.update(resolved_at=timezone.now(), resolution="Past the shop")
    assert [(code, culprit) for code, _sentence, culprit in broken()] == [("O26", order.number)]


def test_what_was_refunded_while_a_change_waited_ends_the_change_and_the_money_goes_back() -> None:
    order, done = dearer()
    line = order.lines.get()
    refund_order(
        number=order.number, lines=[RefundWish(line_id=line.pk, quantity=1)], shipping=False, reason="Late", key="late"
    )

    pay_difference(order, done)

    done.refresh_from_db()
    assert done.state == ChangeState.EXPIRED
    assert order.lines.get().quantity == 2
    assert 4000 in [to_minor(refund.amount) for refund in order.refunds.all()]
    assert broken() == []


@pytest.mark.parametrize("code", ["de", "us", "jp", "ae"])
def test_what_stays_costs_what_it_cost_in_every_kind_of_market(code: str) -> None:
    market = market_by_code("de") if code == "de" else open_shop(code)
    cup, pot = item_in(market, stock=10), item_in(market, stock=10)
    order = placed_order(market, (cup, 2), (pot, 3))
    before = {line.pk: (line.line_net, line.line_tax, line.line_duty, line.line_total) for line in order.lines.all()}
    gone = order.lines.get(variant=pot)

    change(order, Plan(quantities={gone.pk: 4}))
    change(order, Plan(quantities={gone.pk: 3}), key="k2")

    after = {line.pk: (line.line_net, line.line_tax, line.line_duty, line.line_total) for line in order.lines.all()}
    assert after == before
    assert to_minor(order.changes.earliest("pk").delta_total) > 0
    assert sum(to_minor(one.delta_total) for one in order.changes.all()) == 0
    assert broken() == []
