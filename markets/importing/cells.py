"""Cells of a table file as values. Pure: every function says in a sentence what is wrong with a cell."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from markets.models import Verification

YES = frozenset({"1", "yes", "true", "y", "x"})
NO = frozenset({"", "0", "no", "false", "n"})
DESTINATION = re.compile(r"^([A-Z]{2}|EU27)$")
COUNTRY = re.compile(r"^[A-Z]{2}$")
CURRENCY = re.compile(r"^[A-Z]{3}$")


class CellRefused(ValueError):
    """A cell that cannot be read: which one, what it holds, and why."""

    def __init__(self, column: str, value: str, message: str) -> None:
        self.column, self.value = column, value
        super().__init__(message)


@dataclass(frozen=True)
class Cells:
    """The cells of one line, by lower-case heading."""

    line: int
    cells: Mapping[str, str]

    def text(self, column: str, *, most: int = 4000) -> str:
        """The trimmed text; empty when the column is missing."""
        value = (self.cells.get(column) or "").strip()
        if len(value) > most:
            raise CellRefused(column, value, _("This is too long: %(most)d characters at most.") % {"most": most})
        return value

    def needed(self, column: str) -> str:
        """The text of a cell that must not be empty."""
        value = self.text(column)
        if not value:
            raise CellRefused(column, value, _("This column must not be empty."))
        return value

    def destination(self, column: str = "destination") -> str:
        """A country, or EU27."""
        value = self.needed(column).upper()
        if not DESTINATION.match(value):
            raise CellRefused(column, value, _("This is neither a country of two letters nor EU27."))
        return value

    def country(self, column: str = "country") -> str:
        """A country of two letters."""
        value = self.needed(column).upper()
        if not COUNTRY.match(value):
            raise CellRefused(column, value, _("This is not a country of two letters."))
        return value

    def currency(self, column: str) -> str:
        """A currency of three letters, or nothing."""
        value = self.text(column).upper()
        if value and not CURRENCY.match(value):
            raise CellRefused(column, value, _("This is not a currency of three letters."))
        return value

    def goods_code(self, column: str = "hs_prefix") -> str:
        """The digits of a goods code; dots and spaces are left out."""
        value = re.sub(r"[.\s]", "", self.text(column))
        if value and not re.fullmatch(r"[0-9]{2,10}", value):
            raise CellRefused(column, value, _("A goods code has 2 to 10 digits."))
        return value

    def number(self, column: str) -> Decimal | None:
        """A number that is not below zero, with a point; nothing when the cell is empty."""
        value = self.text(column)
        if not value:
            return None
        try:
            found = Decimal(value)
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or found < 0:
            raise CellRefused(column, value, _("This is not a number such as 4.5."))
        return found

    def day(self, column: str) -> date | None:
        """A day as 2026-11-22; nothing when the cell is empty."""
        value = self.text(column)
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise CellRefused(column, value, _("This is not a day such as 2026-11-22.")) from None

    def flag(self, column: str) -> bool:
        """Yes or no; empty is no."""
        value = self.text(column).lower()
        if value not in YES | NO:
            raise CellRefused(column, value, _("Write yes or no."))
        return value in YES

    def choice(self, column: str, choices: "list[str]", default: str = "") -> str:
        """One of the choices."""
        value = self.text(column).lower() or default
        if value not in choices:
            allowed = ", ".join(one for one in choices if one)
            raise CellRefused(column, value, _("Write one of: %(choices)s.") % {"choices": allowed})
        return value

    def listed(self, column: str) -> list[str]:
        """Words separated by spaces, commas or semicolons."""
        return [word for word in re.split(r"[\s,;]+", self.text(column)) if word]

    def origin(self) -> dict[str, object]:
        """Where the row's facts come from: the columns that every table has."""
        mark = self.text("verification").upper() or Verification.OWN.value
        if mark not in Verification.values:
            raise CellRefused("verification", mark, _("Write one of: %(choices)s.") % {"choices": "S, L, M, C, D"})
        return {"verification": mark, "sources": self.listed("sources"), "note": self.text("note")}
