"""One row on the desk: its texts in the original, beside them one or several languages, and everything to know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst

from catalog.actions.routes import is_same_slug
from catalog.models import Category, GlossaryTerm, OriginalText, Product, Route, SourceText, TranslationState
from catalog.slugs import slug_of
from catalog.translating.changes import Change, changes_between
from catalog.translating.checks import Remark, remarks_on
from catalog.translating.registry import (
    Translatable,
    TranslatableField,
    source_language,
    target_languages,
    translatable,
    words_of,
)
from catalog.translating.stamps import stamp_of
from catalog.translating.standing import Standing, read, standing_of
from catalog.translating.terms import hits_in, terms_for
from catalog.translating.texts import count_words, text_hash

Typed = Mapping[tuple[str, str], str]
"""(field, language) to what somebody typed."""
WIDE = 90
"""Beyond so many characters a text is written in a box of several lines."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One text in one language: what is stored, or what was typed and refused."""

    language: str
    words: str
    stored: str
    standing: Standing
    state: str
    stamp: str
    updated: datetime | None
    changes: tuple[Change, ...]
    remarks: tuple[Remark, ...]
    terms: tuple[GlossaryTerm, ...]
    error: str

    @property
    def is_open(self) -> bool:
        """Whether somebody has to do something here."""
        return self.standing is not Standing.APPROVED

    @property
    def was_typed(self) -> bool:
        """Whether what is shown is not what is stored."""
        return self.words != self.stored


@dataclass(frozen=True, kw_only=True)
class FieldRow:
    """One text with its languages."""

    about: TranslatableField
    title: str
    source: str
    words: int
    lines: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Address:
    """A row's address in one language, and the one its name would give when that is another."""

    language: str
    slug: str
    proposal: str


@dataclass(frozen=True, kw_only=True)
class RelatedTexts:
    """Another row that belongs to this one, with how far its texts are in the languages shown."""

    key: str
    object_id: int
    name: str
    model_title: str
    standings: tuple[tuple[str, Standing], ...]


@dataclass(frozen=True, kw_only=True)
class Editor:
    """The whole page."""

    key: str
    object_id: int
    name: str
    model_title: str
    languages: tuple[str, ...]
    rows: tuple[FieldRow, ...]
    addresses: tuple[Address, ...]
    related: tuple[RelatedTexts, ...]
    form_url: str


def editor(
    *,
    key: str,
    object_id: int,
    languages: Sequence[str],
    typed: Typed | None = None,
    errors: Mapping[tuple[str, str], str] | None = None,
) -> Editor | None:
    """The page of one row; nothing when there is none. Texts without an original are left out."""
    entry = translatable(key)
    if entry is None:
        return None
    row = entry.rows().filter(pk=object_id).first()
    if row is None:
        return None
    chosen = tuple(code for code in target_languages() if code in languages) or target_languages()[:1]
    reader = _Reader(entry, row, chosen, typed or {}, errors or {})
    return Editor(
        key=key,
        object_id=object_id,
        name=entry.manners.label(row),
        model_title=entry.title,
        languages=chosen,
        rows=tuple(reader.field(each) for each in entry.fields if words_of(row, each.name, source_language())),
        addresses=_addresses(row, chosen),
        related=_related(entry, row, chosen),
        form_url=_form_url(row),
    )


class _Reader:
    """Everything stored about one row, read at once."""

    def __init__(
        self,
        entry: Translatable,
        row: models.Model,
        languages: Sequence[str],
        typed: Typed,
        errors: Mapping[tuple[str, str], str],
    ) -> None:
        self.row, self.languages, self.typed, self.errors = row, languages, typed, errors
        found = TranslationState.objects.filter(model=entry.key, object_id=row.pk, language__in=languages)
        self.states = {(state.field, state.language): state for state in found}
        hashes = {state.source_hash for state in self.states.values()}
        self.originals = dict(OriginalText.objects.filter(pk__in=hashes).values_list("hash", "text"))
        self.terms = {language: terms_for(language) for language in languages}

    def field(self, about: TranslatableField) -> FieldRow:
        source = words_of(self.row, about.name, source_language())
        return FieldRow(
            about=about,
            title=capfirst(str(about.title)),
            source=source,
            words=count_words(source, about.kind),
            lines=1 if len(source) <= WIDE and "\n" not in source else min(14, 2 + len(source) // WIDE),
            cells=tuple(self.cell(about, language, source) for language in self.languages),
        )

    def cell(self, about: TranslatableField, language: str, source: str) -> Cell:
        place = about.name, language
        state = self.states.get(place)
        present = text_hash(source, about.kind)
        stored = words_of(self.row, about.name, language)
        words = self.typed.get(place, stored)
        terms = hits_in(source, about.kind, self.terms[language])
        standing = standing_of(state.state, state.source_hash, present) if state else Standing.MISSING
        old = self.originals.get(state.source_hash) if state and standing is Standing.STALE else None
        return Cell(
            language=language,
            words=words,
            stored=stored,
            standing=standing,
            state=state.state if state else "",
            stamp=stamp_of(present, state),
            updated=state.updated if state else None,
            changes=changes_between(old, source) if old is not None else (),
            remarks=remarks_on(source=source, words=words, about=about, hits=terms),
            terms=terms,
            error=self.errors.get(place, ""),
        )


def _addresses(row: Any, languages: Sequence[str]) -> tuple[Address, ...]:
    if not isinstance(row, Product | Category):
        return ()
    owner = {"product" if isinstance(row, Product) else "category": row}
    slugs = dict(Route.objects.filter(**owner, current=True, language__in=languages).values_list("language", "slug"))
    found = []
    for language, slug in sorted(slugs.items()):
        made = slug_of(row.text("name", language))
        found.append(
            Address(language=language, slug=slug, proposal="" if not made or is_same_slug(slug, made, row) else made)
        )
    return tuple(found)


def _related(entry: Translatable, row: models.Model, languages: Sequence[str]) -> tuple[RelatedTexts, ...]:
    if entry.manners.related is None:
        return ()
    wanted = models.Q(pk__in=[])
    for key, ids in entry.manners.related(row):
        wanted |= models.Q(model=key, object_id__in=ids)
    found = []
    for source in SourceText.objects.filter(wanted).order_by("model", "object_id", "pk"):
        there = translatable(source.model)
        standings = read(source.states)
        found.append(
            RelatedTexts(
                key=source.model,
                object_id=source.object_id,
                name=source.label,
                model_title=there.title if there else source.model,
                standings=tuple((language, standings.get(language, Standing.MISSING)) for language in languages),
            )
        )
    return tuple(found)


def _form_url(row: models.Model) -> str:
    """The row's own form in the admin; empty when it has none."""
    try:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""
