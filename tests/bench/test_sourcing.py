"""How much CPU a plan takes: ten lines, eight warehouses. Printed; the budget is asserted."""

import statistics
import time

import pytest

from inventory.sourcing.planner import plan
from inventory.sourcing.types import Bracket, Good, Problem, Rule, Weights
from tests.inventory.sourcing.problems import BOXES, lane, problem, site

pytestmark = pytest.mark.bench
BUDGET_MS = 20
ROUNDS = 40
LINES, HOUSES = 10, 8


def everywhere() -> Problem:
    """Every warehouse has everything: eight single plans, and all larger ones to be ruled out."""
    return _with({(code, pk): 50 for code in _codes() for pk in range(1, LINES + 1)})


def scattered() -> Problem:
    """Each warehouse lacks a third: nobody has everything, so two or three have to send."""
    return _with({(code, pk): 9 for at, code in enumerate(_codes()) for pk in range(1, LINES + 1) if (pk + at) % 3})


def _codes() -> str:
    return "ABCDEFGH"[:HOUSES]


def _with(stock: dict[tuple[str, int], int]) -> Problem:
    sites = [
        site(
            code,
            at,
            days=2 + at % 3,
            lane=lane(at, divisor=5000, brackets=(Bracket(2000, 390 + 17 * at), Bracket(30_000, 900 + 31 * at, 40))),
        )
        for at, code in enumerate(_codes())
    ]
    goods = {pk: Good(variant_id=pk, weight_g=150 * pk, sides=(200, 120, 20 * pk)) for pk in range(1, LINES + 1)}
    return problem(
        {pk: 1 + pk % 3 for pk in range(1, LINES + 1)},
        stock,
        *sites,
        goods=goods,
        boxes=BOXES,
        weights=Weights(split=150, late=40, scarce=5),
        duty={key: (at * 13) % 90 for at, key in enumerate(stock)},
    )


@pytest.mark.parametrize("rules", [(), (Rule("min_splits"), Rule("preferred"))], ids=["costs alone", "rules first"])
@pytest.mark.parametrize("make", [everywhere, scattered])
def test_a_plan_is_made_within_its_budget(make, rules, capsys) -> None:
    asked = make()
    asked = Problem(**{**vars(asked), "rules": rules})
    spent = []
    for _round in range(ROUNDS):
        began = time.process_time()
        decision = plan(asked)
        spent.append((time.process_time() - began) * 1000)
    assert decision is not None
    middle = statistics.median(spent)
    with capsys.disabled():
        told = "exact" if decision.is_exact else "cut short"
        print(f"\n{make.__name__}, {len(rules)} rules: {middle:.1f} ms, {told}, from {decision.chosen.codes}")
    assert middle < BUDGET_MS
