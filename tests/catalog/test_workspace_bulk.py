"""Changes of many rows: described, tried out, made in batches, and taken back where nobody changed anything since."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from catalog.actions import put_attribute, put_attribute_option, put_brand, put_category, set_details
from catalog.actions.bulk import MOST_ROWS, describe_bulk_run, open_bulk_run, start_bulk_run, undo_bulk_run
from catalog.bulk import batches
from catalog.bulk.fields import column_of, fields_of
from catalog.bulk.operations import Op, result_of
from catalog.drafts import Detail
from catalog.errors import BulkNotPossible, TooManyRows
from catalog.models import (
    AttributeOption,
    Brand,
    BulkChange,
    BulkRestore,
    BulkRun,
    Category,
    DirtyProduct,
    Price,
    Product,
    ProductMarket,
    PublishedPrice,
    Route,
    Variant,
)
from catalog.workspace.bulk import sentence
from core.jobs import cancel_job, run_job
from core.models import AuditEntry, Job
from tests.admin.people import operator, shopper, text
from tests.factories.catalog import make_product, option
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def world() -> None:
    small_world("de", "jp")
    option("colour", {"ink": "#111111", "bone": "#eeeeee"}, input="swatch")


def products(count: int = 3, **facts: Any) -> list[Product]:
    return [make_product(f"cup-{number}", names={"en": f"Blue cup {number}"}, **facts) for number in range(count)]


def make(rows: list[Any], field: str, operation: str, **arguments: Any) -> BulkRun:
    """A run from its opening to its end, as a worker does it."""
    target = "product" if isinstance(rows[0], Product) else "variant"
    run = open_bulk_run(target=target, object_ids=[row.pk for row in rows])
    describe_bulk_run(run_id=run.pk, field=field, operation=operation, arguments=arguments)
    run = start_bulk_run(run_id=run.pk)
    job = run_job(run.job.pk)
    assert job.state == Job.State.DONE, job.failure
    run.refresh_from_db()
    return run


def take_back(run: BulkRun) -> dict[str, int]:
    run = undo_bulk_run(run_id=run.pk)
    job = run_job(run.undo_job.pk)
    assert job.state == Job.State.DONE, job.failure
    return {name: count for name, count in job.result["counts"].items() if count}


def counts(run: BulkRun) -> tuple[int, int, int]:
    found = Job.objects.get(pk=run.job_id).result["counts"]
    return found.get("changed", 0), found.get("unchanged", 0), found.get("refused", 0)


def stored(rows: list[Any], name: str) -> list[Any]:
    return [getattr(row.__class__.objects.get(pk=row.pk), name) for row in rows]


def test_tags_are_added_logged_and_taken_back() -> None:
    rows = products(draft={"tags": ("sale",)})
    Product.objects.filter(pk=rows[2].pk).update(tags=["new"])
    DirtyProduct.objects.all().delete()

    run = make(rows, "tags", Op.ADD, value=["sale", "gift"])

    assert stored(rows, "tags") == [["sale", "gift"], ["sale", "gift"], ["new", "sale", "gift"]]
    assert counts(run) == (3, 0, 0)
    assert list(BulkChange.objects.values_list("old", flat=True)) == [["sale"], ["sale"], ["new"]]
    assert DirtyProduct.objects.values("product").distinct().count() == 3
    started = AuditEntry.objects.get(action="catalog.start_bulk_run")
    assert (started.data["field"], started.data["rows"]) == ("tags", 3)
    assert take_back(run) == {"restored": 3}
    assert stored(rows, "tags") == [["sale"], ["sale"], ["new"]]


def test_taking_back_leaves_alone_what_somebody_changed_since() -> None:
    rows = products()
    run = make(rows, "featured_rank", Op.SET, value="5")
    Product.objects.filter(pk=rows[1].pk).update(featured_rank=77)

    assert take_back(run) == {"restored": 2, "kept": 1}

    assert stored(rows, "featured_rank") == [1000, 77, 1000]
    left = BulkRestore.objects.get(outcome="kept")
    assert (left.change.label, left.found) == ("Blue cup 1", "77")
    page = operator("catalog.change_in_bulk", "catalog.change_product").get(
        reverse("admin:catalog_bulk_run", args=[run.pk]) + "?left=1"
    )
    assert [row.label for row in page.context["page"].rows] == ["Blue cup 1"]
    assert "now: 77" in text(page)


def test_words_are_found_and_replaced_in_one_language_and_addresses_stay() -> None:
    rows = products()
    rows[0].put_text("name", "de", "Blaue Tasse")
    rows[0].save()
    english = make(rows, "name", Op.REPLACE, language="en", find="blue", replace="Navy", any_case=True)
    german = make(rows, "name", Op.REPLACE, language="de", find="Blaue", replace="Rote", any_case=False)
    assert stored(rows, "name") == ["Navy cup 0", "Navy cup 1", "Navy cup 2"]
    assert Product.objects.get(pk=rows[0].pk).text("name", "de") == "Rote Tasse"
    assert (counts(english), counts(german)) == ((3, 0, 0), (1, 2, 0))
    assert Route.objects.get(product=rows[1], language="en", current=True).slug == "blue-cup-1"


def test_addresses_follow_names_only_where_that_was_said() -> None:
    rows = products(2)
    said = {"find": "blue", "replace": "Navy", "any_case": True, "moves_addresses": True}
    run = make(rows, "name", Op.REPLACE, language="en", **said)
    assert Route.objects.get(product=rows[1], language="en", current=True).slug == "navy-cup-1"
    assert Route.objects.filter(product=rows[1], language="en", slug="blue-cup-1", current=False).exists()
    assert sentence(run, column_of("product", "name", "en")).endswith("with new addresses")
    assert take_back(run) == {"restored": 2}
    assert Route.objects.get(product=rows[1], language="en", current=True).slug == "blue-cup-1"


def test_words_that_are_cleaned_on_the_way_in_are_taken_back_all_the_same() -> None:
    rows = products(2)
    run = make(rows, "description", Op.SET, language="en", value="<p>Good</p><script>x</script> ")
    assert stored(rows, "description") == ["<p>Good</p>"] * 2
    assert take_back(run) == {"restored": 2}
    assert stored(rows, "description") == ["", ""]


def test_what_a_row_cannot_take_is_refused_and_said() -> None:
    rows = products(2)
    make_product("long", names={"en": "blue" * 45})
    rows.append(Product.objects.get(code="long"))
    run = make(rows, "name", Op.REPLACE, language="en", find="blue", replace="turquoise", any_case=True)
    assert counts(run) == (2, 0, 1)
    error = Job.objects.get(pk=run.job_id).errors.get()
    assert "longer than 200 characters" in error.message
    assert Product.objects.get(code="long").name == "blue" * 45


def test_only_complete_products_are_published_and_taking_back_makes_them_drafts_again() -> None:
    rows = products(2, active=False)
    bare = make_product("bare", combinations=[], options={"colour": ()}, active=False)
    run = make([*rows, bare], "status", Op.SET, value="active")
    assert stored([*rows, bare], "status") == ["active", "active", "draft"]
    assert "no_variant" in Job.objects.get(pk=run.job_id).errors.get().message
    assert take_back(run) == {"restored": 2}
    assert stored(rows, "status") == ["draft", "draft"]


def test_products_move_to_other_shelves_and_brands() -> None:
    rows = products(category="kitchen")
    put_category(code="table", texts={"name": {"en": "Table"}})
    put_brand(code="kesen", name="Kesen")
    table, brand = Category.objects.get(code="table"), Brand.objects.get()
    moved = make(rows, "primary_category", Op.SET, value=table.pk)
    also = make(rows, "categories", Op.ADD, value=[table.pk])
    branded = make(rows[:1], "brand", Op.SET, value=brand.pk)
    assert set(stored(rows, "primary_category_id")) == {table.pk}
    assert all(list(row.categories.all()) == [table] for row in rows)
    assert stored(rows, "brand_id") == [brand.pk, None, None]
    for run in (moved, also, branded):
        take_back(run)
    assert {row.primary_category.code for row in Product.objects.all()} == {"kitchen"}
    assert not rows[0].categories.exists()
    assert stored(rows, "brand_id") == [None, None, None]


def test_details_and_markets_are_changed() -> None:
    rows = products(2)
    put_attribute(code="material", names={"en": "Material"}, data_type="enum")
    put_attribute(code="care", names={"en": "Care"}, data_type="text")
    put_attribute(code="volume", names={"en": "Volume"}, data_type="number")
    for code in ("steel", "glass"):
        put_attribute_option(attribute="material", code=code, names={"en": code})
    set_details(product_id=rows[0].pk, details=[Detail(attribute="volume", number=Decimal("1.5"))])
    steel = AttributeOption.objects.get(code="steel")
    material = make(rows, "attribute.material", Op.ADD, value=[steel.pk])
    care = make(rows, "attribute.care", Op.SET, language="de", value="Mit der Hand")
    volume = make(rows, "attribute.volume", Op.TIMES, value="2")
    hidden = make(rows, "visible.jp", Op.SET, value=False)
    assert [row.attributes.filter(option=steel).count() for row in rows] == [1, 1]
    assert rows[1].attributes.get(attribute__code="care").i18n == {"text_value_de": "Mit der Hand"}
    assert rows[0].attributes.get(attribute__code="volume").number == Decimal(3)
    assert counts(volume) == (1, 1, 0)
    assert ProductMarket.objects.filter(market__code="jp", visible=False).count() == 2
    for run in (material, care, volume, hidden):
        take_back(run)
    assert rows[0].attributes.get().number == Decimal("1.5")
    assert not rows[1].attributes.exists()
    assert not ProductMarket.objects.exists()


def test_prices_rise_by_the_rule_of_their_currency_and_what_was_published_is_kept() -> None:
    rows = [Variant.objects.get(product=row) for row in products(2)]
    up = make(rows, "price.de-base", Op.TIMES, value="1.0333")
    yen = make(rows, "price.jp-base", Op.TIMES, value="1.0333")
    amounts = dict(Price.objects.filter(variant=rows[0]).values_list("price_list__code", "amount"))
    assert amounts == {"de-base": Decimal("20.67"), "jp-base": Decimal(21)}
    from catalog.actions import drain_dirty

    drain_dirty()
    shown = PublishedPrice.objects.filter(variant=rows[0], market__code="de").order_by("pk")
    assert [row.amount.amount for row in shown] == [Decimal(20), Decimal("20.67")]
    assert take_back(up) == {"restored": 2}
    assert take_back(yen) == {"restored": 2}
    assert set(Price.objects.values_list("amount", flat=True)) == {Decimal(20)}


def test_variant_facts_are_validated_by_row() -> None:
    cup = make_product("cup", options={"colour": ("ink", "bone")})
    rows = list(cup.variants.order_by("pk"))
    Variant.objects.filter(pk=rows[0].pk).update(length_mm=10, sku_fixed=True)
    longer = make(rows, "length_mm", Op.PLUS, value="-20")
    assert (counts(longer), stored(rows, "length_mm")) == ((0, 1, 1), [10, None])
    make(rows, "weight_g", Op.TIMES, value="1.5")
    assert stored(rows, "weight_g") == [750, 750]
    renamed = make(rows, "sku", Op.REPLACE, find="CUP", replace="MUG", any_case=False)
    assert (counts(renamed), stored(rows, "sku")) == ((1, 0, 1), ["CUP-INK", "MUG-BONE"])
    country = make(rows, "origin_country", Op.SET, value="Japan")
    assert counts(country) == (0, 0, 2)
    archived = make(rows[:1], "status", Op.SET, value="archived")
    make([rows[1]], "hs_code", Op.CLEAR)
    assert stored(rows, "hs_code") == ["691200", None]
    assert take_back(archived) == {"restored": 1}


def test_a_trial_changes_nothing_and_says_what_would_be() -> None:
    rows = products()
    run = open_bulk_run(target="product", object_ids=[row.pk for row in rows])
    run = describe_bulk_run(run_id=run.pk, field="tags", operation=Op.ADD, arguments={"value": ["x"]})
    job = run_job(run.trial.pk)
    assert job.result["counts"] == {"changed": 3, "unchanged": 0, "refused": 0}
    assert job.result["samples"][0] == ["Blue cup 0", [], ["x"]]
    assert stored(rows, "tags") == [[], [], []]
    assert not BulkChange.objects.exists()


def test_a_killed_run_goes_on_and_multiplies_no_row_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = products(5)
    Product.objects.update(featured_rank=10)
    monkeypatch.setattr("catalog.bulk.running.BATCH", 2)
    run = open_bulk_run(target="product", object_ids=[row.pk for row in rows])
    describe_bulk_run(run_id=run.pk, field="featured_rank", operation=Op.TIMES, arguments={"value": "3"})
    run = start_bulk_run(run_id=run.pk)
    work = batches.work_of(run.pk)
    batches.change(work, [row.pk for row in rows[:2]])
    batches.change(work, [row.pk for row in rows[2:4]])

    job = run_job(run.job.pk)

    assert job.state == Job.State.DONE
    assert stored(rows, "featured_rank") == [30] * 5
    assert BulkChange.objects.filter(run=run).count() == 5


def test_a_stopped_run_goes_on_with_the_rest_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = products(3)
    monkeypatch.setattr("catalog.bulk.running.BATCH", 1)
    run = open_bulk_run(target="product", object_ids=[row.pk for row in rows])
    describe_bulk_run(run_id=run.pk, field="featured_rank", operation=Op.PLUS, arguments={"value": "1"})
    run = start_bulk_run(run_id=run.pk)
    Job.objects.filter(pk=run.job.pk).update(wants_cancel=True)
    assert run_job(run.job.pk).state == Job.State.CANCELED
    assert sorted(stored(rows, "featured_rank")) == [1000, 1000, 1001]
    run = start_bulk_run(run_id=run.pk)
    assert run_job(run.job.pk).state == Job.State.DONE
    assert stored(rows, "featured_rank") == [1001] * 3


def test_a_run_is_begun_once_and_taken_back_once() -> None:
    run = make(products(1), "featured_rank", Op.SET, value="1")
    for forbidden in (
        lambda: start_bulk_run(run_id=run.pk),
        lambda: describe_bulk_run(run_id=run.pk, field="tags", operation=Op.CLEAR, arguments={}),
    ):
        with pytest.raises(BulkNotPossible):
            forbidden()
    take_back(run)
    with pytest.raises(BulkNotPossible):
        undo_bulk_run(run_id=run.pk)
    waiting = open_bulk_run(target="product", object_ids=[1])
    with pytest.raises(BulkNotPossible):
        start_bulk_run(run_id=waiting.pk)
    with pytest.raises(BulkNotPossible):
        undo_bulk_run(run_id=waiting.pk)


def test_a_set_of_rows_has_a_limit() -> None:
    chosen: list[Sequence[int]] = [[], range(MOST_ROWS + 1)]
    for ids in chosen:
        with pytest.raises(TooManyRows):
            open_bulk_run(target="product", object_ids=list(ids))


def test_rows_that_leave_the_filter_by_being_changed_are_still_of_the_run() -> None:
    browser = operator("catalog.change_in_bulk", "catalog.change_product", "catalog.view_product")
    rows = products(3, active=False)
    address = reverse("admin:catalog_product_changelist") + "?status__exact=draft"
    chosen = {"action": "change_in_bulk", "_selected_action": [rows[0].pk], "select_across": "1"}
    answer = browser.post(address, chosen)
    run = BulkRun.objects.get()
    assert answer["Location"] == reverse("admin:catalog_bulk_run", args=[run.pk])
    assert (sorted(run.object_ids), run.origin) == (sorted(row.pk for row in rows), "status__exact=draft")


def test_the_screen_leads_from_the_field_to_the_change_and_back() -> None:
    browser = operator("catalog.change_in_bulk", "catalog.change_product")
    rows = products(2)
    run = open_bulk_run(target="product", object_ids=[row.pk for row in rows])
    address = reverse("admin:catalog_bulk_run", args=[run.pk])
    assert browser.get(f"{address}?field=tags").status_code == 200
    wrong = browser.post(address, {"deed": "describe", "field": "tags", "operation": "add", "value": " , "})
    assert wrong.status_code == 422
    assert "This operation needs a value." in text(wrong)
    browser.post(address, {"deed": "describe", "field": "tags", "operation": "add", "value": "gift, spring"})
    run.refresh_from_db()
    waiting = browser.get(address)
    assert waiting["Refresh"] == "2"
    run_job(run.trial_id)
    shown = browser.get(address)
    assert not shown.has_header("Refresh")
    assert [(sample.label, sample.new) for sample in shown.context["page"].samples] == [
        ("Blue cup 0", "gift, spring"),
        ("Blue cup 1", "gift, spring"),
    ]
    browser.post(address, {"deed": "start"})
    run.refresh_from_db()
    run_job(run.job_id)
    done = browser.get(address)
    assert [label for label, _count in done.context["page"].counts] == ["Changed", "Unchanged", "Refused"]
    browser.post(address, {"deed": "undo"})
    run.refresh_from_db()
    run_job(run.undo_job_id)
    assert stored(rows, "tags") == [[], []]
    assert browser.get(reverse("admin:catalog_bulk_runs")).status_code == 200


@pytest.mark.parametrize("target", ["product", "variant"])
def test_every_field_has_a_form_and_a_value_to_read(target: str) -> None:
    browser = operator(
        "catalog.change_in_bulk", "catalog.change_product", "catalog.change_variant", "catalog.change_price"
    )
    for kind in ("enum", "text", "number", "bool", "date"):
        put_attribute(code=kind, names={"en": kind}, data_type=kind)
    row = products(1)[0]
    rows = [row] if target == "product" else list(row.variants.all())
    run = open_bulk_run(target=target, object_ids=[one.pk for one in rows])
    address = reverse("admin:catalog_bulk_run", args=[run.pk])
    for field in fields_of(target):
        assert browser.get(address, {"field": field.key}).status_code == 200, field.key
        column = field.column("de")
        values = column.read(rows)
        assert list(values) == [rows[0].pk], field.key
        assert column.check(rows, values) == {}, field.key
        column.write(rows, values)
        assert column.read(type(rows[0]).objects.filter(pk=rows[0].pk)) == values, field.key


def test_a_run_page_stays_within_the_budget() -> None:
    browser = operator("catalog.change_in_bulk", "catalog.change_product")
    run = make(products(12), "tags", Op.ADD, value=["x"])
    take_back(run)
    waiting = open_bulk_run(target="product", object_ids=Product.objects.values_list("pk", flat=True))
    describe_bulk_run(run_id=waiting.pk, field="tags", operation=Op.CLEAR, arguments={})
    for pk in (run.pk, waiting.pk):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse("admin:catalog_bulk_run", args=[pk])).status_code == 200
        assert len(queries) <= 30


def test_only_those_who_may_change_in_bulk() -> None:
    run = open_bulk_run(target="variant", object_ids=[1])
    address = reverse("admin:catalog_bulk_run", args=[run.pk])
    assert operator("catalog.change_product", "catalog.change_variant").get(address).status_code == 403
    assert operator("catalog.change_in_bulk", "catalog.change_product").get(address).status_code == 403
    may = operator("catalog.change_in_bulk", "catalog.change_variant")
    assert may.get(address).status_code == 200
    price = {"deed": "describe", "field": "price.de-base", "operation": "set", "value": "1"}
    make_product("cup")
    assert may.post(address, price).status_code == 403
    for nobody in (Client(), shopper()):
        assert nobody.get(address).status_code == 302
    run.refresh_from_db()
    assert run.field == ""


def test_a_running_change_is_stopped() -> None:
    run = open_bulk_run(target="product", object_ids=[products(1)[0].pk])
    describe_bulk_run(run_id=run.pk, field="tags", operation=Op.CLEAR, arguments={})
    run = start_bulk_run(run_id=run.pk)
    browser = operator("catalog.change_in_bulk", "catalog.change_product")
    browser.post(reverse("admin:catalog_bulk_run", args=[run.pk]), {"deed": "stop"})
    run.job.refresh_from_db()
    assert run.job.state == Job.State.CANCELED
    cancel_job(job_id=run.job.pk)


@given(old=st.lists(st.text(max_size=3), max_size=5, unique=True), items=st.lists(st.text(max_size=3), max_size=5))
def test_lists_gain_and_lose_exactly_what_was_named(old: list[str], items: list[str]) -> None:
    more = result_of(Op.ADD, old, {"value": items})
    assert more[: len(old)] == old
    assert set(more) == set(old) | set(items)
    assert len(more) == len(set(more))
    less = result_of(Op.REMOVE, more, {"value": items})
    assert set(less) == set(old) - set(items)


@given(
    old=st.decimals(0, 10**6, places=2, allow_nan=False),
    factor=st.decimals(0, 10, places=4, allow_nan=False),
    digits=st.integers(0, 3),
)
def test_products_of_numbers_are_rounded_half_up_once(old: Decimal, factor: Decimal, digits: int) -> None:
    found = Decimal(result_of(Op.TIMES, str(old), {"value": str(factor)}, digits=digits))
    assert found == round(found, digits)
    half = Decimal(1).scaleb(-digits) / 2
    assert -half < found - old * factor <= half


def test_what_is_not_filled_in_stays_so() -> None:
    assert result_of(Op.TIMES, None, {"value": "2"}) is None
    assert result_of(Op.REPLACE, None, {"find": "a", "replace": "b"}) is None
    assert result_of(Op.REPLACE, "a.b", {"find": ".", "replace": r"\1", "any_case": True}) == r"a\1b"
