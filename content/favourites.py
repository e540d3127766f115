"""Favourites over HTTP: the heart, the list, moving to the cart, and a list others may look at.

Pages with hearts are the same for everybody; which hearts are full is asked for beside them.
"""

from django.contrib import messages
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cart.actions import add_line
from cart.edge import cart_to_fill, remember, user_id_of
from catalog.queries import cards_for
from catalog.queries.visible import visible_ids
from content.types import FavouritesPage
from core.signing import make_lasting_token, read_lasting_token
from markets.prefix import is_safe_next
from markets.types import MarketContext
from members.favourites import MOST, drop_favourite, favourite_ids, keep_favourites

KEY = "favourites"
MOST_SHARED = 60


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """One's favourites."""
    ids = _ids(request)
    cards = cards_for(_market(request), ids)
    token = make_lasting_token(KEY, [card.product_id for card in cards[:MOST_SHARED]])
    url = request.build_absolute_uri(reverse("content:shared_favourites", args=[token])) if cards else ""
    return _shown(request, FavouritesPage(title=_("Favourites"), cards=cards, share_url=url, is_own=True))


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's favourites at the moment of sharing. The link names products, and nobody."""
    try:
        ids = read_lasting_token(KEY, token)
    except BadSignature as trouble:
        raise Http404 from trouble
    cards = cards_for(_market(request), ids)
    return _shown(request, FavouritesPage(title=_("Shared favourites"), cards=cards))


@never_cache
@require_safe
def marks(request: HttpRequest) -> HttpResponse:
    """Which hearts are full."""
    return JsonResponse({"ids": _ids(request)})


@never_cache
@require_POST
def mark(request: HttpRequest) -> HttpResponse:
    """Fill or empty a heart. Fields: `product`; `keep` "1" or "0", the other of what it is when left out."""
    product_id = _product_id(request)
    ids = _ids(request)
    keep = request.POST.get("keep", "0" if product_id in ids else "1") == "1"
    _set(request, product_id, keep=keep)
    if request.headers.get("HX-Request") == "true":
        return JsonResponse({"ids": _ids(request)})
    messages.success(request, _("Added to your favourites.") if keep else _("Taken off your favourites."))
    return _back(request)


@never_cache
@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Put a favourite that comes in one version into the cart, and take its mark off. Field: `product`."""
    market, product_id = _market(request), _product_id(request)
    card = next(iter(cards_for(market, [product_id])), None)
    if card is None:
        raise Http404
    if card.only_variant_id is None:
        return HttpResponseRedirect(card.url)
    cart = cart_to_fill(request, market)
    result = add_line(cart_id=cart.pk, market=market, variant_id=card.only_variant_id, quantity=1)
    for problem in result.problems:
        messages.warning(request, problem.message)
    if result.line_id is not None:
        _set(request, product_id, keep=False)
        messages.success(request, _("%(name)s is in your cart.") % {"name": card.name})
    response = HttpResponseRedirect(reverse("content:favourites"))
    if cart.user_id is None:
        remember(response, cart)
    return response


def _shown(request: HttpRequest, found: FavouritesPage) -> HttpResponse:
    response = render(request, "storefront/favourites.html", {"page": found})
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _ids(request: HttpRequest) -> list[int]:
    """The marks of whoever asks; a guest's join the account's at the first request after signing in."""
    kept: list[int] = request.session.get(KEY, [])
    user_id = user_id_of(request)
    if user_id is None:
        return kept
    if kept:
        keep_favourites(user_id=user_id, product_ids=kept)
        del request.session[KEY]
    return favourite_ids(user_id)


def _set(request: HttpRequest, product_id: int, *, keep: bool) -> None:
    user_id = user_id_of(request)
    if user_id is not None and keep:
        keep_favourites(user_id=user_id, product_ids=[product_id])
    elif user_id is not None:
        drop_favourite(user_id=user_id, product_id=product_id)
    else:
        others = [pk for pk in request.session.get(KEY, []) if pk != product_id]
        request.session[KEY] = [product_id, *others][:MOST] if keep else others


def _product_id(request: HttpRequest) -> int:
    """The product of the form, as far as this market shows it."""
    asked = request.POST.get("product", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        raise Http404
    if not visible_ids(_market(request), [int(asked)]):
        raise Http404
    return int(asked)


def _back(request: HttpRequest) -> HttpResponse:
    """Where the heart was pressed."""
    asked = request.POST.get("next", "") or request.META.get("HTTP_REFERER", "").removeprefix(
        request.build_absolute_uri("/").rstrip("/")
    )
    return HttpResponseRedirect(asked if is_safe_next(request, asked) else reverse("content:favourites"))


def _market(request: HttpRequest) -> MarketContext:
    market: MarketContext = request.market  # type: ignore[attr-defined]  # set by MarketMiddleware
    return market
