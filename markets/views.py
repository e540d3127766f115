"""Choosing a market, and the page for addresses that do not exist."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from markets.chooser import Choice, choose_page, crossing_to, destination, offer_for, read_choice, welcome_page
from markets.errors import CountryNotServed
from markets.middleware import SHIP_TO
from markets.prefix import home_url, is_safe_next
from markets.suggestions import STAY
from markets.types import MarketContext, NotFoundPage

CHOOSER = "storefront/choose_market.html"


@require_GET
def welcome(request: HttpRequest) -> HttpResponse:
    """`/`: all markets, one suggestion, no redirect."""
    return render(request, CHOOSER, {"page": welcome_page(request)})


@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The switcher. A POST remembers the choice and shows the same page there, or offers the market that fits."""
    here = _market(request)
    choice = read_choice(request, here)
    if request.method == "GET" or choice.problem:
        status = 400 if choice.problem else 200
        page = choose_page(here, choice, offer=crossing_to(choice, here))
        return render(request, CHOOSER, {"page": page}, status=status)
    try:
        offer = offer_for(choice, here.language)
    except CountryNotServed as refusal:
        page = choose_page(here, choice, problem=str(refusal))
        return render(request, CHOOSER, {"page": page}, status=400)
    if offer is not None:
        return render(request, CHOOSER, {"page": choose_page(here, choice, offer=offer)})
    return go_there(request, choice)


def go_there(request: HttpRequest, choice: Choice) -> HttpResponse:
    """Remember the choice and show the same page in the chosen market and language."""
    request.session[SHIP_TO] = choice.country
    request.session[STAY] = True
    return HttpResponseRedirect(destination(choice))


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """The reader dismissed the suggestion: it is not shown again in this session."""
    request.session[STAY] = True
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    following = request.POST.get("next", "")
    return HttpResponseRedirect(following if is_safe_next(request, following) else home_url(_market(request)))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 in the best language known, with a way on. The root's `handler404`."""
    here: MarketContext | None = getattr(request, "market", None)
    is_open = here is not None and here.is_open
    page = NotFoundPage(
        home_url=home_url(here) if here and is_open else "/",
        choose_url=reverse("markets:choose") if is_open else "/",
        market_known=here is not None,
    )
    return render(request, "storefront/404.html", {"page": page}, status=404)


def _market(request: HttpRequest) -> MarketContext:
    market: MarketContext | None = getattr(request, "market", None)
    if market is None:
        raise Http404
    return market
