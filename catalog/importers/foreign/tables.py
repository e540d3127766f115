"""Rows that belong together, and tables that are what they are said to be."""

from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _

from catalog.importers.errors import FileRefused
from catalog.importers.foreign.shelf import Shelf
from catalog.importers.formats import Row, Source, TableFormat


def refuse_without(source: Source, reading: TableFormat, *codes: str) -> None:
    """Raise `FileRefused` unless the table has a column for each of these fields."""
    labels = {field.code: str(field.label) for field in reading.fields}
    missing = [labels[code] for code in codes if code not in source.columns]
    if missing:
        raise FileRefused(
            _("This does not look like a product table of %(system)s. There is no column for: %(fields)s.")
            % {"system": reading.label, "fields": ", ".join(missing)}
        )


def gathered(rows: Iterable[Row], key_of: Callable[[Row], str]) -> Iterator[list[Row]]:
    """Rows with the same key together, wherever they stand, in the order of each group's first row.

    A row without a key is a group of its own.
    """
    with Shelf() as shelf:
        for row in rows:
            shelf.put(key_of(row) or f"line:{row.line}", row)
        for _key, together in shelf.groups():
            yield together


def neighbours(rows: Iterable[Row], is_first: Callable[[Row], bool]) -> Iterator[list[Row]]:
    """Rows up to the next that begins a product."""
    together: list[Row] = []
    for row in rows:
        if together and is_first(row):
            yield together
            together = []
        together.append(row)
    if together:
        yield together
