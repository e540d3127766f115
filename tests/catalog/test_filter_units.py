"""Range filters in the units of a market: shown, chosen, carried in addresses, and matched as the product pages say."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import actions
from catalog.drafts import Detail
from catalog.listing.measuring import shown_number, stored_range
from catalog.listing.selection import Range
from catalog.listing.vocabulary import FacetInfo, Kind
from catalog.queries import listing_page
from catalog.units import UNITS, unit_shown
from markets.cache import forget
from markets.models import Market
from markets.queries import market_by_code
from tests.factories.catalog import make_product
from tests.factories.markets import small_world

CONVERTED = sorted(code for code, unit in UNITS.items() if unit.us)
HEIGHTS = {"low": "4", "middle": "30.5", "high": "61"}


@pytest.fixture
def shop(db: None) -> None:
    small_world("de", "us")
    Market.objects.filter(code="us").update(units="us")
    forget()
    actions.put_category(code="lamps", texts={"name": {"en": "Lamps", "de": "Lampen"}})
    for code, unit in (("height", "cm"), ("burners", "pieces")):
        actions.put_attribute(code=code, names={"en": code.title()}, data_type="number", unit=unit, filterable=True)
    for number, (code, height) in enumerate(HEIGHTS.items()):
        details = [
            Detail(attribute="height", number=Decimal(height)),
            Detail(attribute="burners", number=Decimal(number + 1)),
        ]
        make_product(
            code, category="lamps", details=details, prices={"de": ["10.00"], "us": ["10.00"]}, names={"en": code}
        )


def page(market: str, **chosen: str):
    here = market_by_code(market, language="en")
    return listing_page(here, "lamps", {key: [value] for key, value in chosen.items()})


def filter_of(shown, key: str):
    return next(facet for facet in shown.facets if facet.key == key)


def test_a_filter_is_shown_in_the_units_of_its_market(shop: None) -> None:
    here, there = filter_of(page("de"), "height"), filter_of(page("us"), "height")
    assert (here.unit, here.low, here.high) == ("cm", Decimal(4), Decimal(61))
    assert (there.unit, there.low, there.high) == ("in", Decimal("1.6"), Decimal(24))
    assert there.histogram == here.histogram
    for market in ("de", "us"):
        assert (filter_of(page(market), "burners").unit, filter_of(page(market), "burners").high) == ("pieces", 3)


def test_what_is_chosen_stays_in_the_units_of_the_market(shop: None) -> None:
    shown = page("us", height_min="1.6", height_max="12")
    assert {card.name for card in shown.cards} == {"low", "middle"}
    assert (filter_of(shown, "height").selected_low, filter_of(shown, "height").selected_high) == (Decimal("1.6"), 12)
    assert [chip.label for chip in shown.chips] == ["Height: 1.6\u202fin to 12\u202fin"]
    assert next(sort.url for sort in shown.sorts if sort.key == "price").endswith(
        "?height_min=1.6&height_max=12&sort=price"
    )
    assert page("us", height_min="12.1").total == 1
    assert page("de", height_min="1.6", height_max="12").total == 1


def facet_in(unit: str) -> FacetInfo:
    return FacetInfo(
        id=1, key="x", label="X", kind=Kind.ATTRIBUTE, is_range=True, unit=unit_shown(unit, "us"), stored_unit=unit
    )


@given(
    unit=st.sampled_from(CONVERTED),
    stored=st.decimals(min_value=-1000, max_value=100_000, places=3, allow_nan=False),
)
def test_a_product_is_found_from_and_up_to_the_number_its_page_shows(unit: str, stored: Decimal) -> None:
    facet = facet_in(unit)
    shown = shown_number(facet, stored)
    bounds = stored_range(facet, Range(shown, shown))
    assert bounds.low is not None
    assert bounds.high is not None
    assert bounds.low <= stored <= bounds.high


def test_without_another_unit_numbers_are_left_alone() -> None:
    facet = FacetInfo(id=1, key="x", label="X", kind=Kind.ATTRIBUTE, is_range=True, unit="W")
    assert shown_number(facet, Decimal("1.23456")) == Decimal("1.23456")
    assert stored_range(facet, Range(Decimal(1), None)) == Range(Decimal(1), None)
