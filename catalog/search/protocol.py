"""What a search engine must be able to do. `settings.SEARCH_BACKEND` names the one in use by dotted path."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from catalog.types import Link
from markets.types import MarketContext

DEFAULT_BACKEND = "catalog.search.postgres.PostgresSearch"


@dataclass(frozen=True)
class Found:
    """Products by falling relevance. `corrected` is set when the results are those of a corrected query.

    `left_out` are words of the query that no product has together with the others: the results do without them.
    """

    product_ids: tuple[int, ...]
    corrected: str | None = None
    did_you_mean: str | None = None
    exact_variant_id: int | None = None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Completion:
    """A word or phrase that begins with what was typed."""

    label: str
    products: int


class SearchBackend(Protocol):
    """A search engine over one language and the products visible in one market."""

    def find(self, *, text: str, language: str, market_id: int, limit: int) -> Found:
        """Products for a whole query, misspelt or not."""
        ...

    def find_early(self, *, text: str, language: str, market_id: int, limit: int) -> tuple[int, ...]:
        """Products for a query that is still being typed: its last word may be unfinished."""
        ...

    def complete(self, *, text: str, language: str, limit: int) -> Sequence[Completion]:
        """Words and phrases of the catalogue that begin with `text`."""
        ...


ExtraSource = Callable[[MarketContext, str, int], Sequence[Link]]
"""Pages beside the catalogue that answer a query, such as the returns policy."""


@cache
def _backend(path: str) -> SearchBackend:
    return cast(SearchBackend, import_string(path)())


def search_backend() -> SearchBackend:
    """The engine the settings name."""
    return _backend(getattr(settings, "SEARCH_BACKEND", DEFAULT_BACKEND))


def extra_hits(market: MarketContext, text: str, limit: int) -> tuple[Link, ...]:
    """What the sources of `settings.SEARCH_EXTRA_SOURCES` know about `text`."""
    hits: list[Link] = []
    for path in getattr(settings, "SEARCH_EXTRA_SOURCES", ()):
        source: ExtraSource = import_string(path)
        hits.extend(source(market, text, limit - len(hits)))
        if len(hits) >= limit:
            break
    return tuple(hits[:limit])
