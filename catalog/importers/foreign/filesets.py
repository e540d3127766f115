"""The tables of an archive, read by the fields of a format."""

from collections.abc import Iterator

from catalog.importers.formats import FileSet, Row, TableFormat


def file_named(files: FileSet, *names: str) -> str | None:
    """The first of these files that the archive has, packed or not."""
    there = set(files.names)
    return next((each for name in names for each in (name, f"{name}.gz") if each in there), None)


def rows_of(files: FileSet, name: str, reading: TableFormat) -> Iterator[Row]:
    """A table's rows by meaning; problems name the file and the column."""
    known: dict[str, str | None] = {}
    for row in files.rows(name):
        values, titles = {}, {}
        for title, value in row.values.items():
            if title not in known:
                known[title] = reading.meaning_of(title)
            code = known[title]
            if code:
                values[code], titles[code] = value, f"{name}: {title}"
        yield Row(row.line, values, titles)
