"""Statements as files. Amounts are plain numbers with a point, each with its currency in a column of the table."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from core.money import Money
from core.spreadsheets import guarded
from orders.statements.returns import UnionReturn, must_be_complete
from orders.statements.tables import Cell, Table

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RETURN_COLUMNS = (
    "part",
    "scheme",
    "period",
    "corrected_period",
    "member_state_of_consumption",
    "sent_from",
    "supply",
    "rate_type",
    "rate_percent",
    "taxable_amount",
    "vat_amount",
    "currency",
)
"""Names of columns stay the same in every language: programs read this file."""


def csv_of(table: Table) -> bytes:
    """UTF-8 with a byte order mark; texts are guarded against being taken for formulas."""
    return _csv(table.columns, [[_plain(cell) for cell in row] for row in table.rows])


def xlsx_of(tables: list[Table]) -> bytes:
    """A workbook with one sheet per table; amounts and counts are numbers, days are days."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(
        made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    bold, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
    for table in tables:
        sheet = book.add_worksheet(table.code[:31])
        sheet.write_row(0, 0, table.columns, bold)
        sheet.set_column(0, len(table.columns) - 1, 18)
        sheet.freeze_panes(1, 0)
        for line, row in enumerate(table.rows, start=1):
            for place, cell in enumerate(row):
                _write(sheet, line, place, cell, day)
    book.close()
    return made.getvalue()


def return_csv(found: UnionReturn) -> bytes:
    """A return for the one-stop shop: supplies, corrections of earlier periods, and what each member state is owed.

    Raises `ReturnIncomplete`. Rows of `part` `too_late` are not declared here but to the member state itself.
    """
    must_be_complete(found)
    scheme, period = found.scheme, found.period.code
    rows: list[list[str]] = [
        [
            "supplies", scheme, period, "", one.country, one.sent_from, one.supply,
            "reduced" if one.is_reduced else "standard", f"{one.percent:f}", str(one.net.amount),
            str(one.tax.amount), "EUR",
        ]
        for one in found.rows
    ]  # fmt: skip
    for part, corrections in (("corrections", found.corrections), ("too_late", found.too_old)):
        rows += [
            [part, scheme, period, one.period.code, one.country, "", "", "", "", "", str(one.tax.amount), "EUR"]
            for one in corrections
        ]
    rows += [
        ["balance", scheme, period, "", country, "", "", "", "", "", str(owed.amount), "EUR"]
        for country, owed in found.balances.items()
    ]
    return _csv(RETURN_COLUMNS, rows)


def _csv(columns: tuple[str, ...], rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(columns)
    table.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    if isinstance(cell, str):
        return guarded(cell)
    if isinstance(cell, Money):
        return str(cell.amount)
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _write(sheet: Any, line: int, place: int, cell: Cell, day: Any) -> None:
    if isinstance(cell, Money):
        sheet.write_number(line, place, cell.amount)
    elif isinstance(cell, int | Decimal):
        sheet.write_number(line, place, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(line, place, cell, day)
    else:
        sheet.write_string(line, place, guarded(cell))
