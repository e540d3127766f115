"""Rows put aside on disk until the rest of their product has been read: files sort rows as they like."""

import json
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from catalog.importers.formats import Row


class Shelf:
    """Rows of a table under a key, on disk. Whatever their number, only one product's rows are in memory."""

    def __init__(self) -> None:
        self._titles: Mapping[str, str] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="import-")
        self._table = sqlite3.connect(Path(self._folder.name) / "rows.sqlite3", isolation_level=None)
        self._table.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;"
            "CREATE TABLE row (line INTEGER PRIMARY KEY, key TEXT NOT NULL, cells TEXT NOT NULL);"
            "CREATE INDEX row_key ON row (key, line);"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._table.close()
        self._folder.cleanup()

    def put(self, key: str, row: Row) -> None:
        """Keep a row under `key`."""
        self._titles = row.titles
        cells = json.dumps({code: value for code, value in row.values.items() if value != ""}, ensure_ascii=False)
        self._table.execute("INSERT INTO row (line, key, cells) VALUES (?, ?, ?)", (row.line, key, cells))

    def rename(self, old: str, new: str) -> None:
        """Rows kept under `old` belong to `new`."""
        self._table.execute("UPDATE row SET key = ? WHERE key = ?", (new, old))

    def rows(self, key: str) -> list[Row]:
        """The rows under `key`, in the order of the file."""
        found = self._table.execute("SELECT line, cells FROM row WHERE key = ? ORDER BY line", (key,))
        return [Row(line, json.loads(cells), self._titles) for line, cells in found]

    def groups(self) -> Iterator[tuple[str, list[Row]]]:
        """Every key with its rows, in the order in which the first of them stand in the file."""
        keys = self._table.execute("SELECT key, min(line) FROM row GROUP BY key ORDER BY 2")
        yield from ((key, self.rows(key)) for key, _line in keys)
