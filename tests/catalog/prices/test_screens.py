"""Screens around prices: who may, what they say, and that they cost the same whatever their size."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog import actions
from catalog.actions.price_plans import open_price_plan
from catalog.models import BulkRun, CompetitorPrice, Price, PricePlan, PricePolicy, VariantCost
from core.jobs import run_job
from core.models import AuditEntry
from core.money import Money
from markets.models import Market
from tests.admin.people import operator, shopper, text
from tests.factories.catalog import make_product, option, price_list
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
NOON = datetime(2031, 11, 20, 12, tzinfo=UTC)
LOOK, PLAN, COSTS = "catalog.view_price", "catalog.view_priceplan", "catalog.view_variantcost"
CHANGE, APPROVE = "catalog.change_price", "catalog.approve_prices"
PLANS = "admin:catalog_price_plans"


def world() -> None:
    small_world("de", "jp")
    option("colour", {"ink": "#111111", "bone": "#eeeeee"}, input="swatch")


@shared_world
def cups() -> list[Any]:
    world()
    product = make_product("cup", options={"colour": ("ink", "bone")}, prices={"de": "20.00", "jp": "2400"})
    return list(product.variants.order_by("pk"))


def described(browser: Client, **facts: Any) -> PricePlan:
    """A plan made as a person makes it, with its preview worked out."""
    answer = browser.post(reverse(PLANS), {"q": "CUP"})
    plan = PricePlan.objects.get()
    assert answer.url == reverse("admin:catalog_price_plan", args=[plan.pk])
    form = {"deed": "describe", "price_list": price_list("de").pk, "method": "percent", "value": "-10"}
    browser.post(answer.url, {**form, "rounding": "none", **facts})
    plan = PricePlan.objects.get()
    run_job(plan.run.trial_id)
    return plan


def test_a_plan_goes_from_choice_to_agreement_and_back_over_http(cups: list[Any]) -> None:
    anna, ben = operator(PLAN, CHANGE), operator(PLAN, APPROVE)
    plan = described(anna, value="-20", note="Season ends")
    address = reverse("admin:catalog_price_plan", args=[plan.pk])
    page = text(anna.get(address))
    assert "€16.00" in page
    assert "Ask a second person" in page
    anna.post(address, {"deed": "propose"})
    assert "Somebody else has to decide" in text(anna.get(address))
    assert anna.post(address, {"deed": "approve"}).status_code == 403, "Anna may not decide at all"
    assert ">Agree<" in text(ben.get(address)).replace("</svg>", ">")
    ben.post(address, {"deed": "approve", "reason": "Agreed in the meeting"})
    plan.refresh_from_db()
    run_job(plan.run.job_id)
    assert set(Price.objects.filter(price_list__code="de-base").values_list("amount", flat=True)) == {Decimal(16)}
    assert "Agreed in the meeting" in text(anna.get(address))
    anna.post(address, {"deed": "undo"})
    run_job(PricePlan.objects.get().run.undo_job_id)
    assert set(Price.objects.filter(price_list__code="de-base").values_list("amount", flat=True)) == {Decimal(20)}
    assert AuditEntry.objects.filter(action__in=["catalog.propose_prices", "catalog.approve_prices"]).count() == 2


def test_nobody_decides_about_their_own_even_with_every_permission(cups: list[Any]) -> None:
    anna = operator(PLAN, CHANGE, APPROVE)
    plan = described(anna, value="-20")
    address = reverse("admin:catalog_price_plan", args=[plan.pk])
    anna.post(address, {"deed": "propose"})
    answer = anna.post(address, {"deed": "approve"}, follow=True)
    assert "You proposed these prices." in text(answer)
    plan.refresh_from_db()
    assert (plan.state, plan.run.state) == ("waiting", "draft")


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"value": ""}, "This method needs a number."),
        ({"value": "-100"}, "This would leave nothing of the price."),
        ({"method": "set", "value": "1.005"}, "The currency has fewer decimals than this."),
        ({"method": "fx", "value": "1"}, "Choose a list of another market."),
        ({"begins": "2031-11-20T12:00", "ends": "2031-11-20T11:00"}, "It would end before it begins."),
    ],
)
def test_what_cannot_be_is_refused_on_the_form_and_nothing_is_planned(
    cups: list[Any], facts: dict[str, str], refusal: str
) -> None:
    browser = operator(PLAN, CHANGE)
    plan = open_price_plan(variant_ids=[cup.pk for cup in cups])
    form = {"deed": "describe", "price_list": price_list("de").pk, "method": "percent", "value": "-10"}
    answer = browser.post(reverse("admin:catalog_price_plan", args=[plan.pk]), {**form, "rounding": "none", **facts})
    assert answer.status_code == 422
    assert refusal in text(answer)
    plan.refresh_from_db()
    assert (plan.method, plan.run.trial_id) == ("", None)


def test_a_list_of_another_currency_needs_a_method_that_converts(cups: list[Any]) -> None:
    browser = operator(PLAN, CHANGE)
    plan = open_price_plan(variant_ids=[cup.pk for cup in cups])
    form = {"deed": "describe", "price_list": price_list("jp").pk, "source_list": price_list("de").pk}
    answer = browser.post(
        reverse("admin:catalog_price_plan", args=[plan.pk]),
        {**form, "method": "percent", "value": "5", "rounding": "none"},
    )
    assert "Choose a method that converts." in text(answer)


def test_a_choice_of_nothing_is_refused_and_runs_of_plans_are_not_started_past_the_agreement(cups: list[Any]) -> None:
    browser = operator(PLAN, CHANGE, "catalog.change_in_bulk", "catalog.change_variant")
    assert browser.post(reverse(PLANS), {}).status_code == 422
    assert not BulkRun.objects.exists()
    plan = described(browser, value="-20")
    assert browser.post(reverse("admin:catalog_bulk_run", args=[plan.run_id]), {"deed": "start"}).status_code == 404
    assert plan.run.get_state_display() not in text(browser.get(reverse("admin:catalog_bulk_runs")))


SCREENS = {
    "price_plans": PLAN,
    "price_explain": LOOK,
    "price_proof": LOOK,
    "price_rules": LOOK,
    "price_figures": COSTS,
}


@pytest.mark.parametrize(("name", "needed"), SCREENS.items())
def test_screens_open_for_those_who_may_look_at_them_only(name: str, needed: str) -> None:
    address = reverse(f"admin:catalog_{name}")
    assert Client().get(address).status_code == 302
    assert shopper().get(address).status_code == 302
    others = {PLAN, LOOK, COSTS, "catalog.view_product"} - {needed}
    assert operator(*others).get(address).status_code == 403
    assert operator(needed).get(address).status_code == 200
    if name in {"price_plans", "price_figures"}:
        assert operator(needed).post(address, {"q": "CUP"}).status_code == 403


def test_the_page_of_a_plan_costs_the_same_for_few_rows_and_many() -> None:
    browser = operator(PLAN, CHANGE)

    def cost(code: str, count: int) -> int:
        PricePlan.objects.all().update(state="canceled")
        ids = [make_product(f"{code}-{n}").variants.get().pk for n in range(count)]
        plan = open_price_plan(variant_ids=ids)
        address = reverse("admin:catalog_price_plan", args=[plan.pk])
        form = {"deed": "describe", "price_list": price_list("de").pk, "method": "percent", "value": "-10"}
        browser.post(address, {**form, "rounding": "none"})
        run_job(PricePlan.objects.get(pk=plan.pk).run.trial_id)
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    assert cost("one", 1) == cost("six", 6)


@pytest.fixture
def reduced(cups: list[Any]) -> Any:
    """A cup that was 20, then 18 for five days, then 20 again, and is 15 in a sale since noon."""
    cup = cups[0]
    base = price_list("de")
    with time_machine.travel(NOON - timedelta(days=20), tick=False) as clock:
        for days, amount in ((5, "18.00"), (15, "20.00")):
            actions.set_price(price_list_id=base.pk, variant_id=cup.pk, amount=Money(amount, "EUR"))
            actions.drain_dirty()
            clock.shift(timedelta(days=days))
        sale = price_list("de", code="winter", kind="sale")
        gold = price_list(
            "de",
            code="gold",
            kind="member",
            audience_key="gold",
            parent="de-base",
            adjust_bp=-1000,
            charm_rule={"ending": "0.95", "step": "1", "mode": "nearest", "increment": "0.01"},
        )
        assert gold.parent_id == base.pk
        actions.set_price(price_list_id=sale.pk, variant_id=cup.pk, amount=Money("15.00", "EUR"))
        actions.drain_dirty()
        yield cup


def told(*args: str) -> str:
    out = StringIO()
    call_command("explain_price", *args, stdout=out)
    return out.getvalue()


def test_the_command_says_why(reduced: Any) -> None:
    said = told(reduced.sku, "--market", "de", "--audience", "gold", "--quantity", "3")
    assert "Price: €15.00" in said or "Price: 15.00" in said.replace("\xa0", " ")
    assert "* winter [sale]" in said
    assert "Lowest price that applies." in said
    assert "derived from de-base" in said
    assert "× 0.9, ending 0.95 step 1 nearest" in said
    assert "Badge: -16%" in said


def test_the_command_answers_programs_and_any_moment(reduced: Any) -> None:
    found = json.loads(told(reduced.sku, "--market", "de", "--at", "2031-11-02T12:00:00+00:00", "--json"))
    assert found["shown_then"] == {"amount": "18.0000", "currency": "EUR"}
    assert found["percent"] is None
    now = json.loads(told(reduced.sku, "--market", "de", "--json"))
    assert (now["amount"]["amount"], now["prior_low"]["amount"], now["percent"]) == ("15.0000", "18.0000", 16)
    verdicts = {one["code"]: one["verdict"] for one in now["considered"]}
    assert verdicts == {"winter": "won", "de-base": "higher", "gold": "audience"}


@pytest.mark.parametrize(
    "args",
    [("nothing", "--market", "de"), ("CUP-INK", "--market", "xx"), ("CUP-INK", "--market", "de", "--at", "soon")],
)
def test_the_command_refuses_what_it_does_not_know(cups: list[Any], args: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        told(*args)


def test_the_screen_says_the_same_as_the_command(reduced: Any) -> None:
    browser = operator(LOOK)
    address = f"{reverse('admin:catalog_price_explain')}?sku={reduced.sku}&market=de&audience=gold&quantity=3"
    page = text(browser.get(address))
    for words in ("The price is", "Lowest price that applies.", "Higher than the winning price.", "× 0.9", "−16%"):
        assert words in page
    assert "No variant has this SKU." in text(
        browser.get(f"{reverse('admin:catalog_price_explain')}?sku=nothing&market=de")
    )


def test_the_proof_names_the_window_the_lowest_price_and_the_law(reduced: Any) -> None:
    browser = operator(LOOK)
    address = f"{reverse('admin:catalog_price_proof')}?sku={reduced.sku}&market=de"
    page = browser.get(address).context["page"]
    assert (page.percent, page.lowest) == (16, Money("18.00", "EUR"))
    assert page.window == (NOON - timedelta(days=30), NOON)
    assert [(row.amount.amount, row.in_window, row.is_lowest) for row in page.rows if row.begins <= NOON][:3] == [
        (Decimal("15.0000"), False, False),
        (Decimal("20.0000"), True, False),
        (Decimal("18.0000"), True, True),
    ]
    assert page.curve.points.startswith("M")
    assert "The announced reduction is right." in text(browser.get(address))
    answer = browser.get(f"{address}&format=csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "badge_percent,16" in text(answer)
    assert "prior_price,18.0000" in text(answer)


def test_price_rules_are_saved_and_shown_with_examples() -> None:
    browser = operator(LOOK, "catalog.change_pricepolicy")
    address = reverse("admin:catalog_price_rule", args=["de"])
    tried = browser.get(f"{address}?ending=0.90&step=10&mode=down&increment=0.01")
    assert "€40.90" in text(tried), "47.31 ends on 40.90"
    assert Market.objects.get(code="de").charm_rule != {"ending": "0.90", "step": "10", "mode": "down"}
    browser.post(address, {"deed": "charm", "ending": "0.90", "step": "10", "mode": "down", "increment": "0.01"})
    assert Market.objects.get(code="de").charm_rule == {"ending": "0.90", "step": "10", "mode": "down"}
    refused = browser.post(address, {"deed": "charm", "ending": "20", "step": "10", "mode": "down", "increment": "1"})
    assert refused.status_code == 422
    policy = {
        "p-power_factor": "0.85",
        "p-floor_margin_percent": "12",
        "p-warn_percent": "25",
        "p-prior_days": "29",
        "p-is_progressive": "on",
        "p-new_goods": "not_announced",
        "p-unit_prices": "by_size",
        "p-unit_rounding": "up",
    }
    assert browser.post(address, {"deed": "policy", **policy}).status_code == 422, "the law wants thirty days"
    assert not PricePolicy.objects.exists()
    browser.post(address, {"deed": "policy", **policy, "p-prior_days": "30"})
    row = PricePolicy.objects.get()
    assert (row.power_factor, row.new_goods, row.is_progressive) == (Decimal("0.85"), "not_announced", True)
    assert operator(LOOK).post(address, {"deed": "policy", **policy}).status_code == 403


def test_costs_and_competitors_are_read_from_tables_all_or_none(cups: list[Any]) -> None:
    browser = operator(COSTS, CHANGE)
    address = reverse("admin:catalog_price_figures")
    file = SimpleUploadedFile("costs.csv", b"sku;cost;currency\nCUP-INK;8,50;EUR\nCUP-BONE;9.00;eur\n")
    assert browser.post(address, {"kind": "costs", "file": file}).status_code == 302
    assert dict(VariantCost.objects.values_list("variant__sku", "amount")) == {
        "CUP-INK": Decimal("8.50"),
        "CUP-BONE": Decimal("9.00"),
    }
    table = "sku\tmarket\tcompetitor\tprice\tseen_on\nCUP-INK\tde\tOther shop\t18,99\t2026-11-01\n"
    browser.post(address, {"kind": "competitors", "text": table})
    browser.post(address, {"kind": "competitors", "text": table})
    assert [row.amount for row in CompetitorPrice.objects.all()] == [Money("18.99", "EUR")]
    wrong = table + "NOTHING\tde\tOther shop\t18.99\t\nCUP-BONE\txx\tOther\t1\t\nCUP-BONE\tde\tOther\tfree\t\n"
    refused = browser.post(address, {"kind": "competitors", "text": wrong.replace("Other shop", "New shop")})
    assert refused.status_code == 422
    for words in ("No variant has this SKU.", "There is no such market.", "is not an amount"):
        assert words in text(refused)
    assert CompetitorPrice.objects.count() == 1


@pytest.mark.parametrize("kind", ["variant", "product"])
def test_a_selection_in_a_list_becomes_a_plan(cups: list[Any], kind: str) -> None:
    make_product("pot")
    browser = operator(PLAN, CHANGE, f"catalog.view_{kind}", f"catalog.change_{kind}")
    chosen = [cups[0].pk] if kind == "variant" else [cups[0].product_id]
    form = {"action": "plan_prices", "_selected_action": chosen, "index": "0"}
    answer = browser.post(reverse(f"admin:catalog_{kind}_changelist"), form)
    plan = PricePlan.objects.get()
    assert answer.url == reverse("admin:catalog_price_plan", args=[plan.pk])
    assert plan.run.object_ids == [cup.pk for cup in (cups[:1] if kind == "variant" else cups)]


def test_prices_of_a_closed_market_are_explained_too(cups: list[Any]) -> None:
    Market.objects.filter(code="jp").update(active=False)
    found = json.loads(told(cups[0].sku, "--market", "jp", "--json"))
    assert found["amount"] == {"amount": "2400.0000", "currency": "JPY"}


def test_prices_that_wait_stand_in_the_work_queue_of_those_who_may_decide(cups: list[Any]) -> None:
    anna = operator(PLAN, CHANGE)
    plan = described(anna, value="-20")
    anna.post(reverse("admin:catalog_price_plan", args=[plan.pk]), {"deed": "propose"})
    words = "Prices that wait for a second person"
    assert words in text(operator(PLAN, APPROVE).get(reverse("admin:index")))
    assert words not in text(anna.get(reverse("admin:index")))
