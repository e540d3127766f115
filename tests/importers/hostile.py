"""Formats without a meaning of their own and files made by hand: what tests of broken and harmful files share."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import openpyxl
import pytest
import xlsxwriter

from catalog.importers.errors import FileRefused
from catalog.importers.formats import Field, Kind, Row, TableFormat
from catalog.importers.reading.opening import How, Opened, open_source

MIB = 1024 * 1024


class Plain(TableFormat):
    code = "plain"
    label = "Plain"
    fields = (
        Field("sku", "SKU", ("sku",), required=True),
        Field("name", "Name", ("name",)),
        Field("price", "Price", ("price",)),
    )


class PlainRecords(Plain):
    kind = Kind.RECORDS


class PlainDocument(Plain):
    kind = Kind.DOCUMENT


class PlainFiles(Plain):
    kind = Kind.FILES


@contextmanager
def opened(
    content: bytes, name: str = "table.csv", reading: TableFormat | None = None, **how: object
) -> Iterator[Opened]:
    with open_source(io.BytesIO(content), name, reading or Plain(), How(**how)) as found:
        yield found


def rows_of(content: bytes, name: str = "table.csv", reading: TableFormat | None = None, **how: object) -> list[Row]:
    with opened(content, name, reading, **how) as found:
        return list(found.source.rows)


def refusal(content: bytes, name: str = "table.csv", reading: TableFormat | None = None, **how: object) -> str:
    with pytest.raises(FileRefused) as refused:
        rows_of(content, name, reading, **how)
    return str(refused.value)


def values(rows: list[Row]) -> list[dict[str, object]]:
    return [dict(row.values) for row in rows]


def workbook(*rows: tuple[object, ...], titles: tuple[object, ...] = ("sku", "name", "price")) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in (titles, *rows):
        book.active.append(row)
    return book


def with_shared_strings() -> bytes:
    """openpyxl writes strings into the cells; Excel keeps them in a file of their own."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for line, row in enumerate((("sku", "name"), ("A-1", "Mug"))):
            page.write_row(line, 0, row)
    return out.getvalue()


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(content: bytes, **members: bytes | None) -> bytes:
    """The same ZIP with some members replaced, added or (None) left out; `/` is written `__`, `.` is `_dot_`."""
    named = {name.replace("_dot_", ".").replace("__", "/"): body for name, body in members.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in named:
                new.writestr(entry.filename, old.read(entry))
        for name, body in named.items():
            if body is not None:
                new.writestr(name, body)
    return out.getvalue()
