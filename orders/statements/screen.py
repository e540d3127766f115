"""A statement as its page shows it: cells that know how they are written, rows that lead to their documents."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from orders.statements.tables import TABLES, Cell, Table, kind_of
from orders.statements.types import Chosen


@dataclass(frozen=True, kw_only=True)
class ShownCell:
    """`kind` is `money`, `number`, `day` or `text`; numbers stand at the end of their column."""

    kind: str
    value: Cell

    @property
    def is_number(self) -> bool:
        """Whether it is aligned like a number."""
        return self.kind in ("money", "number")


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    """The first cell is the row's heading; `url` leads to what it sums, empty where nothing is listed."""

    heading: ShownCell
    cells: tuple[ShownCell, ...]
    url: str


@dataclass(frozen=True, kw_only=True)
class ShownTable:
    """One statement on the page. `columns` are the words and whether numbers stand below them."""

    code: str
    title: str
    about: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[ShownRow, ...]
    csv_url: str


def shown_tables(chosen: Chosen, query: Mapping[str, str], opens: Collection[str]) -> tuple[ShownTable, ...]:
    """Every statement of the period; rows lead to those lists (`opens`) which the person may see. One query each,
    whatever the number of orders."""
    return tuple(_table(make(chosen), query, opens) for make in TABLES.values())


def _table(table: Table, query: Mapping[str, str], opens: Collection[str]) -> ShownTable:
    behind = table.behind if table.behind in opens else ""
    rows = tuple(_row(cells, link, query, behind) for cells, link in table.linked)
    numbers = [one.is_number for one in (rows[0].heading, *rows[0].cells)] if rows else [False] * len(table.columns)
    address = reverse("admin:statement_csv", args=[table.code])
    return ShownTable(
        code=table.code,
        title=table.title,
        about=table.about,
        columns=tuple(zip(table.columns, numbers, strict=True)),
        rows=rows,
        csv_url=f"{address}?{urlencode(query)}",
    )


def _row(cells: tuple[Cell, ...], link: Mapping[str, str], query: Mapping[str, str], behind: str) -> ShownRow:
    shown = [ShownCell(kind=kind_of(cell), value=cell) for cell in cells]
    return ShownRow(
        heading=shown[0],
        cells=tuple(shown[1:]),
        url=f"{reverse(f'admin:{behind}')}?{urlencode({**query, **link})}" if link and behind else "",
    )
