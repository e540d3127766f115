"""Forecasts and what follows from them: pure arithmetic."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from inventory.buying.advising import Deed, Stance, ages, cover, deed, turns
from inventory.buying.forecasting import METHODS, History, look_ahead, usual, weeks_of
from inventory.buying.replenishing import Shelf, in_packs, levels, safety_factor
from inventory.buying.seasons import pattern_from, weekday_shares, year_index
from inventory.buying.smoothing import croston, level, tsb

REAL = Path(__file__).parents[4] / "shared" / "data" / "orders-online-retail"
DAYS = st.lists(st.integers(0, 500), min_size=1, max_size=200)
COUNT = st.integers(0, 10_000)
RATE = st.integers(0, 5000).map(lambda n: n / 100)


@given(DAYS)
def test_no_forecast_is_below_nothing_or_far_above_what_was_ever_sold(pieces: list[int]) -> None:
    outlook = look_ahead(History(pieces=pieces))
    assert 0 <= outlook.mean <= max(pieces) * 1.5 + 1
    assert outlook.deviation >= 0
    assert outlook.error is None or outlook.error >= 0


@given(st.integers(1, 50), st.integers(4, 30))
def test_what_sells_the_same_every_day_goes_on_so(pieces: int, weeks: int) -> None:
    outlook = look_ahead(History(pieces=[pieces] * (weeks * 7)))
    assert outlook.mean == pytest.approx(pieces, rel=0.06)


@pytest.mark.parametrize("name", METHODS)
@given(series=st.lists(st.integers(0, 300).map(lambda n: n * 1.0), min_size=1, max_size=60))
def test_every_method_says_one_number_per_week_and_one_more_and_never_looks_ahead(
    name: str, series: list[float]
) -> None:
    told = METHODS[name](series)
    assert len(told) == len(series) + 1
    assert min(told) >= 0
    start = 14
    changed = METHODS[name]([*series[:start], *(value + 100 for value in series[start:])])
    assert changed[: min(start, len(series)) + 1] == told[: min(start, len(series)) + 1]


def test_days_without_stock_are_not_days_without_demand() -> None:
    sold = [10] * 28 + [0] * 7 + [10] * 21
    blind = look_ahead(History(pieces=sold))
    seeing = look_ahead(History(pieces=sold, out=frozenset(range(28, 35))))
    assert seeing.mean == pytest.approx(10, rel=0.01)
    assert seeing.mean > blind.mean


def test_one_customer_who_buys_for_a_year_is_cut_down() -> None:
    sold = [2] * 60 + [4000] + [2] * 30
    assert max(usual(sold)) == 12
    assert sum(weeks_of(History(pieces=sold))) < 250


def test_what_sells_now_and_then_is_bought_for_on_average() -> None:
    outlook = look_ahead(History(pieces=([6] + [0] * 20) * 12))
    assert outlook.mean == pytest.approx(6 / 21, rel=0.35)


def test_nothing_sold_is_nothing_expected() -> None:
    outlook = look_ahead(History(pieces=[0] * 90))
    assert (outlook.mean, outlook.deviation, outlook.method) == (0, 0, "nothing sold")


def test_weekdays_keep_their_share() -> None:
    monday = date(2026, 1, 5)
    days = (monday + timedelta(days=step) for step in range(84))
    totals = {day: 0 if day.weekday() == 5 else 10 for day in days}
    shares = weekday_shares(totals, monday + timedelta(days=83))
    assert shares[5] == 0
    assert sum(shares) == pytest.approx(7)
    assert pattern_from(shares, date(2026, 4, 4))[0] == 0  # a Saturday


def test_a_season_is_known_after_a_year_and_growth_is_none() -> None:
    first = date(2024, 1, 1)
    flat = {first + timedelta(days=step): 10 for step in range(728)}
    december = {day: 40 if day.month == 12 else pieces for day, pieces in flat.items()}
    assert year_index(flat, first, first + timedelta(days=300)) == {}
    index = year_index(december, first, first + timedelta(days=727))
    assert index[349] > 1.8
    assert index[180] < 1
    growing = {first + timedelta(days=step): 100 + step for step in range(728)}
    assert max(year_index(growing, first, first + timedelta(days=727)).values()) < 1.35


def test_the_safety_factor_is_that_of_the_normal_distribution() -> None:
    assert safety_factor(Decimal(95)) == pytest.approx(1.6449, abs=0.0001)
    assert safety_factor(Decimal(50)) == 0


def test_the_reorder_point_is_that_of_the_formula() -> None:
    found = levels(mean=4.0, deviation=3.0, lead_days=9, review_days=7, factor=1.645, safety_stock=0)
    assert found.reorder_point == 51  # 36 + 1.645 · 3 · 3 = 50.8
    assert found.order_up_to == 84  # 64 + 1.645 · 3 · 4 = 83.7


@given(RATE, RATE, st.integers(0, 200), st.integers(0, 90), st.integers(0, 500))
def test_levels_are_in_order_and_hold_the_safety_stock(
    mean: float, deviation: float, lead: int, review: int, safety: int
) -> None:
    found = levels(mean=mean, deviation=deviation, lead_days=lead, review_days=review, factor=1.6, safety_stock=safety)
    assert safety <= found.reorder_point <= found.order_up_to


@given(COUNT, st.integers(1, 500), st.integers(1, 144))
def test_packs_are_whole_and_no_more_than_a_pack_too_many(needed: int, moq: int, pack: int) -> None:
    pieces = in_packs(needed, moq=moq, pack=pack)
    assert pieces % pack == 0
    if needed:
        assert max(needed, moq) <= pieces < max(needed, moq) + pack
    else:
        assert pieces == 0


@given(COUNT, COUNT, COUNT, COUNT, COUNT, COUNT)
def test_an_order_fills_the_shelf_and_whoever_gives_keeps_enough(
    on_hand: int, promised: int, held: int, coming: int, trigger: int, above: int
) -> None:
    shelf = Shelf(
        on_hand=on_hand, promised=promised, held=held, coming=coming, trigger=trigger, filled_to=trigger + above
    )
    if shelf.needs:
        assert shelf.position <= shelf.trigger
        assert shelf.position + shelf.needs == shelf.filled_to
        assert shelf.spare == 0
    if shelf.spare:
        assert shelf.free - shelf.spare >= shelf.filled_to


@given(st.integers(0, 500), st.lists(st.tuples(st.integers(0, 900), st.integers(1, 200)), max_size=20))
def test_ages_sum_to_what_is_there(on_hand: int, came: list[tuple[int, int]]) -> None:
    today = date(2026, 11, 22)
    rows = [(today - timedelta(days=days), pieces) for days, pieces in sorted(came)]
    assert sum(ages(on_hand, rows, today)) == on_hand


def test_the_oldest_pieces_are_those_that_came_first_and_have_left_first() -> None:
    today = date(2026, 11, 22)
    came = [(today - timedelta(days=10), 5), (today - timedelta(days=100), 5), (today - timedelta(days=400), 5)]
    assert ages(7, came, today) == (5, 0, 2, 0, 0)


def test_the_recursions_say_what_a_library_says() -> None:
    """Numbers of statsforecast 2.1.1 (SimpleExponentialSmoothing, CrostonSBA, TSB) for the same series.

    It is long enough for the ways to begin, which differ, to be forgotten.
    """
    series = [float(n * n % 7) if n % 3 == 0 or n % 5 == 0 else 0.0 for n in range(900)]
    assert level(series, alpha=0.2)[-1] == pytest.approx(0.6895347285109584, abs=1e-12)
    assert croston(series, alpha=0.1)[-1] == pytest.approx(0.8982677443442877, abs=1e-12)
    assert tsb(series, alpha=0.1, beta=0.3)[-1] == pytest.approx(0.67997855480191, abs=1e-12)


def stance(**facts: object) -> Stance:
    told = {
        "on_hand": 100,
        "cover_days": 400,
        "idle_days": 5,
        "ages": (100, 0, 0, 0, 0),
        "coming": 0,
        "wanted_elsewhere": 0,
        "is_over": True,
        "slow_days": 60,
    }
    return Stance(**{**told, **facts})


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"cover_days": 90, "is_over": False}, Deed.NONE),
        ({}, Deed.STOP),
        ({"coming": 10}, Deed.CANCEL),
        ({"wanted_elsewhere": 3, "coming": 10}, Deed.MOVE),
        ({"idle_days": 90}, Deed.MARK_DOWN),
        ({"idle_days": 400, "ages": (0, 0, 0, 40, 60), "is_over": False}, Deed.CLEAR),
        ({"on_hand": 0, "is_over": False, "idle_days": 900}, Deed.NONE),
    ],
)
def test_the_mildest_thing_that_helps_is_suggested(facts: dict[str, object], wanted: Deed) -> None:
    assert deed(stance(**facts)) == wanted


def test_turnover_is_what_was_sold_over_what_was_there() -> None:
    assert turns(90, Decimal(30), 365) == Decimal("3.0")
    assert turns(90, Decimal(0), 365) is None
    assert cover(30, Decimal("1.5")) == 20
    assert cover(30, Decimal(0)) is None


@pytest.mark.skipif(not REAL.is_dir(), reason="the public data set is not here")
def test_real_sales_are_forecast_better_than_by_last_week(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("forecast_backtest", str(REAL), "--origins", "1")
    assert "seasonal naive" in capsys.readouterr().out
