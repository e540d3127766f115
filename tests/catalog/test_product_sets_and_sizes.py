"""Sets with what they save, and size tables in the words of the reader's country."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import actions
from catalog.queries import product_page
from catalog.size_guide import SizeCell, chart_of, own_column
from core.money import Money
from markets.cache import forget
from markets.models import Market, SizeTable
from markets.queries import market_by_code
from tests.factories.catalog import make_product
from tests.factories.markets import small_world

SHOES = ["foot_mm", "JP_cm", "EU", "UK", "US"]
ROW = {"foot_mm": 254, "JP_cm": "25.5", "EU": "40", "UK": "6.5", "US": "7.5"}


@pytest.fixture
def shop():
    small_world()


def seen(slug, market="de"):
    return product_page(market_by_code(market, language="en"), slug, {})


def a_set(price):
    cup = make_product("cup", names={"en": "Cup"}, prices={"de": "10.00"})
    pot = make_product("pot", names={"en": "Pot"}, prices={"de": "30.00", "us": "33.00"})
    prices = {"de": price, "us": "40.00"}
    both = make_product("both", names={"en": "Both"}, prices=prices, draft={"kind": "bundle"}, active=False)
    parts = {cup.variants.get().pk: 2, pot.variants.get().pk: 1}
    actions.set_components(bundle_variant_id=both.variants.get().pk, components=parts)
    actions.activate_product(product_id=both.pk)
    actions.drain_dirty()
    return cup, both


@pytest.mark.django_db
def test_a_set_says_what_it_holds_and_what_it_saves(shop, client):
    _cup, both = a_set("40.00")
    found = seen("both").contents
    assert [(item.name, item.quantity, item.price) for item in found.items] == [
        ("Cup", 2, Money("10.00", "EUR")),
        ("Pot", 1, Money("30.00", "EUR")),
    ]
    assert (found.apart, found.saving, found.percent) == (Money("50.00", "EUR"), Money("10.00", "EUR"), 20)
    assert [card.product_id for card in seen("cup").sets] == [both.pk]
    html = client.get("/de/en/p/both/").content.decode()
    assert "What is in the set" in html
    assert "?variant=" in html


@pytest.mark.django_db
@pytest.mark.parametrize("price", ["50.00", "60.00"])
def test_a_set_that_saves_nothing_promises_nothing(shop, price):
    a_set(price)
    found = seen("both").contents
    assert len(found.items) == 2
    assert (found.apart, found.saving, found.percent) == (None, None, None)


@pytest.mark.django_db
def test_where_a_part_is_not_sold_alone_nothing_is_added_up(shop):
    a_set("40.00")
    found = seen("both", "us").contents
    assert [(item.url != "", item.price) for item in found.items] == [(False, None), (True, Money("33.00", "USD"))]
    assert found.saving is None


@pytest.mark.parametrize(
    ("country", "own"), [("DE", "EU"), ("GB", "UK"), ("US", "US"), ("JP", "JP_cm"), ("FR", "EU"), ("AE", "EU")]
)
def test_the_readers_sizes_come_first(country, own):
    assert own_column(SHOES, country) == own
    chart = chart_of("women_shoes", SHOES, [ROW], country)
    assert chart.columns[0].own
    assert chart.rows[0][0].text == ROW[own]
    assert sum(column.own for column in chart.columns) == 1


def test_what_is_measured_is_there_in_centimetres_and_in_inches():
    chart = chart_of("women_shoes", SHOES, [ROW], "DE")
    (place,) = [at for at, column in enumerate(chart.columns) if column.is_measured]
    assert chart.columns[place].label == "Foot length"
    assert chart.rows[0][place] == SizeCell("25.4", "10")
    assert chart.rows[0][0] == SizeCell("40")
    assert chart.is_measured


@given(
    columns=st.lists(st.sampled_from([*SHOES, "cm", "DE", "INT", "XX"]), min_size=1, unique=True),
    country=st.sampled_from(["DE", "GB", "US", "JP", "IT", "AE", ""]),
    number=st.decimals(Decimal(1), Decimal(3000), places=1),
)
def test_every_row_has_a_text_for_every_column(columns, country, number):
    rows = [dict.fromkeys(columns, str(number)), {}]
    chart = chart_of("anything", columns, rows, country)
    assert {len(row) for row in chart.rows} == {len(chart.columns)}
    assert len(chart.columns) == len(columns)


@pytest.mark.django_db
def test_a_product_shows_the_tables_of_its_type_and_others_show_none(shop, client):
    Market.objects.filter(code="us").update(units="us")
    forget()
    SizeTable.objects.all().delete()
    SizeTable.objects.create(code="women_shoes", group="shoes", columns=SHOES, rows=[ROW])
    shoe = make_product("shoe", names={"en": "Shoe"}, prices={"de": "10.00", "us": "9.00"})
    actions.put_product_type(code=shoe.product_type.code, name="Shoes", size_tables=["women_shoes", "unknown"])
    guide = seen("shoe").size_guide
    (chart,) = guide.charts
    assert (chart.title, chart.columns[0].label) == ("Women’s shoes", "EU")
    assert not guide.begins_in_inches
    assert len(guide.steps) == 3
    theirs = seen("shoe", "us").size_guide
    assert theirs.charts[0].columns[0].label == "US"
    assert theirs.begins_in_inches
    html = client.get("/us/en/p/shoe/").content.decode()
    assert re.search(r'<button[^>]+popovertarget="size-guide"', html)
    assert re.search(r'<dialog[^>]+id="size-guide"[^>]+popover', html)
    assert re.search(r'value="in" checked', html)
    assert "How to measure" in html
    actions.put_product_type(code=shoe.product_type.code, name="Shoes", size_tables=[])
    assert seen("shoe").size_guide is None
