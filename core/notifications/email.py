"""Mail, by Django's own backend."""

import hashlib
from email.utils import parseaddr
from smtplib import SMTPRecipientsRefused
from typing import ClassVar

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from core.languages import html_language
from core.models import Message
from core.notifications.channels import EMAIL, ChannelTrouble, ReceiverTrouble, Undeliverable

FOR_EVER = 500
"""SMTP answers from here on say: do not try again (RFC 5321, 4.2.1)."""


class EmailChannel:
    """Mail. It does not ring: whoever sleeps reads it in the morning."""

    name: ClassVar[str] = EMAIL
    rings: ClassVar[bool] = False

    def is_ready(self) -> bool:
        """Always: without mail there is no shop."""
        return True

    def deliver(self, message: Message) -> None:
        """Send it. Raises `ChannelTrouble`, and `Undeliverable` when the server refuses this address for good."""
        try:
            _written(message).send()
        except SMTPRecipientsRefused as error:
            codes = [code for code, _words in error.recipients.values()]
            if codes and min(codes) >= FOR_EVER:
                raise Undeliverable(f"The mail server refuses the address ({min(codes)}).") from error
            raise ReceiverTrouble(f"{type(error).__name__}: {codes}") from error
        except OSError as error:  # smtplib's errors and time-outs are OSErrors
            raise ChannelTrouble(f"{type(error).__name__}: {error}") from error


def _written(message: Message) -> EmailMultiAlternatives:
    """Always the same identifier, so that a mail handed over twice by a dying worker can be recognised as one."""
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.recipient],
        headers={
            "Message-ID": _identifier(message),
            "X-Portolan-Message": str(message.pk),
            "Content-Language": html_language(message.language),
        },
    )
    if message.html:
        email.attach_alternative(message.html, "text/html")
    return email


def _identifier(message: Message) -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(message.dedupe_key.encode()).hexdigest()[:32]}@{domain}>"
