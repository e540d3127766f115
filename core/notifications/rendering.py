"""Words of a message in one language for one channel. Nothing is stored here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from core.languages import direction, html_language
from core.notifications.channels import EMAIL, PUSH, SMS
from core.notifications.kinds import Kind
from core.notifications.lengths import MOST_PUSH_BYTES, fit_bytes, fit_sms

MOST_SUBJECT = 300


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """What leaves. A text message has no subject; the subject of a push message is its heading."""

    subject: str
    text: str
    html: str = ""


def render_message(kind: Kind, *, channel: str, language: str, context: Mapping[str, Any]) -> Rendered:
    """`templates/emails/<files>.{subject.txt,txt,html}`, or `templates/messages/<files>.{sms,push}.txt`."""
    with translation.override(language):
        words = {
            **context,
            "language": language,
            "html_language": html_language(language),
            "direction": direction(language),
            "shop_name": settings.SHOP_NAME,
            "shop_url": settings.SHOP_URL,
        }
        return WRITERS[channel](kind.files, words)


def _email(files: str, words: Mapping[str, Any]) -> Rendered:
    return Rendered(
        subject=_one_line(render_to_string(f"emails/{files}.subject.txt", dict(words)))[:MOST_SUBJECT],
        text=render_to_string(f"emails/{files}.txt", dict(words)).strip() + "\n",
        html=render_to_string(f"emails/{files}.html", dict(words)),
    )


def _sms(files: str, words: Mapping[str, Any]) -> Rendered:
    return Rendered(subject="", text=fit_sms(_one_line(render_to_string(f"messages/{files}.sms.txt", dict(words)))))


def _push(files: str, words: Mapping[str, Any]) -> Rendered:
    """The first line is the heading, the rest the words."""
    heading, _line, rest = render_to_string(f"messages/{files}.push.txt", dict(words)).strip().partition("\n")
    return Rendered(subject=_one_line(heading)[:MOST_SUBJECT], text=fit_bytes(_one_line(rest), MOST_PUSH_BYTES // 2))


def _one_line(text: str) -> str:
    return " ".join(text.split())


WRITERS = {EMAIL: _email, SMS: _sms, PUSH: _push}
