"""What customers do with downloads and pre-sales on their order's page. Its link is the key to all of it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from core.handing_over import hand_over
from markets.prefix import storefront_url
from orders.actions.ahead import cancel_moved_line
from orders.actions.downloads import agree_to_download, count_download, show_keys
from orders.download_page import read_link
from orders.errors import DownloadRefused, OrderUnknown
from orders.models import Order
from orders.queries import order_by_link
from orders.showing import finder, market_of, secret


@require_GET
def fetch(request: HttpRequest, number: str, token: str, link: str) -> HttpResponseBase:
    """The file a signed link leads to, for whoever holds the order's link as well."""
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    found = read_link(link, number=number)
    if found is None:
        return _refused(request, order, token, _("This link has run out. Your order has a new one."))
    entitlement_id, file_id, nonce = found
    try:
        file = count_download(number=number, entitlement_id=entitlement_id, file_id=file_id, nonce=nonce)
    except DownloadRefused as refusal:
        return _refused(request, order, token, str(refusal))
    response = hand_over(
        file.file_name,
        called=file.name,
        content_type=file.content_type,
        size=file.size,
        asked_range=request.headers.get("Range", ""),
        by_proxy=settings.PRIVATE_FILES_BY_PROXY,
    )
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
def agree(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """The customer ticked that the download may begin now."""
    try:
        order_by_link(number=number, secret=token)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    if request.POST.get("agree") == "1":
        agree_to_download(number=number)
    else:
        messages.warning(request, _("Tick the box first. The download waits until you agree."))
    return _back(request, number, token)


@require_POST
def keys(request: HttpRequest, number: str, token: str, entitlement_id: int) -> HttpResponse:
    """The customer wants to see the licence keys."""
    try:
        order_by_link(number=number, secret=token)
        show_keys(number=number, entitlement_id=entitlement_id)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    return _back(request, number, token)


@require_POST
def cancel_line(request: HttpRequest, number: str, token: str, line_id: int) -> HttpResponse:
    """The customer does not want to wait for a pre-sale whose day was moved."""
    try:
        order_by_link(number=number, secret=token)
        cancel_moved_line(number=number, line_id=line_id)
        messages.success(request, _("We canceled it. What you paid for it goes back the way you paid."))
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    return _back(request, number, token, anchor="")


def _back(request: HttpRequest, number: str, token: str, anchor: str = "#downloads") -> HttpResponse:
    market = market_of(request)
    url = storefront_url(
        "orders:page", market=market.code, language=market.language, kwargs={"number": number, "token": token}
    )
    return secret(HttpResponse(status=303, headers={"Location": f"{url}{anchor}"}))


def _refused(request: HttpRequest, order: Order, token: str, message: str) -> HttpResponse:
    """Why nothing is handed over, with the way back to the order."""
    market = market_of(request)
    url = storefront_url(
        "orders:page", market=market.code, language=market.language, kwargs={"number": order.number, "token": token}
    )
    facts = {"number": order.number, "message": message, "order_url": f"{url}#downloads"}
    return secret(render(request, "storefront/download_refused.html", facts, status=410))
