"""One text of one language on its way out or back in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog.models import SourceText, TranslationState
from catalog.translating.matching import TextFilter, texts_of
from catalog.translating.registry import source_language, translatable, words_of
from catalog.translating.standing import Standing, standing_of
from catalog.translating.texts import Kind, text_hash, tidied

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A text that leaves."""

    key: str
    object_id: int
    field: str
    language: str
    kind: Kind
    source: str
    target: str
    standing: Standing
    source_hash: str
    name: str
    title: str
    longest: int | None

    @property
    def mark(self) -> str:
        """What it is called outside: `catalog.product:12:name`."""
        return f"{self.key}:{self.object_id}:{self.field}"


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A text that came back. `source` is the original it was made from, `source_hash` its hash where the file says
    it; `is_final` says that a person has reviewed it. `trouble` is why it cannot be read.
    """

    mark: str
    language: str
    source: str
    words: str
    is_final: bool
    line: int
    source_hash: str = ""
    trouble: str = ""

    @property
    def place(self) -> tuple[str, int, str] | None:
        """(model, row, field); nothing when the mark is none of ours."""
        key, _colon, rest = self.mark.partition(":")
        number, _colon, field = rest.partition(":")
        return (key, int(number), field) if number.isdecimal() and field and len(number) < 19 else None


def batches_of(asked: TextFilter, languages: Sequence[str]) -> Iterator[tuple[int, dict[str, list[Unit]]]]:
    """The texts that fit, some hundred at a time, by language; with each batch how many texts there were so far.

    The filter's standing is asked of every language on its own: of a text that is missing in one of them only
    that one leaves.
    """
    sources = texts_of(TextFilter.of({**asked.asked, "standing": "", "language": ""})).order_by("pk")
    last, seen = 0, 0
    while batch := list(sources.filter(pk__gt=last)[:BATCH]):
        last, seen = batch[-1].pk, seen + len(batch)
        yield seen, _units(batch, languages, asked.standing)


def _units(batch: Sequence[SourceText], languages: Sequence[str], standing: str) -> dict[str, list[Unit]]:
    by_model: dict[str, list[SourceText]] = {}
    for source in batch:
        by_model.setdefault(source.model, []).append(source)
    found: dict[int, list[Unit]] = {}
    for key, sources in by_model.items():
        found |= _of_model(key, sources, languages)
    every = [unit for source in batch for unit in found.get(source.pk, ()) if standing in ("", unit.standing)]
    return {language: [unit for unit in every if unit.language == language] for language in languages}


def _of_model(key: str, sources: Sequence[SourceText], languages: Sequence[str]) -> Mapping[int, list[Unit]]:
    entry = translatable(key)
    if entry is None:
        return {}
    ids = {source.object_id for source in sources}
    rows = entry.rows().in_bulk(ids)
    states = {
        (state.object_id, state.field, state.language): state
        for state in TranslationState.objects.filter(model=key, object_id__in=ids, language__in=languages)
    }
    found: dict[int, list[Unit]] = {}
    for source in sources:
        row, about = rows.get(source.object_id), entry.field(source.field)
        if row is None or about is None:
            continue
        original = tidied(words_of(row, about.name, source_language()), about.kind)
        present = text_hash(original, about.kind)
        for language in languages:
            state = states.get((source.object_id, about.name, language))
            found.setdefault(source.pk, []).append(
                Unit(
                    key=key,
                    object_id=source.object_id,
                    field=about.name,
                    language=language,
                    kind=about.kind,
                    source=original,
                    target=tidied(words_of(row, about.name, language), about.kind),
                    standing=(standing_of(state.state, state.source_hash, present) if state else Standing.MISSING),
                    source_hash=present,
                    name=source.label,
                    title=str(about.title),
                    longest=about.longest,
                )
            )
    return found
