"""Write a selection of products to a file, and say how far it is."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.exporters.portolan.layout import layout_of
from catalog.exporters.portolan.rows import rows_of
from catalog.exporters.portolan.words import word_rows
from catalog.exporters.selection import Scope, Selection
from catalog.exporters.writers import CsvTable, TableWriter, XlsxTable

Progress = Callable[[int], None]
"""Told how many products are written; may raise to stop."""


@dataclass(frozen=True)
class Written:
    """What a file holds."""

    products: int
    rows: int
    too_long: int = 0
    """Texts a worksheet cannot hold, left empty."""


def nobody(_count: int) -> None:
    """Progress nobody watches."""


def write_table(
    selection: Selection, scope: Scope, path: Path, *, format_code: str, progress: Progress = nobody
) -> Written:
    """Our own table as `csv` or `xlsx`. In memory are the ids and one chunk of products, whatever the number."""
    layout = layout_of(selection, scope)
    rows = products = 0
    with _table(path, format_code, layout.titles) as table:
        if scope.has_vocabulary:
            for row in word_rows(selection, scope):
                table.write(row)
                rows += 1
        for ids in selection.chunks():
            for row in rows_of(ids, layout):
                table.write(row)
                rows += 1
            products += len(ids)
            progress(products)
    return Written(products, rows, table.too_long)


@contextmanager
def _table(path: Path, format_code: str, titles: tuple[str, ...]) -> Iterator[TableWriter]:
    table: TableWriter
    if format_code == "xlsx":
        table = XlsxTable(path, titles)
        yield table
        table.close()
        return
    with path.open("wb") as file:
        table = CsvTable(file, titles)
        yield table
        table.close()


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder for files on their way to where they are kept; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="portolan-export-") as name:
        yield Path(name)


def facts_of(written: Written) -> dict[str, Any]:
    """As a job keeps it."""
    return {"products": written.products, "rows": written.rows, "too_long": written.too_long}
