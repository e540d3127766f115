"""By which way a visit came, kept in the visitor's own session until it becomes an order. Nobody else is told.

Nothing is kept unless the shop asks for it (`OPTIONAL_COOKIES`). Where a market's law wants consent before anything
is kept in a browser that is not needed (Directive 2002/58/EC Art. 5(3)), only a visitor who accepted is noted; where
it wants a way out, one who rejected or whose browser says so (Sec-GPC) is not. Click numbers always want consent.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from markets.types import MarketContext
from orders.origins import Origin, Touch, read_touch, touch_of

COOKIE = "visit_source"
"""The name it has among the optional cookies of the settings."""
KEY = "visit"
CONSENT = "consent"
KEPT = timedelta(days=30)
"""A way in that is older says nothing about a purchase."""
WITHOUT_ASKING = ("information", "notice", "opt_out")
"""Beginnings of what a market's rule says where nobody has to be asked first. Anything else wants consent."""
PAGES = frozenset({"catalog", "content", "cart"})
"""Apps whose pages people arrive at. Coming back from a provider's page is no way in."""


class NoteVisits:
    """Notes the way in of pages that were served. Stands right behind the market's middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page first, so that addresses which do not exist note nothing."""
        response = self.get_response(request)
        if COOKIE in settings.OPTIONAL_COOKIES and _is_page(request, response):
            note_visit(request)
        return response


def note_visit(request: HttpRequest) -> None:
    """Keep how this page was reached, if it tells and if that may be kept. A visit without a sign leaves none."""
    touch = touch_of(
        request.GET.dict(),
        referrer=request.headers.get("Referer", ""),
        host=request.get_host(),
        path=request.path,
        at=timezone.now(),
    )
    if touch is None or not may_note(request):
        return
    last = _as_agreed(touch, request).as_json()
    first = request.session.get(KEY, {}).get("first", last)
    request.session[KEY] = {"first": last if _is_old(read_touch(first)) else first, "last": last}


def forget_visit(request: HttpRequest) -> None:
    """The visitor does not want it."""
    request.session.pop(KEY, None)


def origin_of(request: HttpRequest) -> Origin | None:
    """What the order is to keep; nothing where nothing is known, or where it may not be kept any more."""
    if COOKIE not in settings.OPTIONAL_COOKIES or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    stored = request.session.get(KEY)
    if not stored or not may_note(request):
        return None
    last = _as_agreed(read_touch(stored["last"]), request)
    first = _as_agreed(read_touch(stored["first"]), request)
    if _is_old(last):
        return None
    return Origin(first=last if _is_old(first) else first, last=last)


def may_note(request: HttpRequest) -> bool:
    """Whether the law of the market and the visitor's own word allow it."""
    market: MarketContext | None = getattr(request, "market", None)
    said = request.COOKIES.get(CONSENT, "")
    if market is None or said == "reject":
        return False
    if said == "accept":
        return True
    return market.cookie_consent.startswith(WITHOUT_ASKING) and request.headers.get("Sec-GPC") != "1"


def _as_agreed(touch: Touch, request: HttpRequest) -> Touch:
    return touch if request.COOKIES.get(CONSENT) == "accept" else replace(touch, clicks={})


def _is_old(touch: Touch) -> bool:
    return touch.at < timezone.now() - KEPT


def _is_page(request: HttpRequest, response: HttpResponse) -> bool:
    found = request.resolver_match
    return (
        request.method == "GET"
        and response.status_code == 200
        and found is not None
        and found.app_name in PAGES
        and "HX-Request" not in request.headers
        and response.headers.get("Content-Type", "").startswith("text/html")
    )
