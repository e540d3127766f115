"""Demand from the ledger, forecasts from demand, proposals from forecasts, orders from proposals."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Variant
from core.models import AuditEntry
from core.money import Money
from inventory import actions
from inventory.actions import review_alerts
from inventory.actions.counters import Change, apply
from inventory.buying import errors
from inventory.buying.actions.demand import derive_demand
from inventory.buying.actions.forecasts import adopt_reorder_points, forecast_warehouse
from inventory.buying.actions.ordering import dismiss_proposals, order_proposals
from inventory.buying.actions.proposing import propose
from inventory.buying.nightly import plan_everything
from inventory.buying.turnover import stock_rows, turns_of
from inventory.models import (
    BuyingPolicy,
    DemandDay,
    Forecast,
    PurchaseOrder,
    ReplenishmentProposal,
    StockAlert,
    StockItem,
    SupplierStock,
    Warehouse,
)
from markets.models import Market
from tests.factories.buying import a_purchase, a_supplier, promised, sold_by, sold_daily
from tests.factories.inventory import a_variant, a_warehouse, stocked

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def demand() -> list[tuple[date, int, int, bool]]:
    return list(DemandDay.objects.order_by("day").values_list("day", "pieces", "returned", "was_out"))


def test_demand_is_what_was_promised_on_its_local_day_less_what_was_released(leipzig: Warehouse, cup: Variant) -> None:
    with time_machine.travel(datetime(2026, 11, 10, 23, 30, tzinfo=UTC), tick=False):
        stocked(cup, 50, warehouse=leipzig)
        promised(cup, 5, order_ref="A")
        promised(cup, 3, order_ref="B")
    with time_machine.travel(datetime(2026, 11, 12, 9, tzinfo=UTC), tick=False):
        actions.release_order(order_ref="B", quantities=None)
        promised(cup, 2, order_ref="C")
    for _ in range(2):
        derive_demand(warehouse_id=leipzig.pk, since=date(2026, 11, 1), until=date(2026, 11, 15))
    assert demand() == [(date(2026, 11, 11), 5, 0, False), (date(2026, 11, 12), 2, 0, False)]


def test_returned_pieces_are_taken_off_the_day_they_were_sold_on(leipzig: Warehouse, cup: Variant) -> None:
    with time_machine.travel(datetime(2026, 11, 10, 9, tzinfo=UTC), tick=False):
        stocked(cup, 50, warehouse=leipzig)
        promised(cup, 5, order_ref="A")
    with time_machine.travel(datetime(2026, 11, 14, 9, tzinfo=UTC), tick=False):
        actions.return_stock(
            order_ref="A", line_ref="A/A-1", variant_id=cup.pk, warehouse_code="LEJ", quantity=2, cause="R-1"
        )
    derive_demand(warehouse_id=leipzig.pk, since=date(2026, 11, 1), until=date(2026, 11, 15))
    assert demand() == [(date(2026, 11, 10), 5, 2, False)]


def test_what_is_set_aside_for_another_warehouse_is_no_demand(leipzig: Warehouse, cup: Variant) -> None:
    with time_machine.travel(datetime(2026, 11, 10, 9, tzinfo=UTC), tick=False):
        item = stocked(cup, 50, warehouse=leipzig)
        aside = Change(
            stock_item_id=item.pk,
            kind="allocate",
            quantity=9,
            d_allocated=9,
            order_ref="TR-1",
            line_ref="TR-1/1",
            cause="transfer",
            op_key="transfer:1",
        )
        with transaction.atomic():
            apply([aside])
    derive_demand(warehouse_id=leipzig.pk, since=date(2026, 11, 1), until=date(2026, 11, 15))
    assert demand() == []


def test_a_day_on_which_nothing_could_be_sold_is_marked(leipzig: Warehouse, cup: Variant) -> None:
    item = stocked(cup, 1, warehouse=leipzig)
    alert = StockAlert.objects.create(stock_item=item, level="out", closed=datetime(2026, 11, 13, 3, tzinfo=UTC))
    StockAlert.objects.filter(pk=alert.pk).update(opened=datetime(2026, 11, 11, 15, tzinfo=UTC))
    derive_demand(warehouse_id=leipzig.pk, since=date(2026, 11, 1), until=date(2026, 11, 15))
    assert demand() == [(date(2026, 11, 12), 0, 0, True)]


def known(cup: Variant, place: Warehouse, *, pieces: int = 4, stock: int = 5, now: datetime = NOON) -> StockItem:
    """A shelf with twelve weeks of steady sales, forecast at noon."""
    item = stocked(cup, stock, warehouse=place)
    StockItem.objects.filter(pk=item.pk).update(created=now - timedelta(days=84))
    sold_daily(cup, place, last=(now - timedelta(days=1)).date(), pieces=[pieces] * 84)
    forecast_warehouse(warehouse_id=place.pk, now=now)
    return item


def test_a_forecast_knows_the_suppliers_lead_time(leipzig: Warehouse, cup: Variant) -> None:
    sold_by(a_supplier(lead_days=20), cup, lead_days=9, is_preferred=True)
    known(cup, leipzig)
    made = Forecast.objects.get()
    assert (made.lead_days, made.horizon, made.known_days) == (9, 16, 84)
    assert float(made.mean) == pytest.approx(4, rel=0.05)
    assert 36 <= made.reorder_point <= 50
    assert made.order_up_to > made.reorder_point


def test_what_falls_below_is_proposed_in_packs_once_and_lapses_when_it_came(leipzig: Warehouse, cup: Variant) -> None:
    supplier = a_supplier()
    sold_by(supplier, cup, moq=24, pack=12, is_preferred=True)
    known(cup, leipzig)
    assert [propose(), propose()] == [1, 1]
    row = ReplenishmentProposal.objects.get()
    assert (row.kind, row.supplier, row.state, row.is_urgent) == ("buy", supplier, "open", True)
    assert row.quantity % 12 == 0
    assert row.reason["on_hand"] == 5
    assert row.reason["pack"] == 12

    stocked(cup, 500, warehouse=leipzig)
    assert propose() == 0
    row.refresh_from_db()
    assert row.state == "lapsed"


def test_what_is_on_order_is_not_proposed_again(leipzig: Warehouse, cup: Variant) -> None:
    known(cup, leipzig)
    a_purchase(leipzig, {cup: 300})
    assert propose() == 0


def test_a_drop_shippers_shelf_is_not_filled_by_us(leipzig: Warehouse, cup: Variant) -> None:
    Warehouse.objects.filter(pk=leipzig.pk).update(kind="dropship")
    known(cup, leipzig)
    assert propose() == 0


def test_a_reorder_point_that_was_set_by_hand_goes_first(leipzig: Warehouse, cup: Variant) -> None:
    item = known(cup, leipzig, stock=75)
    before = propose()
    StockItem.objects.filter(pk=item.pk).update(reorder_point=80, target_quantity=90)
    assert (before, propose()) == (0, 1)
    row = ReplenishmentProposal.objects.get()
    assert (row.quantity, row.reason["is_set_by_hand"]) == (15, True)


def test_a_supplier_who_has_nothing_is_asked_last(leipzig: Warehouse, cup: Variant) -> None:
    empty, other = a_supplier(lead_days=3), a_supplier(lead_days=30)
    article = sold_by(empty, cup, is_preferred=True)
    sold_by(other, cup)
    SupplierStock.objects.create(supplier_variant=article, quantity=0, told_at=timezone.now())
    known(cup, leipzig)
    propose()
    assert ReplenishmentProposal.objects.get().supplier == other


def test_one_click_makes_drafts_by_supplier_and_adds_to_those_that_are_open(leipzig: Warehouse, cup: Variant) -> None:
    pot, supplier = a_variant(), a_supplier()
    for variant in (cup, pot):
        sold_by(supplier, variant)
        known(variant, leipzig)
    propose()
    first, second = ReplenishmentProposal.objects.order_by("pk")

    done = order_proposals(quantities={first.pk: 140})
    order_proposals(quantities={second.pk: 107})

    order = PurchaseOrder.objects.get()
    assert done.purchases == (order.number,)
    assert sorted(order.lines.values_list("variant", "quantity")) == [(cup.pk, 140), (pot.pk, 107)]
    assert order.lines.first().cost == Money("4.50", "EUR")
    assert set(ReplenishmentProposal.objects.values_list("state", "ordered_as")) == {("ordered", order.number)}
    assert AuditEntry.objects.filter(action="buying.order_proposal").count() == 2
    assert propose() == 0


def test_nothing_is_ordered_twice_or_from_nobody(leipzig: Warehouse, cup: Variant) -> None:
    pot, supplier = a_variant(), a_supplier()
    sold_by(supplier, cup)
    for variant in (cup, pot):
        known(variant, leipzig)
    propose()
    bought, homeless = (ReplenishmentProposal.objects.get(variant=variant) for variant in (cup, pot))
    with pytest.raises(errors.NoSupplier):
        order_proposals(quantities={bought.pk: 5, homeless.pk: 5})
    assert not PurchaseOrder.objects.exists()
    order_proposals(quantities={bought.pk: 5})
    with pytest.raises(errors.ProposalDecided):
        order_proposals(quantities={bought.pk: 5})
    assert PurchaseOrder.objects.get().lines.get().quantity == 5


def test_what_is_dismissed_stays_away_until_its_day(leipzig: Warehouse, cup: Variant) -> None:
    known(cup, leipzig)
    propose()
    row = ReplenishmentProposal.objects.get()
    with pytest.raises(errors.ReasonWanted):
        dismiss_proposals(ids=[row.pk], reason=" ")
    today = timezone.localdate()
    dismiss_proposals(ids=[row.pk], reason="Sold out for good", snoozed_until=today + timedelta(days=30))
    assert propose() == 0
    ReplenishmentProposal.objects.update(snoozed_until=today)
    assert propose() == 1


def test_running_low_proposes_at_once(leipzig: Warehouse, cup: Variant, run_outbox: Callable[[], int]) -> None:
    item = known(cup, leipzig, stock=200)
    StockItem.objects.filter(pk=item.pk).update(reorder_point=199)
    promised(cup, 2)
    for _ in range(3):
        run_outbox()
    assert ReplenishmentProposal.objects.get().state == "open"


def test_a_warehouse_that_has_plenty_helps_out(market: Market, leipzig: Warehouse, cup: Variant) -> None:
    pytest.importorskip("inventory.stockwork.transfers")
    berlin = a_warehouse("BER", market=market, position=1)
    sold_by(a_supplier(), cup)
    known(cup, leipzig)
    stocked(cup, 900, warehouse=berlin)
    propose()
    row = ReplenishmentProposal.objects.get(warehouse=leipzig)
    assert (row.kind, row.source) == ("transfer", berlin)
    done = order_proposals(quantities={row.pk: row.quantity})
    assert (done.purchases, len(done.transfers)) == ((), 1)
    assert propose() == 0


def test_a_warehouse_that_is_to_buy_buys(market: Market, leipzig: Warehouse, cup: Variant) -> None:
    stocked(cup, 900, warehouse=a_warehouse("BER", market=market, position=1))
    sold_by(a_supplier(), cup)
    known(cup, leipzig)
    BuyingPolicy.objects.create(warehouse=leipzig, takes_transfers=False)
    propose()
    assert ReplenishmentProposal.objects.get().kind == "buy"


def test_alerts_take_the_forecasts_reorder_points_over(leipzig: Warehouse, cup: Variant) -> None:
    item = known(cup, leipzig)
    StockItem.objects.filter(pk=item.pk).update(safety_stock=3)
    assert adopt_reorder_points(warehouse_code="LEJ") == 1
    assert adopt_reorder_points(warehouse_code="LEJ") == 0
    item.refresh_from_db()
    assert item.reorder_point == Forecast.objects.get().reorder_point - 3


def test_the_round_is_made_once_a_day_for_each_warehouse(leipzig: Warehouse, cup: Variant) -> None:
    with time_machine.travel(NOON, tick=False):
        stocked(cup, 3, warehouse=leipzig)
        promised(cup, 1)
    plan_everything(NOON + timedelta(days=1))
    made = Forecast.objects.get()
    plan_everything(NOON + timedelta(days=1, hours=6))
    assert Forecast.objects.get().made_on == made.made_on
    plan_everything(NOON + timedelta(days=2))
    assert Forecast.objects.get().made_on == made.made_on + timedelta(days=1)


def test_a_round_costs_the_same_queries_for_one_and_for_ten(leipzig: Warehouse) -> None:
    def measured(count: int) -> int:
        for _ in range(count):
            stocked(a_variant(), 5, warehouse=leipzig)
        with CaptureQueriesContext(connection) as seen:
            forecast_warehouse(warehouse_id=leipzig.pk, now=NOON)
            propose()
        return len(seen)

    assert measured(1) == measured(9)


def test_turnover_averages_what_was_there_over_the_period(leipzig: Warehouse, cup: Variant) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    with time_machine.travel(now - timedelta(days=15), tick=False):
        stocked(cup, 100, warehouse=leipzig)
    sold_daily(cup, leipzig, last=now.date() - timedelta(days=1), pieces=[10] * 5)
    (turn,) = turns_of(list(stock_rows(view="all", days=30, now=now)), days=30, now=now)
    assert turn.sold == 50
    assert turn.average == pytest.approx(50)
    assert turn.stance.ages == (100, 0, 0, 0, 0)


def test_what_stopped_selling_is_slow(leipzig: Warehouse, cup: Variant) -> None:
    idle = a_variant()
    known(cup, leipzig, stock=20)
    item = stocked(idle, 30, warehouse=leipzig)
    StockItem.objects.filter(pk=item.pk).update(created=NOON - timedelta(days=300))
    found = {
        view: list(stock_rows(view=view, days=90, now=NOON).values_list("variant", flat=True))
        for view in ("slow", "over", "never")
    }
    assert found == {"slow": [idle.pk], "over": [], "never": [idle.pk]}


def test_alerts_advice_and_lists_agree_on_what_is_too_much(leipzig: Warehouse) -> None:
    def shelf(stock: int, *, daily: int, **facts: int) -> StockItem:
        variant = a_variant()
        item = (
            known(variant, leipzig, stock=stock, pieces=daily) if daily else stocked(variant, stock, warehouse=leipzig)
        )
        StockItem.objects.filter(pk=item.pk).update(**facts)
        return item

    BuyingPolicy.objects.create(over_days=100)
    shelf(390, daily=4)
    too_long = shelf(450, daily=4)
    shelf(450, daily=4, target_quantity=300)
    beyond_target = shelf(451, daily=4, target_quantity=300)
    shelf(450, daily=4, allocated=60)
    shelf(900, daily=0)

    wanted = {too_long.pk, beyond_target.pk}
    rows = list(stock_rows(view="all", days=30, now=NOON))
    review_alerts(variant_ids=[row.variant_id for row in rows])
    assert set(stock_rows(view="over", days=30, now=NOON).values_list("pk", flat=True)) == wanted
    assert {turn.item.pk for turn in turns_of(rows, days=30, now=NOON) if turn.stance.is_over} == wanted
    assert set(StockAlert.objects.filter(level="over", closed=None).values_list("stock_item", flat=True)) == wanted
