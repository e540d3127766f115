"""Planned changes: made once at their time or late, told who planned them, refused with a sentence."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog import actions
from catalog.actions.planning import Plan, cancel_planned, move_planned, perform_due, perform_planned, plan_change
from catalog.errors import PlanProblem
from catalog.models import PlannedChange, Price, PriceList, Product, Route
from catalog.publishing.agenda import agenda
from catalog.tasks import make_planned_changes
from config.console.work import work_queue
from core import audit
from core.models import AuditEntry
from members.models import User
from tests.admin.people import operator, shopper, text
from tests.factories.catalog import ProductTypeFactory, make_product
from tests.factories.markets import TaxCategoryFactory, small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
SOON = timedelta(hours=1)


def world() -> None:
    small_world("de", "jp")


@shared_world
def cup() -> Product:
    world()
    return make_product("cup", names={"en": "Cup", "de": "Becher", "ja": "カップ"}, active=False)


@pytest.fixture
def browser() -> Client:
    return operator("catalog.view_product", "catalog.change_product", "catalog.change_price")


def plan(*products: Product, after: timedelta = SOON, even_incomplete: bool = False, **facts: Any) -> PlannedChange:
    """A change planned for later; the first of its batch."""
    facts.setdefault("status", "active")
    wanted = Plan(product_ids=[one.pk for one in products], due_at=timezone.now() + after, **facts)
    batch = plan_change(plan=wanted, even_incomplete=even_incomplete)
    return PlannedChange.objects.filter(batch=batch).order_by("pk")[0]


def status(product: Product) -> str:
    return Product.objects.get(pk=product.pk).status


def test_a_product_is_put_on_sale_when_its_time_has_come_and_not_before(cup: Product) -> None:
    row = plan(cup)
    assert perform_due(at=row.due_at - timedelta(seconds=1)) == 0
    assert status(cup) == "draft"
    assert perform_due(at=row.due_at) == 1
    assert status(cup) == "active"
    actions.drain_dirty()
    assert Client().get("/de/de/p/becher/").status_code == 200


def test_a_worker_that_was_stopped_makes_it_late_once_and_says_who_planned_it(cup: Product) -> None:
    person = User.objects.create_user("planner@example.com", "a-long-password", is_staff=True)
    with audit.acting_as(person.pk, "planner@example.com"):
        row = plan(cup)
    PlannedChange.objects.update(due_at=timezone.now() - timedelta(hours=5))
    assert make_planned_changes() == 1
    assert make_planned_changes() == 0
    assert perform_planned(change_id=row.pk, at=timezone.now()) is False
    made = AuditEntry.objects.filter(action="catalog.planned_change_made")
    assert [(one.actor_id, one.data["planned_by"]) for one in made] == [(person.pk, "planner@example.com")]
    assert made[0].data["seconds_late"] >= 5 * 3600
    on_sale = AuditEntry.objects.get(action="catalog.active_product")
    assert on_sale.actor_label == "planner@example.com"


def test_texts_and_prices_change_together_with_the_state(cup: Product) -> None:
    base = PriceList.objects.get(code="de-base")
    variant = cup.variants.get()
    price = {"list": base.pk, "variant": variant.pk, "quantity": 1, "amount": "17.50"}
    texts = {"name": {"de": "Sommerbecher"}, "description": {"de": "<p>Neu</p><script>x()</script>"}}
    row = plan(cup, texts=texts, prices=[price])
    perform_due(at=row.due_at)
    cup.refresh_from_db()
    assert (cup.text("name", "de"), cup.text("description", "de")) == ("Sommerbecher", "<p>Neu</p>")
    assert Price.objects.get(price_list=base, variant=variant).amount.amount == Decimal("17.5")
    assert Route.objects.get(product=cup, language="de", current=True).slug == "sommerbecher"
    assert Route.objects.filter(product=cup, language="de", slug="becher", current=False).exists()
    assert cup.status == "active"


def test_what_cannot_be_made_changes_nothing_and_becomes_work_with_a_sentence(cup: Product) -> None:
    owner = User.objects.create_superuser("owner@example.com", "a-long-password")
    row = plan(cup, texts={"name": {"de": "Anders"}})
    for variant in cup.variants.all():
        actions.archive_variant(variant_id=variant.pk)
    assert perform_due(at=row.due_at) == 1
    row.refresh_from_db()
    assert (row.state, status(cup)) == ("failed", "draft")
    assert row.problem == "This product is not complete enough to be sold. It has no variant on sale."
    assert Product.objects.get(pk=cup.pk).text("name", "de") == "Becher"
    assert [one.key for one in work_queue(owner)] == ["planned"]
    assert AuditEntry.objects.get(action="catalog.planned_change_failed").reason == row.problem
    cancel_planned(change_id=row.pk)
    assert work_queue(owner) == ()


def test_a_failed_change_does_not_stop_the_others(cup: Product) -> None:
    other = make_product("other", active=False)
    first = plan(cup, prices=[{"list": 0, "variant": 0, "quantity": 1, "amount": "1"}])
    plan(other, after=SOON * 2)
    assert perform_due(at=first.due_at + SOON * 2) == 2
    assert (status(cup), status(other)) == ("draft", "active")
    first.refresh_from_db()
    assert "Plan it anew" in first.problem


def test_changes_of_one_product_are_made_in_their_order(cup: Product) -> None:
    first, second = plan(cup), plan(cup, status="draft", after=SOON * 2)
    late = second.due_at + SOON
    assert perform_planned(change_id=second.pk, at=late) is False, "the earlier one comes first"
    assert perform_due(at=late) == 2
    for name in ("catalog.active_product", "catalog.draft_product"):
        assert AuditEntry.objects.filter(action=name).count() == 1
    assert status(cup) == "draft"
    first.refresh_from_db()
    assert first.state == "done"


def test_it_can_be_moved_and_canceled_until_it_has_happened(cup: Product) -> None:
    row = plan(cup)
    before = row.due_at
    moved = move_planned(change_id=row.pk, due_at=before + SOON, zone="Asia/Tokyo")
    assert perform_due(at=before) == 0
    assert perform_due(at=moved.due_at) == 1
    with pytest.raises(PlanProblem):
        cancel_planned(change_id=row.pk)
    with pytest.raises(PlanProblem):
        move_planned(change_id=row.pk, due_at=before + SOON * 3, zone="UTC")
    other = plan(cup, status="draft")
    cancel_planned(change_id=other.pk)
    assert perform_due(at=other.due_at + SOON) == 0


@pytest.mark.parametrize(
    ("after", "facts", "words"),
    [
        (-SOON, {}, "has passed"),
        (timedelta(days=900), {}, "two years"),
        (SOON, {"status": ""}, "Nothing would change"),
    ],
)
def test_what_makes_no_sense_is_refused(cup: Product, after: timedelta, facts: dict[str, str], words: str) -> None:
    with pytest.raises(PlanProblem, match=words):
        plan(cup, after=after, **facts)
    assert not PlannedChange.objects.exists()


def test_two_changes_for_the_same_moment_are_refused(cup: Product) -> None:
    row = plan(cup)
    with pytest.raises(PlanProblem, match="planned for this moment already: Cup"):
        plan_change(plan=Plan(product_ids=[cup.pk], due_at=row.due_at, status="draft"))


def test_what_is_not_complete_is_planned_only_by_saying_so(cup: Product) -> None:
    empty = Product.objects.create(
        code="empty", name="Empty", product_type=ProductTypeFactory(), tax_category=TaxCategoryFactory()
    )
    with pytest.raises(PlanProblem, match="Empty is not complete"):
        plan(cup, empty)
    assert not PlannedChange.objects.exists()
    plan(cup, empty, even_incomplete=True)
    assert PlannedChange.objects.count() == 2


def test_the_agenda_holds_everything_a_date_will_change_by_day(cup: Product) -> None:
    now = timezone.now()
    actions.activate_product(product_id=cup.pk)
    plan(cup, status="draft", after=timedelta(days=2))
    plan(cup, status="active", after=timedelta(days=100))
    actions.offer_product(product_id=cup.pk, market_code="jp", visible_until=now + timedelta(days=3))
    Product.objects.update(preorder_until=now + timedelta(days=3, minutes=1))
    begins = now + timedelta(days=4)
    sale = actions.PriceListDraft(code="sale", market_code="de", kind="sale", name="Sale", begins=begins)
    actions.open_price_list(draft=sale)
    page = agenda(language="en")
    said = [event.what for day in page.days for event in day.events]
    assert said == [
        "Take off sale", "Goes out of sight in Japan", "Can no longer be bought ahead", "Price list begins"
    ]  # fmt: skip
    assert [day.day for day in page.days] == sorted({timezone.localdate(e.at) for d in page.days for e in d.events})
    assert len([event for day in agenda(language="en", product_id=cup.pk).days for event in day.events]) == 3


def form_at(moment: datetime, zone: str = "UTC") -> dict[str, str]:
    """As a browser sends a date and time."""
    return {"due_at": moment.strftime("%Y-%m-%dT%H:%M")}


def test_an_operator_plans_in_their_own_time_zone(cup: Product, browser: Client) -> None:
    User.objects.filter(is_staff=True).update(time_zone="Asia/Tokyo")
    answer = browser.post(
        reverse("admin:catalog_plan", args=[cup.pk]),
        {"status": "active", "due_at": f"{timezone.now().year + 1}-03-01T09:00", "name": "Cup"},
    )
    assert answer.status_code == 302, text(answer)
    row = PlannedChange.objects.get()
    assert row.due_at == datetime(timezone.now().year + 1, 3, 1, 0, 0, tzinfo=UTC)
    assert (row.zone, row.texts, row.prices) == ("Asia/Tokyo", {}, [])
    assert row.planned_by_label


def test_only_changed_texts_and_prices_are_planned(cup: Product, browser: Client) -> None:
    address = reverse("admin:catalog_plan", args=[cup.pk])
    form = browser.get(f"{address}?language=de").context["form"]
    sent = {field.html_name: field.value() or "" for field in form if field.name != "even_incomplete"}
    key = next(name for name, (row, *_rest) in form.cells.items() if row.code == "de-base")
    sent |= form_at(timezone.now() + timedelta(days=1)) | {"summary": "Kurz", key: "18,40"}
    assert browser.post(f"{address}?language=de", sent).status_code == 302
    row = PlannedChange.objects.get()
    assert row.texts == {"summary": {"de": "Kurz"}}
    assert [price["amount"] for price in row.prices] == ["18.40"]


def test_products_chosen_in_the_list_are_planned_together(cup: Product, browser: Client) -> None:
    other = make_product("other", active=False)
    chosen = {"action": "plan", "_selected_action": [cup.pk, other.pk]}
    there = browser.post(reverse("admin:catalog_product_changelist"), chosen)
    assert there.status_code == 302
    page = browser.get(there.url)
    assert "No price in" not in text(page)
    sent = {"status": "active", **form_at(timezone.now() + timedelta(days=1))}
    assert browser.post(there.url, sent).status_code == 302
    assert PlannedChange.objects.values("batch").distinct().count() == 1
    assert PlannedChange.objects.count() == 2


def test_moving_and_canceling_over_the_screens(cup: Product, browser: Client) -> None:
    row = plan(cup)
    address = reverse("admin:catalog_planned_change", args=[row.pk])
    assert "planned by" in text(browser.get(reverse("admin:catalog_planned")))
    past = browser.post(address, form_at(timezone.now() - timedelta(days=1)))
    assert (past.status_code, "has passed" in text(past)) == (422, True)
    assert browser.post(address, form_at(timezone.now() + timedelta(days=9))).status_code == 302
    assert browser.post(address, {"deed": "cancel"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "canceled"
    assert browser.get(address).status_code == 404


def test_the_screens_stay_within_thirty_queries(cup: Product, browser: Client) -> None:
    others = [make_product(f"more-{n}", active=False) for n in range(5)]
    plan(cup, *others)
    row = PlannedChange.objects.first()
    many = ",".join(str(one.pk) for one in (cup, *others))
    for address in (
        reverse("admin:catalog_planned"),
        reverse("admin:catalog_plan", args=[cup.pk]),
        f"{reverse('admin:catalog_plan_many')}?ids={many}",
        reverse("admin:catalog_planned_change", args=[row.pk]),
    ):
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        assert len(queries) <= 30, (address, len(queries))


@pytest.mark.parametrize(
    ("who", "expected"),
    [(Client, 302), (shopper, 302), (lambda: operator("catalog.view_product"), 403)],
    ids=["nobody", "shopper", "reader"],
)
def test_only_those_who_may_change_products_plan(cup: Product, who: Callable[[], Client], expected: int) -> None:
    row = plan(cup)
    browser = who()
    for address in (
        reverse("admin:catalog_plan", args=[cup.pk]),
        f"{reverse('admin:catalog_plan_many')}?ids={cup.pk}",
        reverse("admin:catalog_planned_change", args=[row.pk]),
    ):
        assert browser.get(address).status_code == expected
        assert browser.post(address, {"deed": "cancel"}).status_code == expected
    row.refresh_from_db()
    assert row.state == "waiting"


def test_who_may_not_change_prices_plans_none(cup: Product) -> None:
    browser = operator("catalog.view_product", "catalog.change_product")
    address = reverse("admin:catalog_plan", args=[cup.pk])
    form = browser.get(address).context["form"]
    key = next(iter(form.cells))
    sent = {field.html_name: field.value() or "" for field in form if field.name != "even_incomplete"}
    sent |= form_at(timezone.now() + timedelta(days=1)) | {key: "1.00"}
    assert browser.post(address, sent).status_code == 403
    assert not PlannedChange.objects.exists()


def test_putting_on_sale_says_what_is_needed_and_what_is_missing(cup: Product, browser: Client) -> None:
    empty = Product.objects.create(
        code="empty", name="Empty", product_type=ProductTypeFactory(), tax_category=TaxCategoryFactory()
    )
    chosen = {"action": "put_on_sale", "_selected_action": [cup.pk, empty.pk]}
    page = text(browser.post(reverse("admin:catalog_product_changelist"), chosen, follow=True))
    assert "Empty: This product is not complete enough to be sold. It has no variant on sale." in page
    assert "Cup: It has no picture. Germany: no name in French" in page
