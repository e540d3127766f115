"""The second factor of operators: asked for before the admin opens, where `STAFF_SECOND_FACTOR` is on."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from markets.prefix import storefront_url
from markets.queries import active_markets


def opens_admin(request: HttpRequest) -> bool:
    """Whether this session has shown a second factor, or none is asked for."""
    if not settings.STAFF_SECOND_FACTOR:
        return True
    if not is_mfa_enabled(request.user):
        return False
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def way_in(request: HttpRequest) -> HttpResponse | None:
    """Where an operator goes who may not enter yet: sign in, set the second factor up, or show it.

    None where the admin's own form will do, because no second factor is asked for, or no market is open whose
    sign-in pages could ask for it and nobody would get in to open one.
    """
    if not settings.STAFF_SECOND_FACTOR or not active_markets():
        return None
    user = request.user
    if not user.is_authenticated:
        return _to("account_login", request)
    if not user.is_staff or opens_admin(request):
        return None
    return _to("mfa_reauthenticate" if is_mfa_enabled(user) else "mfa_index", request)


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Show once more who is there, by password or second factor, and go back to `next`."""
    if not active_markets():
        return HttpResponseRedirect(reverse("admin:index"))
    return _to("mfa_reauthenticate" if is_mfa_enabled(request.user) else "account_reauthenticate", request)


def _to(page: str, request: HttpRequest) -> HttpResponse:
    """A page of the storefront, in the operator's language; it leads back to where they wanted to go."""
    market = active_markets()[0]
    language = get_language() or market.default_language
    known = language if language in market.languages else market.default_language
    following = request.GET.get("next", "") or request.get_full_path()
    url = storefront_url(page, market=market.code, language=known)
    return HttpResponseRedirect(f"{url}?{urlencode({'next': following})}")
