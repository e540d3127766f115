"""Text tables as other systems write them: any usual encoding, separator and line end, one row at a time."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext as _

from catalog.importers.errors import FileRefused, RowProblem, problem
from catalog.importers.reading.encodings import NAMES, Encoding, encoding_of
from catalog.importers.reading.guards import kept_open
from catalog.importers.reading.sheets import LONGEST_CELL, Sheet, SheetRow, columns_of, fitted

if TYPE_CHECKING:
    from _csv import Reader

SEPARATORS = (",", ";", "\t", "|")
FIRST = 65_536


def open_table(
    file: IO[bytes], *, encoding: str = "", separator: str = "", columns: Sequence[str] = ()
) -> Sheet:  # fmt: skip
    """The table in a text file. `columns` are its titles when it has none; `separator` may be longer than a letter.

    Goes through the whole file before it hands out the first row, so that a file broken in the middle is refused
    before anything has changed. Raises `FileRefused` with the reason.
    """
    letters = encoding_of(file, wanted=encoding)
    separator = separator or _separator(file, letters.name)
    titles = columns_of(columns or _titles(file, letters.name, separator))
    skip = not columns
    last, count = _survey(_records(file, letters.name, separator, skip=skip))
    if not count:
        raise FileRefused(_("The file has column titles and no rows."))
    rows = _rows(_records(file, letters.name, separator, skip=skip), len(titles))
    return Sheet(titles, rows, total=last, notes=() if letters.is_certain else (guess_note(letters),))


def guess_note(letters: Encoding) -> RowProblem:
    """Says which letters were taken."""
    return problem(
        1,
        "",
        "",
        _("The letters were taken for %(encoding)s. If words look wrong, choose the encoding yourself.")
        % {"encoding": NAMES[letters.name]},
        is_note=True,
    )


def _text(file: IO[bytes], encoding: str) -> io.TextIOWrapper:
    """The file's text from its start; the file stays open when the text is done with."""
    file.seek(0)
    return io.TextIOWrapper(kept_open(file), encoding=encoding, newline="", errors="strict")


def _separator(file: IO[bytes], encoding: str) -> str:
    """The separator that stands most often outside quotation marks in the first line."""
    try:
        start = _text(file, encoding).read(FIRST)
    except UnicodeError as error:
        raise _other_letters(file, encoding) from error
    counts = dict.fromkeys(SEPARATORS, 0)
    is_quoted = False
    for letter in start.lstrip("\r\n"):
        if letter == '"':
            is_quoted = not is_quoted
        elif not is_quoted and letter in "\r\n":
            break
        elif not is_quoted and letter in counts:
            counts[letter] += 1
    return max(counts, key=counts.__getitem__)


def _titles(file: IO[bytes], encoding: str, separator: str) -> list[str]:
    return next((cells for _line, cells in _records(file, encoding, separator, skip=False)), [])


def _survey(records: Iterator[tuple[int, list[str]]]) -> tuple[int, int]:
    """The last line and how many rows there are. Raises `FileRefused` where the file is broken."""
    last = count = 0
    for line, _cells in records:
        last, count = line, count + 1
    return last, count


def _rows(records: Iterator[tuple[int, list[str]]], width: int) -> Iterator[SheetRow]:
    for line, cells in records:
        yield fitted(line, cells, width)


def _records(file: IO[bytes], encoding: str, separator: str, *, skip: bool) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, with the line it begins on. `skip` leaves the titles out."""
    text = _text(file, encoding)
    reading = _by_csv(text, separator) if len(separator) == 1 else _by_hand(text, separator)
    try:
        for line, cells in reading:
            plain = [cell.strip() for cell in cells]
            if any(plain):
                if skip:
                    skip = False
                    continue
                yield line, plain
    except UnicodeError as error:
        raise _other_letters(file, encoding) from error


def _by_csv(text: io.TextIOWrapper, separator: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    reader: Reader = csv.reader(text, delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise FileRefused(
                _("Line %(line)d cannot be read: %(reason)s. Look for a quotation mark that is not closed.")
                % {"line": line, "reason": error}
            ) from error
        if cells is None:
            return
        if any("\0" in cell for cell in cells):
            raise FileRefused(_("Line %(line)d contains NUL characters.") % {"line": line})
        yield line, cells


def _by_hand(text: io.TextIOWrapper, separator: str) -> Iterator[tuple[int, list[str]]]:
    """For separators of several letters, which come without quotation marks."""
    line = 0
    while found := text.readline(LONGEST_CELL):
        line += 1
        yield line, found.rstrip("\r\n").split(separator)


def _other_letters(file: IO[bytes], encoding: str) -> FileRefused:
    """Names the first line that does not fit; in UTF-16 a line cannot be told without decoding it."""
    line = 1 if encoding.startswith(("utf-16", "utf-32")) else _first_unfit(file, encoding)
    return FileRefused(
        _("From line %(line)d on there are letters in another encoding than the rest of the file, or than was chosen.")
        % {"line": line}
    )


def _first_unfit(file: IO[bytes], encoding: str) -> int:
    number = 0
    for number, content in enumerate(kept_open(file), start=1):  # noqa: B007 (the number is what is wanted)
        try:
            content.decode(encoding)
        except UnicodeError:
            break
    return number
