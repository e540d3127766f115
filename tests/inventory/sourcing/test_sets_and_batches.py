"""What else the planner is told: components are worth their share at a border, and dates tell which stock is old."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Variant
from inventory.actions import book_delivery
from inventory.models import AllocationDecision, AllocationRule, StockItem, Warehouse
from inventory.sourcing.network import forget_networks
from inventory.stockwork.batch_deeds import keep_batches
from markets.models import DutyRule, Market
from tests.factories.cart import item_in
from tests.factories.inventory import stocked
from tests.factories.kinds import set_in
from tests.factories.lanes import two_houses
from tests.factories.orders import placed_order
from tests.inventory.sourcing.test_lanes import plans_for

pytestmark = pytest.mark.django_db


def test_the_duty_of_components_is_known_and_counts_their_share_of_the_price() -> None:
    market, near, far = two_houses()
    cup, pot = item_in(market), item_in(market)
    for piece in (cup, pot):
        stocked(piece, 5, warehouse=far)
    Variant.objects.filter(pk__in=[cup.pk, pot.pk]).update(hs_code="691200", origin_country="CN")
    Warehouse.objects.filter(pk=near.pk).update(country="GB")
    DutyRule.objects.create(
        destination="DE", rate_percent=Decimal(10), effective_from=timezone.now().date() - timedelta(days=9)
    )
    forget_networks()

    order = placed_order(market, (set_in(market, (cup, 2, 1), (pot, 1, 2), price="30.00"), 1))

    kept = AllocationDecision.objects.get(order_ref=order.number)
    duty = {(code, pk): minor for code, pk, minor in kept.inputs["duty"]}
    assert duty["LEJ", cup.pk] == 50
    assert duty["LEJ", pot.pk] == 200
    assert duty["HAM", cup.pk] == duty["HAM", pot.pk] == 0
    assert [one["unknown_duty"] for one in kept.alternatives] == [0]


def test_the_earliest_date_leaves_first_where_goods_have_batches() -> None:
    market, near, far = two_houses(near="1.00")
    AllocationRule.objects.create(market=Market.objects.get(code="de"), position=1, kind="oldest_batch")
    tea = item_in(market, stock=0)
    forget_networks()
    today = timezone.now().date()
    rows = {place.code: stocked(tea, 1, warehouse=place) for place in (far, near)}
    keep_batches(variant_id=tea.pk)
    came(rows["HAM"], today + timedelta(days=200))
    came(rows["LEJ"], today + timedelta(days=100))
    (plan,) = plans_for(tea.pk)
    assert plan.warehouse_codes == ("LEJ",)
    came(rows["HAM"], today + timedelta(days=50))
    (plan,) = plans_for(tea.pk)
    assert plan.warehouse_codes == ("HAM",)


def came(item: StockItem, expires_on: date) -> None:
    book_delivery(
        stock_item_id=item.pk, quantity=3, reason="", op_key=f"t:{item.pk}:{expires_on}", batch=f"{expires_on}",
        expires_on=expires_on,
    )  # fmt: skip
