"""From an uploaded file to what a format reads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from catalog.importers.formats import ImportFormat, Row, Source
from catalog.importers.sheets import SheetRow, open_sheet


@dataclass(frozen=True)
class Opened:
    """A source, and the columns nobody reads."""

    source: Source
    unknown_columns: tuple[str, ...] = ()


def open_source(file: IO[bytes], reading: ImportFormat, *, mapping: Mapping[str, str]) -> Opened:
    """What `reading` reads of the file. `mapping` says the field of a column, or nothing for one to leave alone."""
    sheet = open_sheet(file)
    meanings = meanings_of(sheet.columns, reading, mapping)
    unknown = [
        title for title in sheet.columns
        if title and title not in meanings and title not in mapping and not reading.is_left_alone(title)
    ]  # fmt: skip
    source = Source(columns=tuple(dict.fromkeys(meanings.values())), rows=_by_meaning(sheet.rows, meanings))
    return Opened(source, tuple(unknown))


def meanings_of(titles: Sequence[str], reading: ImportFormat, mapping: Mapping[str, str]) -> dict[str, str]:
    """Column title to field, for the columns that are read. What was said of a column wins over what its title says."""
    found: dict[str, str] = {}
    for title in titles:
        field = mapping.get(title, reading.meaning_of(title) if title else None)
        if field:
            found[title] = field
    return found


def _by_meaning(rows: Iterator[SheetRow], meanings: Mapping[str, str]) -> Iterator[Row]:
    titles = {field: title for title, field in meanings.items()}
    for row in rows:
        values = {field: row.cells[title] for title, field in meanings.items() if title in row.cells}
        yield Row(row.line, values, titles)
