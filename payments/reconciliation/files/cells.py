"""Cells of payout files as values. Every reader raises `BadCell` with a sentence for whoever brought the file."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from djmoney.money import Money

from core.money import UnknownCurrency, exponent
from payments.types import ProviderEntry

Row = Mapping[str, str]
MOST_PROBLEMS = 50
DATE_SHAPES = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y")


class BadCell(ValueError):
    """A cell that cannot be read: its column, and why."""

    def __init__(self, column: str, message: str) -> None:
        self.column, self.message = column, message
        super().__init__(message)


@dataclass(frozen=True, kw_only=True)
class RowProblem:
    """What is wrong in which line of the file, the heading being line 1."""

    line: int
    column: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """The rows of a file, or why it is refused; never a part of it."""

    entries: tuple[ProviderEntry, ...] = ()
    problems: tuple[RowProblem, ...] = ()


def lines_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines with their numbers, whatever separates the cells."""
    head = text.split("\n", 1)[0]
    separator = max((",", ";", "\t"), key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, [cell.strip() for cell in cells]


def named(heading: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """A line as its headings name it; what is short is empty."""
    return {name: cells[at] if at < len(cells) else "" for at, name in enumerate(heading)}


def missing_columns(heading: Sequence[str], wanted: Sequence[str]) -> tuple[RowProblem, ...]:
    """A problem for each column that has to be there."""
    return tuple(
        RowProblem(line=1, column=name, message=_("The file has no column “%(name)s”.") % {"name": name})
        for name in wanted
        if name not in heading
    )


def needed(row: Row, column: str) -> str:
    """The words of a cell that must not be empty."""
    if not row.get(column):
        raise BadCell(column, _("This cell is empty."))
    return row[column]


def currency_of(row: Row, column: str) -> str:
    """A currency we know."""
    code = needed(row, column).upper()
    try:
        exponent(code)
    except UnknownCurrency:
        raise BadCell(column, _("“%(value)s” is not a currency.") % {"value": code}) from None
    return code


def number_of(row: Row, column: str, *, mark: str = ".") -> Decimal:
    """A decimal number; `mark` is what stands before the cents, the other one groups thousands."""
    written = needed(row, column)
    other = "," if mark == "." else "."
    plain = written.replace(other, "").replace("\u00a0", "").replace(" ", "").replace("−", "-").replace(mark, ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise BadCell(column, _("“%(value)s” is not a number.") % {"value": written}) from None
    if not value.is_finite():
        raise BadCell(column, _("“%(value)s” is not a number.") % {"value": written})
    return value


def money_of(value: Decimal, currency: str, column: str) -> Money:
    """The number as an amount. Raises `BadCell` when the currency has fewer digits."""
    step = Decimal(1).scaleb(-exponent(currency))
    exact = value.quantize(step)
    if exact != value:
        raise BadCell(
            column,
            _("%(value)s has more decimals than %(currency)s has.") % {"value": value, "currency": currency},
        )
    return Money(exact, currency)


def moment_of(row: Row, column: str, *shapes: str) -> datetime:
    """A time; in UTC where the cell names no other zone."""
    written = needed(row, column)
    for shape in shapes:
        try:
            found = datetime.strptime(written, shape)  # noqa: DTZ007 (the zone is given right below)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    raise BadCell(column, _("“%(value)s” is not a date this file can have.") % {"value": written})


def day_of(row: Row, column: str) -> date | None:
    """The day at the start of a cell, if there is one."""
    try:
        return date.fromisoformat(row.get(column, "")[:10])
    except ValueError:
        return None
