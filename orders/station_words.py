"""What the stations of the chain are called where an order was bought: a way of showing it, nothing that is stored.

A market or a country may say "Dispatched" where the shop says "On its way". Every rule goes by the station itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.utils.translation import get_language

from markets.cache import remembered
from orders import words
from orders.models import StationWording
from orders.states import Station
from orders.types import Stage


@dataclass(frozen=True)
class Called:
    """A name and a sentence; an empty sentence leaves the shop's own."""

    label: str
    sentence: str


Row = tuple[str, str, str, str]
"""Market, country, language, station; an empty market or country is every one."""
Wordings = Mapping[Row, Called]


def wordings() -> Wordings:
    """Every wording there is; no query while they are remembered."""
    return remembered("orders.station_wordings", _read)


def _read() -> Wordings:
    rows = StationWording.objects.values_list("market", "country", "language", "station", "label", "sentence")
    return {
        (market, country, language, key): Called(label, text) for market, country, language, key, label, text in rows
    }


def called(key: str, *, market: str, country: str, language: str, known: Wordings) -> Called | None:
    """The words that fit best: of country and market, of the country, of the market; none for the shop's own."""
    for place in ((market, country), ("", country), (market, "")):
        found = known.get((*place, language, key))
        if found is not None and any(place):
            return found
    return None


@dataclass(frozen=True, kw_only=True)
class StationWords:
    """The words for orders of one market and country, in the language that is active."""

    market: str
    country: str

    def label(self, key: Station) -> str:
        """The name of a station."""
        found = self._called(key)
        return found.label if found else words.station_label(key)

    def sentence(self, key: Station, *, undecided: bool) -> str:
        """What it means for the customer. While a bank has not answered, that is said in the shop's own words."""
        found = None if undecided else self._called(key)
        return found.sentence if found and found.sentence else words.station_sentence(key, undecided=undecided)

    def stages(self, key: Station) -> tuple[Stage, ...]:
        """The chain with the order's place on it, in these words."""
        return named(words.stages(key), self)

    def _called(self, key: str) -> Called | None:
        language = get_language() or "en"
        return called(key, market=self.market, country=self.country, language=language, known=wordings())


def named(stages: Sequence[Stage], given: StationWords) -> tuple[Stage, ...]:
    """The same stages under the names of a place."""
    return tuple(Stage(key=one.key, label=given.label(cast(Station, one.key)), state=one.state) for one in stages)
