"""Prior prices and unit prices by worked cases; endings and proposals as properties."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.actions.price_policy import set_charm_rule, set_price_policy
from catalog.bulk.proposing import Facts, NoPrice, Recipe, margin_bp, propose
from catalog.errors import CharmProblem
from catalog.prices.history import PriorRule, Shown, percent_off, prior_low
from catalog.prices.unit import UnitRule, unit_price, unit_text
from core.money import Money
from markets.charm import charm_price
from markets.models import ConsumerRule, Market
from markets.queries import market_by_code
from markets.types import CharmRule
from tests.factories.markets import small_world

CASES = json.loads((Path(__file__).parent / "data" / "cases.json").read_text("utf-8"))


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def history(given: dict[str, Any]) -> list[Shown]:
    begins = [begin for begin, _amount in given["price_history"]] + [given["reduction_starts"]]
    shown = [
        Shown(Decimal(amount), reduced=False, start=day(begin), end=day(end))
        for (begin, amount), end in zip(given["price_history"], begins[1:], strict=True)
    ]
    return [*shown, Shown(Decimal(given["new_price"]), reduced=True, start=day(given["reduction_starts"]))]


@pytest.mark.parametrize("case", [one for one in CASES if "price_history" in one["input"]], ids=lambda one: one["id"])
def test_worked_cases_of_the_prior_price(case: dict[str, Any]) -> None:
    prior = prior_low(history(case["input"]))
    percent = percent_off(Decimal(case["input"]["new_price"]), prior)
    expected = case["expected"]
    if expected.get("strike_price_allowed") is False:
        assert percent is None
    else:
        assert (str(prior), percent) == (expected["prior_price"], expected["badge_percent"])


@pytest.mark.parametrize("case", [one for one in CASES if "content" in one["input"]], ids=lambda one: one["id"])
def test_worked_cases_of_unit_prices(case: dict[str, Any]) -> None:
    pack = case["input"]
    amount, per = unit_price(Money(pack["price"], "EUR"), Decimal(pack["content"]), pack["unit"])
    assert (str(amount.amount), per) == (case["expected"]["unit_price"], case["expected"]["per"])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (PriorRule(), "100"),
        (PriorRule(is_progressive=False), "80"),
        (PriorRule(needs_past=True), "100"),
        (PriorRule(window=timedelta(days=90), needs_past=True), None),
    ],
    ids=["steps are one", "each step for itself", "enough past", "too little past"],
)
def test_a_market_reads_the_rule_its_own_way(rule: PriorRule, expected: str | None) -> None:
    steps = [
        Shown(Decimal(100), reduced=False, start=day("2026-09-01"), end=day("2026-11-01")),
        Shown(Decimal(80), reduced=True, start=day("2026-11-01"), end=day("2026-11-10")),
        Shown(Decimal(60), reduced=True, start=day("2026-11-10")),
    ]
    found = prior_low(steps, rule)
    assert (None if found is None else str(found)) == expected


@pytest.mark.parametrize(
    ("content", "unit", "rule", "expected"),
    [
        ("250", "ml", UnitRule(unit="small"), ("2.00", "100 ml")),
        ("250", "ml", UnitRule(unit="by_size"), ("2.00", "100 ml")),
        ("251", "ml", UnitRule(unit="by_size"), ("19.88", "l")),
        ("0.2", "kg", UnitRule(unit="by_size"), ("2.50", "100 g")),
        ("3", "m", UnitRule(unit="small"), ("1.66", "m")),
        ("3", "m", UnitRule(unit="small", rounds_up=True), ("1.67", "m")),
    ],
)
def test_a_market_chooses_its_unit_and_rounding(
    content: str, unit: str, rule: UnitRule, expected: tuple[str, str]
) -> None:
    amount, per = unit_price(Money("4.99", "EUR"), Decimal(content), unit, rule)
    assert (str(amount.amount), per) == expected


class Pack:
    content_amount = Decimal(250)
    content_unit = "ml"


@pytest.mark.django_db
def test_unit_prices_are_shown_where_the_law_asks_or_the_shop_chose() -> None:
    small_world("de")
    price = Money("4.99", "EUR")
    ConsumerRule.objects.filter(market__code="de").update(unit_price="")
    _forget()
    assert unit_text(price, Pack(), market_by_code("de", language="en")) is None
    ConsumerRule.objects.filter(market__code="de").update(unit_price="per kg or l")
    _forget()
    assert unit_text(price, Pack(), market_by_code("de", language="en")) == "€19.96 / l"
    set_price_policy(market_code="de", policy={"unit_prices": "small", "unit_rounding": "up"})
    _forget()
    assert unit_text(price, Pack(), market_by_code("de", language="en")) == "€2.00 / 100 ml"
    set_price_policy(market_code="de", policy={"unit_prices": "never"})
    _forget()
    assert unit_text(price, Pack(), market_by_code("de", language="en")) is None


def _forget() -> None:
    from catalog.cache import forget as catalog_forget
    from markets.cache import forget

    forget()
    catalog_forget()


CENTS = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents) / 100)
RULES = st.builds(
    CharmRule,
    ending=st.sampled_from([Decimal("0.99"), Decimal("0.95"), Decimal("0.90"), Decimal(0)]),
    step=st.sampled_from([Decimal(1), Decimal(5), Decimal(10)]),
    mode=st.sampled_from(["nearest", "up", "down"]),
    increment=st.just(Decimal("0.01")),
)


@given(price=CENTS, rule=RULES)
def test_endings_are_met_are_as_near_as_promised_and_stay_when_met(price: Decimal, rule: CharmRule) -> None:
    ended = charm_price(price, rule)
    assert ended > 0
    assert (ended - rule.ending) % rule.step == 0
    assert charm_price(ended, rule) == ended
    if rule.mode == "up" or ended <= rule.ending or ended <= rule.step:
        assert ended >= price or rule.mode != "up"
    elif rule.mode == "down":
        assert 0 <= price - ended < rule.step
    else:
        assert abs(price - ended) <= rule.step / 2


@given(competitor=CENTS, cost=CENTS, undercut=st.integers(0, 50), floor=st.integers(0, 60), rule=RULES)
def test_a_proposal_against_competitors_never_falls_below_the_margin(
    competitor: Decimal, cost: Decimal, undercut: int, floor: int, rule: CharmRule
) -> None:
    recipe = Recipe(
        method="competitor",
        value=Decimal(undercut),
        currency="EUR",
        charm=rule,
        floor_percent=Decimal(floor),
    )
    found = propose(recipe, Facts(old=None, competitor=competitor, cost=cost, tax=Decimal("0.19")))
    margin = margin_bp(found, cost, Decimal("0.19"))
    assert margin is not None
    assert margin >= floor * 100


@given(old=CENTS, percent=st.integers(-99, 300))
def test_a_percentage_is_rounded_once_to_the_cent(old: Decimal, percent: int) -> None:
    recipe = Recipe(method="percent", value=Decimal(percent), currency="EUR")
    exact = old * (100 + percent) / 100
    try:
        found = propose(recipe, Facts(old=old))
    except NoPrice:
        assert exact < Decimal("0.005")
    else:
        assert abs(found - exact) <= Decimal("0.005")
        assert found == found.quantize(Decimal("0.01"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "rule",
    [
        CharmRule(Decimal("1.50"), Decimal(1), "nearest", Decimal("0.01")),
        CharmRule(Decimal("0.99"), Decimal(1), "nearest", Decimal("0.05")),
        CharmRule(Decimal("0.99"), Decimal(1), "nearest", Decimal("0.001")),
        CharmRule(Decimal("0.99"), Decimal(1), "somehow", Decimal("0.01")),
    ],
    ids=["ending above its step", "off the grid", "grid finer than the currency", "no such mode"],
)
def test_an_ending_that_cannot_be_met_is_refused_and_nothing_moves(rule: CharmRule) -> None:
    small_world("de")
    before = Market.objects.values_list("charm_rule", "price_increment").get(code="de")
    with pytest.raises(CharmProblem):
        set_charm_rule(market_code="de", rule=rule)
    assert Market.objects.values_list("charm_rule", "price_increment").get(code="de") == before
