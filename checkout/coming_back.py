"""Between the shop and a provider: what the payment of an order and that of a difference have in common."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from markets.prefix import storefront_url
from markets.types import MarketContext
from payments.queries import payment_state
from payments.types import OrderMoney

COMES_BACK_WITHIN = timedelta(days=2)
"""How long an address that providers and browsers have kept opens an order; afterwards it takes a link of ours."""


def is_expected(money: OrderMoney, since: datetime | None) -> bool:
    """Whether a shopper may still come back from a provider: lately sent there, or something began `since` then."""
    moments = [payment.created for payment in money.payments] + ([since] if since is not None else [])
    return any(moment > timezone.now() - COMES_BACK_WITHIN for moment in moments)


def attempt_key(request: HttpRequest, order_number: str) -> str:
    """The key the page was shown with: pressing twice opens one payment."""
    typed = request.POST.get("form_key", "")[:40]
    return typed if typed.startswith("try-") else next_key(payment_state(order_number))


def next_key(money: OrderMoney) -> str:
    """Names the attempt after those that exist; a decided attempt makes a new name."""
    return f"try-{len(money.payments) + 1}"


def see(url: str) -> HttpResponse:
    """See other."""
    return HttpResponse(status=303, headers={"Location": url})


def private(response: HttpResponse) -> HttpResponse:
    """Nobody else's cache keeps it."""
    patch_cache_control(response, private=True, no_store=True)
    return response


def address(market: MarketContext, name: str, **kwargs: str) -> str:
    """The page's address in the market and language."""
    return storefront_url(name, market=market.code, language=market.language, kwargs=kwargs or None)
