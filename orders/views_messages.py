"""Choices about messages, from the page of an order: guests choose like members, by the link alone."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.limits import attempt
from core.notifications.push_envelope import BrowserKeys, KeysRefused
from markets.prefix import storefront_url
from orders.errors import OrderUnknown
from orders.queries import order_by_link
from orders.showing import finder, market_of, secret
from orders.telling import choose_messages, listen_to, stop_in

MOST_BYTES = 4096
MOST_ENDPOINT = 1000
TRIES_PER_HOUR = 30


@require_POST
def choose(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Fields: `sms`, `parcels`."""
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    choose_messages(order, sms="sms" in request.POST, parcels="parcels" in request.POST)
    messages.success(request, _("Saved. We tell you as you wish."))
    market = market_of(request)
    at = {"number": number, "token": token}
    url = storefront_url("orders:page", market=market.code, language=market.language, kwargs=at)
    return secret(HttpResponse(status=303, headers={"Location": url}))


@require_http_methods(["POST", "DELETE"])
def browser(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """The body is a push subscription as browsers write it; DELETE takes the agreement back."""
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown:
        return secret(HttpResponse(status=404))
    if not attempt("push-consent", number, limit=TRIES_PER_HOUR, seconds=3600):
        return secret(HttpResponse(status=429))
    found = read_subscription(request.body)
    if found is None:
        return secret(HttpResponse(status=422))
    if request.method == "DELETE":
        stop_in(order, endpoint=found["endpoint"])
        return secret(JsonResponse({"listens": False}))
    listen_to(order, found)
    return secret(JsonResponse({"listens": True}))


def read_subscription(body: bytes) -> dict[str, Any] | None:
    """Address and keys of a subscription, or nothing when it is none. Where the address leads is seen at sending."""
    if len(body) > MOST_BYTES:
        return None
    try:
        sent = json.loads(body)
        found = {
            "endpoint": str(sent["endpoint"]),
            "p256dh": str(sent["keys"]["p256dh"]),
            "auth": str(sent["keys"]["auth"]),
        }
        BrowserKeys.read(p256dh=found["p256dh"], auth=found["auth"])
        parts = urlsplit(found["endpoint"])
    except (ValueError, TypeError, KeyError, KeysRefused):
        return None
    is_address = parts.scheme == "https" and parts.hostname and len(found["endpoint"]) <= MOST_ENDPOINT
    return found if is_address else None
