"""Products side by side, and the row of what was looked at."""

import re

import pytest

from catalog import actions
from catalog.drafts import Detail
from catalog.models import Variant
from catalog.queries.comparison import comparison_page
from markets.cache import forget
from markets.models import Market
from markets.queries import market_by_code
from tests.factories.catalog import make_product, option
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def things():
    small_world()
    for code in ("material", "glaze"):
        actions.put_attribute(code=code, names={"en": code.title()}, data_type="text")
    return [
        make_product(
            f"cup-{number}",
            names={"en": f"Cup {number}"},
            prices={"de": f"1{number}.00", **({"us": "9.00"} if number else {})},
            details=[
                Detail(attribute="material", text={"en": "Clay"}),
                *([Detail(attribute="glaze", text={"en": "Blue"})] if number == 1 else []),
            ],
        )
        for number in range(5)
    ]


def page(ids, market="de"):
    return comparison_page(market_by_code(market, language="en"), "/compare/", ids)


def test_rows_say_what_differs(things):
    first, second, *_others = things
    found = page([first.pk, second.pk])
    rows = {row.label: row for row in found.rows}
    assert (rows["Material"].values, rows["Material"].differs) == (("Clay", "Clay"), False)
    assert (rows["Glaze"].values, rows["Glaze"].differs) == (("–", "Blue"), True)
    assert [column.remove_url for column in found.columns] == [f"/compare/?p={second.pk}", f"/compare/?p={first.pk}"]


def test_sizes_and_weights_are_in_the_units_of_the_market(shop_of_two):
    ids = [product.pk for product in shop_of_two]
    rows = {row.label: row.values for row in page(ids).rows}
    assert rows["Size"] == ("29 × 15 × 20 cm", "up to 31.5 × 16.5 × 22 cm")
    assert rows["Weight"] == ("640 g", "520 g to 1.2 kg")
    theirs = {row.label: row.values for row in page(ids, "us").rows}
    assert theirs["Size"] == ("11.4 × 5.9 × 7.9 in", "up to 12.4 × 6.5 × 8.7 in")
    assert theirs["Weight"] == ("1.4 lb", "1.1 lb to 2.6 lb")


@pytest.fixture
def shop_of_two():
    small_world()
    Market.objects.filter(code="us").update(units="us")
    forget()
    option("size", {"s": None, "l": None})
    prices = {"de": "10.00", "us": "9.00"}
    measures = {"length_mm": 290, "width_mm": 150, "height_mm": 200, "weight_g": 640}
    plain = make_product("plain", prices=prices, variant=measures)
    several = make_product("several", prices=prices, options={"size": ("s", "l")}, variant=measures)
    small, large = several.variants.order_by("position")
    Variant.objects.filter(pk=small.pk).update(weight_g=520)
    Variant.objects.filter(pk=large.pk).update(weight_g=1200, length_mm=315, width_mm=165, height_mm=220)
    return [plain, several]


def test_at_most_four_and_only_what_the_market_shows(things):
    ids = [product.pk for product in things]
    assert [column.card.product_id for column in page([ids[0], *ids, 10**9]).columns] == ids[:4]
    assert [column.card.product_id for column in page(ids[:2], "us").columns] == ids[1:2]
    assert page([]).columns == ()


def test_a_comparison_costs_the_same_for_two_and_for_four(things, django_assert_max_num_queries):
    ids = [product.pk for product in things]
    page(ids[:2])
    for some in (ids[:2], ids[:3], ids[:4]):
        with django_assert_max_num_queries(8):
            page(some)


def test_the_link_is_the_comparison_and_needs_no_script(things, client):
    ids = [product.pk for product in things]
    html = client.get(f"/de/en/compare/?p={ids[0]}&p={ids[1]}&p=x&p=%00").content.decode()
    assert html.count('scope="col"') == 2
    more = re.search(r'class="chip" href="([^"]+)"', html)
    if more:
        assert client.get(more.group(1).replace("&amp;", "&")).content.decode().count('scope="col"') == 3
    assert client.get("/de/en/compare/").status_code == 200
    product = client.get("/de/en/p/cup-0/").content.decode()
    assert f'href="/de/en/compare/?p={ids[0]}"' in product


def test_the_row_of_seen_products_shows_what_it_is_asked_for_and_else_nothing(things, client):
    row = client.get(f"/de/en/seen/?p={things[2].pk}&p={things[0].pk}")
    assert re.findall(r"Cup \d", row.content.decode())[0] == "Cup 2"
    assert row["X-Robots-Tag"] == "noindex"
    assert "sessionid" not in row.cookies
    assert client.get("/de/en/seen/?p=999999").content.strip() == b""
