"""A table of orders as a file, written row by row. No cell can be taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO

import xlsxwriter

from core.spreadsheets import guarded
from orders.exporting.columns import Cell, Column
from orders.models import Order

FORMATS = ("xlsx", "csv")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
EXCEL_ROWS = 1_048_575
"""Rows below the titles."""
EXCEL_LONGEST = 32_767
OUTSIDE_XML = {code: None for code in range(32) if code not in (9, 10, 13)}


def write_csv(file: IO[bytes], columns: Sequence[Column], orders: Iterable[Order]) -> int:
    """UTF-8 with a byte order mark, so that every spreadsheet reads the letters right; returns the rows written."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    table = csv.writer(text)
    table.writerow([guarded(str(column.title)) for column in columns])
    count = 0
    for order in orders:
        table.writerow([text_of(column.cell(order)) for column in columns])
        count += 1
    text.flush()
    text.detach()
    return count


def csv_of(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A small table as CSV, in the same form."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow([guarded(title) for title in titles])
    table.writerows([text_of(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(path: Path, columns: Sequence[Column], orders: Iterable[Order]) -> int:
    """A workbook of one sheet; numbers are numbers, all else is text. Returns the rows written."""
    book = xlsxwriter.Workbook(
        str(path),
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
         "strings_to_numbers": False, "tmpdir": str(path.parent)},
    )  # fmt: skip
    sheet = book.add_worksheet("orders")
    sheet.write_row(0, 0, [str(column.title) for column in columns], book.add_format({"bold": True, "bottom": 1}))
    sheet.freeze_panes(1, 1)
    line = 0
    for line, order in enumerate(orders, start=1):
        for place, column in enumerate(columns):
            cell = column.cell(order)
            if column.is_number and isinstance(cell, int | Decimal):
                sheet.write_number(line, place, cell)
            elif cell != "":
                sheet.write_string(line, place, text_of(cell).translate(OUTSIDE_XML)[:EXCEL_LONGEST])
    book.close()
    return line


def text_of(cell: Cell) -> str:
    """A cell as text that no spreadsheet runs."""
    if isinstance(cell, str):
        return guarded(cell)
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
