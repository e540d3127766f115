"""The cells of one row, read one after the other. What cannot be read is collected and told all at once."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import partial
from typing import TypeVar

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from catalog.importers import cells
from catalog.importers.drafts import ImportedPicture
from catalog.importers.errors import RowProblem, RowsRefused, problem
from catalog.importers.foreign import measures, numbers
from catalog.importers.foreign.assembly import is_address, pictures_of
from catalog.importers.foreign.places import country_named
from catalog.importers.formats import Row
from core.money import Money, round_half_up

T = TypeVar("T")


class Cells:
    """A row being read. `problems` keep the product out, `notes` do not; both may be shared by a product's rows."""

    def __init__(self, row: Row, problems: list[RowProblem], notes: list[RowProblem] | None = None) -> None:
        self.row = row
        self.problems = problems
        self.notes = [] if notes is None else notes

    def text(self, code: str) -> str:
        """The cell, or nothing."""
        return self.row.get(code).strip()

    def read(self, code: str, reader: Callable[[str], T]) -> T | None:
        """What `reader` makes of the cell; a `ValueError` of it is a problem of the cell."""
        try:
            return reader(self.text(code))
        except ValueError as wrong:
            self.wrong(code, str(wrong))
            return None

    def flag(self, code: str, *, default: bool) -> bool:
        """Yes or no."""
        found = self.read(code, partial(numbers.flag, default=default))
        return default if found is None else found

    def price(self, code: str, currency: str) -> Money | None:
        """An amount, or nothing for an empty cell."""
        return self.read(code, cells.optional_price(currency))

    def rounded_price(self, code: str, currency: str) -> Money | None:
        """An amount of a system that keeps more digits than the currency has: rounded half up, and noted."""
        found = cells.number(self.text(code)) if self.text(code) else None
        if found is None or found < 0 or found > cells.HIGHEST_PRICE:
            return self.price(code, currency)
        amount = round_half_up(found, currency)
        if amount.amount != found:
            self.note(code, _("The price was rounded to %(amount)s.") % {"amount": f"{amount.amount:f}"})
        return amount

    def quantity(self, code: str) -> int | None:
        """A number of pieces, or nothing."""
        return self.read(code, cells.quantity)

    def grams(self, code: str, unit: str) -> int:
        """A weight; the column title's unit, if it has one, goes before `unit`."""
        return self.read(code, partial(measures.grams, unit=self._unit(code, unit))) or 0

    def millimetres(self, code: str, unit: str) -> int | None:
        """A length, with the unit as for `grams`."""
        return self.read(code, partial(measures.millimetres, unit=self._unit(code, unit)))

    def gtin(self, code: str) -> str:
        """The barcode when it is a sound one; another is noted and left out."""
        text = self.text(code)
        found = cells.gtin(text)
        if text and not found:
            self.note(code, _("This is not a sound EAN or UPC and was left out."))
        return found

    def hs_code(self, code: str) -> str | None:
        """A goods code."""
        return self.read(code, cells.hs_code)

    def country(self, code: str) -> str | None:
        """A country by its code or English name."""
        return self.read(code, country_named)

    def pictures(self, code: str, addresses: Iterable[str]) -> tuple[ImportedPicture, ...]:
        """Pictures by address, each once; one that is no address cannot be fetched, which is noted."""
        told = [text for each in addresses if (text := each.strip())]
        if any(not is_address(each) for each in told):
            self.note(code, _("A picture without a full web address cannot be fetched; add it to the product."))
        return pictures_of(self.row.line, filter(is_address, told))

    def moment(self, code: str, *, is_end: bool = False) -> datetime | None:
        """A point in time; a bare day is its beginning, or with `is_end` the beginning of the day after."""
        return self.read(code, partial(moment, is_end=is_end))

    def wrong(self, code: str, message: str | Promise) -> None:
        """Say what is wrong with a cell, once: a product's own cells are read for each of its variants."""
        found = self.row.wrong(code, message)
        if found not in self.problems:
            self.problems.append(found)

    def note(self, code: str, message: str | Promise) -> None:
        """Say something about a cell that keeps nothing out, once."""
        found = self.row.wrong(code, message, is_note=True)
        if found not in self.notes:
            self.notes.append(found)

    def note_row(self, message: str | Promise) -> None:
        """Say something about the row."""
        self.notes.append(problem(self.row.line, "", "", message, is_note=True))

    def refuse(self) -> None:
        """Raise `RowsRefused` when something was wrong."""
        if self.problems:
            raise RowsRefused(*self.problems)

    def _unit(self, code: str, unit: str) -> str:
        return measures.unit_in(self.row.titles.get(code, "")) or unit


def moment(text: str, *, is_end: bool = False) -> datetime | None:
    """ISO dates and times; without a zone they are UTC. Raises `ValueError` with a sentence."""
    if not text:
        return None
    try:
        day = parse_date(text)
        found = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else parse_datetime(text)
    except ValueError:
        day = found = None
    if found is None:
        raise ValueError(_("“%(text)s” is not a date. Write it like 2025-12-31.") % {"text": text})
    if day and is_end:
        return datetime.fromordinal(date.toordinal(day) + 1).replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
