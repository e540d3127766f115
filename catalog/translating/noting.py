"""The book of translations: for every text, which original there is and how far each language stands.

Actions that store texts call `note_texts` with the rows they stored, inside their transaction. What is written down
is told from the rows alone, so noting twice changes nothing and a row that was written past the actions is put right
by `sync_texts`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from catalog.models import OriginalText, SourceText, TranslationState
from catalog.translating.provenance import writing_state
from catalog.translating.registry import (
    Translatable,
    source_language,
    target_languages,
    translatable_of,
    words_of,
)
from catalog.translating.standing import Standing, standing_of, written
from catalog.translating.texts import count_words, text_hash, tidied

State = TranslationState.State
Place = tuple[int, str, str]
"""(row, field, language)"""
BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What a person said about one translation. `original` is the one it was made from, when not the present one."""

    state: str
    original: str | None = None


@dataclass
class _Book:
    """What is written down about some rows, and what is to be written."""

    sources: dict[tuple[int, str], SourceText]
    states: dict[Place, TranslationState]
    new_originals: dict[str, str] = field(default_factory=dict)
    new_sources: list[SourceText] = field(default_factory=list)
    moved_sources: list[SourceText] = field(default_factory=list)
    gone_sources: list[int] = field(default_factory=list)
    new_states: list[TranslationState] = field(default_factory=list)
    moved_states: list[TranslationState] = field(default_factory=list)
    gone_states: list[int] = field(default_factory=list)


@transaction.atomic
def note_texts(rows: Sequence[models.Model], *, decided: Mapping[tuple[str, str], Decided] | None = None) -> int:
    """Write down what these rows of one model say now. Returns how many entries changed.

    Words that are new or other than before get the state of `catalog.translating.provenance`, unless `decided`
    ((field, language) to `Decided`, for a single row) says otherwise; they count as made from the present original.
    Words that stayed keep the original they were made from: when that has changed they are stale.
    Rows of models nobody registered are passed over.
    """
    entry = translatable_of(rows[0]) if rows else None
    if entry is None:
        return 0
    book = _open(entry, [row.pk for row in rows])
    for row in rows:
        _note(book, entry, row, decided or {})
    return _store(book)


@transaction.atomic
def forget_texts(key: str, object_ids: Collection[int]) -> None:
    """Strike out rows that are gone."""
    ids = list(object_ids)
    SourceText.objects.filter(model=key, object_id__in=ids).delete()
    TranslationState.objects.filter(model=key, object_id__in=ids).delete()


def sync_texts(entry: Translatable) -> int:
    """Bring the book to what all rows of a model say, some hundred at a time. Returns how many entries changed.

    A row that somebody is writing just now is left to them: their action notes it.
    """
    last, changed = 0, 0
    while True:
        with transaction.atomic():
            found = entry.rows().select_for_update(of=("self",), skip_locked=True)
            rows = list(found.filter(pk__gt=last).order_by("pk")[:BATCH])
            if not rows:
                break
            changed += note_texts(rows)
        last = rows[-1].pk
    there = entry.model._default_manager.filter(pk=models.OuterRef("object_id"))
    for book in (SourceText, TranslationState):
        gone = book._default_manager.filter(~models.Exists(there), model=entry.key)
        changed += gone.delete()[0]
    return changed


def forget_unused_originals() -> int:
    """Drop kept originals that no text and no translation refers to."""
    used = [
        models.Exists(SourceText.objects.filter(source_hash=models.OuterRef("hash"))),
        models.Exists(TranslationState.objects.filter(source_hash=models.OuterRef("hash"))),
    ]
    return OriginalText.objects.exclude(used[0]).exclude(used[1]).delete()[0]


def _open(entry: Translatable, ids: list[int]) -> _Book:
    sources = SourceText.objects.filter(model=entry.key, object_id__in=ids)
    states = TranslationState.objects.filter(model=entry.key, object_id__in=ids)
    return _Book(
        sources={(row.object_id, row.field): row for row in sources},
        states={(row.object_id, row.field, row.language): row for row in states},
    )


def _note(book: _Book, entry: Translatable, row: models.Model, decided: Mapping[tuple[str, str], Decided]) -> None:
    label = entry.manners.label(row)[:200]
    for each in entry.fields:
        original = words_of(row, each.name, source_language())
        present = text_hash(original, each.kind)
        standings: dict[str, Standing] = {}
        for language in target_languages():
            words = words_of(row, each.name, language)
            place = (int(row.pk), each.name, language)
            verdict = decided.get((each.name, language))
            if verdict is not None and verdict.original is not None:
                book.new_originals[text_hash(verdict.original, each.kind)] = tidied(verdict.original, each.kind)
            state = _note_words(
                book, entry.key, place, text_hash(words, each.kind) if words else "", _Now(present, verdict, each.kind)
            )
            if state is not None:
                standings[language] = standing_of(state.state, state.source_hash, present)
        source = SourceText(
            model=entry.key,
            object_id=row.pk,
            field=each.name,
            label=label,
            source_hash=present,
            words=count_words(original, each.kind),
            states=written(standings),
        )
        _note_source(book, source, tidied(original, each.kind) if _is_news(book, source) else original)


def _is_news(book: _Book, source: SourceText) -> bool:
    """Whether the original was never seen under this place: only then it has to be kept."""
    known = book.sources.get((source.object_id, source.field))
    return known is None or known.source_hash != source.source_hash


@dataclass(frozen=True)
class _Now:
    """What a translation is held against: the present original, and what a person said."""

    present: str
    decided: Decided | None
    kind: Any


def _note_words(book: _Book, key: str, place: Place, target: str, now: _Now) -> TranslationState | None:
    known = book.states.get(place)
    if not target:
        if known is not None:
            book.gone_states.append(known.pk)
        return None
    wanted = _wanted(known, target, now)
    if known is None:
        pk, name, language = place
        made = TranslationState(
            model=key, object_id=pk, field=name, language=language,
            state=wanted[0], source_hash=wanted[1], target_hash=target,
        )  # fmt: skip
        book.new_states.append(made)
        return made
    if (known.state, known.source_hash, known.target_hash) != (*wanted, target):
        known.state, known.source_hash, known.target_hash = *wanted, target
        known.updated = timezone.now()
        book.moved_states.append(known)
    return known


def _wanted(known: TranslationState | None, target: str, now: _Now) -> tuple[str, str]:
    """The state and the original of words: what was decided, else what they had, else the writer's."""
    if now.decided is not None:
        made_from = now.decided.original
        return now.decided.state, now.present if made_from is None else text_hash(made_from, now.kind)
    if known is None or (known.target_hash and known.target_hash != target):
        return writing_state(), now.present
    if writing_state() == State.APPROVED and known.source_hash == now.present:
        return State.APPROVED, now.present
    return known.state, known.source_hash


def _note_source(book: _Book, source: SourceText, original: str) -> None:
    known = book.sources.get((source.object_id, source.field))
    if not original:
        if known is not None:
            book.gone_sources.append(known.pk)
        return
    if known is None:
        book.new_sources.append(source)
        book.new_originals[source.source_hash] = original
        return
    told = ("label", "source_hash", "words", "states")
    if all(getattr(known, name) == getattr(source, name) for name in told):
        return
    if known.source_hash != source.source_hash:
        known.changed = timezone.now()
        book.new_originals[source.source_hash] = original
    for name in told:
        setattr(known, name, getattr(source, name))
    book.moved_sources.append(known)


def _store(book: _Book) -> int:
    originals = (OriginalText(hash=code, text=words) for code, words in book.new_originals.items())
    OriginalText.objects.bulk_create(originals, ignore_conflicts=True)
    SourceText.objects.bulk_create(
        [*book.new_sources, *book.moved_sources],
        update_conflicts=True,
        unique_fields=["model", "object_id", "field"],
        update_fields=["label", "source_hash", "words", "states", "changed"],
    )
    TranslationState.objects.bulk_create(
        [*book.new_states, *book.moved_states],
        update_conflicts=True,
        unique_fields=["model", "object_id", "language", "field"],
        update_fields=["state", "source_hash", "target_hash", "updated"],
    )
    _strike(SourceText, book.gone_sources)
    _strike(TranslationState, book.gone_states)
    sources = len(book.new_sources) + len(book.moved_sources) + len(book.gone_sources)
    return sources + len(book.new_states) + len(book.moved_states) + len(book.gone_states)


def _strike(model: type[models.Model], ids: Iterable[int]) -> None:
    found = list(ids)
    if found:
        model._default_manager.filter(pk__in=found).delete()
