"""The cart over HTTP: each view reads a form, calls one action, and answers with a page, a fragment or a redirect."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from cart.actions import add_line, change_quantity, move_to_cart, remove_line, save_for_later, set_ship_to
from cart.crossing import cross_over
from cart.edge import COOKIE, cart_of, cart_to_fill, cookie_cart_id, forget, has_expired, remember, user_id_of
from cart.errors import CartGone
from cart.models import Cart
from cart.quantities import read_quantity
from cart.queries import cart_badge, cart_drawer, cart_page, cart_urls
from cart.types import AddResult, CartProblem
from markets.chooser import read_choice
from markets.types import MarketContext
from markets.views import go_there

NOTICES = "cart_notices"


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The cart."""
    market = _market(request)
    cart = cart_of(request, market)
    gone = cart is None and has_expired(request)
    notices = [*_take_notices(request), *([_expired()] if gone else [])]
    response = _body(request, cart, notices)
    if gone or (cart is not None and cart.user_id is not None and COOKIE in request.COOKIES):
        forget(response)  # an expired cart's key opens nothing; a member's cart needs none
    return response


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Add a variant. Fields: `variant`, `quantity` (1 when left out)."""
    market = _market(request)
    cart = cart_to_fill(request, market)
    quantity = read_quantity(request.POST.get("quantity", "1") or "1")
    variant = request.POST.get("variant", "")
    if isinstance(quantity, CartProblem):
        result = AddResult(cart_id=str(cart.pk), line_id=None, quantity=0, problems=(quantity,))
    elif not (variant.isascii() and variant.isdigit() and len(variant) < 18):
        result = AddResult(cart_id=str(cart.pk), line_id=None, quantity=0, problems=(_unknown_item(),))
    else:
        result = add_line(cart_id=cart.pk, market=market, variant_id=int(variant), quantity=quantity)
    response = _after_adding(request, cart, result)
    if cart.user_id is None:
        remember(response, cart)
    return response


@require_POST
def update(request: HttpRequest) -> HttpResponse:
    """Set a line's quantity. Fields: `line`, `quantity`."""
    quantity = read_quantity(request.POST.get("quantity", ""))
    line_id = _line_id(request)

    def change(cart: Cart, market: MarketContext) -> Sequence[CartProblem]:
        if isinstance(quantity, CartProblem):
            return [quantity]
        return change_quantity(cart_id=cart.pk, market=market, line_id=line_id, quantity=quantity).problems

    return _changed(request, change)


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take a line out. Field: `line`."""
    line_id = _line_id(request)
    return _changed(request, lambda cart, _market: remove_line(cart_id=cart.pk, line_id=line_id).problems)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep a line for later. Field: `line`."""
    line_id = _line_id(request)
    return _changed(request, lambda cart, _market: save_for_later(cart_id=cart.pk, line_id=line_id).problems)


@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    """Bring a kept line back. Field: `line`."""
    line_id = _line_id(request)
    return _changed(request, lambda cart, _market: move_to_cart(cart_id=cart.pk, line_id=line_id).problems)


@require_POST
def destination(request: HttpRequest) -> HttpResponse:
    """Where the estimate goes. Fields: `country`, `postal_code`."""
    country = request.POST.get("country", "").upper()

    def change(cart: Cart, market: MarketContext) -> Sequence[CartProblem]:
        if country not in market.countries:
            return [_country_not_here()]
        set_ship_to(cart_id=cart.pk, country=country, postal_code=request.POST.get("postal_code", ""))
        return []

    return _changed(request, change)


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Go to another market with the cart, and keep for later what cannot come along. Fields as the switcher's."""
    here = _market(request)
    choice = read_choice(request, here)
    there = choice.market
    country = choice.country if choice.country in there.countries else there.home_country
    try:
        behind = cross_over(cart_of(request, here), here=here, there=there, country=country)
    except CartGone:
        behind = ()
    if behind:
        _keep_notices(request, [_kept_for_later(len(behind))])
    return go_there(request, replace(choice, country=country))


@require_GET
def drawer(request: HttpRequest) -> HttpResponse:
    """The dialog with what is in the cart."""
    market = _market(request)
    return _drawer(request, cart_of(request, market), None, ())


@require_GET
def badge(request: HttpRequest) -> HttpResponse:
    """The number in the header, loaded beside cacheable pages."""
    found = cart_badge(cart_id=cookie_cart_id(request), user_id=user_id_of(request), market=_market(request))
    return _personal(render(request, "storefront/partials/cart_badge.html", {"page": found, "count": found.count}))


def wants_fragment(request: HttpRequest) -> bool:
    """Whether a script on the page asked and takes a part of it."""
    return request.headers.get("HX-Request") == "true"


def _market(request: HttpRequest) -> MarketContext:
    market: MarketContext = request.market  # type: ignore[attr-defined]  # set by markets.middleware
    return market


def _line_id(request: HttpRequest) -> int:
    typed = request.POST.get("line", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else 0


Change = Callable[[Cart, MarketContext], Sequence[CartProblem]]


def _changed(request: HttpRequest, change: Change) -> HttpResponse:
    """Do it, then see the cart, where what was refused is said."""
    market = _market(request)
    cart = cart_of(request, market)
    try:
        problems = change(cart, market) if cart is not None else [_cart_gone()]
    except CartGone:
        problems = [_cart_gone()]
    _keep_notices(request, problems)
    return _see(cart_urls(market).page)


def _after_adding(request: HttpRequest, cart: Cart, result: AddResult) -> HttpResponse:
    if wants_fragment(request):
        return _drawer(request, cart, result.line_id, result.problems)
    _keep_notices(request, result.problems)
    return _see(cart_urls(_market(request)).page)


def _drawer(
    request: HttpRequest, cart: Cart | None, line_id: int | None, notices: Sequence[CartProblem]
) -> HttpResponse:
    shown = cart_drawer(cart=cart, market=_market(request), added_line_id=line_id, notices=notices)
    return _personal(render(request, "storefront/partials/cart_drawer.html", {"page": shown}))


def _body(request: HttpRequest, cart: Cart | None, notices: Sequence[CartProblem]) -> HttpResponse:
    shown = cart_page(cart=cart, market=_market(request), notices=notices)
    return _personal(render(request, "storefront/cart.html", {"page": shown}))


def _see(url: str) -> HttpResponse:
    """See other: the answer to a form is a page of its own."""
    return HttpResponse(status=303, headers={"Location": url})


def _personal(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, no_store=True)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response


def _keep_notices(request: HttpRequest, problems: Sequence[CartProblem]) -> None:
    if problems:
        request.session[NOTICES] = [
            {"code": one.code, "message": str(one.message), "line_id": one.line_id} for one in problems
        ]


def _take_notices(request: HttpRequest) -> list[CartProblem]:
    if not request.session.get(NOTICES):
        return []
    return [
        CartProblem(code=one["code"], message=one["message"], line_id=one["line_id"])
        for one in request.session.pop(NOTICES)
    ]


def _expired() -> CartProblem:
    return CartProblem(
        code="CART_EXPIRED",
        message=_("Your earlier cart was kept for 60 days and is gone now. What you add starts a new one."),
    )


def _kept_for_later(count: int) -> CartProblem:
    return CartProblem(
        code="KEPT_FOR_LATER",
        message=ngettext(
            "%(count)d item cannot come along. It is saved for later, below.",
            "%(count)d items cannot come along. They are saved for later, below.",
            count,
        )
        % {"count": count},
    )


def _unknown_item() -> CartProblem:
    return CartProblem(code="ITEM_UNKNOWN", message=_("We do not know this item. Nothing was added."))


def _country_not_here() -> CartProblem:
    return CartProblem(
        code="COUNTRY_NOT_HERE",
        message=_("This shop does not deliver there. Choose a country from the list."),
    )


def _cart_gone() -> CartProblem:
    return CartProblem(code=CartGone.code, message=str(CartGone.message))
