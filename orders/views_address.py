"""Correct the address of an order by its link, guest or member alike, until somebody packs it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.limits import attempt
from markets.addresses import address_form, validate_address
from markets.prefix import storefront_url
from orders.actions.correcting import correct_address
from orders.address_page import Typed, address_page, stored_address
from orders.errors import OrderUnknown
from orders.models import Order
from orders.queries import order_by_link
from orders.showing import finder, market_of, secret

TRIES_PER_HOUR = 20
MOST_LETTERS = 200
MOST_KEY = 40


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Fields: those of the country's addresses, `version`, `key`. What is refused is said beside what was typed."""
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    if request.method == "GET":
        return _show(request, order, token)
    typed = _typed(request, order)
    if typed.problems:
        return _show(request, order, token, typed=typed, status=422)
    if not attempt("correct-address", number, limit=TRIES_PER_HOUR, seconds=3600):
        return _show(
            request, order, token, typed=_refused(typed, _("That was tried too often. Wait an hour.")), status=429
        )
    try:
        change = correct_address(
            number=number,
            address=stored_address(typed.parts, order),
            version=typed.version if typed.version is not None else -1,
            key=typed.key,
        )
    except DomainError as refusal:
        return _show(request, order, token, typed=_refused(typed, str(refusal)), status=422)
    done = _("The address is corrected.") if change is not None else _("That is the address we have already.")
    messages.success(request, done)
    return secret(HttpResponse(status=303, headers={"Location": _order_url(request, number, token)}))


def _typed(request: HttpRequest, order: Order) -> Typed:
    names = [field.name for field in address_form(order.country, order.language).fields]
    parts = {name: request.POST.get(name, "").strip()[:MOST_LETTERS] for name in names}
    version = request.POST.get("version", "")
    return Typed(
        parts=parts,
        problems=validate_address(parts, order.country),
        version=int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else None,
        key=request.POST.get("key", "")[:MOST_KEY],
    )


def _refused(typed: Typed, message: str) -> Typed:
    """The same words with the reason, ready to be sent again: with the newest version, under a new key."""
    return Typed(parts=typed.parts, problems={}, message=message)


def _show(
    request: HttpRequest, order: Order, token: str, *, typed: Typed | None = None, status: int = 200
) -> HttpResponse:
    order_url = _order_url(request, order.number, token)
    page = address_page(order, order_url=order_url, language=market_of(request).language, typed=typed)
    return secret(render(request, "storefront/order_address.html", {"page": page}, status=status))


def _order_url(request: HttpRequest, number: str, token: str) -> str:
    market = market_of(request)
    at = {"number": number, "token": token}
    return storefront_url("orders:page", market=market.code, language=market.language, kwargs=at)
