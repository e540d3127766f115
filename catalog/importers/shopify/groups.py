"""Rows that belong to one product. Later rows of a product carry variants and pictures only."""

from collections.abc import Iterator
from dataclasses import dataclass

from catalog.importers.formats import Row


@dataclass(frozen=True)
class Group:
    """The rows of one product, in the order of the file. `taken_by` is the line of another product with this handle."""

    handle: str
    rows: tuple[Row, ...]
    taken_by: int | None = None

    @property
    def first(self) -> Row:
        """The row that describes the product."""
        return self.rows[0]


def groups_of(rows: Iterator[Row]) -> Iterator[Group]:
    """The products of a table, one group of neighbouring rows at a time."""
    seen: dict[str, int] = {}
    together: list[Row] = []
    for row in rows:
        if together and row.get("handle") != together[0].get("handle"):
            yield _group(together, seen)
            together = []
        together.append(row)
    if together:
        yield _group(together, seen)


def _group(rows: list[Row], seen: dict[str, int]) -> Group:
    handle = rows[0].get("handle")
    taken_by = seen.get(handle) if handle else None
    seen.setdefault(handle, rows[0].line)
    return Group(handle, tuple(rows), taken_by)
