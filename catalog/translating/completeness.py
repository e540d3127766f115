"""How complete each language is, and what its shoppers read instead of what is missing. Pure, from tallies."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from modeltrans.conf import get_fallback_chain

from catalog.translating.matching import Tally
from catalog.translating.registry import source_language
from catalog.translating.standing import Standing, read


@dataclass
class Amount:
    """So many texts with so many words."""

    texts: int = 0
    words: int = 0

    def add(self, tally: Tally) -> None:
        """Count these too."""
        self.texts += tally.texts
        self.words += tally.words


@dataclass
class Coverage:
    """How far a set of texts is in one language."""

    language: str
    key: str = ""
    """What the set is: a model's key, perhaps with a field; empty for all."""
    total: Amount = field(default_factory=Amount)
    by_standing: dict[Standing, Amount] = field(default_factory=lambda: defaultdict(Amount))

    def amount(self, *standings: Standing) -> Amount:
        """Of these standings together."""
        return Amount(
            sum(self.by_standing[each].texts for each in standings),
            sum(self.by_standing[each].words for each in standings),
        )

    @property
    def translated(self) -> Amount:
        """What has words made from the present original."""
        return self.amount(Standing.MACHINE, Standing.DRAFT, Standing.APPROVED)

    @property
    def fields_percent(self) -> int:
        """Texts with up-to-date words, of a hundred; never 100 while one is left."""
        return percent(self.translated.texts, self.total.texts)

    @property
    def words_percent(self) -> int:
        """The same by words of the original."""
        return percent(self.translated.words, self.total.words)

    @property
    def approved_percent(self) -> int:
        """Approved texts, of a hundred."""
        return percent(self.by_standing[Standing.APPROVED].texts, self.total.texts)


@dataclass(frozen=True)
class Instead:
    """What shoppers of a language read: `texts` of theirs, or of another language that stands in."""

    language: str
    shown_in: str
    texts: int
    words: int
    percent: int


def percent(part: int, whole: int) -> int:
    """Rounded down, so that 100 means all; of nothing, everything is there."""
    return part * 100 // whole if whole else 100


def coverage(tallies: Iterable[Tally], languages: Sequence[str]) -> list[Coverage]:
    """One row per language, over everything."""
    return list(_covered(tallies, languages, lambda _tally: "").values())


def coverage_by_model(tallies: Iterable[Tally], languages: Sequence[str]) -> dict[tuple[str, str], Coverage]:
    """(model, language) to its row."""
    return _covered(tallies, languages, lambda tally: tally.model)


def coverage_by_field(tallies: Iterable[Tally], languages: Sequence[str]) -> dict[tuple[str, str], Coverage]:
    """("model field", language) to its row."""
    return _covered(tallies, languages, lambda tally: f"{tally.model} {tally.field}")


def shown_instead(tallies: Iterable[Tally], languages: Sequence[str]) -> list[Instead]:
    """For every language what its shoppers read, own words first. Words of a language they did not choose are
    what the fallback chain of the settings finds first."""
    found: dict[tuple[str, str], Amount] = defaultdict(Amount)
    wholes: dict[str, Amount] = defaultdict(Amount)
    for tally in tallies:
        there = read(tally.states)
        for language in languages:
            found[language, shown_in(there, language)].add(tally)
            wholes[language].add(tally)
    order = {language: place for place, language in enumerate(languages)}
    return [
        Instead(language, shown, amount.texts, amount.words, percent(amount.texts, wholes[language].texts))
        for (language, shown), amount in sorted(
            found.items(), key=lambda each: (order[each[0][0]], each[0][1] != each[0][0], -each[1].texts, each[0][1])
        )
    ]


def shown_in(there: Iterable[str], language: str) -> str:
    """The language in which a shopper reads a text that has words in `there` besides the original."""
    present = {*there, source_language()}
    return next((code for code in (language, *get_fallback_chain(language)) if code in present), source_language())


def _covered(
    tallies: Iterable[Tally], languages: Sequence[str], key_of: Callable[[Tally], str]
) -> dict[tuple[str, str], Coverage]:
    found: dict[tuple[str, str], Coverage] = {}
    for tally in tallies:
        key, there = key_of(tally), read(tally.states)
        for language in languages:
            row = found.setdefault((key, language), Coverage(language, key))
            row.total.add(tally)
            row.by_standing[there.get(language, Standing.MISSING)].add(tally)
    return found
