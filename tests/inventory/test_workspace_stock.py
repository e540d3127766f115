"""Stock as a sheet: counts are corrections with a reason, levels are set, and a sale in between is not undone."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Variant
from core.models import AuditEntry, OutboxMessage
from inventory.models import StockItem, StockMovement, Warehouse
from markets.models import Market
from tests.admin.people import operator, shopper, text
from tests.factories.inventory import a_variant, a_warehouse, stocked
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db

ON_HAND, SAFETY, REORDER, SHELF = 1, 2, 3, 4


@pytest.fixture
def place() -> Warehouse:
    small_world("de")
    return a_warehouse(market=Market.objects.get(code="de"))


@pytest.fixture
def item(place: Warehouse) -> StockItem:
    return stocked(a_variant(sku="CUP"), 10, warehouse=place)


@pytest.fixture
def browser() -> Client:
    return operator("inventory.view_stockitem", "inventory.correct_stock", "inventory.change_stockitem")


def cell(field: int, variant: Variant, place: Warehouse) -> str:
    return f"c-{field}-{place.pk}-{variant.pk}"


def form_of(browser: Client, **changes: str) -> dict[str, str]:
    page = browser.get(reverse("admin:inventory_sheet")).context["page"]
    cells = {one.name: one.value for row in page.rows for spot in row.spots for one in spot.cells}
    return {"base": page.base, "key": str(uuid4()), "reason": ""} | cells | changes


def send(browser: Client, form: dict[str, str]):
    return browser.post(reverse("admin:inventory_sheet"), form)


def test_a_count_is_booked_as_a_correction_with_its_reason(browser: Client, item: StockItem) -> None:
    name = cell(ON_HAND, item.variant, item.warehouse)
    answer = send(browser, form_of(browser, reason="Counted") | {name: "7"})
    assert answer.status_code == 302
    item.refresh_from_db()
    assert item.on_hand == 7
    movement = StockMovement.objects.get(kind="adjust")
    assert (movement.d_on_hand, movement.quantity, movement.reason) == (-3, 3, "Counted")
    assert AuditEntry.objects.filter(action="stock.correct").count() == 1


def test_a_count_without_a_reason_is_asked_for_one_and_kept(browser: Client, item: StockItem) -> None:
    name = cell(ON_HAND, item.variant, item.warehouse)
    answer = send(browser, form_of(browser) | {name: "7"})
    assert answer.status_code == 422
    assert "Say why the stock is corrected." in text(answer)
    assert f'name="{name}" value="7"' in text(answer)
    item.refresh_from_db()
    assert item.on_hand == 10


def test_levels_are_set_without_a_reason_and_what_can_be_sold_follows(browser: Client, item: StockItem) -> None:
    names = {field: cell(field, item.variant, item.warehouse) for field in (SAFETY, REORDER, SHELF)}
    before = OutboxMessage.objects.filter(event="inventory.StockChanged").count()
    send(browser, form_of(browser) | {names[SAFETY]: "2", names[REORDER]: "4", names[SHELF]: "D-04-2"})
    item.refresh_from_db()
    assert (item.safety_stock, item.reorder_point, item.shelf, item.available) == (2, 4, "D-04-2", 8)
    assert OutboxMessage.objects.filter(event="inventory.StockChanged").count() > before
    assert not StockMovement.objects.filter(kind="adjust").exists()
    send(browser, form_of(browser) | {names[REORDER]: "", names[SAFETY]: ""})
    item.refresh_from_db()
    assert (item.safety_stock, item.reorder_point, item.shelf) == (0, None, "D-04-2")


def test_a_sale_in_between_is_shown_and_not_undone(browser: Client, item: StockItem) -> None:
    name = cell(ON_HAND, item.variant, item.warehouse)
    form = form_of(browser, reason="Counted") | {name: "12"}
    StockItem.objects.filter(pk=item.pk).update(on_hand=9)

    answer = send(browser, form)

    assert answer.status_code == 422
    assert "now: 9" in text(answer)
    item.refresh_from_db()
    assert item.on_hand == 9
    assert send(browser, form | {"base": answer.context["page"].base}).status_code == 302
    item.refresh_from_db()
    assert item.on_hand == 12


def test_fewer_than_are_promised_cannot_be_counted_and_nothing_else_is_saved(browser: Client, item: StockItem) -> None:
    StockItem.objects.filter(pk=item.pk).update(allocated=5)
    other = stocked(a_variant(sku="POT"), 3, warehouse=item.warehouse)
    form = form_of(browser, reason="Counted")
    wrong, right = (cell(ON_HAND, one.variant, one.warehouse) for one in (item, other))
    answer = send(browser, form | {wrong: "4", right: "30"})
    assert answer.status_code == 422
    assert "5 pieces are promised already" in text(answer)
    other.refresh_from_db()
    assert other.on_hand == 3
    assert not StockMovement.objects.filter(kind="adjust").exists()


@pytest.mark.parametrize("typed", ["-1", "1.5", "many", "99999999"])
def test_what_is_no_count_is_refused_in_its_cell(browser: Client, item: StockItem, typed: str) -> None:
    name = cell(SAFETY, item.variant, item.warehouse)
    answer = send(browser, form_of(browser) | {name: typed})
    assert answer.status_code == 422
    assert "Write a whole number" in text(answer)
    assert f'value="{typed}"' in text(answer)


def test_a_warehouse_that_never_had_a_variant_gets_its_row(browser: Client, item: StockItem) -> None:
    fresh = a_variant(sku="NEW")
    form = form_of(browser, reason="First delivery")
    send(browser, form | {cell(ON_HAND, fresh, item.warehouse): "6", cell(SHELF, fresh, item.warehouse): "A1"})
    made = StockItem.objects.get(variant=fresh)
    assert (made.on_hand, made.shelf, made.warehouse_id) == (6, "A1", item.warehouse_id)


def test_a_form_sent_twice_is_booked_once(browser: Client, item: StockItem) -> None:
    form = form_of(browser, reason="Counted") | {cell(ON_HAND, item.variant, item.warehouse): "7"}
    send(browser, form)
    StockItem.objects.filter(pk=item.pk).update(on_hand=10)
    send(browser, form)
    item.refresh_from_db()
    assert item.on_hand == 10
    assert StockMovement.objects.filter(kind="adjust").count() == 1


def test_cells_are_guarded_by_what_they_do(item: StockItem) -> None:
    count, level = (cell(field, item.variant, item.warehouse) for field in (ON_HAND, SAFETY))
    corrector = operator("inventory.view_stockitem", "inventory.correct_stock")
    base = f'{{"{count}":"10"}}'
    form = {"key": str(uuid4()), "reason": "Counted", "base": base, count: "8", level: "3"}
    assert send(corrector, form).status_code == 302
    item.refresh_from_db()
    assert (item.on_hand, item.safety_stock) == (8, 0)
    looking = operator("inventory.view_stockitem")
    assert looking.get(reverse("admin:inventory_sheet")).status_code == 200
    assert send(looking, form).status_code == 403
    assert operator().get(reverse("admin:inventory_sheet")).status_code == 403
    for nobody in (Client(), shopper()):
        assert nobody.get(reverse("admin:inventory_sheet")).status_code == 302


def test_a_page_of_the_sheet_costs_the_same_for_one_row_and_for_many(browser: Client, item: StockItem) -> None:
    with CaptureQueriesContext(connection) as one:
        browser.get(reverse("admin:inventory_sheet"))
    for number in range(12):
        stocked(a_variant(sku=f"M{number}"), 1, warehouse=item.warehouse)
    with CaptureQueriesContext(connection) as many:
        assert browser.get(reverse("admin:inventory_sheet")).status_code == 200
    assert len(many) <= max(len(one), 30)
    assert len(many) <= 30
