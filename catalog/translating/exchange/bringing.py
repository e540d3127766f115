"""What becomes of texts that came back: taken, left alone or refused, row by row.

A text made from the present original is taken as it is. One made from an older original is taken as a draft that is
outdated, unless the shop has a translation of the present original already: then it is refused. Tags and placeholders
must be those of the original the text was made from. Nothing that is approved is lowered by the same words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from django.db import models, transaction
from django.utils.translation import gettext as _

from catalog.actions.translations import NewText, Weighed, save_translations, weigh
from catalog.models import OriginalText, TranslationState
from catalog.translating.checks import remarks_on
from catalog.translating.exchange.units import Incoming
from catalog.translating.registry import Translatable, TranslatableField, source_language, translatable, words_of
from catalog.translating.texts import text_hash, tidied

State = TranslationState.State


class Outcome(StrEnum):
    """What became of a text."""

    CHANGED = "changed"
    OUTDATED = "outdated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Brought:
    """One text with what became of it. `old` and `new` are words, or states where only those moved."""

    incoming: Incoming
    outcome: Outcome
    name: str = ""
    old: str = ""
    new: str = ""
    sentence: str = ""


def bring_texts(texts: Iterable[Incoming], *, may_approve: bool, is_dry_run: bool) -> Iterator[list[Brought]]:
    """Take texts in, those of one row and language together. A dry run says the same and changes nothing."""
    for _place, group in groupby(texts, key=lambda text: (text.place or ())[:2] or text.line):
        yield _bring(list(group), may_approve=may_approve, is_dry_run=is_dry_run)


@transaction.atomic
def _bring(texts: list[Incoming], *, may_approve: bool, is_dry_run: bool) -> list[Brought]:
    place = texts[0].place
    entry = translatable(place[0]) if place else None
    row = entry.rows().select_for_update(of=("self",)).filter(pk=place[1]).first() if entry and place else None
    if entry is None or row is None or place is None:
        return [_refused(text, text.trouble or _("The shop has no such text.")) for text in texts]
    name = entry.manners.label(row)
    judged = [_judge(entry, row, text, may_approve=may_approve) for text in texts]
    wanted = [new for _text, new in judged if isinstance(new, NewText)]
    weighed = iter(weigh(entry, row, wanted))
    found, taken = [], []
    for text, new in judged:
        if isinstance(new, str):
            found.append(_refused(text, new, name))
            continue
        each = next(weighed)
        if each.problem:
            found.append(_refused(text, each.problem, name))
        elif each.changes_something:
            found.append(_told(text, each, name))
            taken.append(new)
        else:
            found.append(Brought(incoming=text, outcome=Outcome.UNCHANGED, name=name))
    if taken and not is_dry_run:
        save_translations(key=entry.key, object_id=row.pk, texts=taken)
    return found


def _judge(
    entry: Translatable, row: models.Model, text: Incoming, *, may_approve: bool
) -> tuple[Incoming, NewText | str]:
    """What to store for a text, or why it is refused."""
    about = entry.field(text.place[2]) if text.place else None
    if text.trouble or about is None:
        return text, text.trouble or _("The shop has no such text.")
    source = words_of(row, about.name, source_language())
    made_from = text.source_hash or text_hash(text.source, about.kind)
    is_fresh = made_from == text_hash(source, about.kind)
    original = None if is_fresh else _original(made_from, text.source)
    words = tidied(text.words, about.kind)
    if not words:
        # A file in which nobody wrote anything takes nothing away.
        words = words_of(row, about.name, text.language)
        return text, NewText(field=about.name, language=text.language, words=words)
    problem = _broken(source if is_fresh else (original or ""), words, about)
    if not problem and not is_fresh and _has_newer(entry, row, text, about, source, words):
        problem = _("The original has changed since, and the shop has a translation of the new one.")
    if problem:
        return text, problem
    state = State.APPROVED if text.is_final and may_approve else None
    return text, NewText(
        field=about.name,
        language=text.language,
        words=words,
        state=state if is_fresh else State.DRAFT,
        original=original,
    )


def _original(made_from: str, source: str) -> str:
    """The original behind a hash; what the file says where it was never ours."""
    kept = OriginalText.objects.filter(pk=made_from).values_list("text", flat=True).first()
    return source if kept is None else kept


def _broken(source: str, words: str, about: TranslatableField) -> str:
    return " ".join(each.sentence for each in remarks_on(source=source, words=words, about=about) if each.is_grave)


def _has_newer(
    entry: Translatable, row: models.Model, text: Incoming, about: TranslatableField, source: str, words: str
) -> bool:
    """Whether the shop's own words were made from the present original. The same words are no conflict."""
    if words_of(row, about.name, text.language) == words:
        return False
    return TranslationState.objects.filter(
        model=entry.key,
        object_id=row.pk,
        field=about.name,
        language=text.language,
        source_hash=text_hash(source, about.kind),
    ).exists()


def _told(text: Incoming, each: Weighed, name: str) -> Brought:
    moved = each.words != each.now
    before = each.known.get_state_display() if each.known else ""
    return Brought(
        incoming=text,
        outcome=Outcome.OUTDATED if each.text.original is not None else Outcome.CHANGED,
        name=name,
        old=each.now if moved else before,
        new=each.words if moved else str(State(each.state).label),
        sentence="",
    )


def _refused(text: Incoming, sentence: str, name: str = "") -> Brought:
    return Brought(incoming=text, outcome=Outcome.REFUSED, name=name, new=text.words, sentence=sentence)
