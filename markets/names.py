"""Names of countries, currencies, languages and markets in the reader's language. Pure: Babel and given overrides."""

from collections.abc import Mapping
from functools import cache

from core.languages import babel_locale


@cache
def country_name(country: str, language: str) -> str:
    """The country's name in `language`; its code when Babel does not know it."""
    name = babel_locale(language).territories.get(country.upper())
    return str(name) if name else country.upper()


@cache
def currency_name(currency: str, language: str) -> str:
    name = babel_locale(language).currencies.get(currency)
    return str(name) if name else currency


@cache
def language_name(language: str, in_language: str) -> str:
    """How `in_language` calls `language`."""
    target = babel_locale(language)
    return str(target.get_display_name(babel_locale(in_language)) or language)


def market_name(*, names: Mapping[str, str], fallback: str, country: str, language: str) -> str:
    """The market's own name in this language, else the name of its country, else what the admin calls it."""
    if language in names:
        return names[language]
    return country_name(country, language) if country else fallback
