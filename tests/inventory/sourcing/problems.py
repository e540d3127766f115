"""Problems for the planner, and every possible answer to them, worked out the slow way."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, permutations
from typing import Any

from hypothesis import strategies as st

from inventory.planning import StockRow
from inventory.sourcing.freight import freight
from inventory.sourcing.types import BoxSize, Bracket, Good, LaneTerms, Problem, Rule, Site, Weights
from inventory.types import Demand, Piece

DAY = date(2026, 11, 23)
RULES = ("preferred", "same_country", "bonded_first", "min_splits", "oldest_batch", "avoid")
Key = tuple[tuple[int, ...], int, int, tuple[int, ...]]


def lane(number: int = 1, *, cost: int = 500, up_to_g: int = 30_000, **changes: Any) -> LaneTerms:
    plain: dict[str, Any] = {
        "lane_id": number,
        "carrier": "DHL",
        "service": "Parcel",
        "brackets": (Bracket(up_to_g, cost),),
    }
    return LaneTerms(**(plain | changes))


def site(code: str, position: int, *, cost: int = 500, days: int = 2, **changes: Any) -> Site:
    plain: dict[str, Any] = {
        "code": code,
        "position": position,
        "country": "DE",
        "lane": lane(position + 1, cost=cost),
        "leaves_on": DAY,
        "earliest": DAY,
        "latest": date.fromordinal(DAY.toordinal() + days),
    }
    return Site(**(plain | changes))


def problem(wanted: Mapping[int, int], stock: Mapping[tuple[str, int], int], *sites: Site, **changes: Any) -> Problem:
    """So many of each variant, one line each; stock by warehouse and variant."""
    positions = {one.code: one.position for one in sites}
    plain: dict[str, Any] = {
        "currency": "EUR",
        "country": "DE",
        "demands": tuple(
            Demand(line_ref=str(number), variant_id=pk, quantity=count)
            for number, (pk, count) in enumerate(wanted.items(), start=1)
        ),
        "rows": tuple(
            StockRow(number, code, positions[code], pk, count)
            for number, ((code, pk), count) in enumerate(stock.items(), start=1)
        ),
        "sites": sites,
        "goods": {pk: Good(variant_id=pk, weight_g=500) for pk in wanted},
    }
    return Problem(**(plain | changes))


@st.composite
def small_problems(draw: st.DrawFn) -> Problem:
    """Up to four warehouses, four lines (one of them a set), rules in any order, costs that tie now and then."""
    numbers = st.integers
    variants = list(range(1, draw(numbers(1, 3)) + 1))
    codes = ["A", "B", "C", "D"][: draw(numbers(1, 4))]
    sites = tuple(
        site(
            code,
            position,
            days=draw(numbers(1, 4)),
            country=draw(st.sampled_from(["DE", "PL"])),
            kind=draw(st.sampled_from(["own", "bonded"])),
            lane=draw(_lanes(position + 1)),
        )
        for position, code in enumerate(codes)
    )
    demands = [
        Demand(line_ref=str(number), variant_id=draw(st.sampled_from(variants)), quantity=draw(numbers(1, 4)))
        for number in range(1, draw(numbers(1, 3)) + 1)
    ]
    if draw(st.booleans()) and len(variants) > 1:
        pieces = tuple(
            Piece(line_ref=f"9.{at}", variant_id=pk, per_set=draw(numbers(1, 2)))
            for at, pk in enumerate(variants[:2], start=1)
        )
        demands.append(Demand(line_ref="9", variant_id=99, quantity=draw(numbers(1, 2)), pieces=pieces))
    kinds = draw(st.permutations(RULES))[: draw(numbers(0, 3))]
    shelves = [(code, pk) for code in codes for pk in variants]
    return Problem(
        currency="EUR",
        country="DE",
        demands=tuple(demands),
        rows=tuple(
            StockRow(at, code, codes.index(code), pk, draw(numbers(0, 6)))
            for at, (code, pk) in enumerate(shelves, start=1)
        ),
        sites=sites,
        goods={
            pk: Good(
                variant_id=pk,
                weight_g=draw(numbers(0, 900)),
                sides=draw(st.sampled_from([None, (200, 100, 50), (400, 300, 100)])),
                flags=draw(st.sampled_from([frozenset(), frozenset({"battery"})])),
            )
            for pk in variants
        },
        boxes=draw(st.sampled_from([(), BOXES])),
        rules=tuple(Rule(kind, ("B",) if kind in ("avoid", "preferred") else ()) for kind in kinds),
        weights=Weights(split=draw(numbers(0, 300)), late=draw(numbers(0, 100)), scarce=draw(numbers(0, 50))),
        duty={key: draw(st.sampled_from([0, 0, 70, None])) for key in shelves},
        ages={key: draw(numbers(0, 2)) for key in shelves},
    )


BOXES = (
    BoxSize(code="s", name="S", sides=(250, 150, 100), tare_g=100, max_weight_g=5000),
    BoxSize(code="l", name="L", sides=(500, 400, 300), tare_g=400, max_weight_g=20_000),
)


def _lanes(number: int) -> st.SearchStrategy[LaneTerms]:
    return st.builds(
        lambda first, second, per_kg, divisor, forbidden: lane(
            number,
            brackets=(Bracket(1000, first, per_kg), Bracket(4000, second, per_kg)),
            divisor=divisor,
            forbidden=frozenset(forbidden),
        ),
        st.integers(100, 600),
        st.integers(100, 1200),
        st.integers(0, 90),
        st.sampled_from([0, 5000]),
        st.sampled_from([(), (), ("battery",)]),
    )


def every_key(asked: Problem) -> Iterator[Key]:
    """What every possible plan comes to: all choices of up to three warehouses, else all of them together."""
    found = False
    sites = sorted(asked.sites, key=lambda one: one.position)
    for count in (1, 2, 3):
        for chosen in combinations(sites, count):
            for key in _keys(asked, chosen, turns=True):
                found = True
                yield key
    if not found and len(sites) > 3:
        yield from _keys(asked, sites, turns=False)


def _keys(asked: Problem, sites: Sequence[Site], *, turns: bool) -> Iterator[Key]:
    stock = {
        (row.warehouse_code, row.variant_id): row.available
        for row in asked.rows
        for one in sites
        if one.code == row.warehouse_code and _is_carried(asked.goods[row.variant_id], one.lane)
    }
    for given in _ways(list(asked.demands), stock, [one.code for one in sites], turns=turns):
        key = _key(asked, {one.code: one for one in sites}, given, stock)
        if key is not None:
            yield key


def _is_carried(good: Good, terms: LaneTerms) -> bool:
    volume = -(-good.mm3 // terms.divisor) if terms.divisor else 0
    return not (good.flags & terms.forbidden) and max(good.weight_g, volume) <= 4000


Stock = dict[tuple[str, int], int]
Given = list[tuple[str, int, int]]
"""Warehouse, variant, pieces."""


def _ways(
    demands: list[Demand], stock: dict[tuple[str, int], int], codes: list[str], *, turns: bool
) -> Iterator[Given]:
    if not demands:
        yield []
        return
    demand, rest = demands[0], demands[1:]

    def units(code: str) -> int:
        return min(stock.get((code, piece.variant_id), 0) // piece.per_set for piece in demand.needs)

    whole = [{code: demand.quantity} for code in codes if units(code) >= demand.quantity]
    orders = list(permutations(codes)) if turns else [tuple(codes)]
    for shares in whole or [_filled(order, demand.quantity, units) for order in orders]:
        if sum(shares.values()) < demand.quantity:
            continue
        given = [
            (code, piece.variant_id, count * piece.per_set) for code, count in shares.items() for piece in demand.needs
        ]
        left = dict(stock)
        for code, pk, count in given:
            left[code, pk] -= count
        for more in _ways(rest, left, codes, turns=turns):
            yield [*given, *more]


def _filled(order: Sequence[str], quantity: int, units: Any) -> dict[str, int]:
    shares: dict[str, int] = {}
    for code in order:
        count = min(units(code), quantity - sum(shares.values()))
        if count:
            shares[code] = count
    return shares


def _key(asked: Problem, sites: Mapping[str, Site], given: Given, stock: Mapping[tuple[str, int], int]) -> Key | None:
    used = sorted({code for code, _pk, _count in given}, key=lambda code: sites[code].position)
    total = 0
    for code in used:
        mine = [(asked.goods[pk], count) for at, pk, count in given if at == code]
        cost = freight(
            sites[code].lane,
            asked.boxes,
            weight_g=sum(good.weight_g * count for good, count in mine),
            mm3=sum(good.mm3 * count for good, count in mine),
        )
        if cost is None:
            return None
        total += cost.cost
    duties = [(asked.duty[code, pk], count) for code, pk, count in given]
    soonest = min(one.latest for one in asked.sites)
    late = max((sites[code].latest - soonest).days for code in used)
    emptied = sum(
        bool(count) and sum(n for at, one, n in given if (at, one) == key) == count for key, count in stock.items()
    )
    total += sum((duty or 0) * count for duty, count in duties)
    total += asked.weights.split * (len(used) - 1) + asked.weights.late * late + asked.weights.scarce * emptied
    unknown = sum(count for duty, count in duties if duty is None)
    rules = tuple(_rule(rule, asked, sites, given, len(used)) for rule in asked.rules)
    return rules, unknown, total, tuple(sites[code].position for code in used)


def _rule(rule: Rule, asked: Problem, sites: Mapping[str, Site], given: Given, parcels: int) -> int:
    each = {
        "preferred": lambda code, _pk: int(code not in rule.codes),
        "same_country": lambda code, _pk: int(sites[code].country != asked.country),
        "bonded_first": lambda code, _pk: int(sites[code].kind != "bonded"),
        "oldest_batch": lambda code, pk: asked.ages[code, pk],
        "avoid": lambda code, _pk: int(code in rule.codes),
    }
    if rule.kind == "min_splits":
        return parcels
    return sum(each[rule.kind](code, pk) * count for code, pk, count in given)
