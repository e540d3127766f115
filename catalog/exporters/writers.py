"""Tables as files, written row by row: nothing but the present row is held in memory."""

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Protocol

import xlsxwriter
from django.utils.translation import gettext as _

from catalog.importers.portolan.columns import BY_NAME, COLUMNS, Shape, title_of
from core.spreadsheets import guarded

Cell = str | int | Decimal
EXCEL_LONGEST = 32_767
"""Characters of a cell; Excel shortens longer ones without a word."""
EXCEL_ROWS = 1_048_576
NUMBERS = (Shape.NUMBER, Shape.AMOUNT)
OUTSIDE_XML = {code: None for code in range(32) if code not in (9, 10, 13)}


class TableWriter(Protocol):
    """A table that is begun with its column titles and ended by `close`."""

    too_long: int
    """Cells that the format cannot hold and that were left empty."""

    def write(self, row: Mapping[str, Cell]) -> None:
        """One row, by column title."""

    def close(self) -> None:
        """The file is complete."""


class CsvTable:
    """UTF-8 with a byte order mark, so that every spreadsheet reads the letters right."""

    suffix = "csv"

    def __init__(self, file: IO[bytes], titles: Sequence[str]) -> None:
        self.too_long = 0
        self._titles = titles
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
        self._table = csv.writer(self._text)
        self._table.writerow(titles)

    def write(self, row: Mapping[str, Cell]) -> None:
        """One row; texts are guarded against being taken for formulas."""
        self._table.writerow([_text(row.get(title, "")) for title in self._titles])

    def close(self) -> None:
        """Hand everything over; the file itself stays open."""
        self._text.flush()
        self._text.detach()


class XlsxTable:
    """A workbook with the table and a sheet that explains its columns. Numbers are numbers, all else is text."""

    suffix = "xlsx"

    def __init__(self, path: Path, titles: Sequence[str]) -> None:
        self.too_long = 0
        self._titles, self._line = titles, 0
        self._book = xlsxwriter.Workbook(
            str(path),
            {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
             "strings_to_numbers": False, "tmpdir": str(path.parent)},
        )  # fmt: skip
        self._sheet = self._book.add_worksheet("products")
        self._bold = self._book.add_format({"bold": True, "bottom": 1})
        self._as_text = self._book.add_format({"num_format": "@"})
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._is_number = [_shape_of(title) in NUMBERS for title in titles]
        self._begin()

    def _begin(self) -> None:
        for place, title in enumerate(self._titles):
            width = 34 if _shape_of(title) in (Shape.HTML, Shape.LIST) else max(10, min(len(title) + 2, 30))
            kind = None if self._is_number[place] else self._as_text
            self._sheet.set_column(place, place, width, kind)
        self._sheet.write_row(0, 0, self._titles, self._bold)
        self._sheet.freeze_panes(1, min(3, len(self._titles)))

    def write(self, row: Mapping[str, Cell]) -> None:
        """One row. A text that Excel cannot hold whole is left out, which leaves it untouched on the way back."""
        self._line += 1
        if self._line >= EXCEL_ROWS:
            raise ValueError(_("A worksheet has no more than %(most)d rows. Export as CSV.") % {"most": EXCEL_ROWS})
        for place, title in enumerate(self._titles):
            value = row.get(title, "")
            if value == "":
                continue
            if isinstance(value, int | Decimal) and self._is_number[place]:
                self._sheet.write_number(self._line, place, value)
                continue
            text = _text(value).translate(OUTSIDE_XML)
            if len(text) > EXCEL_LONGEST:
                self.too_long += 1
                continue
            self._sheet.write_string(self._line, place, text)

    def close(self) -> None:
        """Add the explanations and write the file."""
        sheet = self._book.add_worksheet(_("columns")[:31])
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 18)
        sheet.set_column(2, 2, 90)
        sheet.set_column(3, 3, 34)
        sheet.write_row(0, 0, [_("Column"), _("In brackets"), _("Meaning"), _("Example")], self._bold)
        sheet.freeze_panes(1, 0)
        for line, column in enumerate(COLUMNS, start=1):
            for place, words in enumerate((column.name, str(column.per), str(column.about), column.example)):
                sheet.write_string(line, place, words, self._wrapped)
        self._book.close()


def _shape_of(title: str) -> Shape:
    found = title_of(title)
    return BY_NAME[found.name].shape if found else Shape.TEXT


def _text(value: Cell) -> str:
    if isinstance(value, str):
        return guarded(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
