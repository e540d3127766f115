"""From which warehouses a set of wishes is served: pure rules, no database.

The fewest parcels win; among equally few, the market's own order of warehouses decides. Inside the chosen
warehouses a line is split only when no single one of them has enough of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from inventory.errors import OutOfStock
from inventory.types import Demand

MOST_PARCELS = 3


@dataclass(frozen=True)
class StockRow:
    """What one warehouse can still sell of one variant. Lower `position` is preferred."""

    stock_item_id: int
    warehouse_code: str
    position: int
    variant_id: int
    available: int


@dataclass(frozen=True)
class Take:
    """So many for a line out of one stock row."""

    stock_item_id: int
    warehouse_code: str
    line_ref: str
    variant_id: int
    quantity: int


def plan_takes(demands: Sequence[Demand], rows: Iterable[StockRow]) -> tuple[Take, ...]:
    """Serve every demand in full. Raises `OutOfStock` naming the first line that cannot be served at all.

    The same variant on two lines is added up before it is compared with what is there.
    """
    stock = _by_warehouse(rows)
    _refuse_shortage(demands, stock)
    order = sorted(stock, key=lambda code: stock[code].position)
    for count in range(1, len(order) + 1):
        chosen = list(combinations(order, count)) if count <= MOST_PARCELS else [tuple(order)]
        for codes in chosen:
            takes = _serve(demands, [stock[code] for code in codes])
            if takes is not None:
                return takes
    raise OutOfStock(variant_id=demands[0].variant_id, wanted=demands[0].quantity, available=0)


@dataclass
class _Shelf:
    """One warehouse's part of the question."""

    code: str
    position: int
    items: dict[int, tuple[int, int]]  # variant → (stock item, available)


def _by_warehouse(rows: Iterable[StockRow]) -> dict[str, _Shelf]:
    shelves: dict[str, _Shelf] = {}
    for row in rows:
        shelf = shelves.setdefault(row.warehouse_code, _Shelf(row.warehouse_code, row.position, {}))
        shelf.items[row.variant_id] = (row.stock_item_id, max(row.available, 0))
    return shelves


def _refuse_shortage(demands: Sequence[Demand], stock: dict[str, _Shelf]) -> None:
    wanted: defaultdict[int, int] = defaultdict(int)
    for demand in demands:
        wanted[demand.variant_id] += demand.quantity
    for demand in demands:
        there = sum(shelf.items.get(demand.variant_id, (0, 0))[1] for shelf in stock.values())
        if there < wanted[demand.variant_id]:
            raise OutOfStock(
                variant_id=demand.variant_id,
                wanted=wanted[demand.variant_id],
                available=there,
                line_ref=demand.line_ref,
            )


def _serve(demands: Sequence[Demand], shelves: Sequence[_Shelf]) -> tuple[Take, ...] | None:
    left = {(shelf.code, variant): count for shelf in shelves for variant, (_, count) in shelf.items.items()}
    takes: list[Take] = []
    for demand in demands:
        served = _serve_line(demand, shelves, left)
        if served is None:
            return None
        takes.extend(served)
    return tuple(takes)


def _serve_line(demand: Demand, shelves: Sequence[_Shelf], left: dict[tuple[str, int], int]) -> list[Take] | None:
    missing = demand.quantity
    whole = [shelf for shelf in shelves if left.get((shelf.code, demand.variant_id), 0) >= missing]
    takes = []
    for shelf in whole[:1] or shelves:
        quantity = min(missing, left.get((shelf.code, demand.variant_id), 0))
        if quantity:
            left[shelf.code, demand.variant_id] -= quantity
            missing -= quantity
            item, _ = shelf.items[demand.variant_id]
            takes.append(Take(item, shelf.code, demand.line_ref, demand.variant_id, quantity))
    return takes if missing == 0 else None
