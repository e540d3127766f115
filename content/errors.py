"""Error pages in the reader's language: refused, expired form, malformed request, broken shop."""

from http import HTTPStatus

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseForbidden,
    HttpResponseServerError,
)
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from content.types import ErrorPage
from core.languages import direction, html_language
from markets.prefix import home_url


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the page exists, but not for this person. The root's `handler403`."""
    return _refuse(
        request,
        HttpResponseForbidden.status_code,
        _("This page is not open to you"),
        _("It may belong to another account, or its link may have run out. Sign in, or ask for a new link."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was open too long, or cookies are off. `CSRF_FAILURE_VIEW`; nothing was done."""
    return _refuse(
        request,
        HttpResponseForbidden.status_code,
        _("The form was open too long"),
        _(
            "Nothing was sent. Go back, load the page again and send the form once more. "
            "Cookies have to be on for this."
        ),
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request makes no sense. The root's `handler400`."""
    return _refuse(
        request,
        HttpResponseBadRequest.status_code,
        _("We did not understand that request"),
        _("Nothing was changed. Go back and try again."),
    )


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: tried too often. The root's `handler429`, which the sign-in pages of allauth ask for."""
    return _refuse(
        request,
        HTTPStatus.TOO_MANY_REQUESTS,
        _("That was tried too often. Wait a few minutes."),
        _("Nothing was changed. Go back and try again."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: the shop broke. Works without a database and without context processors. The root's `handler500`."""
    language = get_language() or "en"
    page = ErrorPage(
        status=HttpResponseServerError.status_code,
        title=_("Something broke on our side"),
        text=_("Your cart is kept. Nothing is charged without a confirmation. Try again in a minute."),
        home_url=_home(request),
    )
    context = {"page": page, "lang": html_language(language), "dir": direction(language)}
    return HttpResponseServerError(render_to_string("storefront/500.html", context))


def _refuse(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    page = ErrorPage(status=status, title=title, text=text, home_url=_home(request))
    return render(request, "storefront/error.html", {"page": page}, status=status)


def _home(request: HttpRequest) -> str:
    market = getattr(request, "market", None)
    return home_url(market) if market is not None else "/"
