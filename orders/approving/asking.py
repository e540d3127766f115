"""Between the form and the deed: alone where the limit allows it, otherwise a wish that waits for a second person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core.money import Money
from orders.actions.approvals import ask_approval
from orders.approving.errors import FreshSignInNeeded
from orders.approving.limits import needs_second_person
from orders.approving.wishes import Wish
from orders.models import Order

FRESH = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What would be done, as a wish and as the call that does it now."""

    kind: str
    wish: Wish
    amount: Money
    reason: str
    key: str
    act: Callable[[], Any]


def do_or_ask(request: HttpRequest, order: Order, deed: Deed) -> None:
    """Do it, or ask a second person for it. Above the limit the sign-in has to be fresh.

    Raises `FreshSignInNeeded`, and what asking or the deed raises.
    """
    if deed.amount.amount <= 0 or not needs_second_person(order, deed.amount, request.user):
        deed.act()
        return
    must_be_fresh(request)
    ask_approval(
        number=order.number, kind=deed.kind, wish=deed.wish, amount=deed.amount, reason=deed.reason, key=deed.key
    )


def must_be_fresh(request: HttpRequest) -> None:
    """Raises `FreshSignInNeeded` unless this person has shown who they are within ten minutes."""
    if not is_fresh(request):
        raise FreshSignInNeeded


def again_url(request: HttpRequest, back: str) -> str:
    """Where to show once more who is there, before going `back`; empty while the sign-in is fresh."""
    return "" if is_fresh(request) else f"{reverse('admin:sign_in_again')}?{urlencode({'next': back})}"


def is_fresh(request: HttpRequest) -> bool:
    """Whether a password or second factor was shown in this session a moment ago."""
    shown = [record.get("at", 0) for record in get_authentication_records(request, request.user)]
    if shown:
        return bool(timezone.now().timestamp() - max(shown) <= FRESH.total_seconds())
    # The admin's own form leaves no record, but it is a sign-in.
    last = getattr(request.user, "last_login", None)
    return last is not None and timezone.now() - last <= FRESH
