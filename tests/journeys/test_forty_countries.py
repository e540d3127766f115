"""Every country the tables know: what a shopper there sees is what they pay, or a sentence says what is not known.

Two goods, one in Leipzig and one in Niigata, so that each country has a parcel over a customs border.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import phonenumbers
import pytest
from django.utils import timezone
from django.utils.html import escape

from cart.models import Cart
from cart.queries import Destination, quote_for_cart
from cart.types import Quote
from cart.words import duty_sentence_of, later_rows
from catalog.models import Variant
from checkout.compliance import law_on
from checkout.entry import Entry
from core.money import Money
from markets.addresses import address_form, validate_address
from markets.cache import forget
from markets.formatting import format_money
from markets.models import Currency, ExchangeRate, LegalEntity, Market, MarketCountry
from markets.postal import rules_of
from markets.queries import market_by_code
from markets.types import MarketContext
from orders.actions import grant_access
from orders.errors import QuoteNotOrderable
from orders.models import Order
from payments.queries import methods_for
from tests.factories.cart import cart_with
from tests.factories.catalog import make_product
from tests.factories.checkout import EMAIL, place
from tests.factories.inventory import a_method, a_warehouse, stocked
from tests.factories.markets import demo_markets
from tests.journeys.shopping import Shopper
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
COUNTRIES = (
    *("AE", "AT", "AU", "BE", "BR", "CA", "CH", "CL", "CN", "CY", "CZ", "DE", "DK", "ES", "FI", "FR", "GB", "GR"),
    *("HK", "HU", "ID", "IE", "IL", "IN", "IT", "JP", "KR", "LI", "LU", "MC", "MX", "MY", "NL", "NO", "NZ", "PH"),
    *("PL", "PT", "RO", "SA", "SE", "SG", "TH", "TR", "TW", "US", "VN", "ZA"),
)
CLOSED = "TR"
"""Where parcels to consumers have no simplified import."""
PER_EURO = dict(
    re.findall(
        r"(\w+) ([\d.]+)",
        "AUD 1.65 CAD 1.5 CLP 1040 CNY 7.8 CZK 25.1 DKK 7.46 HKD 8.4 HUF 395 IDR 17600 ILS 4.0 INR 91 KRW 1480 "
        "MYR 5.0 NOK 11.6 NZD 1.8 PHP 62 PLN 4.3 RON 4.97 SEK 11.4 SGD 1.45 THB 38.5 TRY 37 TWD 35 VND 27000 "
        "ZAR 19.8 CHF 0.94 GBP 0.865 USD 1.08 JPY 163 AED 3.98 SAR 4.06 BRL 6.1 MXN 20.4 EUR 1",
    )
)
ANSWERS = {
    "id_cpf": "390.533.447-05",
    "id_rfc_or_curp": "GODE561231GR8",
    "id_rut": "12.531.909-2",
    "id_pccc": "P123456789012",
    "id_nik_or_npwp": "3171011708450001",
    "id_tckn": "17291716060",
    "id_resident_id_number": "11010519491231002X",
    "consent_data_abroad": "1",
}


@dataclass(frozen=True)
class Goods:
    near: Variant
    far: Variant


@shared_world
def goods() -> Goods:
    """All markets of the tables but the rest of the world's, open in English and served from Leipzig and Niigata."""
    demo_markets()
    seller = LegalEntity.objects.get()
    Market.objects.exclude(code="row").update(active=True, seller=seller, default_language="en", languages=["en"])
    open_ones = list(Market.objects.filter(active=True).select_related("currency"))
    known = set(ExchangeRate.objects.values_list("quote_id", flat=True))
    ExchangeRate.objects.bulk_create(
        ExchangeRate(base_id="EUR", quote=row, rate=Decimal(PER_EURO[row.pk]), effective_on=timezone.now().date())
        for row in Currency.objects.filter(code__in=PER_EURO).exclude(code__in={*known, "EUR"})
    )
    prices = {row.code: about(48, row) for row in open_ones}
    near, far = (
        Variant.objects.get(product=make_product(code, prices=prices, stock=500, variant={"origin_country": origin}))
        for code, origin in (("mug", "PT"), ("kyusu", "JP"))
    )
    for row in open_ones:
        houses = a_warehouse("LEJ", market=row), a_warehouse("NGT", market=row, position=1, country="JP")
        a_method(row, rates={30_000: about(9, row)})
    for variant, house in zip((near, far), houses, strict=True):
        stocked(variant, 500, warehouse=house)
    forget()
    return Goods(near, far)


def about(euros: int, market: Market) -> str:
    """So much money of the market, on a step that every currency has."""
    amount = Decimal(PER_EURO[market.currency_id]) * euros
    return str(amount.quantize(Decimal(1) if market.currency.exponent == 0 else Decimal("0.05")))


def test_these_are_the_countries_of_the_tables(goods: Goods) -> None:
    served = MarketCountry.objects.filter(market__active=True).values_list("country_id", flat=True)

    assert sorted(served) == sorted(COUNTRIES)


@pytest.mark.parametrize("country", sorted({*COUNTRIES} - {CLOSED}))
def test_what_is_seen_is_paid(goods: Goods, country: str) -> None:
    market, shopper, cart = shopper_to(country, goods)
    form = entry_to(market, country)
    page, cart_page = shopper.get("p/kyusu/").text, shopper.get("cart/").text
    quote = quote_for_cart(cart=cart, market=market, destination=asked(form))

    assert validate_address(form.ship, country) == {}
    assert quote.total == added_up(quote)
    assert format_money(quote.lines[0].unit_final, market) in page
    assert format_money(quote.total, market) in cart_page
    assert ("We collect no tax for this destination." in cart_page) == (not quote.tax_total.amount)
    placed = place(cart, market, replace(form, answers=answers_for(quote, form, market)))
    order = Order.objects.get(number=placed.number)
    assert order.total == quote.total
    told = shopper.get(f"orders/{order.number}/{grant_access(number=order.number)}/").text
    assert format_money(order.total, market) in told
    assert escape(duty_sentence_of(quote, market)) in cart_page
    assert escape(duty_sentence_of(quote, market)) in told


def test_where_parcels_need_a_broker_the_cart_says_so_and_takes_no_order(goods: Goods) -> None:
    market, shopper, cart = shopper_to(CLOSED, goods)
    form = entry_to(market, CLOSED)

    assert "need a full import declaration, which we do not offer yet" in shopper.get("cart/").text
    with pytest.raises(QuoteNotOrderable):
        place(cart, market, replace(form, answers=ANSWERS))
    assert not Order.objects.exists()


@pytest.mark.parametrize("country", sorted({*COUNTRIES} - {CLOSED}))
def test_duty_is_told_or_said_to_be_unknown_and_never_missing_as_zero(goods: Goods, country: str) -> None:
    market = market_to(country)
    cart = cart_with(market, (goods.near, 1), (goods.far, 2))

    for quote, asked_as in quotes_by_mode(cart, market, country):
        border, sentence = quote.border, duty_sentence_of(quote, asked_as)
        assert not [one.message for one in quote.problems if one.blocking]
        assert quote.total == added_up(quote)
        assert border.crosses
        assert sentence
        assert (border.payable_on_delivery is None) == (bool(border.missing) and border.is_paid_later)
        assert not (border.is_paid_now and (border.missing or not border.guaranteed))
        if border.payable_on_delivery is None:
            assert later_rows(border) == ()
            assert "carrier collects them on delivery. Import duty for this destination is not known" in sentence
        assert all(line.reason and line.rule_id for line in border.lines)


def test_a_parcel_of_150_euros_into_the_union_owes_three_euros_for_each_kind_of_goods(goods: Goods) -> None:
    market = replace(market_to("AT"), duty_mode="dap")
    cart = cart_with(market, (goods.far, 2))

    quote = quote_for_cart(cart=cart, market=market)

    assert quote.border.duty == Money(3, "EUR")
    assert [(line.kind, line.amount) for line in quote.border.lines] == [("per_code", Money(3, "EUR"))]


def shopper_to(country: str, goods: Goods) -> tuple[MarketContext, Shopper, Cart]:
    """Somebody with two pieces from afar in the cart of the country's market."""
    market = market_to(country)
    shopper = Shopper(market=market.code)
    shopper.add(goods.far, 2)
    if country != market.country:
        shopper.post("cart/destination/", country=country)
    return market, shopper, Cart.objects.get()


def quotes_by_mode(cart: Cart, market: MarketContext, country: str) -> Iterator[tuple[Quote, MarketContext]]:
    """The same cart where no duty was thought of, it is paid on delivery, with the order, and as the shopper chose."""
    for mode, wish in (("none", ""), ("dap", ""), ("prepay", ""), ("choice", "later")):
        here = replace(market, duty_mode=mode)
        yield quote_for_cart(cart=cart, market=here, destination=Destination(country=country, duty_wish=wish)), here


def market_to(country: str) -> MarketContext:
    code = MarketCountry.objects.values_list("market__code", flat=True).get(country=country)
    return market_by_code(code, language="en")


def asked(form: Entry) -> Destination:
    return Destination(
        country=form.country, region=form.ship.get("region", ""), postal_code=form.ship.get("postal_code", "")
    )


def entry_to(market: MarketContext, country: str) -> Entry:
    """A checkout filled in as the country's own form asks."""
    return Entry(
        email=EMAIL,
        country=country,
        ship=address_in(country),
        bill_country=country,
        payment=next(one.code for one in methods_for(market, Money(50, market.currency))),
    )


def address_in(country: str) -> dict[str, str]:
    """What the country's form requires, with a postal code and a region that belong together."""
    found: dict[str, str] = {}
    regions: list[str] = []
    for one in address_form(country, "en").fields:
        if one.name == "postal_code":
            found["postal_code"] = rules_of(country).postal_code_examples[0]
        elif one.name == "phone":
            example = phonenumbers.example_number(country)
            found["phone"] = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        elif one.required and one.choices:
            regions = [code for code, _name in one.choices]
        elif one.required:
            found[one.name] = "Test Street 1"
    fitting = (
        region for region in regions if "postal_code" not in validate_address({**found, "region": region}, country)
    )
    return {**found, "region": next(fitting)} if regions else found


def answers_for(quote: Quote, form: Entry, market: MarketContext) -> dict[str, str]:
    return {one.name: ANSWERS[one.name] for one in law_on(quote, form, market).questions if one.is_required}


def added_up(quote: Quote) -> Money:
    return (
        sum((line.line_total for line in quote.lines), Money(0, quote.currency))
        + quote.shipping_total
        + quote.fee_total
        + quote.duty_added
        + quote.tax_added
    )
