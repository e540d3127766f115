"""The planner is as good as trying everything, says why, and keeps the rules' order."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from inventory.sourcing.freight import chargeable_g, freight
from inventory.sourcing.planner import plan
from inventory.sourcing.stored import problem_from, problem_json
from inventory.sourcing.types import Bracket, Good, Problem, Rule, Weights
from inventory.types import Demand, Piece
from tests.inventory.sourcing.problems import every_key, lane, problem, site, small_problems

ENDLESS = 10**9


@settings(max_examples=500, deadline=None)
@given(small_problems())
def test_the_plan_is_the_best_of_all_there_are(asked: Problem) -> None:
    best = min(every_key(asked), default=None)
    decision = plan(asked, most_steps=ENDLESS)
    assert (decision.chosen.key if decision else None) == best


@settings(max_examples=200, deadline=None)
@given(small_problems())
def test_a_plan_serves_every_piece_from_shelves_that_have_it(asked: Problem) -> None:
    decision = plan(asked)
    if decision is None:
        return
    for candidate in (decision.chosen, *(one.candidate for one in decision.alternatives)):
        given_out: dict[tuple[str, int], int] = {}
        by_line: dict[str, int] = {}
        for take in candidate.takes:
            key = (take.warehouse_code, take.variant_id)
            given_out[key] = given_out.get(key, 0) + take.quantity
            by_line[take.line_ref] = by_line.get(take.line_ref, 0) + take.quantity
        wanted = {piece.line_ref: demand.quantity * piece.per_set for demand in asked.demands for piece in demand.needs}
        there = {(row.warehouse_code, row.variant_id): row.available for row in asked.rows}
        assert by_line == wanted
        assert all(count <= there[key] for key, count in given_out.items())
        assert candidate.score == candidate.freight + candidate.split + candidate.duty + candidate.late + (
            candidate.scarcity
        )


@settings(max_examples=200, deadline=None)
@given(small_problems())
def test_alternatives_come_from_other_warehouses_and_are_no_better(asked: Problem) -> None:
    decision = plan(asked)
    if decision is None:
        return
    sets = [frozenset(decision.chosen.codes), *(frozenset(one.candidate.codes) for one in decision.alternatives)]
    keys = [decision.chosen.key, *(one.candidate.key for one in decision.alternatives)]
    assert len(set(sets)) == len(sets) <= 4
    assert keys == sorted(keys)


@settings(max_examples=200, deadline=None)
@given(small_problems())
def test_a_problem_that_was_kept_is_the_same_problem(asked: Problem) -> None:
    kept = problem_from(json.loads(json.dumps(problem_json(asked))))
    assert kept == asked
    assert plan(kept) == plan(asked)


def test_the_cheapest_warehouse_sends_it() -> None:
    """LOG-006: 12.70 from China, 7.70 from Germany, 8.90 from Poland."""
    sites = (site("CN", 0, cost=1270), site("DE", 1, cost=770), site("PL", 2, cost=890))
    decision = plan(problem({1: 1}, {("CN", 1): 9, ("DE", 1): 9, ("PL", 1): 9}, *sites))
    assert decision is not None
    assert decision.chosen.codes == ("DE",)
    assert [one.candidate.codes for one in decision.alternatives] == [("PL",), ("CN",)]
    assert decision.reasons[0].code == "dearer"
    assert dict(decision.alternatives[0].reason.facts) == {"amount": "120", "mostly": "freight"}


def test_the_first_rule_that_tells_plans_apart_decides_over_any_cost() -> None:
    near, far = site("DE", 0, cost=900), site("JP", 1, cost=100, country="JP")
    asked = problem({1: 1}, {("DE", 1): 1, ("JP", 1): 1}, near, far)
    cheap, ruled = plan(asked), plan(replace(asked, rules=(Rule("min_splits"), Rule("same_country"))))
    assert cheap is not None
    assert ruled is not None
    assert (cheap.chosen.codes, ruled.chosen.codes) == (("JP",), ("DE",))
    assert dict(ruled.reasons[0].facts)["kind"] == "same_country"


def test_equal_costs_are_decided_by_the_order_of_the_market() -> None:
    asked = problem({1: 1}, {("B", 1): 1, ("A", 1): 1}, site("B", 1), site("A", 0))
    decision = plan(asked)
    assert decision is not None
    assert (decision.chosen.codes, decision.reasons[0].code) == (("A",), "market_order")


def test_goods_are_split_only_when_the_parcels_together_cost_less() -> None:
    stock = {("A", 1): 1, ("A", 2): 1, ("B", 2): 1}
    dear = site("A", 0, lane=lane(1, brackets=(Bracket(500, 400), Bracket(5000, 2000))))
    asked = problem({1: 1, 2: 1}, stock, dear, site("B", 1, cost=300))
    split = plan(asked)
    whole = plan(replace(asked, weights=Weights(split=5000)))
    assert split is not None
    assert whole is not None
    assert (split.chosen.codes, whole.chosen.codes) == (("A", "B"), ("A",))


def test_a_line_is_divided_only_where_nobody_has_all_of_it() -> None:
    asked = problem(
        {1: 5}, {("A", 1): 3, ("B", 1): 3, ("C", 1): 5}, site("A", 0, cost=1), site("B", 1, cost=1), site("C", 2)
    )
    decision = plan(replace(asked, rules=(Rule("min_splits"),)))
    short = plan(problem({1: 6}, {("A", 1): 3, ("B", 1): 3}, site("A", 0), site("B", 1)))
    assert decision is not None
    assert short is not None
    assert decision.chosen.codes == ("C",)
    assert sorted(take.quantity for take in short.chosen.takes) == [3, 3]


def test_a_set_leaves_whole() -> None:
    pieces = (Piece(line_ref="1.1", variant_id=1, per_set=1), Piece(line_ref="1.2", variant_id=2, per_set=2))
    demands = (Demand(line_ref="1", variant_id=9, quantity=1, pieces=pieces),)
    stock = {("A", 1): 1, ("A", 2): 1, ("B", 1): 0, ("B", 2): 5}
    asked = replace(problem({1: 1, 2: 1}, stock, site("A", 0), site("B", 1)), demands=demands)
    assert plan(asked) is None


def test_what_a_lane_does_not_carry_leaves_from_elsewhere() -> None:
    no_batteries = site("A", 0, lane=lane(1, cost=1, forbidden=frozenset({"battery"})))
    light_only = site("B", 1, lane=lane(2, cost=2, up_to_g=400))
    asked = problem(
        {1: 1},
        {("A", 1): 1, ("B", 1): 1, ("C", 1): 1},
        no_batteries,
        light_only,
        site("C", 2, cost=999),
        goods={1: Good(variant_id=1, weight_g=500, flags=frozenset({"battery"}))},
    )
    decision = plan(asked)
    assert decision is not None
    assert (decision.chosen.codes, decision.reasons[0].code) == (("C",), "only_way")


def test_a_duty_nobody_knows_is_never_taken_for_none() -> None:
    asked = problem({1: 1}, {("A", 1): 1, ("B", 1): 1}, site("A", 0, cost=1), site("B", 1, cost=900))
    decision = plan(replace(asked, duty={("A", 1): None, ("B", 1): 400}))
    assert decision is not None
    assert decision.chosen.codes == ("B",)
    assert decision.chosen.duty == 400


def test_days_after_what_was_promised_cost() -> None:
    asked = problem({1: 1}, {("A", 1): 1, ("B", 1): 1}, site("A", 0, cost=100, days=9), site("B", 1, cost=300, days=2))
    weights = Weights(late=50)
    soonest = plan(replace(asked, weights=weights))
    promised = plan(replace(asked, weights=weights, promised=asked.sites[0].latest))
    assert soonest is not None
    assert promised is not None
    assert (soonest.chosen.codes, promised.chosen.codes) == (("B",), ("A",))


def test_a_search_that_is_cut_short_says_so_and_still_has_a_plan() -> None:
    codes = "ABCDEFGH"
    sites = [site(code, at, cost=400 + 7 * at) for at, code in enumerate(codes)]
    stock = {(code, pk): 1 for at, code in enumerate(codes) for pk in range(1, 11) if (pk + at) % 3}
    asked = problem(dict.fromkeys(range(1, 11), 1), stock, *sites)
    decision = plan(asked, most_steps=5)
    assert decision is not None
    assert not decision.is_exact


@pytest.mark.parametrize(
    ("sides", "weight_g", "divisor", "step_g", "billed"),
    [
        ((400, 300, 200), 3200, 5000, 500, 5000),
        ((400, 300, 200), 3200, 6000, 500, 4000),
        ((200, 150, 100), 900, 5000, 100, 900),
    ],
    ids=["LOG-001", "LOG-002", "LOG-003"],
)
def test_the_larger_of_weight_and_volume_weight_is_charged(
    sides: tuple[int, int, int], weight_g: int, divisor: int, step_g: int, billed: int
) -> None:
    volume = sides[0] * sides[1] * sides[2]
    assert chargeable_g(weight_g=weight_g, mm3=volume, divisor=divisor, step_g=step_g) == billed


@settings(max_examples=300, deadline=None)
@given(small_problems())
def test_freight_never_falls_when_something_is_added(asked: Problem) -> None:
    for one in asked.sites:
        costs = [
            found.cost
            for grams in range(0, 9000, 250)
            if (found := freight(one.lane, asked.boxes, weight_g=grams, mm3=grams * 7000)) is not None
        ]
        assert costs == sorted(costs)


def test_heavy_goods_travel_in_several_parcels() -> None:
    found = freight(lane(brackets=(Bracket(10_000, 700, 10),)), (), weight_g=25_000, mm3=0)
    assert found is not None
    assert (found.parcels, found.cost) == (3, (700 + 100) * 2 + 700 + 50)
