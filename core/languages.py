"""Language codes: Django's, HTML's and Babel's spellings of the same language."""

from functools import cache

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur"})


def direction(language: str) -> str:
    """`rtl` or `ltr`, for `<html dir>`."""
    return "rtl" if language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT else "ltr"


def html_language(language: str) -> str:
    """The BCP 47 spelling: `pt-br` becomes `pt-BR`, `zh-hans` becomes `zh-Hans`."""
    head, _, tail = language.partition("-")
    if not tail:
        return head
    return f"{head}-{tail.title() if len(tail) == 4 else tail.upper()}"


@cache
def babel_locale(language: str, country: str = "") -> Locale:
    """The Babel locale of a language, regional where the language is at home: (`de`, `CH`) is `de_CH`.

    Elsewhere the reader's own habits hold: English in Germany is written as English, not with German commas.
    """
    head, _, tail = language.partition("-")
    script = tail.title() if len(tail) == 4 else ""
    home = country.upper() if head in _spoken_in(country.upper()) else ""
    region = home or (tail.upper() if len(tail) == 2 else "")
    for parts in ((head, script, region), (head, script), (head, region), (head,)):
        try:
            return Locale.parse("_".join(part for part in parts if part))
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en")


@cache
def _spoken_in(country: str) -> frozenset[str]:
    """The official languages of a country, without script and region."""
    return (
        frozenset(name.split("_")[0] for name in get_official_languages(country, de_facto=True))
        if country
        else frozenset()
    )
