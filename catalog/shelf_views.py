"""Products side by side, and rows of products that a browser asks for by their numbers."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from catalog.queries.cards import cards_for
from catalog.queries.comparison import comparison_page
from catalog.views import storefront
from markets.types import MarketContext

MOST_SEEN = 12
LONGEST_NUMBER = 18


@storefront
def compare(request: HttpRequest) -> HttpResponse:
    """Up to four products; `p` names each. The link is the comparison, nothing is kept anywhere."""
    page = comparison_page(_market(request), reverse("catalog:compare"), _numbers(request.GET.getlist("p")))
    response = render(request, "storefront/compare.html", {"page": page})
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@storefront
def seen(request: HttpRequest) -> HttpResponse:
    """What this browser remembers to have looked at; `p` names each. A fragment, empty when nothing is left of it."""
    cards = cards_for(_market(request), _numbers(request.GET.getlist("p"))[:MOST_SEEN])
    response = render(request, "storefront/partials/seen.html", {"cards": cards})
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _numbers(asked: Iterable[str]) -> list[int]:
    """The plain numbers among them, each once."""
    sound = (one for one in asked if one.isascii() and one.isdigit() and len(one) < LONGEST_NUMBER)
    return list(dict.fromkeys(int(one) for one in sound))


def _market(request: HttpRequest) -> MarketContext:
    market: MarketContext = request.market  # type: ignore[attr-defined]  # set by MarketMiddleware
    return market
