"""Ten markets, one thing: its explained price, its page, the cart, the checkout, the order and the invoice agree to
the cent; and what was paid, duty included, goes back to the cent."""

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from cart.models import Cart
from cart.queries import Destination, quote_for_cart
from cart.types import Quote
from catalog.models import Variant
from checkout.entry import Entry
from checkout.models import Checkout
from core.money import Money, to_minor
from core.money import format_money as format_money_of
from core.outbox import drain
from markets.formatting import format_money
from markets.models import Market
from markets.queries import market_by_code
from markets.types import MarketContext
from orders.actions import grant_access, refund_order
from orders.models import Document, Order
from orders.types import RefundWish
from orders.workspace.landed import landed_panel
from payments.queries import methods_for
from tests.factories.cart import cart_with
from tests.factories.catalog import make_product
from tests.factories.checkout import ADDRESSES, EMAIL, place
from tests.factories.inventory import a_method, a_warehouse, stocked
from tests.factories.markets import demo_markets
from tests.factories.orders import pay
from tests.journeys.shopping import Shopper
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
MARKETS = ("de", "fr", "gb", "us", "jp", "ae", "sa", "br", "mx", "ch")
PRICES = {"jp": "4800", "us": "48.00", "br": "290.00", "mx": "990.00"}
PLACES = {
    **ADDRESSES,
    "FR": {"name": "Test Person", "street": "1 rue de Rivoli", "postal_code": "75001", "city": "Paris"},
    "GB": {"name": "Test Person", "street": "1 High Street", "postal_code": "SW1A 1AA", "city": "London"},
    "CH": {"name": "Test Person", "street": "Bahnhofstrasse 1", "postal_code": "8001", "city": "Zürich"},
}


@shared_world
def thing() -> Variant:
    """A mug made in Portugal, sold in every market and sent from Leipzig."""
    demo_markets()
    prices = {code: PRICES.get(code, "48.00") for code in MARKETS}
    product = make_product(prices=prices, stock=50, names={"en": "Mug"}, variant={"origin_country": "PT"})
    variant = Variant.objects.get(product=product)
    for position, code in enumerate(MARKETS):
        market = Market.objects.get(code=code)
        house = a_warehouse("LEJ", market=market, position=0)
        if not position:
            stocked(variant, 50, warehouse=house)
        whole = market.currency_id == "JPY"
        a_method(market, rates={30_000: "900" if whole else "9.00"})
    return variant


def explained(variant: Variant, code: str) -> Money:
    told = StringIO()
    call_command("explain_price", variant.sku, market=code, json=True, stdout=told)
    found: dict[str, Any] = json.loads(told.getvalue())
    won = next(row for row in found["considered"] if row["verdict"] == "won")
    return Money(Decimal(won["amount"]["amount"]), won["amount"]["currency"])


@pytest.mark.parametrize("code", MARKETS)
def test_one_price_all_the_way_in_every_market(thing: Variant, code: str) -> None:
    market = market_by_code(code, language="en")
    shopper = Shopper(market=code)
    unit = explained(thing, code)

    assert format_money(unit, market) in shopper.get("p/mug/").text
    shopper.add(thing, 2)
    cart_text = shopper.get("cart/").text
    quote = quote_for_cart(cart=Cart.objects.get(), market=market)
    assert quote.items_total == unit * 2
    assert quote.total == sum_of(quote)
    assert format_money(quote.total, market) in cart_text
    assert format_money(quote.total, market) in shopper.get("checkout/").text
    order = ordered(Cart.objects.get(), market)
    assert order.total == added_up(order)
    assert order.items_total == quote.items_total
    assert order.landed["rule_ids"]
    assert order.tax_lines.count() >= 2
    link = f"orders/{order.number}/{grant_access(number=order.number)}/"
    assert format_money(order.total, market) in shopper.get(link).text
    invoice = invoiced(order)
    assert (invoice.total, invoice.tax_total) == (order.total, order.tax_total)
    assert sum(row["net"] + row["tax"] for row in invoice.taxes) == to_minor(order.total)
    goods = next(row for row in invoice.sheet["rows"] if row["quantity"])
    printed = {"unit": unit, "amount": order.items_total}
    assert {name: goods[name] for name in printed} == {name: on_paper(money, order) for name, money in printed.items()}
    assert [row["amount"] for row in invoice.sheet["sums"] if row["is_total"]] == [on_paper(order.total, order)]


def invoiced(order: Order) -> Document:
    """The invoice of the order once it is paid."""
    pay(order)
    drain(limit=200)
    return Document.objects.get(order=order)


def on_paper(amount: Money, order: Order) -> str:
    """An amount as papers for the order's country write it."""
    return format_money_of(amount, order.language, country=order.country)


def sum_of(quote: Quote) -> Money:
    return (
        quote.items_total
        - quote.discount_total
        + quote.shipping_total
        + quote.fee_total
        + quote.duty_added
        + quote.tax_added
    )


def added_up(order: Order) -> Money:
    """The order's sums added up again from its lines."""
    goods = sum((line.line_total for line in order.lines.all()), Money(0, order.currency))
    return goods + order.shipping_total + order.fee_total + order.duty_added + order.tax_added


def ordered(cart: Cart, market: MarketContext, **changes: Any) -> Order:
    """The cart as an order, sent to somebody in the market's first country."""
    somewhere = {"name": "Test Person", "street": "1", "city": "Town", "postal_code": "01000"}
    form = Entry(
        email=EMAIL,
        country=market.country,
        ship=PLACES.get(market.country, somewhere),
        bill_country=market.country,
        payment=payment_of(market),
        answers={"id_cpf": "390.533.447-05", "id_rfc_or_curp": "GODE561231GR8"},
        **changes,
    )
    return Order.objects.get(number=place(cart, market, form).number)


def payment_of(market: MarketContext) -> str:
    return next(method.code for method in methods_for(market, Money(50, market.currency)))


@pytest.mark.parametrize(("wish", "payer"), [("now", "buyer_now"), ("later", "buyer_later")])
def test_an_american_pays_duty_now_or_on_delivery(thing: Variant, admin_client: Client, wish: str, payer: str) -> None:
    market = market_by_code("us", language="en")
    cart = cart_with(market, (thing, 2))
    quote = quote_for_cart(cart=cart, market=market, destination=Destination(country="US", duty_wish=wish))

    assert quote.border.payer == payer
    assert quote.border.can_choose
    assert to_minor(quote.border.duty) == 941  # 9.8 % of 96.00: freight does not count there
    if wish == "now":
        assert (quote.duty_added, quote.fee_total) == (Money("9.41", "USD"), Money("2.90", "USD"))
        assert {"Import duty", "Customs clearance"} <= {row.label for row in quote.ticket}
        assert quote.border.guaranteed
    else:
        assert to_minor(quote.duty_added) == 0
        assert quote.border.payable_on_delivery == Money("21.41", "USD")
    order = ordered(cart, market, duty=wish)
    assert order.landed["payer"] == payer
    panel = landed_panel(order, {"1": "Mug"})
    assert panel is not None
    assert [(duty.what, duty.amount) for duty in panel.duties] == [("Mug", Money("9.41", "USD"))]
    assert (panel.later is None) is (wish == "now")
    page = admin_client.get(reverse("admin:workspace_order", args=[order.number])).content.decode()
    assert panel.payer in page
    assert "$9.41" in page
    assert order.duty_added == quote.duty_added
    assert Checkout.objects.get().addresses["duty"] == wish


def test_what_was_paid_goes_back_to_the_cent_duty_included(thing: Variant) -> None:
    shopper = Shopper(market="us")
    shopper.add(thing, 3)
    to_provider = shopper.order("US")
    shopper.follow(shopper.choose(to_provider.location, "succeed").location)
    order = Order.objects.get()
    line = order.lines.get()
    assert to_minor(order.duty_added) > 0

    for number in range(3):
        refund_order(
            number=order.number,
            lines=[RefundWish(line_id=line.pk, quantity=1)],
            shipping=number == 1,
            reason="Back",
            key=f"r{number}",
        )

    promised = sum((refund.amount for refund in order.refunds.all()), Money(0, "USD"))
    assert promised == order.total


def test_the_choice_of_the_checkout_is_remembered_by_the_cart(thing: Variant) -> None:
    shopper = Shopper(market="us")
    shopper.add(thing)
    assert "Payable on delivery" not in shopper.get("cart/").text

    page = shopper.post("checkout/delivery/", **shopper.form("US", duty="later"))

    assert "Payable on delivery (estimate)" in page.text
    assert "Payable on delivery (estimate)" in shopper.get("cart/").text
