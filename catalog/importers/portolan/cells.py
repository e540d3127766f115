"""Single cells of our own table. A cell that cannot be read raises `ValueError` with the sentence to show."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from catalog.importers.cells import number as read_number

SEPARATOR = "|"
YES, NO = frozenset({"yes", "true", "1", "y", "x"}), frozenset({"no", "false", "0", "n"})
_PART = re.compile(r"(?:[^|\\]|\\.)*", re.DOTALL)


def items(text: str) -> tuple[str, ...]:
    """The items of a list cell. `\\|` is a bar inside an item, `\\\\` a backslash."""
    parts, at = [], 0
    while at <= len(text):
        found = _PART.match(text, at)
        end = found.end() if found else at
        parts.append(re.sub(r"\\(.)", r"\1", text[at:end], flags=re.DOTALL).strip())
        at = end + 1
    return tuple(part for part in parts if part)


def joined(parts: Iterable[str]) -> str:
    """Items as one cell."""
    return f" {SEPARATOR} ".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def yes_or_no(text: str) -> bool:
    """Yes or no, in a few spellings."""
    word = text.strip().casefold()
    if word in YES or word in NO:
        return word in YES
    raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": text})


def whole(text: str) -> int:
    """A whole number."""
    found = read_number(text)
    if found is None or found != int(found):
        raise ValueError(_("“%(text)s” is not a whole number.") % {"text": text})
    return int(found)


def positive(text: str) -> int:
    """A whole number above zero."""
    found = whole(text)
    if found < 1:
        raise ValueError(_("“%(text)s” is not above zero.") % {"text": text})
    return found


def decimal(text: str) -> Decimal:
    """A number."""
    found = read_number(text)
    if found is None:
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text})
    return found


def digits(text: str) -> str:
    """A goods code without its points and spaces."""
    return re.sub(r"[\s.]", "", text)


def day(text: str) -> date:
    """A date such as 2027-06-30."""
    try:
        found = parse_date(text.strip()[:10])
    except ValueError:
        found = None
    if found is None:
        raise ValueError(_("“%(text)s” is not a date. Write it like 2027-06-30.") % {"text": text})
    return found


def moment(text: str) -> datetime:
    """A date with a time, in UTC where no offset is given; a date alone is its beginning."""
    try:
        found = parse_datetime(text.strip()) or datetime.combine(day(text), datetime.min.time())
    except ValueError:
        raise ValueError(
            _("“%(text)s” is not a date with a time. Write it like 2027-06-30T09:00:00+02:00.") % {"text": text}
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def rule(text: str) -> dict[str, str]:
    """A price ending rule as JSON."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ValueError(_("“%(text)s” is not a price ending rule.") % {"text": text})
    return {str(key): str(value) for key, value in found.items()}


def one_of(*words: str) -> "OneOf":
    """One of these words."""
    return OneOf(words)


class OneOf:
    """Reads one of a few words, in any letter case."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self._words = words

    def __call__(self, text: str) -> str:
        word = text.strip().lower()
        if word not in self._words:
            sentence = _("“%(text)s” is none of: %(words)s.")
            raise ValueError(sentence % {"text": text, "words": ", ".join(self._words)})
        return word
