"""Becoming a member from somewhere else than the sign-up page. The account opens with a code sent to the address."""

from dataclasses import dataclass

from allauth.account.forms import SignupForm
from allauth.account.internal.flows.signup import complete_signup
from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.limits import attempt
from members.models import User

MOST_PER_MINUTE = 20


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What became of the wish: where to go on, or what is wrong with the password, in sentences."""

    response: HttpResponse | None = None
    problems: tuple[str, ...] = ()


def begin_membership(request: HttpRequest, *, email: str, password: str, next_url: str) -> Begun:
    """Make an account for an address, whose owner then types the code that is mailed there.

    Nobody is signed in before that, and nothing tells whether the address has an account already: its owner is told
    by mail. The market and language of the request become the account's.
    """
    if not attempt("join", request.META.get("REMOTE_ADDR", ""), limit=MOST_PER_MINUTE, seconds=60):
        return Begun(problems=(_("That was tried too often. Wait a few minutes."),))
    form = SignupForm({"email": email, "password1": password})
    if not form.is_valid():
        return Begun(problems=tuple(str(message) for messages in form.errors.values() for message in messages))
    try:
        user, response = form.try_save(request)
        if user is not None:
            _remember_home(user, request)
            response = complete_signup(request, user=user, redirect_url=next_url)
    except ImmediateHttpResponse as at_once:
        response = at_once.response
    return Begun(response=response)


def _remember_home(user: User, request: HttpRequest) -> None:
    market = getattr(request, "market", None)
    if market is not None:
        user.language, user.market_code = market.language, market.code
        user.save(update_fields=["language", "market_code"])
