"""A first look at a file: what it is, what its columns are called and seem to mean. Nothing is changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from catalog.importers.errors import RowProblem
from catalog.importers.formats import Head, ImportFormat, Kind
from catalog.importers.reading.archives import ZippedFiles
from catalog.importers.reading.encodings import Encoding, encoding_of
from catalog.importers.reading.guards import archive_of
from catalog.importers.reading.opening import FIRST_RECORDS, SHAPES, How, document_in, records_in, table_in
from catalog.importers.reading.records import checked
from catalog.importers.reading.shapes import Content, Shape, content_of
from catalog.importers.reading.workbooks import sheet_names
from catalog.importers.registry import detect_format, import_formats

SAMPLES = 20
LONGEST_SAMPLE = 80


@dataclass(frozen=True)
class Column:
    """A column's title and the first thing found in it."""

    title: str
    sample: str = ""


@dataclass(frozen=True)
class Seen:
    """What a look at the file showed. `encoding` is nothing for files that say it themselves."""

    shape: Shape
    heads: tuple[Head, ...]
    columns: tuple[Column, ...] = ()
    encoding: Encoding | None = None
    sheets: tuple[str, ...] = ()
    notes: tuple[RowProblem, ...] = ()
    total: int | None = None

    @property
    def titles(self) -> tuple[str, ...]:
        """The column titles."""
        return tuple(column.title for column in self.columns)

    def detected(self) -> ImportFormat | None:
        """The format it seems to be."""
        return detect_format(self.heads)

    def possible(self) -> list[ImportFormat]:
        """Formats that could read a file of this shape."""
        return [known for known in import_formats().values() if self.shape in SHAPES[known.kind]]


def look_at(file: IO[bytes], name: str, how: How) -> Seen:
    """Raises `FileRefused` with the reason when nobody can read the file."""
    with content_of(file, name) as content:
        if content.shape in (Shape.TABLE, Shape.WORKBOOK):
            return _table(content, how)
        if content.shape == Shape.ARCHIVE:
            with archive_of(content.file) as archive:
                names = ZippedFiles(archive).names
            return Seen(content.shape, (Head(content.name, Kind.FILES, names=names),))
        return _values(content, how)


def _table(content: Content, how: How) -> Seen:
    is_text = content.shape == Shape.TABLE
    sheets = () if is_text else sheet_names(content.file)
    encoding = encoding_of(content.file, wanted=how.encoding) if is_text else None
    sheet = table_in(content, how)
    first = [row.cells for row in islice(sheet.rows, SAMPLES)]
    columns = tuple(
        Column(title, _short(next((cells[place] for cells in first if cells[place]), "")))
        for place, title in enumerate(sheet.columns)
    )
    heads = (Head(content.name, Kind.TABLE, columns=sheet.columns),)
    return Seen(content.shape, heads, columns, encoding, sheets, sheet.notes, sheet.total)


def _values(content: Content, how: How) -> Seen:
    """JSON and YAML: records when there are several, and a document in any case but lines."""
    encoding = encoding_of(content.file, wanted=how.encoding)
    if content.shape == Shape.LINES:
        first = list(islice(records_in(content, how), FIRST_RECORDS))
        columns = _keys(record.values for record in first)
        heads: tuple[Head, ...] = (_records_head(content, columns),)
        return Seen(content.shape, heads, columns, encoding)
    document = document_in(content, how)
    listed = document if isinstance(document, list) else []
    columns = _keys(checked(number, each).values for number, each in enumerate(listed[:FIRST_RECORDS], start=1))
    heads = (Head(content.name, Kind.DOCUMENT, document=document),)
    if columns:
        heads = (_records_head(content, columns), *heads)
    return Seen(content.shape, heads, columns, encoding)


def _records_head(content: Content, columns: tuple[Column, ...]) -> Head:
    return Head(content.name, Kind.RECORDS, columns=tuple(column.title for column in columns))


def _keys(records: Iterator[dict[str, Any]]) -> tuple[Column, ...]:
    samples: dict[str, str] = {}
    for record in records:
        for key, value in record.items():
            if not samples.get(str(key)):
                samples[str(key)] = "" if value is None or isinstance(value, list | dict) else _short(str(value))
    return tuple(Column(title, sample) for title, sample in samples.items())


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_SAMPLE else f"{plain[: LONGEST_SAMPLE - 1]}…"
