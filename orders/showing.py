"""The answers that the views of orders share: the order's page, the finder, and how both are kept private."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from markets.prefix import storefront_url
from markets.types import MarketContext
from orders.models import Order
from orders.queries import order_page
from orders.types import AccountOffer, OrderFindPage


def show_order(
    request: HttpRequest, order: Order, token: str, *, account: AccountOffer | None = None, status: int = 200
) -> HttpResponse:
    """The page of an order that its reader may see."""
    shown = replace(order_page(order, secret=token), account=account)
    return secret(render(request, "storefront/order.html", {"page": shown}, status=status))


def finder(
    request: HttpRequest, *, errors: tuple[tuple[str, str], ...] = (), message: str = "", status: int = 200
) -> HttpResponse:
    """The page that finds an order, with what went wrong."""
    market = market_of(request)
    title = _("Find your order")
    shown = OrderFindPage(
        title=_("Error: %(title)s") % {"title": title} if errors or message else title,
        number=request.POST.get("number", "")[:32],
        email=request.POST.get("email", "")[:254],
        errors=errors,
        message=message,
        action_url=storefront_url("orders:find", market=market.code, language=market.language),
    )
    return secret(render(request, "storefront/order_find.html", {"page": shown}, status=status))


def market_of(request: HttpRequest) -> MarketContext:
    """The market of the address."""
    market: MarketContext = request.market  # type: ignore[attr-defined]  # set by markets.middleware
    return market


def secret(response: HttpResponse) -> HttpResponse:
    """Pages whose address is a key are not kept, not indexed, and not named to other sites."""
    patch_cache_control(response, private=True, no_store=True)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
