"""Worlds in which lanes decide from where goods leave."""

from typing import Any

from core.money import Money
from inventory.models import AllocationRule, DeliveryMethod, Lane, LaneRate, Warehouse
from inventory.sourcing.network import forget_networks
from markets.models import Market
from markets.types import MarketContext
from tests.factories.cart import open_shop
from tests.factories.inventory import a_warehouse


def a_lane(place: Warehouse, method: DeliveryMethod, *, cost: str = "5.00", country: str = "DE", **facts: Any) -> Lane:
    """A lane of one to two days that takes 30 kg for a sum."""
    plain: dict[str, Any] = {"carrier": f"Carrier of {place.code}", "lead_p50": 1, "lead_p90": 2, "divisor": 0}
    lane = Lane.objects.create(warehouse=place, method=method, country=country, **(plain | facts))
    LaneRate.objects.create(lane=lane, up_to_g=30_000, cost=Money(cost, method.market.currency_id))
    forget_networks()
    return lane


def method_of(market: MarketContext, code: str = "standard") -> DeliveryMethod:
    """A delivery method by its code."""
    return DeliveryMethod.objects.get(market__code=market.code, code=code)


def two_houses(*, near: str = "9.00", far: str = "4.00") -> tuple[MarketContext, Warehouse, Warehouse]:
    """A German market with lanes from Leipzig, its first warehouse, and Hamburg; only costs decide."""
    market = open_shop()
    first = Warehouse.objects.get(code="LEJ")
    if (near, far) == ("9.00", "4.00") and Lane.objects.filter(warehouse__code="HAM").exists():
        return market, first, Warehouse.objects.get(code="HAM")
    second = a_warehouse("HAM", market=Market.objects.get(code="de"), position=1)
    a_lane(first, method_of(market), cost=near)
    a_lane(second, method_of(market), cost=far, lead_p50=3, lead_p90=4)
    AllocationRule.objects.create(market=Market.objects.get(code="de"), position=0, kind="min_splits")
    forget_networks()
    return market, first, second


def reprice(lane: Lane, cost: str) -> None:
    """The carrier asks for something else now."""
    LaneRate.objects.filter(lane=lane).update(cost=cost)
    forget_networks()
