"""Translations as CSV: one row per text and language.

No cell can be taken for a formula, and none is changed by that.
"""

import csv
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from catalog.importers.errors import FileRefused
from catalog.importers.reading.tables import open_table
from catalog.translating.exchange.units import Incoming, Unit
from catalog.translating.registry import target_languages, translatable
from catalog.translating.standing import Standing

COLUMNS = ("text", "language", "about", "source", "translation", "state", "source_hash")
NEEDED = ("text", "language", "source", "translation")
STATES = {
    Standing.MISSING: "missing",
    Standing.MACHINE: "machine",
    Standing.DRAFT: "draft",
    Standing.APPROVED: "approved",
    Standing.STALE: "outdated",
}
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\0")
QUOTED = (*FORMULA_SIGNS, "'")


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_head() -> str:
    """The column titles, behind a mark by which spreadsheets know the letters."""
    return "\ufeff" + _line(COLUMNS)


def csv_row(unit: Unit) -> str:
    """One text."""
    entry = translatable(unit.key)
    about = f"{entry.title if entry else unit.key}: {unit.name} – {unit.title}"
    cells = (unit.mark, unit.language, about, unit.source, unit.target, STATES[unit.standing], unit.source_hash)
    return _line(tuple(inert(cell) for cell in cells))


def read_csv(file: IO[bytes]) -> Iterator[Incoming]:
    """The texts of a table. Raises `FileRefused` when it is none of ours."""
    table = open_table(file)
    places = {title.casefold(): place for place, title in enumerate(table.columns)}
    missing = [title for title in NEEDED if title not in places]
    if missing:
        raise FileRefused(_("The file has no column “%(column)s”.") % {"column": missing[0]})

    def cell(cells: tuple[str, ...], title: str) -> str:
        return lively(cells[places[title]]) if title in places else ""

    for row in table.rows:
        language = cell(row.cells, "language").casefold().replace("_", "-")
        trouble = next(iter(row.broken.values()), "")
        if not trouble and language not in target_languages():
            trouble = _("“%(language)s” is no language of this shop.") % {"language": language}
        yield Incoming(
            mark=cell(row.cells, "text"),
            language=language,
            source=cell(row.cells, "source"),
            words=cell(row.cells, "translation"),
            is_final=cell(row.cells, "state").casefold() == STATES[Standing.APPROVED],
            line=row.line,
            source_hash=cell(row.cells, "source_hash"),
            trouble=trouble,
        )


def inert(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula; `lively` takes it back exactly."""
    return f"'{text}" if text.startswith(QUOTED) else text


def lively(cell: str) -> str:
    """What `inert` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(QUOTED) else cell


def _line(cells: tuple[str, ...]) -> str:
    return str(csv.writer(_Echo()).writerow(cells))
