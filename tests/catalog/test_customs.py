"""Goods codes: what is missing, what neighbours say, who proposes and who approves."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.actions import drain_dirty
from catalog.actions.classification import (
    ClassificationRefused,
    Proposal,
    approve_classification,
    propose_classification,
    reopen_classification,
)
from catalog.customs.neighbours import suggestions_for
from catalog.customs.readiness import CustomsFacts, describes, is_latin, meaningful, readiness
from catalog.models import Brand, Category, Product, Variant
from core import audit
from core.models import AuditEntry
from markets.models import HsCode
from tests.admin.people import operator, shopper, text
from tests.factories.catalog import make_product, option
from tests.factories.markets import small_world
from tests.shared_world import shared_world

BARE = {"hs_code": None, "origin_country": None, "weight_g": 0}
FULL = CustomsFacts(
    hs_code="691200",
    origin="CN",
    description="Ceramic coffee cup, glazed",
    weight_g=310,
    materials="stoneware",
    has_price=True,
    is_reviewed=True,
)


def facts(**changes: Any) -> CustomsFacts:
    return CustomsFacts(**{**vars(FULL), **changes})


def test_everything_there_is_a_hundred_points() -> None:
    assert (readiness(FULL).score, readiness(FULL).missing, readiness(FULL).can_be_declared) == (100, (), True)


@pytest.mark.parametrize(
    ("change", "missing", "can_be_declared"),
    [
        ({"hs_code": "6912"}, ("hs_code", "review"), False),
        ({"origin": ""}, ("origin",), False),
        ({"description": "gift"}, ("description",), False),
        ({"weight_g": 0}, ("weight",), False),
        ({"materials": " "}, ("materials",), True),
        ({"is_reviewed": False}, ("review",), True),
        ({"has_price": False}, ("value",), True),
    ],
)
def test_what_is_missing_is_named_and_only_what_customs_need_stops_a_parcel(
    change: dict[str, Any], missing: tuple[str, ...], can_be_declared: bool
) -> None:
    found = readiness(facts(**change))
    assert (found.missing, found.can_be_declared) == (missing, can_be_declared)
    assert found.score < 100
    assert len(found.words) == len(missing)


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("Ceramic coffee cup", True),
        ("Keramiktasse für Kaffee, glasiert", True),
        ("accessories", False),
        ("gift set for the home", False),
        ("cup", False),
        ("コーヒーカップ 陶器 白", False),
        ("Ceramic 杯 coffee cup", False),
        ("", False),
        ("123 456 789", False),
    ],
)
def test_a_description_says_what_a_thing_is_in_latin_letters(written: str, taken: bool) -> None:
    assert describes(written) is taken


def test_stop_words_and_numbers_mean_nothing() -> None:
    assert meaningful("Gift set of 3 ceramic cups, cups") == ["ceramic", "cups"]
    assert is_latin("Größe: 30 × 40 cm")


@shared_world
def shelf() -> dict[str, Product]:
    small_world("de")
    option("colour", {"ink": "#111111", "bone": "#eeeeee"}, input="swatch")
    kitchen = Category.objects.create(code="kitchen", name="Kitchen")
    brand = Brand.objects.create(code="north", name="North")
    made = {
        "cup": make_product("cup", names={"en": "Coffee cup"}, variant=BARE, options={"colour": ("ink", "bone")}),
        "mug": make_product("mug", names={"en": "Coffee mug"}, variant=BARE),
        "lamp": make_product("lamp", names={"en": "Desk lamp"}, variant=BARE),
    }
    Product.objects.filter(pk__in=[made["cup"].pk, made["mug"].pk]).update(primary_category=kitchen, brand=brand)
    Product.objects.filter(pk=made["lamp"].pk).update(brand=brand)
    chapter = HsCode.objects.create(code="69", level=2, description="Ceramic products")
    heading = HsCode.objects.create(code="6912", level=4, parent=chapter, description="Ceramic tableware")
    HsCode.objects.create(code="691200", level=6, parent=heading, description="Of other than porcelain")
    drain_dirty()
    return {code: Product.objects.get(pk=product.pk) for code, product in made.items()}


def variant(product: Product) -> Variant:
    found = product.variants.order_by("position", "pk").first()
    assert found is not None
    return found


def approved(product: Product, code: str) -> Variant:
    row = variant(product)
    propose_classification(proposals=[Proposal(variant_id=row.pk, hs_code=code, origin="CN")])
    approve_classification(variant_ids=[row.pk])
    row.refresh_from_db()
    return row


def test_a_new_code_is_a_proposal_until_somebody_answers_for_it(shelf: dict[str, Product]) -> None:
    row = approved(shelf["cup"], "6912.00")
    assert (row.hs_code, row.classification_status) == ("691200", "reviewed")
    assert row.classified_at is not None
    propose_classification(proposals=[Proposal(variant_id=row.pk, hs_code="691110")])
    now = Variant.objects.get(pk=row.pk)
    assert (now.classification_status, now.classified_at, now.classified_by) == ("draft", None, None)
    assert AuditEntry.objects.filter(action="catalog.propose_classification").count() == 2


def test_whatever_else_writes_another_code_opens_it_again(shelf: dict[str, Product]) -> None:
    row = approved(shelf["cup"], "691200")
    Variant.objects.filter(pk=row.pk).update(weight_g=5)
    row.refresh_from_db()
    assert row.classification_status == "reviewed"
    Variant.objects.filter(pk=row.pk).update(hs_code="691110")
    row.refresh_from_db()
    assert (row.classification_status, row.classified_at) == ("draft", None)


def test_a_code_without_origin_cannot_be_approved_and_nothing_is(shelf: dict[str, Product]) -> None:
    good, bad = variant(shelf["cup"]), variant(shelf["mug"])
    propose_classification(
        proposals=[
            Proposal(variant_id=good.pk, hs_code="691200", origin="CN"),
            Proposal(variant_id=bad.pk, hs_code="691200", origin=""),
        ]
    )
    with pytest.raises(ClassificationRefused):
        approve_classification(variant_ids=[good.pk, bad.pk])
    assert not Variant.objects.exclude(classification_status="draft").exists()


def test_a_ruling_is_kept_with_its_number_and_can_be_opened_again(shelf: dict[str, Product]) -> None:
    row = approved(shelf["cup"], "691200")
    approve_classification(variant_ids=[row.pk], ruling="DE-BTI-1")
    row.refresh_from_db()
    assert (row.classification_status, row.ruling_reference) == ("ruling", "DE-BTI-1")
    assert reopen_classification(variant_ids=[row.pk], reason="told otherwise") == 1
    row.refresh_from_db()
    assert (row.classification_status, row.ruling_reference, row.hs_code) == ("draft", "", "691200")


def test_longer_codes_are_kept_by_destination(shelf: dict[str, Product]) -> None:
    row = variant(shelf["cup"])
    propose_classification(proposals=[Proposal(variant_id=row.pk, local_codes="us 6912.00.3510; EU27: 6912002390")])
    row.refresh_from_db()
    assert row.hs_local == {"US": "6912003510", "EU27": "6912002390"}


@pytest.mark.parametrize(
    "change",
    [
        {"hs_code": "69"},
        {"hs_code": "69a912"},
        {"origin": "China"},
        {"local_codes": "US 6912"},
        {"local_codes": "6912003510"},
    ],
)
def test_facts_that_cannot_be_are_refused(shelf: dict[str, Product], change: dict[str, str]) -> None:
    row = variant(shelf["cup"])
    before = Variant.objects.filter(pk=row.pk).values().get()
    with pytest.raises(ClassificationRefused):
        propose_classification(proposals=[Proposal(variant_id=row.pk, **change)])
    assert Variant.objects.filter(pk=row.pk).values().get() == before


def test_neighbours_say_which_code_and_why(shelf: dict[str, Product]) -> None:
    approved(shelf["cup"], "691200")
    Variant.objects.filter(product=shelf["lamp"]).update(hs_code="940521", origin_country="CN")  # nobody approved it
    found = suggestions_for([shelf["mug"], shelf["cup"], shelf["lamp"]], language="en")
    (best,) = found[shelf["mug"].pk]
    assert best.hs_code == "691200"
    assert "the same category: Coffee cup" in best.why
    assert best.words == "Ceramic tableware › Of other than porcelain"
    assert found[shelf["cup"].pk][0].why.startswith("another variant of this product has it")
    assert [one.why for one in found[shelf["lamp"].pk]] == ["the same brand and type: Coffee cup"]


def test_a_similar_word_of_the_search_is_a_reason(shelf: dict[str, Product]) -> None:
    other = make_product("cup2", names={"en": "Tin cup"}, variant=BARE)
    drain_dirty()
    approved(shelf["cup"], "691200")
    found = suggestions_for([Product.objects.get(pk=other.pk)], language="en")
    assert [one.hs_code for one in found[other.pk]] == ["691200"]
    assert "a similar word" in found[other.pk][0].why


def page_form(browser: Client, query: str = "") -> dict[str, Any]:
    page = browser.get(f"{reverse('admin:catalog_customs')}?{query}").context["page"]
    form: dict[str, Any] = {"row": [row.pk for row in page.rows]}
    for row in page.rows:
        form |= {
            f"seen-{row.pk}": row.seen, f"hs_code-{row.pk}": row.hs_code, f"origin-{row.pk}": row.origin,
            f"description-{row.pk}": row.description, f"materials-{row.pk}": row.materials,
            f"weight-{row.pk}": row.weight_g, f"local-{row.pk}": row.local,
        }  # fmt: skip
        if row.suggestions:
            form[f"best-{row.pk}"] = row.suggestions[0].hs_code
    return form


def send(browser: Client, form: dict[str, Any]) -> Any:
    return browser.post(reverse("admin:catalog_customs"), form)


PEOPLE = ("catalog.view_variant", "catalog.change_variant")


def test_suggestions_are_taken_for_many_rows_and_approved_by_who_may(shelf: dict[str, Product]) -> None:
    approved(shelf["cup"], "691200")
    clerk = operator(*PEOPLE)
    mug = variant(shelf["mug"])
    form = page_form(clerk)
    form |= {"do": "take", "pick": [mug.pk], f"origin-{mug.pk}": "pt", f"materials-{mug.pk}": "stoneware"}
    assert send(clerk, form).status_code == 302
    mug.refresh_from_db()
    assert (mug.hs_code, mug.origin_country, mug.materials, mug.classification_status) == (
        "691200", "PT", "stoneware", "draft",
    )  # fmt: skip
    assert send(clerk, page_form(clerk) | {"do": "approve", "pick": [mug.pk]}).status_code == 403
    chief = operator(*PEOPLE, "markets.approve_goods_codes")
    assert send(chief, page_form(chief) | {"do": "approve", "pick": [mug.pk]}).status_code == 302
    mug.refresh_from_db()
    assert mug.classification_status == "reviewed"
    assert mug.classified_by is not None


def test_what_a_colleague_changed_is_not_overwritten_and_nothing_typed_is_lost(shelf: dict[str, Product]) -> None:
    clerk = operator(*PEOPLE)
    mug = variant(shelf["mug"])
    form = page_form(clerk) | {f"hs_code-{mug.pk}": "691110"}
    propose_classification(proposals=[Proposal(variant_id=mug.pk, hs_code="691200")])
    answer = send(clerk, form)
    assert answer.status_code == 422
    assert 'value="691110"' in text(answer)
    mug.refresh_from_db()
    assert mug.hs_code == "691200"


def test_filters_find_what_is_missing(shelf: dict[str, Product]) -> None:
    clerk = operator(*PEOPLE)
    everything = {row.pk for row in clerk.get(reverse("admin:catalog_customs")).context["page"].rows}
    cup = variant(shelf["cup"])
    Variant.objects.filter(pk=cup.pk).update(
        hs_code="691200", origin_country="CN", customs_description="Ceramic coffee cup", weight_g=300
    )
    address = reverse("admin:catalog_customs")
    lacking = {row.pk for row in clerk.get(f"{address}?missing=hs_code").context["page"].rows}
    assert lacking == everything - {cup.pk}
    assert cup.pk not in {row.pk for row in clerk.get(f"{address}?state=missing").context["page"].rows}
    assert [row.pk for row in clerk.get(f"{address}?state=open").context["page"].rows] == [cup.pk]
    Variant.objects.filter(pk=cup.pk).update(customs_description="陶器 カップ 白 cup")
    assert cup.pk in {row.pk for row in clerk.get(f"{address}?missing=description").context["page"].rows}


def test_the_sheet_asks_as_much_for_few_rows_as_for_many(shelf: dict[str, Product]) -> None:
    approved(shelf["cup"], "691200")
    clerk = operator(*PEOPLE)
    address = reverse("admin:catalog_customs")
    clerk.get(address)
    with CaptureQueriesContext(connection) as few:
        assert len(clerk.get(address).context["page"].rows) == 4
    for number in range(12):
        make_product(f"more-{number}", names={"en": f"Coffee pot {number}"}, variant=BARE)
    drain_dirty()
    with CaptureQueriesContext(connection) as many:
        assert len(clerk.get(address).context["page"].rows) > 12
    assert len(many) <= len(few)
    assert len(many) <= 14


def test_the_tree_is_searched_by_digits_and_by_words(shelf: dict[str, Product]) -> None:
    clerk = operator("markets.view_hscode")
    address = reverse("admin:catalog_goods_codes")
    assert [row.code for row in clerk.get(address).context["rows"]] == ["69"]
    assert [row.code for row in clerk.get(f"{address}?q=6912").context["rows"]] == ["6912", "691200"]
    assert [row.code for row in clerk.get(f"{address}?q=tableware+porcelain").context["rows"]] == ["691200"]


def test_nobody_else_sees_the_sheet(shelf: dict[str, Product]) -> None:
    address = reverse("admin:catalog_customs")
    assert operator("orders.view_order").get(address).status_code == 403
    assert shopper().get(address).status_code in (302, 403)
    assert send(operator("catalog.view_variant"), {"do": "save"}).status_code == 403
    assert not Variant.objects.exclude(hs_code=None).exists()


@pytest.mark.parametrize(("alone_up_to", "writer", "is_refused"), [(1, 0, True), (2, 0, False), (1, 1, False)])
def test_many_codes_at_once_are_approved_by_somebody_who_wrote_none_of_them(
    shelf: dict[str, Product], alone_up_to: int, writer: int, is_refused: bool
) -> None:
    people = [get_user_model().objects.create_user(name) for name in ("first", "second")]
    rows = [product.variants.get() for product in (shelf["mug"], shelf["lamp"])]
    with audit.acting_as(user_id=people[writer].pk, label="writer"):
        propose_classification(proposals=[Proposal(variant_id=row.pk, hs_code="691110", origin="JP") for row in rows])
    with audit.acting_as(user_id=people[0].pk, label="approver"):
        if is_refused:
            with pytest.raises(ClassificationRefused, match="a second person"):
                approve_classification(variant_ids=[row.pk for row in rows], alone_up_to=alone_up_to)
            assert not Variant.objects.exclude(classification_status="draft").exists()
        else:
            assert approve_classification(variant_ids=[row.pk for row in rows], alone_up_to=alone_up_to) == 2
