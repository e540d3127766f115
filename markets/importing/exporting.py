"""A table as CSV in our own format: what was exported can be imported again and changes nothing."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from markets.importing.tables import TableFormat

CHUNK = 500


def export_rows(table_format: TableFormat) -> Iterator[str]:
    """The table as lines of CSV, heading first."""
    yield _line(table_format.columns)
    rows = table_format.table.model._default_manager.select_related().order_by(
        *table_format.table.key_columns, "effective_from", "pk"
    )
    for row in rows.iterator(chunk_size=CHUNK):
        told = table_format.cells(row)
        yield _line([_written(told[column]) for column in table_format.columns])


def _line(cells: Any) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(value)
