"""Words and values as they are compared and shown. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from catalog.actions.products import cleaned_words
from catalog.drafts import Words
from catalog.importers.outcomes import FieldChange

LONGEST_SHOWN = 300


def tidy(words: str) -> str:
    """Line ends of one kind, no zero bytes: neither is a difference, and the second cannot be stored."""
    return words.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def tidied(field: str, words: Words, languages: frozenset[str]) -> dict[str, str]:
    """Words of a field in the shop's languages as they would be stored."""
    mine = {language: tidy(text) for language, text in words.items() if language in languages}
    return dict(cleaned_words(field, mine))


def moved_words(field: str, old: Mapping[str, str], new: Mapping[str, str]) -> list[FieldChange]:
    """The languages in which words differ, line ends aside."""
    return [
        FieldChange(field=field, language=language, old=shown(old.get(language, "")), new=shown(words))
        for language, words in new.items()
        if tidy(old.get(language, "")) != words
    ]


def shown(value: object) -> str:
    """A value for people, short enough for a table."""
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset | set):
        return shown(", ".join(str(part) for part in value))
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
