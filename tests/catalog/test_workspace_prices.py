"""Prices as a sheet: only changed cells are written, by the currency's digits, and nobody's change is lost."""

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from catalog.actions import drain_dirty, set_price
from catalog.models import Price, PriceList, PublishedPrice, Variant
from catalog.workspace.amounts import AmountProblem, parse_amount, written
from core.models import AuditEntry
from core.money import Money
from tests.admin.people import operator, shopper, text
from tests.factories.catalog import make_product, option, price_list
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


def world() -> None:
    small_world("de", "jp")
    option("colour", {"ink": "#111111", "bone": "#eeeeee"}, input="swatch")


@shared_world
def variants() -> list[Variant]:
    world()
    cup = make_product("cup", options={"colour": ("ink", "bone")})
    return list(cup.variants.order_by("position"))


@pytest.fixture
def browser() -> Client:
    return operator("catalog.view_price", "catalog.change_price")


def cell(variant: Variant, market: str = "de", quantity: int = 1, code: str = "") -> str:
    row = PriceList.objects.get(code=code or f"{market}-base")
    return f"c-{row.pk}-{variant.pk}-{quantity}"


def form_of(browser: Client, query: str = "product=cup") -> dict[str, str]:
    """What a browser would send back unchanged."""
    page = browser.get(f"{reverse('admin:catalog_prices')}?{query}").context["page"]
    return {"base": page.base} | {one.name: one.value for row in page.rows for one in row.cells}


def send(browser: Client, form: dict[str, str], query: str = "product=cup"):
    return browser.post(f"{reverse('admin:catalog_prices')}?{query}", form)


def amounts(variant: Variant) -> dict[tuple[str, int], Decimal]:
    rows = Price.objects.filter(variant=variant).values_list("price_list__code", "min_qty", "amount")
    return {(code, quantity): amount for code, quantity, amount in rows}


def test_only_changed_cells_are_saved_and_published(browser: Client, variants: list[Variant]) -> None:
    drain_dirty()
    form = form_of(browser)
    assert form[cell(variants[0])] == "20.00"
    assert form[cell(variants[0], "jp")] == "20"
    before = AuditEntry.objects.filter(action="catalog.set_prices").count()
    answer = send(browser, form | {cell(variants[0]): "24,50", cell(variants[1], "jp"): "1,234"})
    assert answer.status_code == 302
    assert amounts(variants[0]) == {("de-base", 1): Decimal("24.5"), ("jp-base", 1): Decimal(20)}
    assert amounts(variants[1])["jp-base", 1] == 1234
    assert AuditEntry.objects.filter(action="catalog.set_prices").count() == before + 2
    drain_dirty()
    shown = PublishedPrice.objects.filter(variant=variants[0], market__code="de").order_by("pk")
    assert [row.amount.amount for row in shown] == [Decimal(20), Decimal("24.5")]


def test_a_sheet_sent_back_unchanged_writes_nothing(browser: Client, variants: list[Variant]) -> None:
    before = AuditEntry.objects.count()
    answer = browser.post(f"{reverse('admin:catalog_prices')}?product=cup", form_of(browser), follow=True)
    assert "Nothing was changed." in text(answer)
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    ("market", "typed", "words"),
    [
        ("de", "1.234", "a thousand or a decimal"),
        ("de", "12.345.6", "is not an amount"),
        ("de", "12,3456", "EUR has 2 decimals."),
        ("de", "-3", "is not an amount"),
        ("de", "about ten", "is not an amount"),
        ("jp", "100.5", "JPY has no decimals."),
    ],
)
def test_one_wrong_cell_saves_nothing_and_loses_nothing(
    browser: Client, variants: list[Variant], market: str, typed: str, words: str
) -> None:
    form = form_of(browser) | {cell(variants[0]): "99.00", cell(variants[1], market): typed}
    answer = send(browser, form)
    assert answer.status_code == 422
    page = text(answer)
    assert words in page.replace("&#x27;", "'")
    assert 'value="99.00"' in page
    assert f'value="{typed}"' in page
    assert amounts(variants[0])["de-base", 1] == 20
    again = {"base": answer.context["page"].base} | form | {cell(variants[1], market): "7"}
    assert send(browser, again).status_code == 302
    assert amounts(variants[0])["de-base", 1] == 99


def test_a_price_a_colleague_changed_is_shown_and_not_overwritten(browser: Client, variants: list[Variant]) -> None:
    form = form_of(browser)
    base = PriceList.objects.get(code="de-base")
    set_price(price_list_id=base.pk, variant_id=variants[0].pk, amount=Money("15.00", "EUR"))

    answer = send(browser, form | {cell(variants[0]): "30.00", cell(variants[1]): "31.00"})

    assert answer.status_code == 422
    assert "now: 15.00" in text(answer)
    assert (amounts(variants[0])["de-base", 1], amounts(variants[1])["de-base", 1]) == (Decimal(15), Decimal(20))
    page = answer.context["page"]
    again = {"base": page.base} | {one.name: one.value for row in page.rows for one in row.cells}
    assert send(browser, again).status_code == 302
    assert (amounts(variants[0])["de-base", 1], amounts(variants[1])["de-base", 1]) == (Decimal(30), Decimal(31))


def test_an_empty_cell_takes_the_price_away(browser: Client, variants: list[Variant]) -> None:
    send(browser, form_of(browser) | {cell(variants[0]): ""})
    assert amounts(variants[0]) == {("jp-base", 1): Decimal(20)}


def test_quantities_get_rows_of_their_own(browser: Client, variants: list[Variant]) -> None:
    query = "product=cup&tier=10"
    form = form_of(browser, query)
    assert form[cell(variants[0], quantity=10)] == ""
    send(browser, form | {cell(variants[0], quantity=10): "18"}, query)
    assert amounts(variants[0])["de-base", 10] == 18
    rows = browser.get(f"{reverse('admin:catalog_prices')}?product=cup").context["page"].rows
    assert [(row.sku, row.min_qty) for row in rows] == [("CUP-INK", 1), ("CUP-INK", 10), ("CUP-BONE", 1)]


def test_a_list_that_follows_shows_what_it_follows_and_takes_overrides(
    browser: Client, variants: list[Variant]
) -> None:
    price_list("de", code="de-sale", kind="sale", parent="de-base", adjust_bp=-1000)
    query = "product=cup&market=de"
    page = browser.get(f"{reverse('admin:catalog_prices')}?{query}").context["page"]
    name = cell(variants[0], code="de-sale")
    derived = next(one for row in page.rows for one in row.cells if one.name == name)
    assert (derived.value, derived.hint) == ("", "18.00")
    send(browser, form_of(browser, query) | {name: "17.00"}, query)
    assert amounts(variants[0])["de-sale", 1] == 17
    send(browser, form_of(browser, query) | {name: ""}, query)
    assert amounts(variants[0])["de-sale", 1] == 18
    send(browser, form_of(browser, query) | {cell(variants[0]): "40.00"}, query)
    assert amounts(variants[0])["de-sale", 1] == 36


def test_a_base_that_cannot_be_read_overwrites_nothing(browser: Client, variants: list[Variant]) -> None:
    for base in ("", "{", "[]", json.dumps({cell(variants[0]): "nonsense"})):
        answer = send(browser, {"base": base, cell(variants[0]): "1.00"})
        assert answer.status_code == 422, base
    assert amounts(variants[0])["de-base", 1] == 20


def test_cells_nobody_was_shown_are_left_alone(browser: Client, variants: list[Variant]) -> None:
    strange = {"c-1": "5", "c-0-0-0": "5", f"c-99999-{variants[0].pk}-1": "5", "c-a-b-c": "5", "base": "{}"}
    assert send(browser, strange).status_code == 302
    assert Price.objects.count() == 4


def test_a_page_of_the_sheet_stays_within_the_budget(browser: Client) -> None:
    for number in range(6):
        make_product(f"pot-{number}", options={"colour": ("ink", "bone")})
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(reverse("admin:catalog_prices")).status_code == 200
    assert len(queries) <= 30
    form = form_of(browser, "")
    changed = form | {name: "77" for name in form if name.startswith("c-")}
    with CaptureQueriesContext(connection) as saving:
        assert send(browser, changed, "").status_code == 302
    assert len(saving) <= 60
    assert set(Price.objects.values_list("amount", flat=True)) == {Decimal(77)}


def test_who_may_only_look_cannot_change(variants: list[Variant]) -> None:
    looking = operator("catalog.view_price")
    assert '<input class="input cell-money"' not in text(looking.get(reverse("admin:catalog_prices")))
    assert send(looking, {"base": "{}", cell(variants[0]): "1"}).status_code == 403
    assert operator().get(reverse("admin:catalog_prices")).status_code == 403
    for nobody in (Client(), shopper()):
        assert nobody.get(reverse("admin:catalog_prices")).status_code == 302


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("12.50", "EUR", "12.50"),
        ("12,5", "EUR", "12.50"),
        ("1,234.50", "EUR", "1234.50"),
        ("1.234,50", "EUR", "1234.50"),
        ("1 234,50 €", "EUR", "1234.50"),
        ("EUR 12", "EUR", "12.00"),
        ("1'234'567.8", "EUR", "1234567.80"),
        ("1,234,567", "EUR", "1234567.00"),
        ("0.125", "KWD", "0.125"),
        ("1.234", "KWD", "1.234"),
        ("1,234", "JPY", "1234"),
        ("¥1,234", "JPY", "1234"),
        ("١٢٫٥", "AED", "12.50"),
        (",5", "EUR", "0.50"),
        ("0", "JPY", "0"),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, currency: str, amount: str) -> None:
    assert str(parse_amount(typed, currency)) == amount


@given(minor=st.integers(0, 10**11), currency=st.sampled_from(["EUR", "JPY", "KWD"]))
def test_what_a_cell_shows_is_read_back_as_the_same_amount(minor: int, currency: str) -> None:
    digits = {"EUR": 2, "JPY": 0, "KWD": 3}[currency]
    amount = Decimal(minor).scaleb(-digits)
    assert parse_amount(written(amount, currency), currency) == amount


@given(text=st.text(max_size=12), currency=st.sampled_from(["EUR", "JPY", "KWD"]))
def test_nothing_that_is_typed_breaks_the_reader(text: str, currency: str) -> None:
    with suppress(AmountProblem):
        assert parse_amount(text, currency) >= 0


def test_lists_of_one_name_are_told_apart_by_their_codes(browser: Client, variants: list[Variant]) -> None:
    base = PriceList.objects.get(code="de-base")
    for number in (1, 2):
        PriceList.objects.create(
            code=f"de-sale-{number}", name="Sale", market=base.market, currency=base.currency, kind=PriceList.Kind.SALE
        )

    page = browser.get(f"{reverse('admin:catalog_prices')}?product=cup&market=de&kind=sale").context["page"]

    assert [column.name for column in page.columns] == ["Sale · de-sale-1", "Sale · de-sale-2"]
    page = browser.get(f"{reverse('admin:catalog_prices')}?product=cup&market=de&kind=base").context["page"]
    assert [column.name for column in page.columns] == [base.name]
