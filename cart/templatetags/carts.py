"""What pages of other apps may ask of the reader's cart."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context

from cart.contents import contents_of, contents_of_unit
from cart.crossing import left_behind
from cart.edge import cookie_cart_id, user_id_of
from cart.queries import cart_badge, open_cart_of
from cart.types import LeftBehind, Quote, TicketRow
from cart.words import later_rows
from core.money import Money
from markets.queries import find_market
from markets.types import MarketContext

register = template.Library()


@register.simple_tag(takes_context=True)
def cart_count(context: Context) -> int:
    """How many pieces are in the reader's cart. One query; none without a cart."""
    request, market = _here(context)
    if request is None or market is None:
        return 0
    return cart_badge(cart_id=cookie_cart_id(request), user_id=user_id_of(request), market=market).count


@register.simple_tag(takes_context=True)
def stays_behind(context: Context, market: str, country: str) -> tuple[LeftBehind, ...]:
    """What of the reader's cart cannot come along to a market and a country."""
    request, here = _here(context)
    there = find_market(market)
    if request is None or here is None or there is None:
        return ()
    cart = open_cart_of(cart_id=cookie_cart_id(request), user_id=user_id_of(request))
    return left_behind(cart, here=here, there=there, country=country)


@register.simple_tag
def parts_of_total(quote: Quote) -> tuple[TicketRow, ...]:
    """What the total of a quote contains: parts that sum to it."""
    return contents_of(quote)


@register.simple_tag
def later_of(quote: Quote) -> tuple[TicketRow, ...]:
    """What is paid on delivery, outside of the total of a quote."""
    return later_rows(quote.border)


@register.simple_tag(takes_context=True)
def parts_of_price(context: Context, variant_id: int | None, price: Money) -> tuple[TicketRow, ...]:
    """What the price of one piece contains: parts that sum to it. Remembered."""
    _request, here = _here(context)
    return contents_of_unit(variant_id=variant_id, unit=price, market=here) if here is not None else ()


def _here(context: Context) -> tuple[HttpRequest | None, MarketContext | None]:
    request: Any = context.get("request")
    return request, getattr(request, "market", None)
