"""XLSX sheets by openpyxl in its streaming mode, behind our guards: values only, nothing is calculated or followed."""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException

from catalog.importers.errors import FileRefused, RowProblem, problem
from catalog.importers.reading.guards import BROKEN_PACK, archive_of
from catalog.importers.reading.sheets import LONGEST_CELL, MOST_COLUMNS, Sheet, SheetRow, columns_of, fitted

MOST_STRINGS = 256 * 1024 * 1024
BROKEN = (
    *BROKEN_PACK, ParseError, DefusedXmlException, InvalidFileException, KeyError, ValueError, TypeError,
    AttributeError, IndexError, OSError,
)  # fmt: skip
"""What openpyxl raises for files that are no sound workbooks."""
ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})
Cells = Sequence[Any]


def sheet_names(file: IO[bytes]) -> tuple[str, ...]:
    """The visible sheets of a workbook."""
    _inspect(file)
    book = _open(file, data_only=True)
    return tuple(sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible")


def open_workbook_sheet(file: IO[bytes], *, name: str = "") -> Sheet:
    """A sheet by its name, or the first visible one. Raises `FileRefused` with the reason."""
    has_formulas, is_merged = _inspect(file)
    names = sheet_names(file)
    if not names:
        raise _damaged()
    if name and name not in names:
        raise FileRefused(_("The workbook has no sheet “%(name)s” that can be read.") % {"name": name})
    chosen = name or names[0]
    rows = _values(file, chosen, MOST_COLUMNS + 1, has_formulas=False)
    title_line, titles = next(((line, cells) for line, cells in rows if any(map(_words, cells))), (1, []))
    columns = columns_of([_words(cell) for cell in titles])
    notes = _notes(names, chosen, is_merged=is_merged)
    reading = _values(file, chosen, len(columns) + 1, has_formulas=has_formulas)
    found = _rows(islice(reading, title_line, None), len(columns))
    first = next(found, None)
    if first is None:
        raise FileRefused(_("The file has column titles and no rows."))
    return Sheet(columns, _chained(first, found), notes=notes)


def _inspect(file: IO[bytes]) -> tuple[bool, bool]:
    """Whether there are formulas and merged cells. Raises `FileRefused` for what is never read."""
    with archive_of(file) as archive:
        names = {entry.filename.lower() for entry in archive.infolist()}
        if any(entry.endswith(("vbaproject.bin", ".xlm")) or "macrosheets/" in entry for entry in names):
            raise FileRefused(_("The workbook contains macros. Save it as an ordinary workbook (.xlsx)."))
        for entry in archive.infolist():
            if entry.filename.lower().endswith("sharedstrings.xml") and entry.file_size > MOST_STRINGS:
                raise FileRefused(_("The workbook has too much text. Save the table as CSV."))
        sheets = [entry for entry in archive.infolist() if entry.filename.lower().startswith("xl/worksheets/sheet")]
        return _contain(archive, sheets, b"<f>", b"<f "), _contain(archive, sheets, b"<mergeCell ")


def _contain(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo], *words: bytes) -> bool:
    try:
        for entry in entries:
            with archive.open(entry) as content:
                before = b""
                while chunk := content.read(1024 * 1024):
                    if any(word in before + chunk for word in words):
                        return True
                    before = chunk[-16:]
    except BROKEN_PACK as error:
        raise FileRefused(_("The packed file is damaged.")) from error
    return False


def _damaged() -> FileRefused:
    return FileRefused(_("The workbook is damaged or of another kind. Save it anew as .xlsx, or as CSV."))


def _open(file: IO[bytes], *, data_only: bool) -> Any:
    file.seek(0)
    try:
        return load_workbook(file, read_only=True, data_only=data_only, keep_links=False)
    except BROKEN as error:
        raise _damaged() from error


def _values(file: IO[bytes], name: str, width: int, *, has_formulas: bool) -> Iterator[tuple[int, Cells]]:
    """Every row with its number. Where a formula's result is not stored, the cell holds a `_Formula`."""
    try:
        values = _cells(_open(file, data_only=True)[name], width)
        if not has_formulas:
            yield from enumerate(values, start=1)
            return
        formulas = _cells(_open(file, data_only=False)[name], width)
        for line, (found, written) in enumerate(zip(values, formulas, strict=True), start=1):
            yield line, [_or_formula(value, source) for value, source in zip(found, written, strict=True)]
    except BROKEN as error:
        raise _damaged() from error


def _cells(sheet: Any, width: int) -> Iterator[Cells]:
    sheet.reset_dimensions()  # what a file says of its own size is not believed
    rows: Iterator[Cells] = sheet.iter_rows(max_col=width, values_only=True)
    return rows


class _Formula:
    """A formula without a result."""


FORMULA = _Formula()


def _or_formula(value: Any, source: Any) -> Any:
    is_formula = not isinstance(source, str | int | float | bool | date | time | timedelta | None) or (
        isinstance(source, str) and source.startswith("=")
    )
    return FORMULA if value is None and is_formula else value


def _rows(reading: Iterator[tuple[int, Cells]], width: int) -> Iterator[SheetRow]:
    for line, values in reading:
        broken = {place: said for place, value in enumerate(values) if (said := _trouble(value))}
        cells = ["" if place in broken else _words(value) for place, value in enumerate(values)]
        if any(cells) or broken:
            yield fitted(line, cells, width, broken)


def _trouble(value: Any) -> str:
    if value is FORMULA:
        return _("The cell holds a formula whose result is not stored. Replace it by its value.")
    if isinstance(value, str):
        if value in ERRORS:
            return _("The cell holds the error %(error)s.") % {"error": value}
        if len(value) > LONGEST_CELL:
            return _("The cell holds too much text.")
        if "\0" in value:
            return _("The cell contains NUL characters.")
    return ""


def _words(value: Any) -> str:
    """A cell as somebody would have typed it into a text table."""
    if value is None or value is FORMULA:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return unescape(str(value)).replace("\0", "").strip()


def _notes(names: Sequence[str], chosen: str, *, is_merged: bool) -> tuple[RowProblem, ...]:
    notes = []
    if len(names) > 1:
        sentence = _("The workbook has several sheets. Only “%(name)s” was read.") % {"name": chosen}
        notes.append(problem(1, "", ", ".join(names), sentence, is_note=True))
    if is_merged:
        sentence = _("The sheet has merged cells. Only the first of them has the value; the others are empty.")
        notes.append(problem(1, "", "", sentence, is_note=True))
    return tuple(notes)


def _chained(first: SheetRow, others: Iterator[SheetRow]) -> Iterator[SheetRow]:
    yield first
    yield from others
