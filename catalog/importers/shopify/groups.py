"""Rows that belong to one product. Later rows of a product carry variants and pictures only."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.importers.errors import FileRefused, RowProblem, problem
from catalog.importers.sheets import Sheet
from catalog.importers.shopify.columns import is_left_alone, meaning_of


@dataclass(frozen=True)
class Row:
    """One row by meaning: fields, and the column title of each for messages."""

    line: int
    values: dict[str, str]
    titles: dict[str, str]

    def get(self, field: str) -> str:
        """The cell, or nothing."""
        return self.values.get(field, "")

    def wrong(self, field: str, message: str) -> RowProblem:
        """A problem with this cell."""
        return problem(self.line, self.titles.get(field, field), self.get(field), message)


@dataclass(frozen=True)
class Group:
    """The rows of one product, in the order of the file. `taken_by` is the line of another product with this handle."""

    handle: str
    rows: tuple[Row, ...]
    taken_by: int | None = None

    @property
    def first(self) -> Row:
        """The row that describes the product."""
        return self.rows[0]


@dataclass(frozen=True)
class ShopifyTable:
    """A recognised table: its groups, and the columns nobody reads."""

    groups: Iterator[Group]
    unknown_columns: tuple[str, ...]


def read_groups(sheet: Sheet) -> ShopifyTable:
    """The products of a table, one group at a time. Raises `FileRefused` when it is not a Shopify table."""
    meanings = {title: meaning_of(title) for title in sheet.columns}
    if "handle" not in meanings.values() or "price" not in meanings.values():
        raise FileRefused(
            _("This does not look like a Shopify product table: it needs at least the columns Handle and Price.")
        )
    unknown = tuple(title for title, field in meanings.items() if title and not field and not is_left_alone(title))
    titles = {field: title for title, field in meanings.items() if field}
    return ShopifyTable(_groups(sheet, meanings, titles), unknown)


def _groups(sheet: Sheet, meanings: dict[str, str | None], titles: dict[str, str]) -> Iterator[Group]:
    seen: dict[str, int] = {}
    rows: list[Row] = []
    for found in sheet.rows:
        values = {field: found.cells[title] for title, field in meanings.items() if field and title in found.cells}
        row = Row(found.line, values, titles)
        if rows and row.get("handle") != rows[0].get("handle"):
            yield _group(rows, seen)
            rows = []
        rows.append(row)
    if rows:
        yield _group(rows, seen)


def _group(rows: list[Row], seen: dict[str, int]) -> Group:
    handle = rows[0].get("handle")
    taken_by = seen.get(handle) if handle else None
    seen.setdefault(handle, rows[0].line)
    return Group(handle, tuple(rows), taken_by)
