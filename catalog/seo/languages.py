"""Which languages a page is really written in: only those are told to search engines as alternates."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from modeltrans.conf import get_default_language, get_fallback_chain

from markets.types import MarketContext


def written_in(original: str, i18n: Mapping[str, Any] | None, field: str) -> frozenset[str]:
    """The languages in which `field` has words of its own, from a row's columns."""
    start = f"{field}_"
    own = {
        key.removeprefix(start).replace("_", "-")
        for key, words in (i18n or {}).items()
        if key.startswith(start) and words
    }
    return frozenset(own | ({get_default_language()} if original else set()))


def spoken_language(language: str, written: Collection[str]) -> str:
    """The language whose words a reader of `language` sees."""
    chain: Iterable[str] = (language, *get_fallback_chain(language))
    return next((code for code in chain if code in written), get_default_language())


def canonical_language(market: MarketContext, written: Collection[str]) -> str:
    """The language whose page of this market stands for the one shown: the page itself when it is translated."""
    spoken = spoken_language(market.language, written)
    return spoken if spoken in market.languages else market.language
