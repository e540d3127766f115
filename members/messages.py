"""The account's page about messages: what comes by mail, what by text message, and which browsers are told."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.models import PushSubscription
from core.notifications.channels import EMAIL, SMS, channels
from core.notifications.kinds import TOPICS, kinds
from core.notifications.wishes import end_all, listening_anywhere, say_wish, wants, wishes_of
from markets.prefix import storefront_url
from markets.types import MarketContext
from members.queries import proven_emails


@dataclass(frozen=True, kw_only=True)
class TopicChoice:
    """One topic with its boxes. Mail of a necessary one is not a choice; text messages need a gateway."""

    code: str
    title: str | Promise
    hint: str | Promise
    is_necessary: bool
    email: bool
    sms: bool
    has_texts: bool


@never_cache
@login_required(login_url="account_login")
@require_http_methods(["GET", "POST"])
def wishes(request: HttpRequest) -> HttpResponse:
    """Fields: `<topic>_email`, `<topic>_sms`; or `browsers`, which ends every agreement of every browser.

    Only addresses that were proven are spoken for: nobody turns off another's mail by typing their address.
    """
    emails = proven_emails(request.user.pk or 0)
    if request.method == "POST" and emails:
        if "browsers" in request.POST:
            for email in emails:
                end_all(email)
            messages.success(request, _("No browser is told any more."))
        else:
            _choose(request, emails)
            messages.success(request, _("Saved. We tell you as you wish."))
        return HttpResponseRedirect(_address(request))
    return render(
        request,
        "account/messages.html",
        {
            "choices": _choices(emails[0]) if emails else (),
            "has_sms": bool(_texted()),
            "sms_sentence": sms_sentence(),
            "emails": emails,
            "browsers": _browsers(emails),
        },
    )


def sms_sentence() -> str:
    """What whoever ticks a box for text messages agrees to."""
    return _("Text messages go to the telephone number of the order they are about. You can end this at any time.")


def _texted() -> set[str]:
    """The topics of which something can come as a text message; none without a gateway."""
    return {one.topic for one in kinds().values() if SMS in one.channels} if SMS in channels() else set()


def _choose(request: HttpRequest, emails: Sequence[str]) -> None:
    texted = _texted()
    for email in emails:
        for topic in TOPICS.values():
            if not topic.is_necessary:
                wanted = f"{topic.code}_email" in request.POST
                say_wish(email=email, topic=topic.code, channel=EMAIL, is_wanted=wanted)
            if topic.code in texted:
                texts = f"{topic.code}_sms" in request.POST
                said = sms_sentence() if texts else ""
                say_wish(email=email, topic=topic.code, channel=SMS, is_wanted=texts, said=said)


def _choices(email: str) -> tuple[TopicChoice, ...]:
    found = wishes_of(email)
    return tuple(
        TopicChoice(
            code=topic.code,
            title=topic.title,
            hint=topic.hint,
            is_necessary=topic.is_necessary,
            email=wants(found, topic=topic.code, channel=EMAIL),
            sms=wants(found, topic=topic.code, channel=SMS),
            has_texts=topic.code in _texted(),
        )
        for topic in TOPICS.values()
    )


def _browsers(emails: Sequence[str]) -> list[PushSubscription]:
    return [row for email in emails for row in listening_anywhere(email)]


def _address(request: HttpRequest) -> str:
    market: MarketContext = request.market  # type: ignore[attr-defined]  # set by markets.middleware
    return storefront_url("members:messages", market=market.code, language=market.language)
