"""Worlds with a shop one can buy from: a market, a warehouse, delivery, and carts with things in them."""

from decimal import Decimal

from cart.actions import add_line, open_cart
from cart.models import Cart
from cart.queries import quote_for_cart
from cart.types import Quote
from catalog.models import Variant
from inventory.models import DeliveryMethod, Warehouse
from markets.models import Market
from markets.queries import market_by_code
from markets.types import MarketContext
from tests.factories.catalog import sellable_variant
from tests.factories.inventory import a_method, a_warehouse, stocked
from tests.factories.markets import small_world

PRICES = {"JPY": "4800", "USD": "20.00", "AED": "90.00", "EUR": "20.00"}
RATES = {"JPY": {2_000: "800", 30_000: "1500"}}
USUAL = {2_000: "4.90", 30_000: "9.90"}


def open_shop(code: str = "de", *, free_from: str | None = None) -> MarketContext:
    """A small market one can order from: tax, a warehouse, standard and express delivery, a payment method.

    Where it is open already, by the module's world, it stays as it is.
    """
    if free_from is None and DeliveryMethod.objects.filter(market__code=code, code="express").exists():
        return market_by_code(code)
    context = small_world(code)[code]
    market = Market.objects.get(code=code)
    a_warehouse("LEJ" if code == "de" else f"W-{code.upper()}", market=market)
    rates = RATES.get(context.currency, USUAL)
    a_method(market, rates=rates, free_from=free_from)
    a_method(market, code="express", rates={grams: str(2 * Decimal(amount)) for grams, amount in rates.items()})
    return context


def item_in(market: MarketContext, *, price: str = "", stock: int = 10, **facts: object) -> Variant:
    """A variant on sale in the market, with pieces in its warehouse."""
    amount = price or PRICES[market.currency]
    variant = sellable_variant(price=amount, market=market.code, stock=stock, **facts)
    place = Warehouse.objects.filter(priorities__market__code=market.code).earliest("pk")
    if stock:
        stocked(variant, stock, warehouse=place)
    return variant


def cart_with(market: MarketContext, *items: tuple[Variant, int], user_id: int | None = None) -> Cart:
    """An open cart holding so many of each."""
    cart = open_cart(market=market, user_id=user_id)
    for variant, quantity in items:
        add_line(cart_id=cart.pk, market=market, variant_id=variant.pk, quantity=quantity)
    cart.refresh_from_db()
    return cart


def quote_of(cart: Cart, market: MarketContext) -> Quote:
    """Its quote now."""
    return quote_for_cart(cart=cart, market=market)
