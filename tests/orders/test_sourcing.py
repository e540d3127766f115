"""Orders along lanes: overruled with a reason, planned again, promised again when they leave, tried without a house."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone

from core.chores import chores
from inventory.errors import OverrideReasonMissing
from inventory.models import AllocationDecision, AllocationRule, Lane, LaneRate, StockItem, Warehouse
from inventory.sourcing.decisions import decisions_of
from inventory.sourcing.network import forget_networks
from inventory.sourcing.replay import replay, summed
from orders.actions import ship_fulfillment
from orders.actions.changing_places import move_units
from orders.actions.changing_reship import send_again
from orders.actions.replanning import replan_order
from orders.changes.errors import ChangeRefused, OrderMoved
from orders.models import Order
from orders.types import ShipItem
from tests.admin.people import operator, shopper, text
from tests.factories.cart import item_in
from tests.factories.inventory import stocked
from tests.factories.lanes import reprice, two_houses
from tests.factories.orders import paid_order, parcel_of
from tests.shared_world import kept
from tests.soundness import broken

pytestmark = pytest.mark.django_db


@kept
def from_hamburg(pieces: int = 2) -> tuple[Order, Warehouse, Warehouse]:
    """A paid order that leaves from Hamburg, because that is cheaper."""
    market, near, far = two_houses()
    cup = item_in(market)
    stocked(cup, 5, warehouse=far)
    order = paid_order(market, (cup, pieces))
    assert [row.warehouse_code for row in order.fulfillments.all()] == ["HAM"]
    return order, near, far


def allocated(order: Order) -> dict[str, int]:
    variant = order.lines.get().variant_id
    rows = StockItem.objects.filter(variant_id=variant, allocated__gt=0)
    return dict(rows.values_list("warehouse__code", "allocated"))


def move(order: Order, *, reason: str = "", count: int = 2) -> None:
    item = ShipItem(line_id=order.lines.get().pk, quantity=count)
    move_units(number=order.number, items=(item,), warehouse_code="LEJ", version=order.version, reason=reason)


def test_a_plan_is_overruled_only_with_a_reason() -> None:
    order, _near, _far = from_hamburg()
    with pytest.raises(OverrideReasonMissing):
        move(order)
    assert allocated(order) == {"HAM": 2}

    move(order, reason="Hamburg is flooded", count=1)

    assert allocated(order) == {"HAM": 1, "LEJ": 1}
    newest, first = decisions_of(order.number)
    assert (newest.reason, sorted(newest.places.split(" + "))) == ("Hamburg is flooded", ["HAM", "LEJ"])
    assert newest.total is None
    assert first.total is not None
    assert broken() == []


def test_planned_again_it_leaves_from_where_it_is_cheapest_now() -> None:
    order, near, far = from_hamburg()
    reprice(Lane.objects.get(warehouse=far), "20.00")
    order.refresh_from_db()

    assert replan_order(number=order.number, version=order.version)

    assert allocated(order) == {"LEJ": 2}
    assert [row.warehouse_code for row in order.fulfillments.exclude(state="canceled")] == [near.code]
    assert AllocationDecision.objects.filter(order_ref=order.number).latest("pk").cause == "replanned"
    assert broken() == []


def test_planned_again_without_a_change_nothing_moves_and_nothing_is_written() -> None:
    order, _near, _far = from_hamburg()
    assert not replan_order(number=order.number, version=order.version)
    assert AllocationDecision.objects.filter(order_ref=order.number).count() == 1


def test_its_own_pieces_count_as_there_when_it_is_planned_again() -> None:
    market, _near, far = two_houses()
    cup = item_in(market, stock=0)
    stocked(cup, 2, warehouse=far)
    order = paid_order(market, (cup, 2))
    assert not replan_order(number=order.number, version=order.version)
    assert allocated(order) == {"HAM": 2}


def test_nothing_is_planned_again_for_somebody_who_looked_at_another_state() -> None:
    order, _near, _far = from_hamburg()
    with pytest.raises(OrderMoved):
        replan_order(number=order.number, version=order.version + 1)


def test_goods_never_go_to_another_country_by_planning_again() -> None:
    order, near, far = from_hamburg()
    Warehouse.objects.filter(pk=near.pk).update(country="AT")
    Lane.objects.filter(warehouse=far).update(is_active=False)
    forget_networks()
    order.refresh_from_db()
    with pytest.raises(ChangeRefused):
        replan_order(number=order.number, version=order.version)
    assert allocated(order) == {"HAM": 2}


def test_what_leaves_later_is_promised_again_from_then() -> None:
    order, _near, _far = from_hamburg()
    parcel = parcel_of(order)
    parcel.eta_from = parcel.eta_to = timezone.now().date() - timedelta(days=30)
    parcel.save()
    ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL")
    parcel.refresh_from_db()
    today = timezone.now().date()
    assert today < parcel.eta_from < parcel.eta_to <= today + timedelta(days=9)


def test_goods_that_are_sent_again_are_planned_and_keep_why() -> None:
    order, _near, _far = from_hamburg()
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL")
    item = ShipItem(line_id=order.lines.get().pk, quantity=1)
    child = send_again(number=order.number, items=(item,), reason="Broken", key="again")
    assert AllocationDecision.objects.get(order_ref=child.number).cause == "reshipped"


def test_decisions_are_never_altered() -> None:
    order, _near, _far = from_hamburg()
    kept = AllocationDecision.objects.filter(order_ref=order.number)
    with pytest.raises(Error), transaction.atomic():
        kept.update(reason="It was like that")
    with pytest.raises(Error), transaction.atomic():
        kept.delete()
    assert kept.get().reason == ""


def test_a_month_is_tried_without_a_warehouse() -> None:
    order, _near, _far = from_hamburg()
    today = timezone.now().date()
    (one,) = replay(first=today - timedelta(days=1), last=today + timedelta(days=1), without={"HAM"})
    assert (one.order_ref, one.was.codes, one.then and one.then.codes) == (order.number, ("HAM",), ("LEJ",))
    assert (one.dearer, one.days_later < 0) == (500, True)
    (market,) = summed([one])
    assert (market.orders, market.moved, market.lost, market.dearer) == (1, 1, 0, 500)


def test_orders_nobody_could_have_served_are_counted_apart() -> None:
    from_hamburg()
    today = timezone.now().date()
    kept = replay(first=today - timedelta(days=1), last=today + timedelta(days=1), without={"HAM", "LEJ"})
    (market,) = summed(kept)
    assert (market.orders, market.lost, market.served, market.dearer) == (1, 1, 0, 0)


def test_the_command_prints_the_difference_and_knows_its_warehouses() -> None:
    order, _near, _far = from_hamburg()
    said = StringIO()
    month = f"{timezone.now():%Y-%m}"
    call_command("replay_sourcing", "--without", "HAM", "--month", month, "--orders", stdout=said)
    assert f"{order.number}: HAM → LEJ, €5.00" in said.getvalue()
    assert "de: 1 orders, 1 would have moved, 0 not served" in said.getvalue()
    with pytest.raises(CommandError):
        call_command("replay_sourcing", "--without", "XXX", "--month", month)
    with pytest.raises(CommandError):
        call_command("replay_sourcing", "--month", "October")


def test_the_order_page_says_why_and_offers_what_can_be_done() -> None:
    order, _near, _far = from_hamburg()
    address = reverse("admin:workspace_order", args=[order.number])
    replan = reverse("admin:workspace_replan", args=[order.number])
    page = text(operator("orders.view_order", "orders.split_order").get(address))
    looked = text(operator("orders.view_order").get(address))
    assert "Why from here?" in page
    assert "Why from here?" in looked
    assert replan in page
    assert replan not in looked


def test_only_who_may_divide_orders_plans_them_again() -> None:
    order, _near, far = from_hamburg()
    reprice(Lane.objects.get(warehouse=far), "20.00")
    order.refresh_from_db()
    address = reverse("admin:workspace_replan", args=[order.number])
    form = {"version": order.version}
    assert operator("orders.view_order").post(address, form).status_code == 403
    assert shopper().post(address, form).status_code in (302, 403)
    assert allocated(order) == {"HAM": 2}
    assert operator("orders.view_order", "orders.split_order").post(address, form).status_code == 302
    assert allocated(order) == {"LEJ": 2}


def test_the_replay_screen_answers_who_may_ask() -> None:
    order, _near, _far = from_hamburg()
    address = reverse("admin:inventory_replay")
    today = timezone.now().date()
    asked = {"without": "HAM", "first": today - timedelta(days=1), "last": today + timedelta(days=1)}
    assert operator("inventory.view_stockitem").get(address).status_code == 403
    asker = operator("inventory.replay_sourcing", "orders.view_order")
    assert asker.get(address).status_code == 200
    assert order.number in text(asker.get(address, asked))
    backwards = {**asked, "first": asked["last"], "last": asked["first"]}
    assert asker.get(address, backwards).status_code == 422


def test_more_orders_than_somebody_can_wait_for_are_not_replayed_on_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    from_hamburg()
    monkeypatch.setattr("inventory.workspace.replay_views.MOST_ORDERS", 0)
    today = timezone.now().date()
    asked = {"without": "HAM", "first": today - timedelta(days=1), "last": today + timedelta(days=1)}
    refused = operator("inventory.replay_sourcing").get(reverse("admin:inventory_replay"), asked)
    assert refused.status_code == 422
    assert "there was 1 order" in text(refused)


def test_a_rule_names_warehouses_there_are_the_best_first() -> None:
    market, _near, _far = two_houses()
    browser = operator("inventory.view_allocationrule", "inventory.add_allocationrule")
    address = reverse("admin:inventory_allocationrule_add")
    form = {"market": market.id, "position": 5, "kind": "preferred", "is_active": "on"}
    refused = browser.post(address, {**form, "params": "HAM, XXX"})
    assert refused.status_code == 200
    assert "There is no warehouse XXX." in text(refused)
    assert browser.post(address, {**form, "params": "HAM, LEJ"}).status_code == 302
    assert AllocationRule.objects.get(position=5).params == ["HAM", "LEJ"]


def test_lanes_and_rules_are_kept_in_the_admin() -> None:
    from_hamburg()
    names = ("lane", "allocationrule", "sourcingweights", "box", "allocationdecision")
    for name in names:
        browser = operator(f"inventory.view_{name}")
        assert browser.get(reverse(f"admin:inventory_{name}_changelist")).status_code == 200
    lane = Lane.objects.earliest("pk")
    browser = operator(
        "inventory.view_lane", "inventory.change_lane", "inventory.view_lanerate", "inventory.change_lanerate"
    )
    assert browser.get(reverse("admin:inventory_lane_change", args=[lane.pk])).status_code == 200


def test_lanes_without_a_price_are_found_by_the_address_of_their_work() -> None:
    _order, _near, far = from_hamburg()
    LaneRate.objects.filter(lane__warehouse=far).delete()
    work = next(one for one in chores() if one.key == "lanes")
    assert [lane.warehouse for lane in work.rows()] == [far]
    page = text(operator("inventory.view_lane").get(f"{reverse(work.url_name)}?{work.query}"))
    assert "Carrier of HAM" in page
    assert "Carrier of LEJ" not in page
