"""From which warehouses a set of wishes is served: pure rules, no database.

The fewest parcels win; among equally few, the market's own order of warehouses decides. Inside the chosen
warehouses a line is split only when no single one of them has enough of it. A set leaves whole: all components of
one set come from the same warehouse.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
    """So many for a line out of one stock row. For a component, `line_ref` is its own and `unit_ref` is the set's."""

    stock_item_id: int
    warehouse_code: str
    line_ref: str
    variant_id: int
    quantity: int
    unit_ref: str = ""
    unit_variant_id: int = 0
    units: int = 0


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
    lost = next((demand for demand in demands if demand.pieces), demands[0])
    raise OutOfStock(variant_id=lost.variant_id, wanted=lost.quantity, available=0, line_ref=lost.line_ref)


def can_be_had(demands: Sequence[Demand], rows: Iterable[StockRow]) -> dict[str, int]:
    """How many of each demand can be had when those before it are served first: at most what it wants, by line.

    What this grants can be planned by `plan_takes`: both serve in the same order.
    """
    stock = _by_warehouse(rows)
    shelves = [stock[code] for code in sorted(stock, key=lambda code: stock[code].position)]
    left = _counts(shelves)
    granted = {}
    for demand in demands:
        units = min(demand.quantity, sum(_units(demand, shelf, left) for shelf in shelves))
        granted[demand.line_ref] = units
        if units:
            _serve_line(replace(demand, quantity=units), shelves, left)
    return granted


def variants_of(demands: Iterable[Demand]) -> list[int]:
    """The variants that have to be on a shelf for these."""
    return sorted({piece.variant_id for demand in demands for piece in demand.needs})


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
        for piece in demand.needs:
            wanted[piece.variant_id] += demand.quantity * piece.per_set
    for demand in demands:
        for piece in demand.needs:
            there = sum(shelf.items.get(piece.variant_id, (0, 0))[1] for shelf in stock.values())
            if there < wanted[piece.variant_id]:
                raise OutOfStock(
                    variant_id=demand.variant_id,
                    wanted=demand.quantity if demand.pieces else wanted[piece.variant_id],
                    available=there // piece.per_set,
                    line_ref=demand.line_ref,
                )


Left = dict[tuple[str, int], int]


def _counts(shelves: Sequence[_Shelf]) -> Left:
    return {(shelf.code, variant): count for shelf in shelves for variant, (_, count) in shelf.items.items()}


def _serve(demands: Sequence[Demand], shelves: Sequence[_Shelf]) -> tuple[Take, ...] | None:
    left = _counts(shelves)
    takes: list[Take] = []
    for demand in demands:
        served = _serve_line(demand, shelves, left)
        if served is None:
            return None
        takes.extend(served)
    return tuple(takes)


def _units(demand: Demand, shelf: _Shelf, left: Left) -> int:
    """How many whole units a warehouse still has everything for."""
    return min(left.get((shelf.code, piece.variant_id), 0) // piece.per_set for piece in demand.needs)


def _serve_line(demand: Demand, shelves: Sequence[_Shelf], left: Left) -> list[Take] | None:
    missing = demand.quantity
    whole = [shelf for shelf in shelves if _units(demand, shelf, left) >= missing]
    takes: list[Take] = []
    for shelf in whole[:1] or shelves:
        units = min(missing, _units(demand, shelf, left))
        if units:
            missing -= units
            takes.extend(_take(demand, units, shelf, left))
    return takes if missing == 0 else None


def _take(demand: Demand, units: int, shelf: _Shelf, left: Left) -> Iterator[Take]:
    for piece in demand.needs:
        quantity = units * piece.per_set
        left[shelf.code, piece.variant_id] -= quantity
        item, _ = shelf.items[piece.variant_id]
        yield Take(
            item, shelf.code, piece.line_ref, piece.variant_id, quantity, demand.line_ref, demand.variant_id, units
        )
