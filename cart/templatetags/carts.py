"""What pages of other apps may ask of the reader's cart."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context

from cart.crossing import left_behind
from cart.edge import cookie_cart_id, user_id_of
from cart.queries import cart_badge, open_cart_of
from cart.types import LeftBehind
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


def _here(context: Context) -> tuple[HttpRequest | None, MarketContext | None]:
    request: Any = context.get("request")
    return request, getattr(request, "market", None)
