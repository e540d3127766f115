"""Rows of our own table: the words of the vocabulary, and the rows that belong to one product."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from django.utils.translation import gettext as _

from catalog.importers.errors import RowProblem
from catalog.importers.formats import Row
from catalog.importers.portolan.columns import BY_NAME, On, Title, title_of
from core.spreadsheets import EMPTY, plain

T = TypeVar("T")
PRODUCT = "product"
WORDS = ("type", "brand", "contact", "category", "option", "value", "attribute", "choice", "price_list")


class Emptied:
    """What a cell with `[empty]` says: nothing is to be there."""


EMPTIED = Emptied()


@dataclass(frozen=True)
class Header:
    """The columns of a file, by what they are about."""

    titles: tuple[Title, ...]

    @staticmethod
    def of(codes: Sequence[str]) -> "Header":
        """From the field codes the framework hands over."""
        found = (title_of(code) for code in codes)
        return Header(tuple(title for title in found if title is not None))

    @cached_property
    def families(self) -> dict[str, tuple[Title, ...]]:
        """Titles by their name, in the order of the file."""
        found: dict[str, list[Title]] = {}
        for title in self.titles:
            found.setdefault(title.name, []).append(title)
        return {name: tuple(titles) for name, titles in found.items()}

    @cached_property
    def of_variants(self) -> tuple[str, ...]:
        """The codes of columns that say something of a variant."""
        return tuple(title.code for title in self.titles if BY_NAME[title.name].on is On.VARIANT)


@dataclass
class Cells:
    """One row, read cell by cell; what is wrong is collected."""

    row: Row
    problems: list[RowProblem] = field(default_factory=list)

    def text(self, code: str) -> str:
        """The cell's text; nothing when it is empty or empties the field."""
        cell = self.row.get(code)
        return "" if cell == EMPTY else plain(cell)

    def says(self, code: str) -> bool:
        """Whether anything stands there."""
        return bool(self.row.get(code))

    def empties(self, code: str) -> bool:
        """Whether it says that nothing is to be there."""
        return self.row.get(code) == EMPTY

    def read(self, code: str, reader: Callable[[str], T]) -> T | Emptied | None:
        """The cell's value; None for an empty one and for one that is wrong (which is collected)."""
        if self.empties(code):
            return EMPTIED
        text = self.text(code)
        if not text:
            return None
        try:
            return reader(text)
        except ValueError as wrong:
            self.wrong(code, str(wrong))
            return None

    def value(self, code: str, reader: Callable[[str], T]) -> T | None:
        """The same where emptying and saying nothing are one."""
        found = self.read(code, reader)
        return None if isinstance(found, Emptied) else found

    def wrong(self, code: str, sentence: str) -> None:
        """Collect a problem with this cell."""
        self.problems.append(self.row.wrong(code, sentence))


@dataclass(frozen=True)
class Group:
    """The rows of one product."""

    code: str
    rows: tuple[Row, ...]

    def first(self, code: str) -> Row:
        """The row that speaks of a column: the first that has something there, or the first of all."""
        return next((row for row in self.rows if row.get(code)), self.rows[0])


def parts_of(rows: Iterator[Row]) -> Iterator[Row | Group]:
    """Words of the vocabulary one by one, and products with all their rows."""
    mine: list[Row] = []
    for row in rows:
        kind = (row.get("row") or PRODUCT).strip().lower()
        code = row.get("product")
        if mine and (kind != PRODUCT or (code and code != mine[0].get("product"))):
            yield Group(plain(mine[0].get("product")), tuple(mine))
            mine = []
        if kind == PRODUCT:
            mine.append(row)
        else:
            yield row
    if mine:
        yield Group(plain(mine[0].get("product")), tuple(mine))


def unknown_kind(row: Row) -> RowProblem:
    """For a row that describes nothing we know."""
    words = {"text": row.get("row"), "words": ", ".join((PRODUCT, *WORDS))}
    return row.wrong("row", _("“%(text)s” is none of: %(words)s.") % words)
