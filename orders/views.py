"""Order pages over HTTP. A wrong link, a foreign order and no order at all give the same answer."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.limits import attempt
from markets.prefix import storefront_url
from orders.actions import grant_access
from orders.errors import OrderUnknown
from orders.forms import FindForm
from orders.models import Order
from orders.queries import order_by_email, order_by_link, order_for, order_status
from orders.showing import finder, market_of, secret, show_order
from orders.views_account import account_offer, keep_promise

TRIES_PER_HOUR = 10


@require_GET
def page(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """One order, by its mailed link."""
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    order = keep_promise(request, order)
    return show_order(request, order, token, account=account_offer(request, order, token))


@require_GET
def status(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Where it stands: the fragment that is asked for again until the payment is decided."""
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown:
        return secret(HttpResponse(status=404))
    found = order_status(order, secret=token)
    return secret(render(request, "storefront/partials/order_status.html", {"page": found, "status": found}))


@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Find an order by number and email."""
    if request.method == "GET":
        return finder(request)
    form = FindForm(request.POST)
    if not form.is_valid():
        errors = tuple((name, str(messages[0])) for name, messages in form.errors.items())
        return finder(request, errors=errors, status=422)
    number, email = form.cleaned_data["number"].strip().upper(), form.cleaned_data["email"]
    if not _may_try(request, number):
        message = _("That was tried too often. Wait an hour, or use the link in your email.")
        return finder(request, message=message, status=429)
    try:
        order = order_by_email(number=number, email=email)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    return _open(request, order, purpose="finder")


@require_GET
@login_required
def open_mine(request: HttpRequest, number: str) -> HttpResponse:
    """An order of the signed-in person: gives them a link of their own."""
    try:
        order = order_for(user_id=request.user.pk or 0, is_operator=False, number=number)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    return _open(request, order, purpose="account")


def _may_try(request: HttpRequest, number: str) -> bool:
    """Per visitor and per order, so that neither one address nor many can try out pairs."""
    visitor = request.META.get("REMOTE_ADDR", "")
    by_visitor = attempt("find-order", visitor, limit=TRIES_PER_HOUR, seconds=3600)
    by_order = attempt("find-order-number", number, limit=TRIES_PER_HOUR, seconds=3600)
    return by_visitor and by_order


def _open(request: HttpRequest, order: Order, *, purpose: str) -> HttpResponse:
    token = grant_access(number=order.number, purpose=purpose)
    market = market_of(request)
    url = storefront_url(
        "orders:page", market=market.code, language=market.language, kwargs={"number": order.number, "token": token}
    )
    return secret(HttpResponse(status=303, headers={"Location": url}))
