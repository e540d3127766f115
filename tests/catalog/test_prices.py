"""The price engine: against brute force, and against the vectors of the prior-price rule."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import actions
from catalog.errors import PriceBelowZero, PriceCurrency
from catalog.models import EffectivePrice, Price, PublishedPrice, Variant
from catalog.prices import explain_price, price_variants
from catalog.prices.history import Shown, percent_off, prior_low
from catalog.prices.unit import unit_price
from catalog.prices.view import price_view
from catalog.queries import cards_for
from core.money import AmountPrecision, Money
from tests.factories.catalog import make_product, price_list
from tests.factories.markets import small_world

NOON = datetime(2031, 11, 20, 12, tzinfo=UTC)


def eur(amount):
    return Money(Decimal(amount), "EUR")


@pytest.fixture
def world(db):
    return small_world("de", "jp")


@pytest.fixture
def mug(world):
    return make_product("mug", prices={"de": "20.00", "jp": "2400"}).variants.get()


def test_the_lowest_applicable_price_wins_and_ties_go_to_priority_then_age(mug):
    for code, amount, priority in (
        ("first", "18.00", 0),
        ("second", "15.00", 1),
        ("third", "15.00", 5),
        ("fourth", "15.00", 5),
    ):
        row = price_list("de", code=code, kind="sale", priority=priority)
        actions.set_price(price_list_id=row.pk, variant_id=mug.pk, amount=eur(amount))
    found = price_variants("de", [mug.pk])[mug.pk]
    assert (found.amount, found.list_amount) == (eur("15.00"), eur("20.00"))
    explained = explain_price(market_code="de", variant_id=mug.pk)
    assert [one.price_list for one in explained.considered] == ["third", "fourth", "second", "first", "de-base"]
    assert explained.considered[0].won
    assert explained.price_list_id == found.price_list_id


def test_a_contract_wins_even_when_it_is_dearer(mug):
    row = price_list("de", code="hotel", kind="contract", audience_key="company:7")
    actions.set_price(price_list_id=row.pk, variant_id=mug.pk, amount=eur("22.00"))
    assert price_variants("de", [mug.pk])[mug.pk].amount == eur("20.00")
    assert price_variants("de", [mug.pk], audiences=("company:7",))[mug.pk].amount == eur("22.00")


def test_quantities_audiences_times_and_markets_limit_a_price(mug):
    tier, member, flash = (
        price_list("de", code=code, **facts)
        for code, facts in (
            ("tier", {"kind": "tier"}),
            ("member", {"kind": "member", "audience_key": "level:gold"}),
            ("flash", {"kind": "flash", "begins": NOON, "ends": NOON + timedelta(hours=1)}),
        )
    )
    actions.set_price(price_list_id=tier.pk, variant_id=mug.pk, amount=eur("17.00"), min_qty=10)
    actions.set_price(price_list_id=member.pk, variant_id=mug.pk, amount=eur("16.00"))
    actions.set_price(price_list_id=flash.pk, variant_id=mug.pk, amount=eur("9.00"))

    def price(quantity=1, audiences=("public",), at=NOON - timedelta(seconds=1)):
        return str(price_variants("de", [mug.pk], {mug.pk: quantity}, audiences, at)[mug.pk].amount.amount.normalize())

    assert price() == "2E+1"
    assert price(9) == "2E+1"
    assert price(10) == "17"
    assert price(audiences=("level:gold",)) == "16"
    assert price(at=NOON) == "9"
    assert price(at=NOON + timedelta(hours=1)) == "2E+1"
    assert price_variants("jp", [mug.pk])[mug.pk].amount == Money(2400, "JPY")


def test_any_number_of_variants_is_priced_in_one_query(world):
    ids = [make_product(f"cup-{n}").variants.get().pk for n in range(5)]
    price_variants("de", ids)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert set(price_variants("de", [*ids, 999_999])) == set(ids)
    assert len(queries) == 1


KINDS = st.sampled_from(["base", "sale", "tier", "member", "contract"])
ROWS = st.lists(
    st.tuples(KINDS, st.integers(1, 40), st.integers(1, 4), st.integers(0, 2), st.sampled_from(["public", "gold"])),
    max_size=8,
)


@pytest.fixture
def bare(db):
    """Of a product without any price."""
    small_world("de")
    return make_product(prices={}, active=False, refresh=False).variants.get()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, quantity=st.integers(1, 5), gold=st.booleans())
def test_the_query_agrees_with_a_plain_reading_of_the_rule(bare, rows, quantity, gold):
    with transaction.atomic():
        mug = Variant.objects.get(pk=bare.pk)
        made = []
        for number, (kind, amount, min_qty, priority, audience) in enumerate(rows):
            row = price_list("de", code=f"list-{number}", kind=kind, priority=priority, audience_key=audience)
            actions.set_price(price_list_id=row.pk, variant_id=mug.pk, amount=eur(amount), min_qty=min_qty)
            made.append((kind, amount, min_qty, priority, audience, row.pk))
        audiences = ("public", "gold") if gold else ("public",)
        applicable = [row for row in made if row[2] <= quantity and row[4] in audiences]
        contracts = [row for row in applicable if row[0] == "contract"]
        expected = min(contracts or applicable, key=lambda row: (row[1], -row[3], row[5]), default=None)
        found = price_variants("de", [mug.pk], {mug.pk: quantity}, audiences).get(mug.pk)
        if expected is None:
            assert found is None
        else:
            assert (found.amount, found.price_list_id) == (eur(expected[1]), expected[5])
            base = min((row[1] for row in applicable if row[0] == "base"), default=0)
            assert found.list_amount == (eur(base) if base > expected[1] else None)
            explained = explain_price(market_code="de", variant_id=mug.pk, quantity=quantity, audiences=audiences)
            assert explained.considered[0].price_list_id == expected[5]
            assert len(explained.considered) == len(applicable)
        transaction.set_rollback(True)


def day(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def history(entries, starts, new):
    shown = [
        Shown(Decimal(amount), reduced=False, start=day(begin), end=day(end))
        for (begin, amount), end in zip(entries, [*(begin for begin, _ in entries[1:]), starts], strict=True)
    ]
    return [*shown, Shown(Decimal(new), reduced=True, start=day(starts))]


LONG = [("2026-10-01", "79.90"), ("2026-10-20", "59.90"), ("2026-10-28", "79.90")]


@pytest.mark.parametrize(
    ("entries", "new", "prior", "percent"),
    [
        pytest.param(LONG, "49.90", "59.90", 16, id="CON-001"),
        pytest.param(LONG, "63.92", "59.90", None, id="CON-002"),
        pytest.param([("2026-11-10", "39.90")], "29.90", "39.90", 25, id="CON-003"),
    ],
)
def test_the_prior_price_is_the_lowest_of_the_thirty_days_before(entries, new, prior, percent):
    found = prior_low(history(entries, "2026-11-20", new))
    assert found == Decimal(prior)
    assert percent_off(Decimal(new), found) == percent


def test_a_reduction_that_deepens_counts_from_its_first_day():
    steps = [
        Shown(Decimal(100), reduced=False, start=day("2026-09-01"), end=day("2026-11-01")),
        Shown(Decimal(80), reduced=True, start=day("2026-11-01"), end=day("2026-11-10")),
        Shown(Decimal(60), reduced=True, start=day("2026-11-10")),
    ]
    assert prior_low(steps) == 100


def test_an_earlier_reduction_counts_against_a_new_one():
    again = [
        Shown(Decimal(100), reduced=False, start=day("2026-09-01"), end=day("2026-11-01")),
        Shown(Decimal(70), reduced=True, start=day("2026-11-01"), end=day("2026-11-05")),
        Shown(Decimal(100), reduced=False, start=day("2026-11-05"), end=day("2026-11-20")),
        Shown(Decimal(80), reduced=True, start=day("2026-11-20")),
    ]
    assert prior_low(again) == 70
    assert percent_off(Decimal(80), Decimal(70)) is None


def test_a_price_above_the_prior_low_stands_alone():
    view = price_view(eur("63.92"), list_amount=eur("79.90"), prior_low=eur("59.90"))
    assert (view.was, view.prior_low, view.percent) == (None, None, None)


@pytest.mark.parametrize(
    ("content", "unit", "price", "expected"),
    [("250", "ml", "4.99", ("19.96", "l")), ("75", "g", "2.39", ("31.87", "kg")), ("1.5", "l", "1.29", ("0.86", "l"))],
    ids=["CON-004", "CON-005", "CON-006"],
)
def test_unit_prices(content, unit, price, expected):
    amount, per = unit_price(eur(price), Decimal(content), unit)
    assert (str(amount.amount), per) == expected


def test_a_sale_is_shown_with_its_former_price_and_its_prior_low(world):
    with time_machine.travel(NOON - timedelta(days=40), tick=False):
        mug = make_product("mug", prices={"de": "20.00"}).variants.get()
    with time_machine.travel(NOON - timedelta(days=10), tick=False):
        actions.set_price(price_list_id=price_list("de").pk, variant_id=mug.pk, amount=eur("18.00"))
        actions.drain_dirty()
    with time_machine.travel(NOON - timedelta(days=5), tick=False):
        actions.set_price(price_list_id=price_list("de").pk, variant_id=mug.pk, amount=eur("20.00"))
        actions.drain_dirty()
    with time_machine.travel(NOON, tick=False):
        sale = price_list("de", code="winter", kind="sale")
        actions.set_price(price_list_id=sale.pk, variant_id=mug.pk, amount=eur("15.00"))
        actions.drain_dirty()
        card = cards_for(world["de"], [mug.product_id])[0]
    assert (card.price.now, card.price.was, card.price.prior_low) == (eur("15.00"), eur("20.00"), eur("18.00"))
    assert card.price.percent == 16
    assert "sale" in card.tags
    open_rows = PublishedPrice.objects.filter(variant=mug, during__upper_inf=True)
    assert [(row.amount, row.reduced) for row in open_rows] == [(eur("15.00"), True)]


def test_a_new_product_announces_no_reduction_it_never_was_sold_at(world):
    mug = make_product("mug", prices={"de": "20.00"}, refresh=False).variants.get()
    sale = price_list("de", code="opening", kind="sale")
    actions.set_price(price_list_id=sale.pk, variant_id=mug.pk, amount=eur("12.00"))
    actions.drain_dirty()
    card = cards_for(world["de"], [mug.product_id])[0]
    assert (card.price.now, card.price.was, card.price.percent) == (eur("12.00"), None, None)


def test_effective_prices_stay_when_nothing_moved_and_history_is_not_repeated(mug):
    before = list(PublishedPrice.objects.values_list("pk", "during"))
    actions.refresh_derived(product_ids=[mug.product_id])
    assert list(PublishedPrice.objects.values_list("pk", "during")) == before
    assert EffectivePrice.objects.filter(variant=mug).count() == 2


def test_two_published_prices_never_overlap(mug):
    row = PublishedPrice.objects.filter(variant=mug).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedPrice.objects.create(variant=mug, market=row.market, amount=row.amount, during=row.during)


def test_history_is_never_deleted(mug):
    with pytest.raises(Exception, match="history_stays"), transaction.atomic():
        PublishedPrice.objects.all().delete()


def test_a_price_taken_away_is_no_longer_shown(mug):
    actions.remove_price(price_list_id=price_list("jp").pk, variant_id=mug.pk)
    actions.drain_dirty()
    assert set(EffectivePrice.objects.filter(variant=mug).values_list("market__code", flat=True)) == {"de"}
    assert not PublishedPrice.objects.filter(variant=mug, market__code="jp", during__upper_inf=True).exists()


def test_a_derived_list_follows_its_parent_except_where_it_is_overridden(world):
    mug, pot = (make_product(code, prices={"de": "20.00"}).variants.get() for code in ("mug", "pot"))
    gold = price_list(
        "de",
        code="gold",
        kind="member",
        audience_key="gold",
        parent="de-base",
        adjust_bp=-1000,
        charm_rule={"ending": "0.95", "step": "1", "mode": "down", "increment": "0.01"},
    )
    assert price_variants("de", [mug.pk], audiences=("gold",))[mug.pk].amount == eur("17.95")
    actions.set_price(price_list_id=gold.pk, variant_id=pot.pk, amount=eur("11.00"))
    base = price_list("de")
    for variant in (mug, pot):
        actions.set_price(price_list_id=base.pk, variant_id=variant.pk, amount=eur("40.00"))
    found = price_variants("de", [mug.pk, pot.pk], audiences=("gold",))
    assert (found[mug.pk].amount, found[pot.pk].amount) == (eur("35.95"), eur("11.00"))


def test_a_list_that_begins_by_the_clock_is_noticed_once(mug):
    with time_machine.travel(NOON, tick=False):
        flash = price_list("de", code="flash", kind="flash", begins=NOON + timedelta(hours=1))
        actions.set_price(price_list_id=flash.pk, variant_id=mug.pk, amount=eur("9.00"))
        actions.drain_dirty()
        assert actions.mark_due() == 0
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        assert actions.mark_due() == 1
        actions.drain_dirty()
        assert EffectivePrice.objects.get(variant=mug, market__code="de").amount == eur("9.00")
        assert actions.mark_due() == 0


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [
        (Money("9.00", "USD"), PriceCurrency),
        (Money("-1.00", "EUR"), PriceBelowZero),
        (Money("1.005", "EUR"), AmountPrecision),
    ],
)
def test_an_amount_that_cannot_be_is_refused_and_nothing_moves(mug, amount, refusal):
    before = list(Price.objects.values_list("variant", "amount"))
    with pytest.raises(refusal):
        actions.set_price(price_list_id=price_list("de").pk, variant_id=mug.pk, amount=amount)
    assert list(Price.objects.values_list("variant", "amount")) == before


def test_the_database_knows_the_digits_and_the_currency_of_a_price(mug):
    row = Price.objects.get(variant=mug, price_list__code="jp-base")
    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.filter(pk=row.pk).update(amount=Decimal("2400.5"))
    with pytest.raises(Exception, match="currency of its list"), transaction.atomic():
        Price.objects.filter(pk=row.pk).update(amount_currency="EUR")
