"""The union's limit for distance sales: counted from orders, told to operators, and the sale that crosses it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from cart.queries import Destination, cart_page, quote_for_cart
from core.money import Money, round_half_up
from markets.cache import forget
from markets.fx import Quoted, import_rates
from markets.models import Country, LegalEntity, Market, MarketCountry, UntaxedSeller
from markets.queries import market_by_code
from markets.readiness.own import union_sales as warning
from markets.tax.facts import tax_facts_for
from markets.tax.union_sales import UnionSales, union_sales_for, union_sales_of, union_sentence
from markets.types import MarketContext
from orders.actions import refund_order
from orders.models import Lifecycle, Order
from orders.queries import order_page
from orders.types import RefundWish
from orders.union_sales import count_union_sales
from tests.factories.cart import cart_with, item_in, open_shop
from tests.factories.kinds import download_in
from tests.factories.markets import (
    CountryFactory,
    CurrencyFactory,
    JurisdictionFactory,
    LegalEntityFactory,
    TaxRateFactory,
    TaxRegistrationFactory,
)
from tests.factories.orders import pay, placed_order
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def market() -> MarketContext:
    """A German shop that also sends to France."""
    open_shop("de")
    france = CountryFactory(code="FR")
    MarketCountry.objects.get_or_create(market=Market.objects.get(code="de"), country=france, defaults={"position": 5})
    TaxRateFactory(jurisdiction=JurisdictionFactory(country=france), rate="0.20")
    forget()
    return market_by_code("de")


def sold(market: MarketContext, price: str = "119.00", pieces: int = 1) -> Order:
    """An order of a German address, made one to France as it is stored: taxed where the goods start."""
    order = placed_order(market, (item_in(market, price=price, stock=1000), pieces))
    Order.objects.filter(pk=order.pk).update(country="FR")
    forget()
    order.refresh_from_db()
    return order


def counted(year: int | None = None) -> UnionSales:
    return count_union_sales("meridian", year or datetime.now(UTC).year)


def net_of(order: Order) -> Decimal:
    return sum((tax.base.amount for tax in order.tax_lines.all()), Decimal(0))


def french(market: MarketContext, pieces: int = 1) -> tuple[set[str], set[str]]:
    """Places and schemes of the taxes in a quote to France."""
    cart = cart_with(market, (item_in(market, price="119.00", stock=100), pieces))
    quote = quote_for_cart(cart=cart, market=market, destination=Destination(country="FR", postal_code="75001"))
    return {tax.place for tax in quote.tax_lines}, {tax.scheme for tax in quote.tax_lines}


def test_goods_to_another_member_state_count_without_tax_and_with_their_delivery(market: MarketContext) -> None:
    order = sold(market)

    assert counted().this_year.amount == net_of(order) > 100
    assert counted(order.placed_at.year + 1).last_year.amount == net_of(order)
    assert counted(order.placed_at.year + 1).this_year == Money("0", "EUR")


def test_sales_at_home_and_orders_that_fell_through_do_not_count(market: MarketContext) -> None:
    placed_order(market, (item_in(market, price="119.00"), 1))
    gone = sold(market)
    Order.objects.filter(pk=gone.pk).update(lifecycle=Lifecycle.EXPIRED)

    assert counted().this_year == Money("0", "EUR")


def test_another_sellers_sales_are_not_counted(market: MarketContext) -> None:
    sold(market)

    assert count_union_sales("other", datetime.now(UTC).year).this_year == Money("0", "EUR")


def test_what_is_given_back_leaves_the_count(market: MarketContext) -> None:
    order = sold(market, pieces=2)
    pay(order)
    before = counted().this_year

    refund_order(
        number=order.number,
        lines=[RefundWish(line_id=order.lines.get().pk, quantity=1)],
        shipping=False,
        reason="broken",
        key="one",
    )

    assert (before - counted().this_year).amount == Decimal("100.00")


def test_another_currency_counts_by_the_rate_of_the_order_else_of_its_day(market: MarketContext) -> None:
    order = sold(market)
    CurrencyFactory(code="USD")
    row = Order.objects.filter(pk=order.pk)
    row.update(currency="USD", reporting_currency="EUR", exchange_rate=Decimal("0.5"))
    assert counted().this_year == round_half_up(net_of(order) / 2, "EUR")

    row.update(reporting_currency="USD", exchange_rate=Decimal(1))
    assert counted().this_year == Money("0", "EUR")
    assert (counted().is_known, counted().uncounted, counted().currencies) == (False, 1, ("USD",))

    import_rates(cells=[Quoted(order.placed_at.date(), "USD", Decimal("1.25"))], base="EUR", source="ecb")
    assert counted().this_year == round_half_up(net_of(order) / Decimal("1.25"), "EUR")
    assert counted().is_known


def test_while_sales_cannot_be_counted_nobody_says_that_the_limit_is_not_reached(
    market: MarketContext, caplog: pytest.LogCaptureFixture
) -> None:
    order = sold(market)
    CurrencyFactory(code="USD")
    Order.objects.filter(pk=order.pk).update(currency="USD", reporting_currency="USD", exchange_rate=Decimal(1))
    forget()
    cart = cart_with(market, (item_in(market, stock=5), 1))

    quote = quote_for_cart(cart=cart, market=market, destination=Destination(country="FR", postal_code="75001"))

    assert [problem.code for problem in quote.problems] == ["UNION_SALES_UNKNOWN"]
    assert not quote.can_be_ordered
    assert "without an exchange rate: {'USD': 1}" in caplog.text
    told = warning(Market.objects.get(code="de"))
    assert told.done == 0
    assert "1 order is not counted, because no exchange rate of its day is known: USD" in told.lacks[0].sentence
    assert quote_for_cart(cart=cart, market=market).can_be_ordered


def test_downloads_for_other_member_states_count_together_with_goods(market: MarketContext) -> None:
    order = placed_order(market, (download_in(market), 1))
    assert counted().this_year == Money("0", "EUR")

    Order.objects.filter(pk=order.pk).update(country="FR")

    assert counted().this_year.amount == net_of(order) > 0
    Country.objects.filter(code="DE").update(in_eu_vat_area=False)
    assert counted().this_year == Money("0", "EUR")


def test_a_download_is_judged_by_what_goods_have_sold(market: MarketContext) -> None:
    film = download_in(market)
    cart = cart_with(market, (film, 1))

    def place() -> set[str]:
        forget()
        found = quote_for_cart(cart=cart, market=market, destination=Destination(country="FR", postal_code="75001"))
        return {tax.place for tax in found.tax_lines}

    assert place() == {"DE"}
    sold(market, price="1190.00", pieces=11)
    assert place() == {"FR"}


def test_what_is_given_back_for_a_download_leaves_the_count_of_it_alone(market: MarketContext) -> None:
    order = placed_order(market, (download_in(market), 1), (item_in(market, price="119.00"), 1))
    Order.objects.filter(pk=order.pk).update(country="FR")
    pay(order)
    before = counted().this_year
    line = order.lines.get(requires_shipping=False)

    refund_order(
        number=order.number,
        lines=[RefundWish(line_id=line.pk, quantity=1)],
        shipping=False,
        reason="broken",
        key="one",
    )

    assert before - counted().this_year == line.line_net


def test_the_sale_that_crosses_the_limit_is_taxed_where_it_arrives(market: MarketContext) -> None:
    assert french(market) == ({"DE"}, {"origin"})
    sold(market, price="1190.00", pieces=9)
    forget()

    assert french(market) == ({"DE"}, {"origin"})
    assert french(market, pieces=11) == ({"FR"}, {"destination"})


def test_last_year_decides_too(market: MarketContext) -> None:
    order = sold(market, price="1190.00", pieces=11)
    Order.objects.filter(pk=order.pk).update(placed_at=order.placed_at.replace(year=order.placed_at.year - 1, day=1))
    forget()

    assert french(market) == ({"FR"}, {"destination"})


def test_the_one_stop_shop_ignores_the_count_and_asks_nothing(market: MarketContext) -> None:
    sold(market, price="1190.00", pieces=11)
    TaxRegistrationFactory(country=CountryFactory(code="DE"), scheme="oss")
    forget()

    assert french(market) == ({"FR"}, {"oss"})
    on = datetime.now(UTC).date()
    facts = tax_facts_for(on)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert union_sales_for(seller="meridian", starts=frozenset({"DE"}), country="FR", on=on, facts=facts) is None
    assert len(asked) == 0


def test_counting_is_one_query_and_then_none(market: MarketContext) -> None:
    sold(market)
    union_sales_of("nobody", 2020)
    with CaptureQueriesContext(connection) as first:
        counted()
    union_sales_of("meridian", 2026)
    with CaptureQueriesContext(connection) as again:
        union_sales_of("meridian", 2026)
    assert (len(first), len(again)) == (1, 0)


def test_operators_are_warned_at_four_fifths(market: MarketContext) -> None:
    row = Market.objects.get(code="de")
    sold(market, price="1190.00", pieces=7)
    assert warning(row).done == 1
    sold(market, price="1190.00", pieces=1)

    told = warning(row)

    assert told.done == 0
    assert f"of 10,000 EUR in {datetime.now(UTC).year}" in told.lacks[0].sentence
    assert union_sentence(counted(), "en") == told.lacks[0].sentence


def test_a_seller_without_tax_says_why_in_the_cart_and_on_the_order(market: MarketContext) -> None:
    UntaxedSeller.objects.create(
        legal_entity=LegalEntity.objects.get(code="meridian"),
        country_id="DE",
        legal_note={"de": "Gemäß § 19 UStG.", "en": "Section 19 of the VAT act."},
    )
    forget()
    order = placed_order(market, (item_in(market, price="119.00"), 1))

    assert {(tax.reason, tax.amount.amount) for tax in order.tax_lines.all()} == {("not_computed", Decimal(0))}
    assert order.lines.get().line_net.amount == Decimal("119.00")
    cart = cart_with(market, (item_in(market), 1))
    for language, words in (("de", "Gemäß § 19 UStG."), ("fr", "Section 19 of the VAT act.")):
        here = market_by_code("de", language=language)
        with override(language):
            page = cart_page(cart=cart, market=here)
        assert words in page.tax_sentence
    told = order_page(order, secret="x")
    assert told.tax_sentence == "No tax is charged by this shop: Section 19 of the VAT act."


def test_a_row_of_another_seller_country_or_day_changes_nothing(market: MarketContext) -> None:
    seller = LegalEntity.objects.get(code="meridian")
    today = datetime.now(UTC).date()
    UntaxedSeller.objects.create(legal_entity=LegalEntityFactory(code="other"))
    UntaxedSeller.objects.create(legal_entity=seller, country_id="FR")
    UntaxedSeller.objects.create(legal_entity=seller, effective_to=today - timedelta(days=1))
    forget()
    cart = cart_with(market, (item_in(market), 1))

    assert {tax.reason for tax in quote_for_cart(cart=cart, market=market).tax_lines} == {"standard"}


def test_the_sellers_page_shows_how_much_is_used(market: MarketContext, admin_client: Client) -> None:
    sold(market)
    seller = LegalEntity.objects.get(code="meridian")

    page = admin_client.get(reverse("admin:markets_legalentity_change", args=[seller.pk]))

    assert f"104 of 10,000 EUR in {datetime.now(UTC).year}" in page.content.decode()
