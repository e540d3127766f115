"""Quantity prices where shoppers see them: the table on the product page, the line of the cart."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import actions
from catalog.models import Price, Variant
from catalog.queries import product_page
from core.money import Money
from markets.types import MarketContext
from tests.factories.cart import cart_with, item_in, open_shop, quote_of
from tests.journeys.shopping import Shopper

pytestmark = pytest.mark.django_db
MOST = 12


def with_tiers(variant: Variant, **amounts: str) -> None:
    """Prices from a quantity on: `_3="8.00"`."""
    ordinary = Price.objects.filter(variant=variant).earliest("min_qty")
    for name, amount in amounts.items():
        actions.set_price(
            price_list_id=ordinary.price_list_id,
            variant_id=variant.pk,
            amount=Money(amount, "EUR"),
            min_qty=int(name.strip("_")),
        )
    actions.refresh_derived(product_ids=[variant.product_id])


def slug_of(variant: Variant, market: MarketContext) -> str:
    slug: str = variant.product.routes.get(language=market.language, current=True).slug
    return slug


@pytest.fixture
def sold() -> tuple[MarketContext, Variant]:
    market = open_shop()
    variant = item_in(market, price="10.00", stock=50)
    with_tiers(variant, _3="9.00", _10="7.50", _20="7.50")
    return market, variant


def test_the_page_names_each_quantity_that_lowers_the_price(sold: tuple[MarketContext, Variant]) -> None:
    market, variant = sold

    tiers = product_page(market, slug_of(variant, market), {}).tiers

    assert [(tier.quantity, f"{tier.price.amount:.2f}") for tier in tiers] == [(3, "9.00"), (10, "7.50")]


def test_a_product_without_quantity_prices_has_no_table() -> None:
    market = open_shop()
    variant = item_in(market)

    assert product_page(market, slug_of(variant, market), {}).tiers == ()


def test_the_table_is_written_as_the_market_writes_prices_and_costs_no_query(
    sold: tuple[MarketContext, Variant],
) -> None:
    market, variant = sold
    shopper = Shopper()
    address = product_page(market, slug_of(variant, market), {}).url.removeprefix(market.url_prefix)
    shopper.get(address)
    with CaptureQueriesContext(connection) as queries:
        page = shopper.get(address)

    assert page.status == 200
    rows = page.text.split("data-price-tiers")[1].split("</table>")[0]
    assert "9.00" in rows or "9,00" in rows
    assert rows.count('scope="row"') == 2
    assert len(queries) <= MOST


def test_the_cart_says_which_quantity_price_applied(sold: tuple[MarketContext, Variant]) -> None:
    market, variant = sold

    found = {pieces: quote_of(cart_with(market, (variant, pieces)), market).lines[0] for pieces in (2, 3, 25)}

    assert {pieces: (line.tier, f"{line.unit_final.amount:.2f}") for pieces, line in found.items()} == {
        2: (0, "10.00"),
        3: (3, "9.00"),
        25: (10, "7.50"),
    }
