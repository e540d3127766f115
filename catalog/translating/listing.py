"""The desk's list: one page of texts with how far each is, found by what the address asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.text import Truncator, capfirst

from catalog.models import OriginalText, SourceText, TranslationState
from catalog.translating.changes import Change, changes_between
from catalog.translating.matching import Tally, TextFilter, fits, texts_of
from catalog.translating.registry import target_languages, translatable
from catalog.translating.standing import Standing, read
from catalog.translating.texts import Kind, bare

PER_PAGE = 50
EXCERPT = 140


@dataclass(frozen=True, kw_only=True)
class Where:
    """Where a text stands in one language; `changes` are those of the original since it was translated."""

    language: str
    standing: Standing
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TextRow:
    """One text of the list."""

    key: str
    object_id: int
    field: str
    url: str
    name: str
    model_title: str
    field_title: str
    excerpt: str
    words: int
    changed: datetime
    places: tuple[Where, ...]


@dataclass(frozen=True, kw_only=True)
class TextList:
    """One page. `previous` and `next` are the cursors of its neighbours; empty at either end."""

    rows: tuple[TextRow, ...]
    total: int
    previous: str
    next: str


def text_list(asked: TextFilter, tallies: Sequence[Tally], *, after: str = "", before: str = "") -> TextList:
    """The page behind or before a cursor. Outdated texts come newest change first, the others as they were made."""
    by_change = asked.standing == Standing.STALE
    found = texts_of(asked, tallies)
    cursor = before or after
    page, has_more = _page(found, cursor, by_change=by_change, is_backward=bool(before))
    ahead, behind = (has_more, bool(before)) if before else (bool(after), has_more)
    return TextList(
        rows=_rows(page, asked),
        total=sum(tally.texts for tally in tallies if fits(tally, asked)),
        previous=_cursor(page[0], by_change=by_change) if page and ahead else "",
        next=_cursor(page[-1], by_change=by_change) if page and behind else "",
    )


def next_to_translate(asked: TextFilter, *, language: str, behind: tuple[str, int]) -> SourceText | None:
    """The next text that has no up-to-date words in a language, in another row than the one somebody is at."""
    missing = texts_of(TextFilter.of({**asked.asked, "language": language, "standing": Standing.MISSING}))
    stale = texts_of(TextFilter.of({**asked.asked, "language": language, "standing": Standing.STALE}))
    key, object_id = behind
    here = Q(model=key, object_id=object_id)
    last = SourceText.objects.filter(here).order_by("-pk").values_list("pk", flat=True).first() or 0
    for found in (missing, stale):
        row = found.filter(pk__gt=last).order_by("pk").first() or found.exclude(here).order_by("pk").first()
        if row is not None:
            return row
    return None


def _page(
    found: QuerySet[SourceText], cursor: str, *, by_change: bool, is_backward: bool
) -> tuple[list[SourceText], bool]:
    descends = by_change != is_backward
    moment, _tilde, number = cursor.rpartition("~")
    pk = int(number) if number.isdigit() else None
    at = parse_datetime(moment) if moment else None
    side = "lt" if descends else "gt"
    sign = "-" if descends else ""
    if by_change:
        if pk is not None and at is not None:
            found = found.filter(Q(**{f"changed__{side}": at}) | Q(**{"changed": at, f"pk__{side}": pk}))
        found = found.order_by(f"{sign}changed", f"{sign}pk")
    else:
        if pk is not None:
            found = found.filter(**{f"pk__{side}": pk})
        found = found.order_by(f"{sign}pk")
    rows = list(found[: PER_PAGE + 1])
    has_more = len(rows) > PER_PAGE
    rows = rows[:PER_PAGE]
    return (rows[::-1] if is_backward else rows), has_more


def _cursor(row: SourceText, *, by_change: bool) -> str:
    return f"{row.changed.isoformat()}~{row.pk}" if by_change else f"~{row.pk}"


def _rows(page: Sequence[SourceText], asked: TextFilter) -> tuple[TextRow, ...]:
    states = _outdated(page, asked)
    hashes = {row.source_hash for row in page} | {state.source_hash for state in states.values()}
    originals = dict(OriginalText.objects.filter(pk__in=hashes).values_list("hash", "text"))
    languages = (asked.language,) if asked.language else target_languages()
    return tuple(_row(row, languages, states, originals) for row in page)


def _outdated(page: Sequence[SourceText], asked: TextFilter) -> dict[tuple[str, int, str, str], TranslationState]:
    """The outdated translations of the page in the language asked for: their changes are shown."""
    stale = [row for row in page if read(row.states).get(asked.language) is Standing.STALE]
    if not stale:
        return {}
    places = Q()
    for row in stale:
        places |= Q(model=row.model, object_id=row.object_id, field=row.field)
    found = TranslationState.objects.filter(places, language=asked.language)
    return {(state.model, state.object_id, state.field, state.language): state for state in found}


def _row(
    row: SourceText,
    languages: Sequence[str],
    states: Mapping[tuple[str, int, str, str], TranslationState],
    originals: Mapping[str, str],
) -> TextRow:
    entry = translatable(row.model)
    about = entry.field(row.field) if entry else None
    original = originals.get(row.source_hash, "")
    standings = read(row.states)
    places = []
    for language in languages:
        state = states.get((row.model, row.object_id, row.field, language))
        old = originals.get(state.source_hash) if state else None
        places.append(
            Where(
                language=language,
                standing=standings.get(language, Standing.MISSING),
                changes=changes_between(old, original) if old is not None else (),
            )
        )
    return TextRow(
        key=row.model,
        object_id=row.object_id,
        field=row.field,
        url=reverse("admin:translations_editor", args=[row.model, row.object_id]),
        name=row.label,
        model_title=entry.title if entry else row.model,
        field_title=capfirst(str(about.title)) if about else row.field,
        excerpt=Truncator(" ".join(bare(original, about.kind if about else Kind.TEXT).split())).chars(EXCERPT),
        words=row.words,
        changed=row.changed,
        places=tuple(places),
    )
