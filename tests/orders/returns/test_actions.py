"""Returns from asking to money: what is counted, what moves on the shelves, and what goes back."""

from contextlib import suppress
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from core.money import to_minor, zero
from core.outbox import drain
from inventory.models import StockItem, StockMovement, Warehouse
from markets.types import MarketContext
from orders.actions import Declared, declare_withdrawal, refund_order
from orders.actions.returns import (
    ReturnAsked,
    ReturnItem,
    approve_return,
    ask_return,
    cancel_return,
    reject_return,
)
from orders.actions.returns_closing import Settlement, close_return, replace_return, settle_return
from orders.actions.returns_receiving import end_inspection, inspect_unit, receive_units
from orders.errors import NothingToRefund, RefundChanged
from orders.models import AftersalesPolicy, Order, OrderHold, OrderRefund, ReturnRequest, WithdrawalStatement
from orders.returning.errors import (
    AddressMissing,
    NothingChosen,
    NotReturnable,
    ReasonNeeded,
    ResolutionNotOffered,
    ReturnMovedOn,
    TooManyUnits,
    WithdrawalStands,
)
from orders.returning.rules import Policy, Unit, agrees_at_once, may_return, resolutions_for, why_not
from orders.returning.settling import proposals, proposed_delivery, proposed_wishes
from orders.types import DeliveryWish, RefundWish
from orders.workspace.refunds import preview_refund
from tests.examples import examples
from tests.factories.cart import item_in, open_shop
from tests.factories.checkout import EMAIL
from tests.factories.kinds import set_in
from tests.factories.orders import paid_order
from tests.orders.returns.world import PLACE, arrived, asked, delivered_order, looked_at, verdict
from tests.shared_world import shared_world
from tests.soundness import broken

db = pytest.mark.django_db


@shared_world
def market() -> MarketContext:
    return open_shop()


def settled(request: ReturnRequest, *, shipping: DeliveryWish = False) -> ReturnRequest:
    """Paid back as it is proposed."""
    wishes = proposed_wishes(proposals(request))
    amount = preview_refund(request.order, wishes=wishes, shipping=shipping).total
    settlement = Settlement(lines=wishes, shipping=shipping, reason="Return")
    return settle_return(return_number=request.number, settlement=settlement, shown=amount)


def is_sound() -> None:
    assert broken("Q02") == []


@db
def test_a_unit_that_is_kept_moves_stock_once_and_is_proposed_to_be_paid_back(market: MarketContext) -> None:
    order = delivered_order(market, (item_in(market, stock=5), 2))
    on_hand = StockItem.objects.get().on_hand
    request = looked_at(order, 1)

    order.refresh_from_db()
    line = order.lines.get()
    assert (request.state, line.qty_returned, order.aftersales_state) == ("inspected", 1, "open")
    assert StockItem.objects.get().on_hand == on_hand + 1
    assert StockMovement.objects.filter(kind="return").count() == 1

    closed = settled(request)
    order.refresh_from_db()
    assert (closed.state, order.aftersales_state) == ("closed", "partly_returned")
    assert closed.refund is not None
    last = settled(looked_at(order, 1, key="the other one"))
    assert last.refund is not None
    assert closed.refund.amount + last.refund.amount == line.line_total  # rounded once, to the cent
    order.refresh_from_db()
    assert order.aftersales_state == "returned"
    drain(limit=200)
    is_sound()


@db
def test_a_unit_written_off_came_in_and_went_out_and_one_sent_back_moves_nothing(market: MarketContext) -> None:
    order = delivered_order(market, (item_in(market, stock=5), 2))
    on_hand = StockItem.objects.get().on_hand
    request = arrived(order, 2)
    line = request.lines.get()
    with pytest.raises(ReasonNeeded):
        inspect_unit(return_number=request.number, line_id=line.pk, verdict=verdict(fate="write_off"))
    inspect_unit(
        return_number=request.number,
        line_id=line.pk,
        verdict=verdict(fate="write_off", condition="faulty", note="Leaks"),
    )
    inspect_unit(
        return_number=request.number, line_id=line.pk, verdict=verdict(2, fate="send_back", condition="another")
    )

    assert StockItem.objects.get().on_hand == on_hand
    assert list(StockMovement.objects.filter(line_ref=order.lines.get().ref).values_list("kind", "quantity"))[:2] == [
        ("writeoff", 1),
        ("return", 1),
    ]
    assert order.lines.get().qty_returned == 1
    assert [one.units for one in proposals(request)] == [1]
    is_sound()


@db
def test_units_that_were_not_asked_back_or_are_seen_already_are_refused(market: MarketContext) -> None:
    order = delivered_order(market, (item_in(market), 2))
    request = asked(order, 2)
    line = request.lines.get()
    with pytest.raises(ReturnMovedOn):
        receive_units(return_number=request.number, counts={line.pk: 1})
    approve_return(return_number=request.number)
    with pytest.raises(TooManyUnits):
        receive_units(return_number=request.number, counts={line.pk: 3})
    receive_units(return_number=request.number, counts={line.pk: 1})
    inspect_unit(return_number=request.number, line_id=line.pk, verdict=verdict())
    for nth in (1, 2):
        with pytest.raises(TooManyUnits):
            inspect_unit(return_number=request.number, line_id=line.pk, verdict=verdict(nth))
    assert end_inspection(return_number=request.number).state == "inspected"
    settled(request)
    with pytest.raises(NotReturnable):
        asked(order, 2, key="again")
    assert asked(order, 1, key="the other one").state == "requested"


@db
def test_a_single_piece_of_a_set_comes_back_by_its_share_and_then_the_rest_as_pieces(market: MarketContext) -> None:
    cup, pot = item_in(market, names={"en": "Cup"}, stock=20), item_in(market, names={"en": "Pot"}, stock=20)
    tea_set = set_in(market, (cup, 2, 1), (pot, 1, 1))
    order = delivered_order(market, (tea_set, 2))
    line = order.lines.get()
    first, _second = line.parts.order_by("position")
    item = ReturnItem(line_id=line.pk, part_id=first.pk, quantity=1)
    request = ask_return(number=order.number, asked=ReturnAsked(key="p", items=(item,), reason="damaged"))
    approve_return(return_number=request.number)
    row = request.lines.get()
    receive_units(return_number=request.number, counts={row.pk: 1})
    inspect_unit(return_number=request.number, line_id=row.pk, verdict=verdict(condition="faulty"))

    line.refresh_from_db()
    first.refresh_from_db()
    assert (line.qty_returned, first.qty_returned) == (0, 1)
    request.refresh_from_db()
    settled(request)
    first.refresh_from_db()
    assert first.qty_refunded == 1
    with pytest.raises(NotReturnable):  # one of the sets is not whole any more
        ask_return(
            number=order.number,
            asked=ReturnAsked(key="w", items=(ReturnItem(line_id=line.pk, quantity=2),), reason="damaged"),
        )
    is_sound()


@db
def test_a_withdrawal_feeds_into_the_return_cancels_what_has_not_left_and_cannot_be_declined(
    market: MarketContext,
) -> None:
    Warehouse.objects.update(address=PLACE)
    order = paid_order(market, (item_in(market), 2))
    declared = Declared(key="k" * 20, name="A", named_order=order.number, email=EMAIL)
    declare_withdrawal(declared=declared, market=market, number=order.number)
    request = ReturnRequest.objects.get()
    with pytest.raises(WithdrawalStands):
        reject_return(return_number=request.number, reason="No")
    with pytest.raises(WithdrawalStands):
        cancel_return(number=order.number, return_number=request.number)

    approve_return(return_number=request.number)

    request.refresh_from_db()
    order.refresh_from_db()
    assert (request.state, order.lines.get().qty_canceled) == ("inspected", 2)
    assert OrderHold.objects.get().resolved_at is not None
    assert WithdrawalStatement.objects.get().handled_at is not None
    assert StockItem.objects.get().allocated == 0
    delivery = proposed_delivery(order, request)
    assert delivery == order.shipping_total
    done = settled(request, shipping=delivery)
    assert done.refund is not None
    assert done.refund.amount == order.total
    is_sound()


@db
def test_a_withdrawal_replaces_a_return_that_was_not_sent_yet(market: MarketContext) -> None:
    order = delivered_order(market, (item_in(market), 2))
    mine = asked(order, 1)
    declared = Declared(key="k" * 20, name="A", named_order=order.number, email=EMAIL)
    declare_withdrawal(declared=declared, market=market, number=order.number)
    mine.refresh_from_db()
    assert mine.state == "canceled"
    assert ReturnRequest.objects.get(reason="withdrawal").lines.get().quantity == 2


@db
def test_nothing_is_agreed_without_an_address_and_nothing_declined_without_a_reason(market: MarketContext) -> None:
    order = delivered_order(market, (item_in(market), 1))
    Warehouse.objects.update(address={})
    request = asked(order, 1)
    with pytest.raises(AddressMissing):
        approve_return(return_number=request.number)
    with pytest.raises(ReasonNeeded):
        reject_return(return_number=request.number, reason=" ")
    request.refresh_from_db()
    assert request.state == "requested"
    assert approve_return(return_number=request.number, address=["Dock 1"]).return_to == ["Dock 1"]


@db
def test_only_what_the_market_and_the_goods_allow_can_be_asked_for(market: MarketContext) -> None:
    order = delivered_order(market, (item_in(market), 1))
    line = order.lines.get()

    def ask(resolution: str, *, reason: str = "not_liked", wanted: int | None = None) -> ReturnRequest:
        item = ReturnItem(line_id=line.pk, quantity=1, wanted_id=wanted)
        told = ReturnAsked(key=str(uuid4()), items=(item,), reason=reason, resolution=resolution)
        return ask_return(number=order.number, asked=told)

    for resolution in ("exchange", "credit", "repair"):
        with pytest.raises(ResolutionNotOffered):
            ask(resolution)
    AftersalesPolicy.objects.create(market="de", resolutions=["exchange", "repair"])
    with pytest.raises(ResolutionNotOffered):
        ask("repair")
    with pytest.raises(ResolutionNotOffered):
        ask("exchange", wanted=item_in(market).pk)
    with pytest.raises(NothingChosen):
        ask_return(number=order.number, asked=ReturnAsked(key="n", items=(), reason="late"))
    request = ask("exchange", wanted=line.variant_id)
    assert request.lines.get().wanted_id == line.variant_id


@db
def test_the_amount_is_the_one_that_was_shown_and_units_paid_back_before_are_not_paid_again(
    market: MarketContext,
) -> None:
    order = delivered_order(market, (item_in(market), 1))
    request = looked_at(order, 1)
    wishes = proposed_wishes(proposals(request))
    with pytest.raises(RefundChanged):
        settle_return(
            return_number=request.number,
            settlement=Settlement(lines=wishes, shipping=False, reason="x"),
            shown=order.total + order.total,
        )
    refund_order(
        number=order.number,
        lines=[RefundWish(line_id=order.lines.get().pk, quantity=1)],
        shipping=False,
        reason="By hand",
        key="hand",
    )
    with pytest.raises((ReturnMovedOn, NothingToRefund)):
        settle_return(
            return_number=request.number,
            settlement=Settlement(lines=wishes, shipping=False, reason="x"),
            shown=zero(order.currency),
        )
    assert OrderRefund.objects.count() == 1
    assert close_return(return_number=request.number, answer="Paid back on Monday.").state == "closed"


@given(
    shipped=st.integers(0, 9),
    returned=st.integers(0, 9),
    coming=st.integers(0, 9),
    reason=st.sampled_from(["not_liked", "damaged"]),
    exception=st.sampled_from(["", "hygiene"]),
    late=st.booleans(),
)
def test_never_more_than_is_with_the_customer_and_faults_outlast_every_refusal(
    shipped: int, returned: int, coming: int, reason: str, exception: str, late: bool
) -> None:
    unit = Unit(shipped=shipped, returned=returned, coming_back=coming, exception=exception)
    assert 0 <= unit.left <= shipped
    assert may_return(unit, reason=reason, is_over=late) == bool(
        unit.left and (reason == "damaged" or not (exception or late))
    )
    if may_return(unit, reason="not_liked", is_over=late):
        assert not why_not(unit, is_over=late)


def test_money_back_is_always_offered_and_repairs_for_faults_only() -> None:
    policy = Policy(resolutions=("exchange", "credit", "repair"), agrees_at_once=True)
    assert resolutions_for(Policy(), reason="damaged", can_exchange=True, can_credit=True) == ("refund",)
    assert resolutions_for(policy, reason="not_liked", can_exchange=True, can_credit=False) == ("refund", "exchange")
    assert "repair" in resolutions_for(policy, reason="defective", can_exchange=False, can_credit=True)
    day = date(2026, 5, 4)
    assert agrees_at_once(policy, reason="late", last_day=day, today=day)
    assert not agrees_at_once(policy, reason="damaged", last_day=day, today=day)
    assert not agrees_at_once(policy, reason="late", last_day=day, today=date(2026, 5, 5))


STEP = st.tuples(
    st.sampled_from(["ask", "approve", "cancel", "receive", "inspect", "end", "settle", "refund"]),
    st.integers(1, 3),
    st.sampled_from(["restock", "write_off", "send_back"]),
)


@db
@given(steps=st.lists(STEP, max_size=24))
@settings(
    max_examples=examples(5, at_night=60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_after_any_sequence_returned_is_within_shipped_refunded_within_paid_and_stock_is_its_movements(
    market: MarketContext, steps: list[tuple[str, int, str]]
) -> None:
    order = delivered_order(market, (item_in(market, price="3.33", stock=9), 5))
    shelf = StockItem.objects.filter(variant=order.lines.get().variant)
    start = shelf.get().on_hand
    for name, count, fate in steps:
        request = order.returns.order_by("-pk").first()
        with suppress(DomainError):
            _step(order, request, name, count, fate)
    order.refresh_from_db()
    line = order.lines.get()
    assert line.qty_returned <= line.qty_shipped == 5
    assert sum(to_minor(one.amount) for one in order.refunds.all()) <= to_minor(order.total)
    moves = StockMovement.objects.filter(line_ref=line.ref, kind__in=["return", "writeoff"])
    assert shelf.get().on_hand == start + sum(moves.values_list("d_on_hand", flat=True))
    is_sound()


def _step(order: Order, request: ReturnRequest | None, name: str, count: int, fate: str) -> None:
    if name == "ask" or request is None:
        asked(order, count, key=str(uuid4()))
        return
    line = request.lines.get()
    number = request.number
    if name == "approve":
        approve_return(return_number=number)
    elif name == "cancel":
        cancel_return(number=order.number, return_number=number)
    elif name == "receive":
        receive_units(return_number=number, counts={line.pk: min(count, line.to_come)})
    elif name == "inspect":
        seen = line.units.count()
        inspect_unit(return_number=number, line_id=line.pk, verdict=verdict(seen + 1, fate=fate, note="Seen"))
    elif name == "end":
        end_inspection(return_number=number)
    elif name == "settle":
        settled(request)
    else:
        wish = RefundWish(line_id=line.order_line_id, quantity=count)
        refund_order(number=order.number, lines=[wish], shipping=False, reason="Hand", key=str(uuid4()))


@db
def test_what_was_faulty_is_sent_again_free_of_charge_once(market: MarketContext) -> None:
    order = delivered_order(market, (item_in(market, stock=9), 2))
    request = looked_at(order, 1, reason="defective")

    child = replace_return(return_number=request.number, answer="A new one is on its way.")
    with pytest.raises(ReturnMovedOn):
        replace_return(return_number=request.number, answer="Twice")

    request.refresh_from_db()
    assert (request.state, request.refund) == ("closed", None)
    assert [(line.variant_id, line.quantity) for line in child.lines.all()] == [(order.lines.get().variant_id, 1)]
    assert to_minor(child.total) == 0
    assert Order.objects.count() == 2
    is_sound()


@db
def test_store_credit_is_given_where_the_customer_asked_for_it(market: MarketContext) -> None:
    AftersalesPolicy.objects.create(market="de", resolutions=["credit"])
    order = delivered_order(market, (item_in(market), 1))
    request = looked_at(order, 1)
    wishes = proposed_wishes(proposals(request))
    shown = preview_refund(order, wishes=wishes, shipping=False, to="credit").total
    settlement = Settlement(lines=wishes, shipping=False, reason="Credit", to="credit")
    done = settle_return(return_number=request.number, settlement=settlement, shown=shown)
    drain(limit=200)
    assert done.refund is not None
    done.refund.refresh_from_db()
    assert done.refund.store_credit_ref
    assert [share.payment_ref for share in done.refund.shares.all()] == [None]
    is_sound()
