"""Writing and approving translations. Who may approve is asked at the edge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from catalog.actions.routes import route
from catalog.models import Category, Product, Route, TranslationState
from catalog.translating.checks import remarks_on
from catalog.translating.errors import Refused, TextsMoved, TextsRefused, UnknownText
from catalog.translating.noting import Decided, note_texts
from catalog.translating.registry import (
    Translatable,
    TranslatableField,
    put_words,
    source_language,
    target_languages,
    translatable,
    words_of,
)
from catalog.translating.stamps import stamp_of
from catalog.translating.texts import text_hash, tidied
from core import audit

State = TranslationState.State


@dataclass(frozen=True, kw_only=True)
class NewText:
    """One translation as somebody wants it. Empty words take it away.

    Without a `state` other words become a draft and the same words stay what they are. With one, the words are
    vouched for against the present original, or against `original` when they were made from another.
    `seen` is the stamp of what the writer had before them (`catalog.translating.stamps`).
    """

    field: str
    language: str
    words: str
    state: str | None = None
    seen: str | None = None
    original: str | None = None


@dataclass(frozen=True)
class Weighed:
    """A text with everything that is known about its place."""

    text: NewText
    about: TranslatableField
    words: str
    now: str
    source: str
    present: str
    known: TranslationState | None

    @property
    def place(self) -> tuple[str, str]:
        return self.text.field, self.text.language

    @property
    def state(self) -> str:
        return self.text.state or State.DRAFT

    @property
    def changes_something(self) -> bool:
        """Whether storing it would: the same words are never brought down from approved."""
        if self.words != self.now:
            return True
        if not self.words or self.text.state is None or self.text.original is not None:
            return False
        fresh = self.known is not None and self.known.source_hash == self.present
        return not (fresh and self.known is not None and self.known.state in (self.text.state, State.APPROVED))

    @property
    def problem(self) -> str:
        """Why it cannot be stored, or not be approved; empty when it can."""
        is_final = self.text.state == State.APPROVED
        if not self.words:
            return _("There is nothing to approve.") if is_final else ""
        remarks = remarks_on(source=self.source, words=self.words, about=self.about)
        return " ".join(each.sentence for each in remarks if each.is_grave and (is_final or each.code == "too_long"))


@transaction.atomic
def save_translations(
    *, key: str, object_id: int, texts: Sequence[NewText], slugs: Mapping[str, str] | None = None
) -> int:
    """Store translations of one row, all or none. Returns how many texts changed, in words or in state.

    A slug (language to slug) replaces that language's address; the old one goes on leading there. Raises
    `UnknownText`, `TextsMoved` when somebody else was faster, and `TextsRefused` for what cannot be stored or approved.
    """
    entry, row = _locked(key, object_id)
    wanted = weigh(entry, row, texts)
    _refuse(TextsMoved, [(each, str(TextsMoved.message)) for each in wanted if _has_moved(each)])
    _refuse(TextsRefused, [(each, each.problem) for each in wanted if each.problem])
    changed = [each for each in wanted if each.changes_something]
    _write(row, changed)
    moved = _readdress(row, slugs or {})
    if changed or moved:
        told = {f"{each.text.field} {each.text.language}": each.state for each in changed}
        audit.record("catalog.save_translations", row, data={"texts": told})
        if entry.manners.follow is not None:
            entry.manners.follow(row)
    return len(changed)


@dataclass(frozen=True, kw_only=True)
class TextPlace:
    """One translation by its place."""

    key: str
    object_id: int
    field: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Approved:
    """What became of a request to approve several texts: how many were, and why others were not."""

    done: int
    refused: tuple[tuple[TextPlace, str], ...]


def approve_translations(*, places: Sequence[TextPlace]) -> Approved:
    """Approve translations as they stand against the present originals, row by row.

    What is missing or unsound is refused with a sentence; the others are approved all the same.
    """
    by_row: dict[tuple[str, int], list[TextPlace]] = {}
    for place in places:
        by_row.setdefault((place.key, place.object_id), []).append(place)
    done, refused = 0, []
    for (key, object_id), mine in sorted(by_row.items()):
        count, problems = _approve_row(key, object_id, mine)
        done += count
        refused += problems
    return Approved(done=done, refused=tuple(refused))


@transaction.atomic
def _approve_row(key: str, object_id: int, places: Sequence[TextPlace]) -> tuple[int, list[tuple[TextPlace, str]]]:
    entry, row = _locked(key, object_id)
    texts = [
        NewText(
            field=place.field,
            language=place.language,
            words=words_of(row, place.field, place.language) if entry.field(place.field) else "",
            state=State.APPROVED,
        )
        for place in places
    ]
    wanted = weigh(entry, row, texts)
    refused = [(place, each.problem) for place, each in zip(places, wanted, strict=True) if each.problem]
    sound = [each.text for each in wanted if not each.problem]
    return (save_translations(key=key, object_id=object_id, texts=sound) if sound else 0), refused


def _locked(key: str, object_id: int) -> tuple[Translatable, models.Model]:
    entry = translatable(key)
    if entry is None:
        raise UnknownText
    row: models.Model | None = entry.rows().select_for_update(of=("self",)).filter(pk=object_id).first()
    if row is None:
        raise UnknownText
    return entry, row


def weigh(entry: Translatable, row: models.Model, texts: Sequence[NewText]) -> list[Weighed]:
    """What storing these texts would do, without doing it. Raises `UnknownText`."""
    known = {
        (state.field, state.language): state
        for state in TranslationState.objects.filter(model=entry.key, object_id=row.pk)
    }
    found = []
    for text in texts:
        about = entry.field(text.field)
        if about is None or text.language not in target_languages():
            raise UnknownText
        source = words_of(row, text.field, source_language())
        found.append(
            Weighed(
                text=text,
                about=about,
                words=tidied(text.words, about.kind),
                now=words_of(row, text.field, text.language),
                source=source,
                present=text_hash(source, about.kind),
                known=known.get((text.field, text.language)),
            )
        )
    return found


def _has_moved(each: Weighed) -> bool:
    return each.text.seen is not None and each.text.seen != stamp_of(each.present, each.known)


def _refuse(refusal: type[TextsMoved] | type[TextsRefused], problems: Sequence[tuple[Weighed, str]]) -> None:
    if problems:
        raise refusal(
            [
                Refused(field=each.text.field, language=each.text.language, sentence=sentence)
                for each, sentence in problems
            ]
        )


def _write(row: models.Model, changed: Sequence[Weighed]) -> None:
    if not changed:
        return
    for each in changed:
        put_words(row, each.text.field, each.text.language, each.words)
    stamps = [name for name in ("updated",) if hasattr(row, name)]
    row.save(update_fields=["i18n", *stamps])
    decided = {each.place: Decided(state=each.state, original=each.text.original) for each in changed}
    note_texts([row], decided=decided)


def _readdress(row: Any, slugs: Mapping[str, str]) -> bool:
    """The chosen slugs; those of the other languages stay as they are."""
    if not slugs or not isinstance(row, Product | Category):
        return False
    owner = {"product" if isinstance(row, Product) else "category": row}
    now = dict(Route.objects.filter(**owner, current=True).values_list("language", "slug"))
    return route(target=row, wanted={**now, **slugs})
