"""Planned changes of prices: previewed, agreed to by somebody else, written as agreed, begun and ended by the clock."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import actions
from catalog.actions.bulk import start_bulk_run, undo_bulk_run
from catalog.actions.price_plans import (
    ApprovalRule,
    PlanDraft,
    approve_price_plan,
    cancel_price_plan,
    decline_price_plan,
    describe_price_plan,
    open_price_plan,
    propose_price_plan,
    work_price_plans,
)
from catalog.actions.price_policy import (
    CompetitorNote,
    CostNote,
    note_competitor_prices,
    note_costs,
    set_charm_rule,
    set_price_policy,
)
from catalog.bulk.trying import summary_of
from catalog.errors import BulkNotPossible, OwnProposal, PlanNotPossible
from catalog.models import BulkChange, Price, PriceList, PricePlan, PricePlanRow, PublishedPrice
from core import audit
from core.jobs import run_job
from core.models import AuditEntry, Job
from core.money import Money
from markets.actions import record_exchange_rate
from markets.models import Market
from markets.types import CharmRule
from members.models import User
from tests.factories.catalog import make_product, option, price_list
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
NOON = datetime(2031, 11, 20, 12, tzinfo=UTC)
LAX = ApprovalRule(percent=Decimal(1000), rows=1000)
STRICT = ApprovalRule(percent=Decimal(5), rows=1000)


def world() -> None:
    small_world("de", "jp")
    option("colour", {"ink": "#111111", "bone": "#eeeeee"}, input="swatch")


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def planned(
    variants: list[Any], method: str = "percent", value: str = "-10", target: str = "de-base", **facts: Any
) -> PricePlan:
    """A described plan with its preview worked out."""
    plan = open_price_plan(variant_ids=[row.pk for row in variants])
    lists = dict(PriceList.objects.values_list("code", "pk"))
    arguments = {"value": value, "rounding": "none", **facts.pop("arguments", {})}
    draft = PlanDraft(
        price_list_id=lists[target],
        source_list_id=lists[facts.pop("source", target)],
        method=method,
        arguments=arguments,
        **facts,
    )
    plan = describe_price_plan(plan_id=plan.pk, draft=draft)
    job = run_job(plan.run.trial_id)
    assert job.state == Job.State.DONE, job.failure
    return PricePlan.objects.get(pk=plan.pk)


def applied(plan: PricePlan, rule: ApprovalRule = LAX) -> PricePlan:
    propose_price_plan(plan_id=plan.pk, rule=rule)
    return finished(plan)


def finished(plan: PricePlan) -> PricePlan:
    plan = PricePlan.objects.get(pk=plan.pk)
    job = run_job(plan.run.job_id)
    assert job.state == Job.State.DONE, job.failure
    return plan


def taken_back(plan: PricePlan) -> dict[str, int]:
    run = undo_bulk_run(run_id=plan.run_id)
    return dict(run_job(run.undo_job_id).result["counts"])


def prices(code: str = "de-base") -> dict[tuple[int, int], tuple[str, bool]]:
    rows = Price.objects.filter(price_list__code=code).values_list("variant_id", "min_qty", "amount", "derived")
    return {(variant, qty): (str(amount.normalize()), derived) for variant, qty, amount, derived in rows}


def everything() -> set[tuple[Any, ...]]:
    return set(Price.objects.values_list("price_list_id", "variant_id", "min_qty", "amount", "derived"))


def person(name: str) -> User:
    return User.objects.create_user(f"{name}@example.com", "a-long-password", is_staff=True)


@shared_world
def cups() -> list[Any]:
    world()
    product = make_product("cup", options={"colour": ("ink", "bone")}, prices={"de": ["20.00", "24.00"], "jp": "2400"})
    return list(product.variants.order_by("pk"))


def test_a_percentage_changes_every_quantity_and_is_taken_back_to_the_row(cups: list[Any]) -> None:
    actions.set_price(price_list_id=price_list("de").pk, variant_id=cups[0].pk, amount=eur("18.00"), min_qty=10)
    before = everything()
    plan = planned(cups)
    row = PricePlanRow.objects.get(plan=plan, variant=cups[0])
    assert (row.before, row.after) == ({"1": "20.00", "10": "18.00"}, {"1": "18.00", "10": "16.20"})
    assert (row.change_bp, row.new_amount) == (-1000, Decimal("18.00"))
    assert everything() == before, "a preview changes nothing"
    applied(plan)
    assert prices()[cups[0].pk, 10] == ("16.2", False)
    assert BulkChange.objects.filter(run=plan.run_id).count() == 2
    assert taken_back(PricePlan.objects.get(pk=plan.pk)) == {"restored": 2, "refused": 0, "kept": 0}
    assert everything() == before


def test_what_is_written_is_what_was_previewed_and_a_price_that_moved_since_is_left_alone(cups: list[Any]) -> None:
    plan = planned(cups)
    actions.set_price(price_list_id=price_list("de").pk, variant_id=cups[0].pk, amount=eur("30.00"))
    plan = applied(plan)
    assert prices()[cups[0].pk, 1] == ("3E+1", False)
    assert prices()[cups[1].pk, 1] == ("21.6", False)
    errors = plan.run.job.errors.values_list("message", flat=True)
    assert list(errors) == ["The price changed since the preview."]


def test_a_large_change_waits_for_a_second_person_and_nobody_decides_about_their_own(cups: list[Any]) -> None:
    plan = planned(cups)
    anna, ben = person("anna"), person("ben")
    with audit.acting_as(anna.pk, "anna"):
        propose_price_plan(plan_id=plan.pk, rule=STRICT)
        with pytest.raises(OwnProposal):
            approve_price_plan(plan_id=plan.pk)
        with pytest.raises(BulkNotPossible):
            start_bulk_run(run_id=plan.run_id)
    assert prices()[cups[0].pk, 1] == ("2E+1", False)
    assert work_price_plans() == (0, 0), "nothing begins that waits"
    with audit.acting_as(ben.pk, "ben"):
        approve_price_plan(plan_id=plan.pk, reason="Season ends")
    finished(plan)
    assert prices()[cups[0].pk, 1] == ("18", False)
    decided = AuditEntry.objects.get(action="catalog.approve_prices")
    assert (decided.actor_id, decided.reason, decided.data["changed"]) == (ben.pk, "Season ends", 2)


def test_the_system_cannot_decide_either(cups: list[Any]) -> None:
    plan = planned(cups)
    propose_price_plan(plan_id=plan.pk, rule=STRICT)
    with pytest.raises(OwnProposal):
        approve_price_plan(plan_id=plan.pk)


def test_a_declined_plan_is_described_anew(cups: list[Any]) -> None:
    plan = planned(cups)
    anna, ben = person("anna"), person("ben")
    with audit.acting_as(anna.pk, "anna"):
        propose_price_plan(plan_id=plan.pk, rule=STRICT)
    with audit.acting_as(ben.pk, "ben"):
        decline_price_plan(plan_id=plan.pk, reason="Too much")
        with pytest.raises(PlanNotPossible):
            approve_price_plan(plan_id=plan.pk)
    base = price_list("de").pk
    draft = PlanDraft(price_list_id=base, source_list_id=base, method="percent", arguments={"value": "-2"})
    plan = describe_price_plan(plan_id=plan.pk, draft=draft)
    assert (plan.state, plan.decided_by_id, plan.proposed_by_id) == ("draft", None, None)


def test_prices_below_cost_always_need_a_second_person(cups: list[Any]) -> None:
    note_costs(notes=[CostNote(variant_id=cups[0].pk, amount=eur("15.80"))])
    plan = planned(cups, value="-1")
    row = PricePlanRow.objects.get(plan=plan, variant=cups[0])
    assert row.margin_bp == 504, "19.80 with 19 % tax is 16.6387 without; 15.80 of it is cost"
    plan = planned(cups, value="-8")
    assert PricePlanRow.objects.get(plan=plan, variant=cups[0]).flags[0] == "below_cost"
    assert propose_price_plan(plan_id=plan.pk, rule=LAX).state == "waiting"


def test_a_plan_begins_and_ends_by_the_clock(cups: list[Any]) -> None:
    before = prices()
    with time_machine.travel(NOON, tick=False):
        plan = planned(cups, begins=NOON + timedelta(hours=1), ends=NOON + timedelta(hours=3))
        propose_price_plan(plan_id=plan.pk, rule=LAX)
        assert work_price_plans() == (0, 0)
        assert prices() == before
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        assert work_price_plans() == (1, 0)
        finished(plan)
        assert prices()[cups[0].pk, 1] == ("18", False)
        assert work_price_plans() == (0, 0), "it begins once"
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        assert work_price_plans() == (0, 1)
        plan = PricePlan.objects.get(pk=plan.pk)
        run_job(plan.run.undo_job_id)
        assert prices() == before
        assert work_price_plans() == (0, 0)


def test_a_plan_whose_time_is_over_before_it_begins_is_dropped(cups: list[Any]) -> None:
    with time_machine.travel(NOON, tick=False):
        plan = planned(cups, begins=NOON + timedelta(hours=1), ends=NOON + timedelta(hours=2))
        propose_price_plan(plan_id=plan.pk, rule=LAX)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        assert work_price_plans() == (0, 0)
    assert PricePlan.objects.get(pk=plan.pk).state == "canceled"


def test_a_plan_can_be_dropped_until_it_has_begun(cups: list[Any]) -> None:
    plan = planned(cups)
    cancel_price_plan(plan_id=plan.pk)
    with pytest.raises(PlanNotPossible):
        propose_price_plan(plan_id=plan.pk, rule=LAX)
    begun = applied(planned(cups))
    with pytest.raises(PlanNotPossible):
        cancel_price_plan(plan_id=begun.pk)


def test_a_sale_list_is_filled_from_the_ordinary_one_and_emptied_again(cups: list[Any]) -> None:
    price_list("de", code="winter", kind="sale")
    plan = applied(planned(cups, value="-25", target="winter", source="de-base"))
    assert {amount for amount, _derived in prices("winter").values()} == {"15", "18"}
    assert taken_back(plan)["restored"] == 2
    assert prices("winter") == {}


def test_prices_of_another_market_are_converted_with_mark_up_factor_and_endings(cups: list[Any]) -> None:
    record_exchange_rate(base="EUR", quote="JPY", rate=Decimal("160"), on=NOON.date(), source="ecb")
    Market.objects.filter(code="jp").update(fx_markup_percent=5, fx_dead_band_percent=2)
    set_charm_rule(
        market_code="jp", rule=CharmRule(Decimal(80), Decimal(100), "nearest", Decimal(1)), reason="As the others"
    )
    with time_machine.travel(NOON, tick=False):
        plan = planned(cups, "fx", "0.9", target="jp-base", source="de-base", arguments={"rounding": "market"})
    rows = {row.variant_id: row for row in PricePlanRow.objects.filter(plan=plan)}
    assert rows[cups[0].pk].after == {"1": "2980"}, "20 × 160 × 1.05 × 0.9 is 3024"
    assert rows[cups[1].pk].after == {"1": "3580"}, "24 × 160 × 1.05 × 0.9 is 3628.8"


def test_a_converted_price_inside_the_dead_band_stays(cups: list[Any]) -> None:
    record_exchange_rate(base="EUR", quote="JPY", rate=Decimal("121"), on=NOON.date(), source="ecb")
    Market.objects.filter(code="jp").update(fx_markup_percent=0, fx_dead_band_percent=2)
    with time_machine.travel(NOON, tick=False):
        plan = planned(cups[:1], "fx", "1", target="jp-base", source="de-base")
    row = PricePlanRow.objects.get(plan=plan)
    assert row.after == row.before == {"1": "2400"}, "2420 is within two percent of 2400"


@pytest.mark.parametrize(
    ("floor", "expected"),
    [("0", "17.10"), ("10", "18.52"), ("40", "27.77")],
    ids=["undercut", "held by the floor", "never below it"],
)
def test_competitors_are_undercut_but_never_below_the_margin(cups: list[Any], floor: str, expected: str) -> None:
    cup, market = cups[0], Market.objects.get(code="de")
    note_costs(notes=[CostNote(variant_id=cup.pk, amount=eur("14.00"))])
    seen = NOON.date()
    note_competitor_prices(
        notes=[
            CompetitorNote(variant_id=cup.pk, market_id=market.pk, competitor=name, amount=eur(amount), seen_on=day)
            for name, amount, day in (
                ("one", "15.00", seen - timedelta(days=3)),
                ("one", "18.00", seen),
                ("two", "19.00", seen),
                ("long ago", "9.00", seen - timedelta(days=60)),
            )
        ]
    )
    with time_machine.travel(NOON, tick=False):
        plan = planned([cup], "competitor", "5", arguments={"floor_percent": floor})
    assert PricePlanRow.objects.get(plan=plan).after == {"1": expected}


def test_rows_without_what_they_need_are_refused_with_the_reason(cups: list[Any]) -> None:
    plan = planned(cups, "competitor", "5")
    assert set(PricePlanRow.objects.filter(plan=plan).values_list("refused", flat=True)) == {"no_competitor"}
    plan = planned(cups, "amount", "-22")
    assert list(PricePlanRow.objects.filter(plan=plan).order_by("pk").values_list("refused", "after")) == [
        ("not_positive", {"1": "20.00"}),
        ("", {"1": "2.00"}),
    ]
    with pytest.raises(PlanNotPossible):
        propose_price_plan(plan_id=planned(cups, "percent", "0").pk, rule=LAX)


def test_endings_that_make_two_variants_cost_the_same_are_pointed_out(cups: list[Any]) -> None:
    actions.set_price(price_list_id=price_list("de").pk, variant_id=cups[1].pk, amount=eur("20.30"))
    set_charm_rule(market_code="de", rule=CharmRule(Decimal("0.99"), Decimal(1), "nearest", Decimal("0.01")))
    plan = planned(cups, value="-10", arguments={"rounding": "market"})
    assert [row.after["1"] for row in PricePlanRow.objects.filter(plan=plan)] == ["17.99", "17.99"]
    assert summary_of(plan)["collision"] == 2


def test_consequences_for_badges_are_foretold_and_come_true(cups: list[Any]) -> None:
    with time_machine.travel(NOON - timedelta(days=60), tick=False):
        actions.refresh_derived(product_ids=[cups[0].product_id])
        PublishedPrice.objects.filter(variant__in=cups)
    start = datetime.now(UTC) + timedelta(days=60)
    with time_machine.travel(start, tick=False):
        price_list("de", code="winter", kind="sale")
        plan = planned(cups, value="-25", target="winter", source="de-base")
        assert summary_of(plan)["makes_badge"] == 2
        assert PricePlanRow.objects.filter(plan=plan).first().lowest == Decimal(20)
        applied(plan)
        actions.drain_dirty()
        shown = cups[0].effective_prices.get(market__code="de")
        assert (shown.amount, shown.list_amount, shown.prior_low) == (eur("15.00"), eur("20.00"), eur("20.00"))
        back = planned(cups, "set", "20", target="winter")
        assert summary_of(back)["ends_badge"] == 1, "the dearer cup stays reduced"
        new = planned(cups, value="50", target="de-base")
        assert summary_of(new)["makes_badge"] == 0


def test_a_reduction_that_may_not_be_announced_is_said_so(cups: list[Any]) -> None:
    set_price_policy(market_code="de", policy={"new_goods": "not_announced"})
    price_list("de", code="winter", kind="sale")
    plan = planned(cups, value="-25", target="winter", source="de-base")
    assert summary_of(plan)["no_badge"] == 2


CHANGES = st.sampled_from([("percent", "-12.5"), ("percent", "7"), ("amount", "1.5"), ("set", "9.99")])


@settings(max_examples=12, deadline=None)
@given(
    change=CHANGES,
    tiers=st.dictionaries(st.integers(1, 4), st.integers(300, 9000), min_size=1, max_size=3),
    override=st.booleans(),
    on_derived=st.booleans(),
)
def test_taking_back_is_the_identity(
    change: tuple[str, str], tiers: dict[int, int], override: bool, on_derived: bool
) -> None:
    with transaction.atomic():
        cup = make_product(prices={}, active=False, refresh=False).variants.get()
        base = price_list("de")
        gold = price_list("de", code="gold", kind="member", audience_key="gold", parent="de-base", adjust_bp=-500)
        for quantity, cents in tiers.items():
            actions.set_price(
                price_list_id=base.pk, variant_id=cup.pk, amount=eur(f"{cents / 100:.2f}"), min_qty=quantity
            )
        if override:
            actions.set_price(price_list_id=gold.pk, variant_id=cup.pk, amount=eur("4.00"), min_qty=min(tiers))
        before = everything()
        plan = planned([cup], *change, target="gold" if on_derived else "de-base")
        if PricePlanRow.objects.filter(plan=plan, refused="").exists() and summary_of(plan)["changed"]:
            plan = applied(plan)
            assert everything() != before
            taken_back(plan)
        assert everything() == before
        transaction.set_rollback(True)
