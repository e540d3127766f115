"""Periods of returns to the union's one-stop shops. Pure.

A quarter for OSS (Directive 2006/112/EC, Art. 369f), a month for IOSS (Art. 369s).
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Self

Scheme = Literal["oss", "ioss"]
CORRECTED_FOR_YEARS = 3
"""Earlier returns are corrected in a later one within three years from the day they were due (Art. 369g (4), 369t)."""
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, kw_only=True, order=True)
class TaxPeriod:
    """A month or a quarter, `first` and `last` day included."""

    first: date
    last: date

    @classmethod
    def holding(cls, day: date, scheme: Scheme) -> Self:
        """The period a day lies in."""
        months = 3 if scheme == "oss" else 1
        begin = (day.month - 1) // months * months + 1
        end = begin + months - 1
        first = date(day.year, begin, 1)
        return cls(first=first, last=date(day.year, end, calendar.monthrange(day.year, end)[1]))

    @classmethod
    def read(cls, code: str, scheme: Scheme) -> Self | None:
        """The period called `2026-Q3` or `2026-07`; none for anything else."""
        found = (_QUARTER if scheme == "oss" else _MONTH).fullmatch(code)
        if found is None or not int(found[1]):
            return None
        month = (int(found[2]) - 1) * 3 + 1 if scheme == "oss" else int(found[2])
        return cls.holding(date(int(found[1]), month, 1), scheme)

    @property
    def code(self) -> str:
        """`2026-Q3` for a quarter, `2026-07` for a month."""
        if self.last.month == self.first.month:
            return f"{self.first:%Y-%m}"
        return f"{self.first.year}-Q{(self.first.month + 2) // 3}"

    @property
    def due_on(self) -> date:
        """The last day of the month after the period (Art. 369f, 369s)."""
        after = self.last + timedelta(days=1)
        return after.replace(day=calendar.monthrange(after.year, after.month)[1])

    def can_be_corrected_in(self, later: "TaxPeriod") -> bool:
        """Whether a return of `later`, which is handed in once it is over, may still correct this one."""
        due = self.due_on
        until = date(due.year + CORRECTED_FOR_YEARS, due.month, min(due.day, 28))
        return self < later and later.last < until

    def before(self, scheme: Scheme) -> "TaxPeriod":
        """The period before."""
        return TaxPeriod.holding(self.first - timedelta(days=1), scheme)
