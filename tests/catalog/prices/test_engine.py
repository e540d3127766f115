"""The derived prices of all audiences, against a plain reading of the rules; verified and repaired by the commands."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import actions
from catalog.actions.price_policy import set_price_policy
from catalog.actions.prices import refresh_converted_lists
from catalog.derived.prices import derive_all_prices
from catalog.derived.verify import wrong_prices
from catalog.models import EffectivePrice, Price, PriceList, PublishedPrice, Variant
from catalog.prices import price_variants
from catalog.prices.explanation import explanation_of
from catalog.prices.history import PriorRule, Shown, prior_low
from core.integrity import registered, run
from core.money import Money
from markets.actions import record_exchange_rate
from markets.cache import forget
from markets.charm import charm_price
from markets.errors import ExchangeRateStale
from markets.models import Market
from markets.types import CharmRule
from tests.factories.catalog import make_product, price_list
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db
NOON = datetime(2031, 11, 20, 12, tzinfo=UTC)
KINDS = st.sampled_from([kind for kind, _label in PriceList.Kind.choices])
AUDIENCES = st.sampled_from(["public", "gold", "company:7"])
WINDOWS = st.sampled_from([None, (-2, -1), (-1, 1), (1, 2), (-1, None)])
ROWS = st.lists(
    st.tuples(KINDS, st.integers(1, 40), st.integers(1, 4), st.integers(0, 2), AUDIENCES, WINDOWS), max_size=8
)


generated = partial(settings, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
"""What an example does is taken back; the product without a price stays for the next."""


@pytest.fixture
def bare() -> Variant:
    """Of a product without any price."""
    small_world("de")
    return make_product(prices={}, active=False, refresh=False).variants.get()


def eur(amount: Any) -> Money:
    return Money(Decimal(amount), "EUR")


def window_of(days: tuple[int, int | None] | None) -> dict[str, datetime]:
    if days is None:
        return {}
    ends = {} if days[1] is None else {"ends": NOON + timedelta(days=days[1])}
    return {"begins": NOON + timedelta(days=days[0]), **ends}


def resolved(made: list[tuple[Any, ...]], quantity: int, audiences: set[str]) -> tuple[Any, ...] | None:
    """The rule read aloud: what applies, contracts first, then the lowest, then priority, then the older list."""
    applicable = [
        row
        for row in made
        if row[2] <= quantity
        and row[4] in audiences
        and (row[5] is None or (row[5][0] <= 0 and (row[5][1] is None or row[5][1] > 0)))
    ]
    contracts = [row for row in applicable if row[0] == "contract"]
    return min(contracts or applicable, key=lambda row: (row[1], -row[3], row[6]), default=None)


def cached(variant: Variant, quantity: int, audiences: set[str]) -> tuple[Decimal, int] | None:
    """What the derived rows say for somebody with these audiences: per audience the largest step, then the best."""
    rows = EffectivePrice.objects.filter(variant=variant, audience_key__in=audiences, min_qty__lte=quantity)
    best: dict[str, EffectivePrice] = {}
    for row in rows.select_related("price_list").order_by("min_qty"):
        best[row.audience_key] = row
    found = sorted(
        best.values(),
        key=lambda row: (
            row.price_list.kind != "contract",
            row.amount.amount,
            -row.price_list.priority,
            row.price_list_id,
        ),
    )
    return (found[0].amount.amount, found[0].price_list_id) if found else None


@generated(max_examples=25)
@given(rows=ROWS)
def test_derived_prices_of_every_audience_agree_with_the_rule_and_with_the_query(
    bare: Variant, rows: list[tuple[Any, ...]]
) -> None:
    with transaction.atomic(), time_machine.travel(NOON, tick=False):
        cup = Variant.objects.get(pk=bare.pk)
        made = []
        for number, (kind, amount, min_qty, priority, audience, days) in enumerate(rows):
            facts = {"kind": kind, "priority": priority, "audience_key": audience, **window_of(days)}
            row = price_list("de", code=f"list-{number}", **facts)
            actions.set_price(price_list_id=row.pk, variant_id=cup.pk, amount=eur(amount), min_qty=min_qty)
            made.append((kind, amount, min_qty, priority, audience, days, row.pk))
        actions.refresh_derived(product_ids=[cup.product_id])
        for audiences in ({"public"}, {"public", "gold"}, {"public", "gold", "company:7"}):
            for quantity in (1, 2, 3, 5):
                expected = resolved(made, quantity, audiences)
                found = price_variants("de", [cup.pk], {cup.pk: quantity}, tuple(audiences)).get(cup.pk)
                wanted = None if expected is None else (Decimal(expected[1]), expected[6])
                assert (None if found is None else (found.amount.amount, found.price_list_id)) == wanted
                assert cached(cup, quantity, audiences) == wanted
                told = explanation_of(market_code="de", variant_id=cup.pk, quantity=quantity, audiences=list(audiences))
                assert (told.winner and (told.winner.amount.amount, told.winner.price_list_id)) == wanted
                assert told.list_amount == (found.list_amount if found else None)
                assert len(told.considered) == len(made)
        assert list(wrong_prices(NOON)) == []
        transaction.set_rollback(True)


STEPS = st.lists(
    st.tuples(st.integers(1, 25), st.integers(5, 60), st.booleans(), st.booleans()), min_size=1, max_size=7
)


@generated(max_examples=25)
@given(steps=STEPS, progressive=st.booleans(), not_announced=st.booleans(), days=st.sampled_from([30, 45]))
def test_the_prior_price_in_sets_is_that_of_the_plain_rule(
    bare: Variant, steps: list[tuple[int, int, bool, bool]], progressive: bool, not_announced: bool, days: int
) -> None:
    with transaction.atomic():
        forget()
        policy = {
            "is_progressive": progressive,
            "prior_days": days,
            "new_goods": "not_announced" if not_announced else "since_publication",
        }
        set_price_policy(market_code="de", policy=policy)
        with time_machine.travel(NOON, tick=False) as clock:
            cup = Variant.objects.get(pk=bare.pk)
            base, sale = price_list("de"), price_list("de", code="sale", kind="sale")
            actions.set_price(price_list_id=base.pk, variant_id=cup.pk, amount=eur(50))
            for gap, amount, reduces, goes in steps:
                place = sale if reduces else base
                if goes:
                    actions.remove_price(price_list_id=place.pk, variant_id=cup.pk)
                else:
                    actions.set_price(price_list_id=place.pk, variant_id=cup.pk, amount=eur(amount))
                actions.refresh_derived(product_ids=[cup.product_id])
                clock.shift(timedelta(days=gap))
            rule = PriorRule(timedelta(days=days), progressive, not_announced)
            rows = PublishedPrice.objects.filter(variant=cup).order_by("during")
            history = [Shown(row.amount.amount, row.reduced, row.during.lower, row.during.upper) for row in rows]
            shown = EffectivePrice.objects.filter(variant=cup, market__code="de").first()
            if shown is not None and shown.list_amount is not None:
                found = prior_low(history, rule)
                assert (shown.prior_low.amount if shown.prior_low else None) == found
            assert list(wrong_prices(NOON + timedelta(days=300))) == []
        transaction.set_rollback(True)


def test_a_full_rebuild_is_a_handful_of_statements_and_changes_nothing_that_is_right() -> None:
    small_world("de", "jp")
    for number in range(4):
        make_product(f"cup-{number}", prices={"de": "20.00", "jp": "2400"})
    before = list(EffectivePrice.objects.order_by("pk").values_list("pk", "amount", "computed_at"))
    shown = list(PublishedPrice.objects.order_by("pk").values_list("pk", "during"))
    with CaptureQueriesContext(connection) as queries:
        assert derive_all_prices(datetime.now(UTC)) == set()
    assert len(queries) < 20, "no statement per variant"
    assert list(EffectivePrice.objects.order_by("pk").values_list("pk", "amount", "computed_at")) == before
    assert list(PublishedPrice.objects.order_by("pk").values_list("pk", "during")) == shown


@pytest.mark.parametrize(
    ("audience", "kind", "min_qty"), [("public", "tier", 10), ("gold", "member", 1), ("company:7", "contract", 1)]
)
def test_the_command_finds_a_wrong_row_of_any_audience_and_quantity(audience: str, kind: str, min_qty: int) -> None:
    small_world("de")
    cup = make_product("cup", prices={"de": "20.00"}).variants.get()
    row = price_list("de", code="other", kind=kind, audience_key=audience)
    actions.set_price(price_list_id=row.pk, variant_id=cup.pk, amount=eur("15.00"), min_qty=min_qty)
    actions.drain_dirty()
    call_command("prices_verify", stdout=StringIO())
    wrong = EffectivePrice.objects.filter(audience_key=audience, min_qty=min_qty)
    assert wrong.update(amount=Decimal("15.01")) == 1
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("prices_verify", stdout=out)
    assert f"for {audience} from {min_qty}: 15.0100,EUR" in out.getvalue()
    wrong.delete()
    with pytest.raises(CommandError):
        call_command("prices_verify", stdout=StringIO())
    out = StringIO()
    call_command("catalog_refresh", "--prices", stdout=out)
    assert "Prices of 1 products changed." in out.getvalue()
    call_command("prices_verify", stdout=StringIO())


def test_a_reduction_that_history_does_not_prove_is_found() -> None:
    small_world("de")
    with time_machine.travel(NOON, tick=False) as clock:
        cup = make_product("cup", prices={"de": "20.00"}).variants.get()
        clock.shift(timedelta(days=40))
        sale = price_list("de", code="sale", kind="sale")
        actions.set_price(price_list_id=sale.pk, variant_id=cup.pk, amount=eur("15.00"))
        actions.drain_dirty()
    checks = [check for check in registered() if check.code in {"C04", "C14", "C15"}]
    assert [finding.count for finding in run(checks)] == [0, 0, 0]
    EffectivePrice.objects.filter(variant=cup).update(prior_low=Decimal("25.00"))
    found = {finding.check.code: finding for finding in run(checks)}
    assert (found["C14"].count, found["C14"].examples[0][:6]) == (1, "CUP in")


def test_a_derived_list_is_its_parent_times_a_factor_with_the_ending_frozen_when_written() -> None:
    small_world("de")
    cup = make_product("cup", prices={"de": "20.00"}).variants.get()
    charm = {"ending": "0.95", "step": "1", "mode": "nearest", "increment": "0.05"}
    gold = price_list("de", code="gold", kind="member", parent="de-base", adjust_bp=-1234, charm_rule=charm)
    assert Price.objects.get(price_list=gold, variant=cup).amount == eur("17.95"), "17.532 is nearest to 17.95"
    Market.objects.filter(code="de").update(charm_rule={"ending": "0.50", "step": "1", "mode": "up"})
    assert Price.objects.get(price_list=gold, variant=cup).amount == eur("17.95")


def converted(rate: str, on: datetime) -> None:
    record_exchange_rate(base="EUR", quote="JPY", rate=Decimal(rate), on=on.date(), source="ecb")


def test_a_list_of_another_currency_is_converted_when_written_and_again_outside_the_dead_band() -> None:
    small_world("de", "jp")
    Market.objects.filter(code="jp").update(
        fx_markup_percent=5,
        fx_dead_band_percent=2,
        fx_max_age_days=5,
        charm_rule={"ending": "80", "step": "100", "mode": "nearest"},
        price_increment=1,
    )
    with time_machine.travel(NOON, tick=False) as clock:
        converted("160", NOON)
        cup = make_product("cup", prices={"de": "20.00"}).variants.get()
        follower = price_list("jp", code="jp-follows", parent="de-base", adjust_bp=0)

        def now() -> Decimal:
            return Price.objects.get(price_list=follower, variant=cup).amount.amount

        assert now() == 3380, "20 × 160 × 1.05 is 3360"
        actions.drain_dirty()
        assert EffectivePrice.objects.get(variant=cup, market__code="jp").amount == Money(3380, "JPY")
        clock.shift(timedelta(days=1))
        converted("163", NOON + timedelta(days=1))
        assert (refresh_converted_lists(), now()) == (0, Decimal(3380)), "3423 is within two percent of it"
        clock.shift(timedelta(days=1))
        converted("170", NOON + timedelta(days=2))
        assert (refresh_converted_lists(), now()) == (1, Decimal(3580))
        actions.drain_dirty()
        assert EffectivePrice.objects.get(variant=cup, market__code="jp").amount == Money(3580, "JPY")
        clock.shift(timedelta(days=30))
        actions.set_price(price_list_id=price_list("de").pk, variant_id=cup.pk, amount=eur("40.00"))
        assert now() == 3580, "no fresh rate: the price stays"
        with pytest.raises(ExchangeRateStale):
            price_list("jp", code="jp-other", parent="de-base", adjust_bp=0)


DEEDS = st.lists(
    st.tuples(st.sampled_from(["de-base", "gold", "staff"]), st.integers(1, 3), st.none() | st.integers(1, 9000)),
    max_size=8,
)


@generated(max_examples=15)
@given(deeds=DEEDS, factors=st.tuples(st.integers(-5000, 5000), st.integers(-5000, 5000)))
def test_lists_that_follow_hold_what_a_plain_reading_derives(
    bare: Variant, deeds: list[tuple[str, int, int | None]], factors: tuple[int, int]
) -> None:
    """`gold` follows the ordinary list with an ending, `staff` follows `gold`; own rows override."""
    charm = {"ending": "0.95", "step": "1", "mode": "nearest", "increment": "0.01"}
    rule = CharmRule(Decimal("0.95"), Decimal(1), "nearest", Decimal("0.01"))
    with transaction.atomic():
        cup = Variant.objects.get(pk=bare.pk)
        lists = {"de-base": price_list("de")}
        lists["gold"] = price_list("de", code="gold", parent="de-base", adjust_bp=factors[0], charm_rule=charm)
        lists["staff"] = price_list("de", code="staff", parent="gold", adjust_bp=factors[1])
        own: dict[str, dict[int, Decimal]] = {code: {} for code in lists}
        for code, quantity, cents in deeds:
            if cents is None:
                if own[code].pop(quantity, None) is not None:
                    actions.remove_price(price_list_id=lists[code].pk, variant_id=cup.pk, min_qty=quantity)
                continue
            amount = Decimal(cents) / 100
            own[code][quantity] = amount
            actions.set_price(price_list_id=lists[code].pk, variant_id=cup.pk, amount=eur(amount), min_qty=quantity)
        base = own["de-base"]
        gold = {q: charm_price(a * (10000 + factors[0]) / 10000, rule) for q, a in base.items()} | own["gold"]
        staff = {q: half_up(a * (10000 + factors[1]) / 10000) for q, a in gold.items()} | own["staff"]
        for code, expected in (("de-base", base), ("gold", gold), ("staff", staff)):
            rows = Price.objects.filter(price_list=lists[code], variant=cup).values_list("min_qty", "amount", "derived")
            assert {q: amount for q, amount, _derived in rows} == expected
            assert {q for q, _amount, derived in rows if not derived} == own[code].keys()
        transaction.set_rollback(True)


def half_up(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
