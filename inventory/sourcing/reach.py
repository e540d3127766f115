"""What of a market's stock can be sent to anybody: for lists of goods, which know a market and not an address."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from core.events import publish
from inventory.events import StockChanged
from inventory.models import Lane, StockItem
from inventory.sourcing.cartons import goods_of
from inventory.sourcing.freight import can_carry
from inventory.sourcing.network import Network, network_of
from inventory.sourcing.types import Good, LaneTerms
from markets.cache import remembered

AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Reach:
    """The lanes of each market where lanes decide, by warehouse, and the goods that are asked about."""

    lanes: Mapping[int, Mapping[str, tuple[LaneTerms, ...]]] = field(default_factory=dict)
    goods: Mapping[int, Good] = field(default_factory=dict)

    def sends(self, market_id: int, warehouse_code: str, variant_id: int) -> bool:
        """Whether a piece can leave there for somebody of the market; always where no lanes decide."""
        by_house = self.lanes.get(market_id)
        if by_house is None:
            return True
        good = self.goods.get(variant_id, Good(variant_id=variant_id))
        return any(
            can_carry(lane, weight_g=good.weight_g, mm3=good.mm3, flags=good.flags)
            for lane in by_house.get(warehouse_code, ())
        )


def reach_of(variant_ids: Iterable[int]) -> Reach:
    """No query where no market has lanes, else one for the goods; more while nothing is remembered."""
    networks = {pk: network_of(code) for pk, code in _markets_with_lanes()}
    lanes = {pk: _by_house(network) for pk, network in networks.items() if network.has_lanes}
    return Reach(lanes=lanes, goods=goods_of(variant_ids)[0]) if lanes else Reach()


def tell_reach(market_ids: Collection[int]) -> None:
    """What follows when lanes of markets changed: what each of them can sell of all that serves it."""
    rows = StockItem.objects.filter(warehouse__priorities__market__in=list(market_ids))
    variants = list(rows.order_by("variant_id").values_list("variant_id", flat=True).distinct())
    for start in range(0, len(variants), AT_ONCE):
        publish(StockChanged(variant_ids=tuple(variants[start : start + AT_ONCE])))


def _markets_with_lanes() -> tuple[tuple[int, str], ...]:
    return remembered(("inventory.lanes.markets",), lambda: tuple(_read()))


def _read() -> "QuerySet[Lane, tuple[int, str]]":
    rows = Lane.objects.filter(is_active=True, method__is_active=True).order_by("method__market")
    return rows.values_list("method__market_id", "method__market__code").distinct()


def _by_house(network: Network) -> dict[str, tuple[LaneTerms, ...]]:
    found: dict[str, tuple[LaneTerms, ...]] = {}
    for way in network.ways:
        only = network.countries.get(way.method_code, ())
        if not only or way.country in only:
            found[way.house.code] = (*found.get(way.house.code, ()), way.terms)
    return found
