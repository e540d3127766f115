"""Text tables as other systems write them: any usual encoding, any usual separator, one row at a time."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from _csv import Reader

from django.utils.translation import gettext as _

from catalog.importers.errors import FileRefused

MOST_COLUMNS = 500
LONGEST_CELL = 500_000
SAMPLE = 65_536
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class SheetRow:
    """One row: the line it begins on (the header is line 1) and its cells by column title."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """A table that is read once, from top to bottom, in bounded memory."""

    columns: tuple[str, ...]
    rows: Iterator[SheetRow]


def open_sheet(file: IO[bytes]) -> Sheet:
    """The table in a CSV file. Raises `FileRefused` with the reason when it is none."""
    sample = file.read(SAMPLE)
    file.seek(0)
    encoding = _encoding(sample, is_whole=len(sample) < SAMPLE)
    if "\0" in sample.decode(encoding, errors="replace"):
        raise FileRefused(_("This is not a text file. Save the table as CSV and upload that."))
    text = io.TextIOWrapper(file, encoding=encoding, newline="", errors="strict")
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(text, delimiter=_delimiter(sample.decode(encoding, errors="replace")), strict=True)
    columns = _header(reader)
    return Sheet(columns, _rows(reader, columns))


def _encoding(sample: bytes, *, is_whole: bool) -> str:
    for mark, name in BOMS:
        if sample.startswith(mark):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=is_whole)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _delimiter(sample: str) -> str:
    first = sample.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _header(reader: "Reader") -> tuple[str, ...]:
    try:
        titles = next(reader, [])
    except (csv.Error, UnicodeDecodeError) as error:
        raise FileRefused(_("The first line cannot be read: %(reason)s") % {"reason": error}) from error
    columns = tuple(title.strip() for title in titles)
    if not any(columns):
        raise FileRefused(_("The file is empty, or its first line has no column titles."))
    if len(columns) > MOST_COLUMNS:
        raise FileRefused(_("The file has %(count)d columns; at most %(most)d are read.") % {
            "count": len(columns), "most": MOST_COLUMNS,
        })  # fmt: skip
    return columns


def _rows(reader: "Reader", columns: tuple[str, ...]) -> Iterator[SheetRow]:
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise FileRefused(
                _("Line %(line)d cannot be read: %(reason)s. Look for a quotation mark that is not closed.")
                % {"line": line, "reason": error}
            ) from error
        except UnicodeDecodeError as error:
            raise FileRefused(
                _("Line %(line)d has letters in a different encoding than the rest of the file.") % {"line": line}
            ) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield SheetRow(line, dict(zip(columns, (cell.strip() for cell in cells), strict=False)))
