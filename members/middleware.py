"""Whose prices a request sees."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from markets.types import MarketContext
from members.groups import audiences_of


class MemberPrices:
    """Gives the market of a request the audiences of who is signed in; read only when a price is looked up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        market: MarketContext | None = getattr(request, "market", None)
        if market is not None:
            mine: Any = SimpleLazyObject(lambda: _audiences(request))
            audiences: Sequence[str] = mine
            request.market = replace(market, audiences=audiences)  # type: ignore[attr-defined]  # set by markets
        return self.get_response(request)


def _audiences(request: HttpRequest) -> tuple[str, ...]:
    return audiences_of(request.user.pk if request.user.is_authenticated else None)
