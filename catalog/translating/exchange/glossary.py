"""The glossary as CSV: one row per term and language."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from catalog.actions.glossary import TermDraft, put_term
from catalog.importers.errors import FileRefused
from catalog.importers.reading.tables import open_table
from catalog.models import GlossaryTerm
from catalog.translating.exchange.tables import inert, lively
from core.errors import DomainError

COLUMNS = ("term", "language", "translation", "keep", "capitals", "note")
YES = frozenset({"1", "yes", "true", "x", "y"})


@dataclass(frozen=True, kw_only=True)
class TermRow:
    """One row of a table with what became of it: `changed`, `unchanged` or `refused` with a sentence."""

    line: int
    term: str
    outcome: str
    sentence: str = ""


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def write_terms() -> Iterator[str]:
    """The whole glossary."""
    table = csv.writer(_Echo())
    yield "\ufeff" + table.writerow(COLUMNS)
    for term in GlossaryTerm.objects.iterator(chunk_size=500):
        cells = (
            term.source_term,
            term.language,
            term.target_term,
            "yes" if term.do_not_translate else "",
            "yes" if term.case_sensitive else "",
            term.note,
        )
        yield table.writerow([inert(cell) for cell in cells])


def bring_terms(file: IO[bytes]) -> list[TermRow]:
    """Put every term of a table; the same table again changes nothing. Raises `FileRefused` when it is none of ours."""
    sheet = open_table(file)
    places = {title.casefold(): place for place, title in enumerate(sheet.columns)}
    for needed in COLUMNS[:3]:
        if needed not in places:
            raise FileRefused(_("The file has no column “%(column)s”.") % {"column": needed})
    found = []
    for row in sheet.rows:
        cells = {title: lively(row.cells[place]).strip() for title, place in places.items()}
        draft = TermDraft(
            source_term=cells["term"],
            language=cells["language"].casefold().replace("_", "-"),
            target_term=cells["translation"],
            do_not_translate=cells.get("keep", "").casefold() in YES,
            case_sensitive=cells.get("capitals", "").casefold() in YES,
            note=cells.get("note", ""),
        )
        try:
            outcome, sentence = ("changed" if put_term(draft=draft) else "unchanged"), ""
        except DomainError as refusal:
            outcome, sentence = "refused", str(refusal)
        found.append(TermRow(line=row.line, term=draft.source_term, outcome=outcome, sentence=sentence))
    return found
