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
from core.notifications.words import NOTHING, Added

MOST_SUBJECT = 300


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """What leaves. A text message has no subject; the subject of a push message is its heading."""

    subject: str
    text: str
    html: str = ""


def render_message(
    kind: Kind, *, channel: str, language: str, context: Mapping[str, Any], added: Added = NOTHING
) -> Rendered:
    """`templates/emails/<files>.{subject.txt,txt,html}`, or `templates/messages/<short_files>.{sms,push}.txt`.

    Short words may use `subject`, the heading of the mail. `added` are words of operators; only mail has room for them.
    """
    with translation.override(language):
        words = {
            **context,
            "language": language,
            "html_language": html_language(language),
            "direction": direction(language),
            "shop_name": settings.SHOP_NAME,
            "shop_url": settings.SHOP_URL,
            "own_sentence": added.sentence,
            "signature": added.signature,
        }
        return WRITERS[channel](kind, words)


def _email(kind: Kind, words: Mapping[str, Any]) -> Rendered:
    return Rendered(
        subject=_subject(kind, words),
        text=_with_own_words(render_to_string(f"emails/{kind.files}.txt", dict(words)), words),
        html=render_to_string(f"emails/{kind.files}.html", dict(words)),
    )


def _subject(kind: Kind, words: Mapping[str, Any]) -> str:
    return _one_line(render_to_string(f"emails/{kind.files}.subject.txt", dict(words)))[:MOST_SUBJECT]


def _with_own_words(text: str, words: Mapping[str, Any]) -> str:
    """The HTML part has its places in `emails/base.html`."""
    parts = (text.strip(), "\n".join(words["own_sentence"]), "\n".join(words["signature"]))
    return "\n\n".join(part for part in parts if part) + "\n"


def _sms(kind: Kind, words: Mapping[str, Any]) -> Rendered:
    said = {**words, "subject": _subject(kind, words)}
    return Rendered(subject="", text=fit_sms(_one_line(render_to_string(f"messages/{kind.short_files}.sms.txt", said))))


def _push(kind: Kind, words: Mapping[str, Any]) -> Rendered:
    """The first line is the heading, the rest the words."""
    said = {**words, "subject": _subject(kind, words)}
    heading, _line, rest = render_to_string(f"messages/{kind.short_files}.push.txt", said).strip().partition("\n")
    return Rendered(subject=_one_line(heading)[:MOST_SUBJECT], text=fit_bytes(_one_line(rest), MOST_PUSH_BYTES // 2))


def _one_line(text: str) -> str:
    return " ".join(text.split())


WRITERS = {EMAIL: _email, SMS: _sms, PUSH: _push}
