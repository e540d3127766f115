"""Words operators add to mails: a signature per market and language, and a sentence below single messages.

Plain lines only. The templates of messages are code and stay code: what looks like one is refused here, and escaped
where it is shown.
"""

import unicodedata
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import DomainError
from core.models import MessageWords

MOST_LINES = 8
MOST_LETTERS = 800
TEMPLATE_SIGNS = ("{{", "{%", "{#")
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that make words look like others by turning them round."""


class WordsRefused(DomainError):
    """Too long, no plain lines, or changed by somebody else meanwhile."""

    code = "WORDS_REFUSED"
    message = _("These words cannot be used.")


@dataclass(frozen=True, kw_only=True)
class Added:
    """What a mail gets besides its own words: lines of a sentence below it, and of the signature at its end."""

    sentence: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()


NOTHING = Added()


def added_to(kind: str, *, market: str, language: str) -> Added:
    """The words for one message. A market's own go before those of every market; another language never steps in."""
    rows = MessageWords.objects.filter(market__in={"", market}, language=language, kind__in={"", kind})
    found = {row.kind: tuple(row.text.splitlines()) for row in rows.order_by("market")}
    return Added(sentence=found.get(kind, ()) if kind else (), signature=found.get("", ()))


def words_at(*, market: str, language: str, kind: str) -> str:
    """What stands at exactly this place; empty for nothing."""
    return (
        MessageWords.objects.filter(market=market, language=language, kind=kind).values_list("text", flat=True).first()
        or ""
    )


def save_words(*, market: str, language: str, kind: str, text: str, seen: str) -> bool:
    """Put these lines there from now on; empty takes them away. True when something changed.

    `seen` is what stood there when it was decided. Whoever calls knows that market, language and kind exist.
    Raises `WordsRefused`; then nothing is changed.
    """
    lines = _plain(text)
    with transaction.atomic():
        place = {"market": market, "language": language, "kind": kind}
        row, _made = MessageWords.objects.get_or_create(**place, defaults={"text": ""})
        row = MessageWords.objects.select_for_update().get(pk=row.pk)
        if row.text != _plain(seen):
            raise WordsRefused(_("Somebody else changed this in the meantime. Look at what is there now."))
        if row.text == lines:
            if not lines:
                row.delete()
            return False
        audit.record("core.save_words", row, data={**place, "before": row.text, "after": lines})
        if not lines:
            row.delete()
            return True
        row.text = lines
        row.save(update_fields=["text", "changed"])
    return True


def _plain(text: str) -> str:
    """Lines without what surrounds them. Raises `WordsRefused`."""
    lines = [line.strip() for line in text.strip().splitlines()]
    joined = "\n".join(lines)
    if len(lines) > MOST_LINES or len(joined) > MOST_LETTERS:
        raise WordsRefused(
            _("At most %(lines)d lines and %(letters)d letters.") % {"lines": MOST_LINES, "letters": MOST_LETTERS}
        )
    if any(sign in joined for sign in TEMPLATE_SIGNS):
        raise WordsRefused(_("Write plain words: nothing is filled in here, so leave out braces like {{ … }}."))
    if any(letter in TURNING or unicodedata.category(letter) == "Cc" for letter in joined.replace("\n", "")):
        raise WordsRefused(_("There is a sign in it that cannot be seen. Type the words again instead of copying."))
    return joined
