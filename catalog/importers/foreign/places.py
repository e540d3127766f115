"""Countries as files name them."""

from functools import cache

from babel import Locale
from django.utils.translation import gettext as _

OTHER_NAMES = {"hong kong": "HK", "macau": "MO", "czech republic": "CZ", "turkey": "TR", "macedonia": "MK", "usa": "US"}


def country_named(text: str) -> str | None:
    """The code of a country given by its code or its English name. Raises `ValueError` with a sentence."""
    if not text:
        return None
    plain = text.strip()
    if len(plain) == 2 and plain.upper() in _codes():
        return plain.upper()
    found = _names().get(plain.casefold())
    if found is None:
        raise ValueError(_("“%(text)s” is not a country.") % {"text": text})
    return found


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha())


@cache
def _names() -> dict[str, str]:
    territories = Locale("en").territories
    return {territories[code].casefold(): code for code in _codes()} | OTHER_NAMES
