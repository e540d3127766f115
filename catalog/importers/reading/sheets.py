"""A table, whatever file it came in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from catalog.importers.errors import FileRefused, RowProblem

MOST_COLUMNS = 500
LONGEST_CELL = 500_000
LONGEST_TITLE = 200
REASON_COLUMN = "Why refused"
"""The column that is added to refused rows. Files are sent about, so it is called the same in every language."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: the line it begins on (the titles are line 1), and its cells in the order of the columns.

    `broken` says by column what cannot be read; under -1, what is wrong with the row as a whole.
    """

    line: int
    cells: tuple[str, ...]
    broken: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A table that is read once, from top to bottom, in bounded memory. `total` is its last line, when it is known."""

    columns: tuple[str, ...]
    rows: Iterator[SheetRow]
    total: int | None = None
    notes: tuple[RowProblem, ...] = ()


def columns_of(titles: Sequence[str]) -> tuple[str, ...]:
    """The titles without what surrounds them; a second column of the same title gets a number."""
    columns: list[str] = []
    for title in titles:
        plain = " ".join(title.split())[:LONGEST_TITLE]
        name, number = plain, 1
        while plain and name in columns:
            number += 1
            name = f"{plain} ({number})"
        columns.append(name)
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise FileRefused(_("The file is empty, or its first line has no column titles."))
    if len(columns) > MOST_COLUMNS:
        raise FileRefused(
            _("The file has %(count)d columns; at most %(most)d are read.")
            % {"count": len(columns), "most": MOST_COLUMNS}
        )
    return tuple(columns)


def fitted(line: int, cells: Sequence[str], width: int, broken: dict[int, str] | None = None) -> SheetRow:
    """The row with as many cells as there are columns; more with something in them break the row."""
    found = dict(broken or {})
    if any(cells[width:]):
        found[-1] = _(
            "The row has more cells than there are column titles. Look for a separator or quotation mark that is"
            " missing."
        )
    kept = [*cells[:width], *("" for _missing in range(width - len(cells)))]
    return SheetRow(line, tuple(kept), found)
