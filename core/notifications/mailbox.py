"""The development mail page: every message the shop has written, to read in the browser. Off in production."""

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from core.models import Message


class EmailBackend(BaseEmailBackend):
    """Accepts mail and keeps it: messages of the shop are in the log already, foreign ones are added to it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Take every message; returns how many."""
        for email in email_messages:
            if "X-Portolan-Message" not in email.extra_headers:
                _keep(email)
        return len(email_messages)


def _keep(email: EmailMessage) -> None:
    html = next((body for body, kind in getattr(email, "alternatives", []) if kind == "text/html"), "")
    for recipient in email.recipients():
        Message.objects.create(
            dedupe_key=f"mail:{uuid.uuid4()}",
            kind="account",
            recipient=recipient,
            language=translation.get_language() or settings.LANGUAGE_CODE,
            subject=email.subject[:300],
            text=str(email.body),
            html=html,
            state=Message.State.SENT,
            attempts=1,
            sent_at=timezone.now(),
        )


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The last hundred messages."""
    if not settings.MAIL_PAGE:
        raise Http404
    return render(request, "core/mailbox.html", {"messages_sent": Message.objects.all()[:100]})


@require_safe
@xframe_options_sameorigin
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message as its reader sees it: text, or the HTML part shown inert in a frame."""
    if not settings.MAIL_PAGE:
        raise Http404
    found = get_object_or_404(Message, pk=pk)
    if "html" in request.GET:
        response = HttpResponse(found.html)
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox"
        return response
    page = render(request, "core/mailbox_message.html", {"mail": found})
    page._csp_replace = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]  # read by django-csp
    return page
