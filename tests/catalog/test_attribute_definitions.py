"""Definitions of details: changed with what products say of them, choices merged, units shown as markets measure."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from catalog import actions
from catalog.actions.attributes import (
    AttributeWish,
    attribute_seen,
    change_attribute,
    create_attribute,
    merge_options,
    remove_option,
)
from catalog.bulk.contents import ContentColumn, read_content
from catalog.drafts import Detail
from catalog.errors import AttributeProblem, ChangedMeanwhile
from catalog.models import AttributeDef, AttributeOption, FacetDef, Product, ProductAttribute, ProductType, Variant
from catalog.queries import product_page
from catalog.units import UNITS, converted, measured
from core.models import AuditEntry
from markets.models import Market
from markets.queries import market_by_code
from tests.admin.people import operator, shopper, text
from tests.factories.catalog import make_product
from tests.factories.markets import small_world
from tests.shared_world import shared_world

database = pytest.mark.django_db


@shared_world
def world() -> None:
    small_world("de", "us")


@pytest.fixture
def browser(world: None) -> Client:
    return operator(*(f"catalog.{deed}_attributedef" for deed in ("view", "change", "add")))


def detail(code: str, data_type: str, **facts: Any) -> AttributeDef:
    return actions.put_attribute(code=code, names={"en": code.title()}, data_type=data_type, **facts)


FACTS = ("data_type", "section", "unit", "filterable", "comparable", "searchable", "position")


def wish(row: AttributeDef, **changes: Any) -> AttributeWish:
    """The definition as it is, but for the changes."""
    now = {
        name: getattr(row, name)
        for name in ("data_type", "section", "unit", "filterable", "comparable", "searchable", "position")
    }
    return AttributeWish(**{"names": {"en": row.name}, **now, **changes})


def change(row: AttributeDef, **changes: Any) -> bool:
    row.refresh_from_db()
    return change_attribute(attribute_id=row.pk, wish=wish(row, **changes), seen=attribute_seen(row))


def said(row: AttributeDef, column: str = "text_value") -> list[Any]:
    return list(ProductAttribute.objects.filter(attribute=row).order_by("product_id").values_list(column, flat=True))


@pytest.mark.parametrize(
    ("number", "source", "target", "exact"),
    [
        ("1", "in", "mm", "25.4"),
        ("1", "lb", "g", "453.59237"),
        ("1", "gal", "l", "3.785411784"),
        ("128", "fl oz", "gal", "1"),
        ("-40", "°C", "°F", "-40"),
        ("100", "°C", "°F", "212"),
        ("212", "°F", "°C", "100"),
        ("1", "kWh", "Wh", "1000"),
        ("1", "mi", "km", "1.609344"),
    ],
)
def test_units_convert_exactly(number: str, source: str, target: str, exact: str) -> None:
    assert converted(Decimal(number), UNITS[source], UNITS[target]) == Decimal(exact)


@given(
    st.decimals(min_value=-10_000, max_value=10_000, places=4),
    st.sampled_from(sorted(UNITS)).flatmap(
        lambda code: st.tuples(
            st.just(code), st.sampled_from([u.code for u in UNITS.values() if u.dimension is UNITS[code].dimension])
        )
    ),
)
def test_there_and_back_is_the_same_number(number: Decimal, pair: tuple[str, str]) -> None:
    there = converted(number, UNITS[pair[0]], UNITS[pair[1]])
    assert converted(there, UNITS[pair[1]], UNITS[pair[0]]).quantize(Decimal("1e-20")) == number


def test_different_measures_do_not_convert() -> None:
    with pytest.raises(ValueError, match="different things"):
        converted(Decimal(1), UNITS["kg"], UNITS["m"])


@pytest.mark.parametrize(
    ("number", "unit", "metric", "us"),
    [
        ("30.5", "cm", "30.5 cm", "12 in"),
        ("1.5000", "l", "1.5 l", "0.4 gal"),
        ("180", "°C", "180 °C", "356 °F"),
        ("2200", "W", "2,200 W", "2,200 W"),
        ("3", "burners", "3 burners", "3 burners"),
    ],
)
def test_markets_read_their_own_units(number: str, unit: str, metric: str, us: str) -> None:
    assert measured(Decimal(number), unit, "metric").replace("2200", "2,200") == metric
    assert measured(Decimal(number), unit, "us").replace("2200", "2,200") == us


@database
def test_the_product_page_tells_a_detail_in_the_units_of_its_market(world: None) -> None:
    Market.objects.filter(code="us").update(units="us")
    from markets.cache import forget

    forget()
    detail("reach", "number", unit="cm")
    make_product("lamp", names={"en": "Lamp", "de": "Lampe"}, details=[Detail(attribute="reach", number=Decimal(61))])
    here, there = (product_page(market_by_code(code, language="en"), "lamp", {}) for code in ("de", "us"))
    assert [fact.value for fact in here.details if fact.label == "Reach"] == ["61 cm"]
    assert [fact.value for fact in there.details if fact.label == "Reach"] == ["24 in"]


@database
def test_numbers_follow_a_unit_that_measures_the_same_and_no_other(world: None) -> None:
    row = detail("reach", "number", unit="m")
    make_product("lamp", details=[Detail(attribute="reach", number=Decimal("0.61"))])
    assert change(row, unit="cm")
    assert said(row, "number") == [Decimal(61)]
    for unit, words in (("kg", "cannot be told"), ("in", "without losing digits")):
        with pytest.raises(AttributeProblem, match=words):
            change(row, unit=unit)
    row.refresh_from_db()
    assert (row.unit, said(row, "number")) == ("cm", [Decimal(61)])


@database
def test_what_products_say_follows_another_kind_of_value(world: None) -> None:
    row = detail("power", "text")
    for number, words in enumerate(("12", "7.5")):
        make_product(f"lamp-{number}", details=[Detail(attribute="power", text={"en": words})])
    assert change(row, data_type="number", unit="W")
    assert said(row, "number") == [Decimal(12), Decimal("7.5")]
    assert change(row, data_type="enum")
    assert [option.name for option in AttributeOption.objects.filter(attribute=row)] == ["12", "7.5"]
    assert change(row, data_type="text")
    assert said(row) == ["12", "7.5"]
    assert not AttributeOption.objects.exists()


@database
def test_a_kind_of_value_that_cannot_follow_is_refused_with_the_reason(world: None) -> None:
    row = detail("power", "text")
    make_product("lamp", details=[Detail(attribute="power", text={"en": "strong"})])
    for kind, words in (("number", "“strong”"), ("bool", "Make a new detail"), ("date", "does not read as")):
        with pytest.raises(AttributeProblem, match=words):
            change(row, data_type=kind)
    row.refresh_from_db()
    assert (row.data_type, said(row)) == ("text", ["strong"])


@database
def test_choices_of_several_do_not_become_one_text(world: None) -> None:
    row = detail("wood", "enum")
    for code in ("oak", "ash"):
        actions.put_attribute_option(attribute="wood", code=code, names={"en": code.title()})
    make_product("chair", details=[Detail(attribute="wood", options=("oak", "ash"))])
    with pytest.raises(AttributeProblem, match="several choices"):
        change(row, data_type="text")
    assert AttributeOption.objects.count() == 2


@database
def test_two_choices_become_one_and_products_have_it_once(world: None) -> None:
    row = detail("wood", "enum", filterable=True)
    oak = actions.put_attribute_option(attribute="wood", code="oak", names={"en": "Oak"})
    eiche = actions.put_attribute_option(attribute="wood", code="eiche", names={"en": "Eiche"})
    both = make_product("both", details=[Detail(attribute="wood", options=("oak", "eiche"))])
    one = make_product("one", details=[Detail(attribute="wood", options=("eiche",))])
    assert merge_options(source_id=eiche.pk, target_id=oak.pk) == 2
    left = set(ProductAttribute.objects.values_list("product_id", "option_id"))
    assert left == {(both.pk, oak.pk), (one.pk, oak.pk)}
    assert ProductAttribute.objects.count() == 2
    assert AuditEntry.objects.get(action="catalog.merge_attribute_options").data["into"] == "oak"
    with pytest.raises(AttributeProblem, match="two different"):
        merge_options(source_id=oak.pk, target_id=oak.pk)
    with pytest.raises(AttributeProblem, match="2 products have this choice"):
        remove_option(option_id=oak.pk)
    assert FacetDef.objects.get(attribute=row).active


@database
def test_somebody_elses_change_is_not_overwritten(world: None) -> None:
    row = detail("wood", "enum")
    seen = attribute_seen(row)
    change(row, position=7)
    with pytest.raises(ChangedMeanwhile):
        change_attribute(attribute_id=row.pk, wish=wish(row, position=9), seen=seen)
    assert AttributeDef.objects.get(pk=row.pk).position == 7
    with pytest.raises(AttributeProblem):
        create_attribute(code="wood", wish=wish(row))


@database
def test_a_detail_is_made_and_kept_over_the_screens(browser: Client) -> None:
    kind = ProductType.objects.create(code="chairs", name="Chairs")
    sent = {"code": "wood", "data_type": "enum", "name-en": "Wood", "name-de": "Holz", "product_types": [kind.pk]}
    made = browser.post(reverse("admin:catalog_attribute_new"), sent)
    assert made.status_code == 302, text(made)
    row = AttributeDef.objects.get(code="wood")
    assert (row.text("name", "de"), list(row.product_types.all())) == ("Holz", [kind])
    page = browser.get(made.url)
    sent = {"deed": "options", "seen": page.context["seen"], "n-0-code": "oak", "n-0-en": "Oak", "n-0-de": "Eiche"}
    assert browser.post(made.url, sent).status_code == 302
    assert AttributeOption.objects.get().text("name", "de") == "Eiche"
    oak = AttributeOption.objects.get().pk
    sent |= {f"o-{oak}-en": "Oak", f"o-{oak}-position": "3"}
    bad = browser.post(made.url, sent | {"seen": "older", "n-0-code": "ash", "n-0-en": "Ash"})
    assert (bad.status_code, "Somebody else changed" in text(bad)) == (422, True)
    nameless = browser.post(made.url, sent | {"n-0-code": "elm", "n-0-en": ""})
    assert (nameless.status_code, "A choice needs a name." in text(nameless)) == (422, True)
    gone = browser.post(made.url, {"remove": AttributeOption.objects.get().pk})
    assert gone.status_code == 302
    assert not AttributeOption.objects.exists()


@database
def test_a_refusal_stands_on_the_screen_and_what_was_typed_stays(browser: Client) -> None:
    row = detail("power", "text")
    make_product("lamp", details=[Detail(attribute="power", text={"en": "strong"})])
    address = reverse("admin:catalog_attribute", args=[row.pk])
    seen = browser.get(address).context["seen"]
    answer = browser.post(address, {"seen": seen, "data_type": "number", "name-en": "Might"})
    assert answer.status_code == 422
    assert "does not read as" in text(answer)
    assert 'value="Might"' in text(answer)


@database
def test_the_screens_stay_within_thirty_queries(browser: Client) -> None:
    row = detail("wood", "enum", filterable=True)
    for number in range(30):
        actions.put_attribute_option(attribute="wood", code=f"w{number}", names={"en": f"Wood {number}"})
        detail(f"more-{number}", "text")
    make_product("chair", details=[Detail(attribute="wood", options=("w1", "w2"))])
    for address in (
        reverse("admin:catalog_attributes"),
        reverse("admin:catalog_attribute", args=[row.pk]),
        reverse("admin:catalog_attribute_new"),
    ):
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        assert len(queries) <= 30, (address, len(queries))


@database
def test_only_those_who_may_change_details_do(world: None) -> None:
    row = detail("wood", "enum")
    address = reverse("admin:catalog_attribute", args=[row.pk])
    for who, expected in ((Client(), 302), (shopper(), 302), (operator("catalog.view_attributedef"), 403)):
        assert who.post(address, {"deed": "merge"}).status_code == expected
        assert who.post(reverse("admin:catalog_attribute_new"), {}).status_code == expected


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("500 ml", (Decimal(500), "ml")),
        ("0,75l", (Decimal("0.75"), "l")),
        ("1.5 KG", (Decimal("1.5"), "kg")),
        ("0 ml", None),
        ("500", None),
        ("500 pints", None),
        ("-3 l", None),
    ],
)
def test_a_content_is_an_amount_and_a_unit(written: str, found: object) -> None:
    assert read_content(written) == found


@database
def test_amount_and_unit_of_contents_change_together_in_bulk(world: None) -> None:
    soap = make_product("soap")
    variant = soap.variants.get()
    column = ContentColumn()
    assert column.read([variant]) == {variant.pk: ""}
    assert "ml" in column.check([variant], {variant.pk: "lots"})[variant.pk]
    column.write([variant], {variant.pk: "250 ml"})
    variant = Variant.objects.get(pk=variant.pk)
    assert (variant.content_amount, variant.content_unit) == (Decimal(250), "ml")
    assert column.read([variant]) == {variant.pk: "250 ml"}
    column.write([variant], {variant.pk: ""})
    assert Variant.objects.get(pk=variant.pk).content_amount is None
    assert Product.objects.filter(pk=soap.pk).exists()
