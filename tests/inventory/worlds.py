"""Two warehouses that serve Germany, and what must always be true of their stock."""

from typing import NamedTuple

from core import integrity
from inventory.models import StockItem, Warehouse
from markets.models import Market
from tests.factories.inventory import a_warehouse
from tests.factories.markets import small_world


class Places(NamedTuple):
    """Leipzig and Niigata."""

    leipzig: Warehouse
    niigata: Warehouse


def two_places() -> Places:
    """Both serve the German market, Leipzig first."""
    small_world("de")
    market = Market.objects.get(code="de")
    near = a_warehouse("LEJ", market=market, position=0)
    far = a_warehouse("NGT", market=market, position=1, zone="Asia/Tokyo", country="JP")
    return Places(near, far)


def broken() -> dict[str, int]:
    """The checks of stock that find something."""
    checks = [check for check in integrity.registered() if check.code.startswith("S")]
    return {finding.check.code: finding.count for finding in integrity.run(checks) if finding.count}


def counters(place: Warehouse, variant_id: int) -> tuple[int, int, int]:
    """On hand, promised, and what can be sold."""
    item = StockItem.objects.get(warehouse=place, variant_id=variant_id)
    return item.on_hand, item.allocated, item.available
