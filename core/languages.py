"""Language codes: Django's, HTML's and Babel's spellings of the same language."""

from functools import cache

from babel import Locale, UnknownLocaleError

RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur"})


def direction(language: str) -> str:
    """`rtl` or `ltr`, for `<html dir>`."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def html_language(language: str) -> str:
    """The BCP 47 spelling: `pt-br` becomes `pt-BR`, `zh-hans` becomes `zh-Hans`."""
    head, _, tail = language.partition("-")
    if not tail:
        return head
    return f"{head}-{tail.title() if len(tail) == 4 else tail.upper()}"


@cache
def babel_locale(language: str, country: str = "") -> Locale:
    """The Babel locale of a language, regional when Babel knows that region: (`de`, `CH`) is `de_CH`."""
    head, _, tail = language.partition("-")
    script = tail.title() if len(tail) == 4 else ""
    region = country.upper() or (tail.upper() if len(tail) == 2 else "")
    for parts in ((head, script, region), (head, script), (head, region), (head,)):
        try:
            return Locale.parse("_".join(part for part in parts if part))
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en")
