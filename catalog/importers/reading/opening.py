"""From an uploaded file to what a format reads."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import IO, Any

from django.utils.translation import gettext as _

from catalog.importers.errors import FileRefused, RowProblem, problem
from catalog.importers.formats import ColumnFormat, Kind, Row, Source
from catalog.importers.reading.archives import ZippedFiles
from catalog.importers.reading.guards import archive_of
from catalog.importers.reading.records import Record, checked, read_document, read_lines
from catalog.importers.reading.shapes import Content, Shape, content_of
from catalog.importers.reading.sheets import REASON_COLUMN, Sheet, SheetRow
from catalog.importers.reading.tables import open_table
from catalog.importers.reading.workbooks import open_workbook_sheet
from core.spreadsheets import plain

FIRST_RECORDS = 200
SHAPES = {
    Kind.TABLE: {Shape.TABLE, Shape.WORKBOOK},
    Kind.RECORDS: {Shape.JSON, Shape.LINES, Shape.YAML},
    Kind.DOCUMENT: {Shape.JSON, Shape.YAML},
    Kind.FILES: {Shape.ARCHIVE},
}


@dataclass(frozen=True, kw_only=True)
class How:
    """What a person said about a file: the meaning of its columns, its letters, its sheet."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    sheet: str = ""


@dataclass
class Opened:
    """A source; what there is to say about the file; and rows that cannot be read, by line, as they come by."""

    source: Source
    notes: tuple[RowProblem, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    total: int | None = None
    broken: dict[int, RowProblem] = field(default_factory=dict)


@contextmanager
def open_source(file: IO[bytes], name: str, reading: ColumnFormat, how: How) -> Iterator[Opened]:
    """What `reading` reads of the file. Raises `FileRefused` with the reason when it cannot."""
    with content_of(file, name) as content:
        if content.shape not in SHAPES[reading.kind]:
            raise FileRefused(
                _("This is not a file of the kind that %(format)s needs. Choose another format.")
                % {"format": reading.label}
            )
        if reading.kind == Kind.TABLE:
            yield _table(table_in(content, how), reading, how)
        elif reading.kind == Kind.RECORDS:
            yield _records(records_in(content, how), reading, how)
        elif reading.kind == Kind.DOCUMENT:
            yield Opened(Source(document=document_in(content, how)))
        else:
            with archive_of(content.file) as archive:
                yield Opened(Source(files=ZippedFiles(archive, encoding=how.encoding)))


def table_in(content: Content, how: How) -> Sheet:
    """The table of a text file or workbook."""
    if content.shape == Shape.WORKBOOK:
        return without_reasons(open_workbook_sheet(content.file, name=how.sheet))
    return without_reasons(open_table(content.file, encoding=how.encoding))


def records_in(content: Content, how: How) -> Iterator[Record]:
    """The objects of a file, one after the other."""
    if content.shape == Shape.LINES:
        yield from read_lines(content.file, encoding=how.encoding)
        return
    value = document_in(content, how)
    if not isinstance(value, list):
        if content.shape == Shape.JSON and isinstance(value, dict):
            value = [value]
        else:
            raise FileRefused(_("The file does not hold a list of records."))
    for number, each in enumerate(value, start=1):
        yield checked(number, each)


def document_in(content: Content, how: How) -> Any:
    """The one value of a file."""
    return read_document(content.file, is_yaml=content.shape == Shape.YAML, encoding=how.encoding)


def meanings_of(titles: Sequence[str], reading: ColumnFormat, mapping: Mapping[str, str]) -> dict[str, str]:
    """Column title to field, for the columns that are read. What was said of a column wins over what its title says.

    The first of two columns with the same meaning is read. Two chosen for one field are a `FileRefused`.
    """
    chosen = {title: mapping[title] for title in titles if mapping.get(title)}
    for code in chosen.values():
        named = [title for title, other in chosen.items() if other == code]
        if len(named) > 1:
            raise FileRefused(
                _("The columns “%(first)s” and “%(second)s” were both chosen for the same field. Leave one alone.")
                % {"first": named[0], "second": named[1]}
            )
    found: dict[str, str] = {}
    for title in titles:
        code = chosen.get(title) or ("" if title in mapping or not title else reading.meaning_of(title) or "")
        if code and (title in chosen or code not in {*chosen.values(), *found.values()}):
            found[title] = code
    return found


def _table(sheet: Sheet, reading: ColumnFormat, how: How) -> Opened:
    _refuse_doubles(sheet.columns, reading, how)
    meanings = meanings_of(sheet.columns, reading, how.mapping)
    opened = Opened(
        Source(columns=tuple(meanings.values())),
        notes=sheet.notes,
        unknown_columns=_unknown(sheet.columns, meanings, reading, how),
        total=sheet.total,
    )
    opened.source = Source(columns=opened.source.columns, rows=_table_rows(sheet, meanings, opened.broken))
    return opened


def without_reasons(sheet: Sheet) -> Sheet:
    """A file of refused rows that comes back: its column of reasons is left out, and guarded cells are as they were."""
    if REASON_COLUMN not in sheet.columns:
        return sheet
    place = sheet.columns.index(REASON_COLUMN)
    columns = tuple("" if at == place else title for at, title in enumerate(sheet.columns))
    return replace(sheet, columns=columns, rows=map(_unguarded, sheet.rows))


def _unguarded(row: SheetRow) -> SheetRow:
    return replace(row, cells=tuple(map(plain, row.cells)))


def _table_rows(sheet: Sheet, meanings: Mapping[str, str], broken: dict[int, RowProblem]) -> Iterator[Row]:
    titles = {code: title for title, code in meanings.items()}
    places = {place: meanings[title] for place, title in enumerate(sheet.columns) if title in meanings}
    for row in sheet.rows:
        for place, sentence in row.broken.items():
            if place < 0 or place in places:
                column = sheet.columns[place] if place >= 0 else ""
                broken.setdefault(row.line, problem(row.line, column, "", sentence))
        yield Row(row.line, {code: row.cells[place] for place, code in places.items()}, titles)


def _refuse_doubles(columns: Sequence[str], reading: ColumnFormat, how: How) -> None:
    """Two columns with the same title, when the title means something: nobody can tell which of them is right."""
    for title in columns:
        single = title.removesuffix(" (2)")
        if single != title and single in columns and title not in how.mapping and reading.meaning_of(single):
            raise FileRefused(
                _("Two columns are called “%(title)s”. Rename one of them, or say which one is to be read.")
                % {"title": single}
            )


def _unknown(
    titles: Sequence[str], meanings: Mapping[str, str], reading: ColumnFormat, how: How
) -> tuple[str, ...]:  # fmt: skip
    return tuple(
        title
        for title in titles
        if title and title not in meanings and title not in how.mapping and not reading.is_left_alone(title)
    )


def _records(records: Iterator[Record], reading: ColumnFormat, how: How) -> Opened:
    first = list(islice(records, FIRST_RECORDS))
    if not first:
        raise FileRefused(_("The file is empty."))
    keys = tuple(dict.fromkeys(str(key) for record in first for key in record.values))
    meanings = meanings_of(keys, reading, how.mapping)
    opened = Opened(Source(columns=tuple(meanings.values())), unknown_columns=_unknown(keys, meanings, reading, how))
    rows = _record_rows(chain(first, records), reading, how, opened.broken)
    opened.source = Source(columns=opened.source.columns, rows=rows)
    return opened


def _record_rows(
    records: Iterator[Record], reading: ColumnFormat, how: How, broken: dict[int, RowProblem]
) -> Iterator[Row]:
    known: dict[str, str | None] = {}
    for record in records:
        if record.trouble:
            broken[record.line] = problem(record.line, "", "", record.trouble)
        values, titles = {}, {}
        for key, value in record.values.items():
            if key not in known:
                said = how.mapping.get(key)
                known[key] = said if said is not None else reading.meaning_of(str(key))
            code = known[key]
            if code and code not in values:
                values[code], titles[code] = value, str(key)
        yield Row(record.line, values, titles)
