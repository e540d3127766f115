"""The account's page about one's own data: a copy, and deletion after asking again."""

from collections.abc import Sequence

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from core.privacy import reasons_to_wait
from markets.prefix import storefront_url
from members.models import User
from members.privacy_requests import ErasureWaits, copy_of, forget, subject_of
from members.proof import is_proven, send_code

PAGE = "account/privacy.html"
signed_in = login_required(login_url="account_login")


@never_cache
@signed_in
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What one may ask."""
    return _page(request)


@never_cache
@signed_in
@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """The copy of one's data as a file."""
    copy = copy_of(subject_of(_user(request)))
    response = HttpResponse(copy.content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{copy.name}"'
    return response


@never_cache
@signed_in
@require_POST
def mail_code(request: HttpRequest) -> HttpResponse:
    """For an account without a password: a code by mail."""
    if send_code(request, _user(request)):
        return _page(request, notice=_("We sent you a code. It is valid for 15 minutes."))
    return _page(request, errors=[_("That was tried too often. Wait an hour.")], status=429)


@sensitive_post_parameters("password", "code")
@never_cache
@signed_in
@require_POST
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the account. Fields: `password` or `code`, and `sure`."""
    user = _user(request)
    if request.POST.get("sure") != "1":
        return _page(request, errors=[_("Tick the box: this cannot be undone.")], status=422)
    if not is_proven(request, user, password=request.POST.get("password", ""), code=request.POST.get("code", "")):
        return _page(request, errors=[_("That does not match. Nothing was deleted.")], status=422)
    try:
        forget(subject_of(user))
    except ErasureWaits as refusal:
        return _page(request, errors=[str(refusal), *refusal.reasons], status=409)
    logout(request)
    market = request.market  # type: ignore[attr-defined]  # set by markets.middleware
    return HttpResponse(
        status=303,
        headers={"Location": storefront_url("members:deleted", market=market.code, language=market.language)},
    )


@require_GET
def deleted(request: HttpRequest) -> HttpResponse:
    """What was done, for somebody who is nobody here any more."""
    return render(request, "account/deleted.html")


def _page(request: HttpRequest, *, errors: Sequence[str] = (), notice: str = "", status: int = 200) -> HttpResponse:
    user = _user(request)
    context = {
        "errors": errors,
        "notice": notice,
        "waits": reasons_to_wait(subject_of(user)),
        "has_password": user.has_usable_password(),
    }
    return render(request, PAGE, context, status=status)


def _user(request: HttpRequest) -> User:
    user: User = request.user  # type: ignore[assignment]  # behind login_required: a member
    return user
