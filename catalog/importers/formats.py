"""The seam between an import and the formats of other systems.

A format says which columns it knows and turns a source (rows, records, a document or a set of files) into units, one
per product. Reading files, encodings, column mappings, batches, dry runs, resuming and refused rows are the
framework's. Formats are named by dotted path in `settings.IMPORT_FORMATS`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from django.utils.functional import Promise

from catalog.importers.drafts import ImportedProduct
from catalog.importers.errors import RowProblem, problem

CERTAIN, LIKELY, NO = 100, 50, 0


class Kind(StrEnum):
    """What a format is made of."""

    TABLE = "table"
    """Rows under column titles: CSV, TSV or XLSX."""
    RECORDS = "records"
    """Objects one after the other: JSON lines, a JSON array or a YAML list, each also gzipped."""
    DOCUMENT = "document"
    """One JSON or YAML value, also gzipped."""
    FILES = "files"
    """A ZIP with several files."""


@dataclass(frozen=True)
class Field:
    """Something a column can mean. `titles` are the column titles that mean it by themselves, compared by `normal`."""

    code: str
    label: str | Promise
    titles: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Row:
    """One row or record by meaning: values by field code, and the column title of each for messages.

    `line` is the line of the file on which the row begins (the header is line 1), or the number of the record.
    """

    line: int
    values: Mapping[str, Any]
    titles: Mapping[str, str] = field(default_factory=dict)

    def get(self, code: str) -> str:
        """The cell as text, or nothing. Lists and objects of records are read from `values`."""
        value = self.values.get(code)
        if value is None or isinstance(value, list | dict):
            return ""
        return value if isinstance(value, str) else str(value)

    def wrong(self, code: str, message: str | Promise, *, is_note: bool = False) -> RowProblem:
        """A problem with this cell, or a note about it."""
        return problem(self.line, self.titles.get(code, code), self.get(code), message, is_note=is_note)


class FileSet(Protocol):
    """The files of a ZIP by name (folders are left out of the names). Reading one is bounded like everything."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every file that may be read."""

    def rows(self, name: str, *, columns: Sequence[str] = (), separator: str = "") -> Iterator[Row]:
        """A table's rows with values by column title; `columns` are the titles of a file that has none."""

    def document(self, name: str) -> Any:
        """A JSON or YAML file's value."""


@dataclass(frozen=True)
class Source:
    """What a format reads: `rows` of a table or of records, the `document`, or the `files`."""

    columns: tuple[str, ...] = ()
    rows: Iterator[Row] = field(default_factory=lambda: iter(()))
    document: Any = None
    files: FileSet | None = None


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the file does not say: the market, the currency of its prices and the language of its words."""

    language: str
    currency: str
    market: str = ""


@dataclass(frozen=True)
class Unit:
    """One product's part of the source. `read` raises `RowsRefused`; it is called once, in the order of the units.

    `lines` are all lines the product is made of: they go to the file of refused rows.
    """

    key: str
    lines: tuple[int, ...]
    read: Callable[[], ImportedProduct]


@dataclass(frozen=True)
class Head:
    """What is known of a file before it is read: enough to recognise its format."""

    name: str
    kind: Kind
    columns: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    document: Any = None


class ColumnFormat(Protocol):
    """What a table or records of another system are made of, whatever is told in them."""

    code: str
    label: str | Promise
    kind: Kind
    fields: Sequence[Field]

    def meaning_of(self, title: str) -> str | None:
        """The field a column title stands for by itself; nothing for one the format does not know."""

    def is_left_alone(self, title: str) -> bool:
        """Whether a column is known to be of no use here, so that nobody needs to be told of it."""

    def recognises(self, head: Head) -> int:
        """How sure it is that the file is of this format: `NO` to `CERTAIN`."""


class ImportFormat(ColumnFormat, Protocol):
    """A format of products of another system (or our own)."""

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """The products, in an order that is the same each time. Raises `FileRefused` for another file."""


class TableFormat:
    """What formats of tables and records share. Subclasses set the attributes and write `read`.

    `signature` are titles (as `normal` writes them) that together occur in no other system's tables.
    """

    code: str
    label: str | Promise
    kind: Kind = Kind.TABLE
    fields: Sequence[Field] = ()
    signature: tuple[str, ...] = ()
    left_alone: tuple[str | re.Pattern[str], ...] = ()
    """Beginnings of titles, or patterns found in them."""

    def meaning_of(self, title: str) -> str | None:
        """By the titles of `fields`."""
        plain = normal(title)
        return next((known.code for known in self.fields if plain in known.titles), None)

    def is_left_alone(self, title: str) -> bool:
        """By `left_alone`."""
        plain = normal(title)
        return any(
            plain.startswith(known) if isinstance(known, str) else known.search(plain) is not None
            for known in self.left_alone
        )

    def recognises(self, head: Head) -> int:
        """Certain with the whole signature; likely when every required field has a column."""
        if head.kind != self.kind:
            return NO
        plain = {normal(title) for title in head.columns}
        if self.signature and plain.issuperset(self.signature):
            return CERTAIN
        found = {self.meaning_of(title) for title in head.columns}
        required = {known.code for known in self.fields if known.required}
        return LIKELY if required and required <= found else NO


def normal(title: str) -> str:
    """Lower case, single spaces, hyphens as spaces: dialects differ in no more than that."""
    return " ".join(title.lower().replace("-", " ").split())
