"""The tables, joined by product number. Those that grow with the catalogue lie on disk."""

from collections.abc import Iterator
from types import TracebackType
from typing import Self

from catalog.importers.foreign.shelf import Shelf
from catalog.importers.formats import FileSet, Row

PRODUCT, SKU = "pms_product.csv", "pms_sku_stock.csv"
LADDER, VALUE = "pms_product_ladder.csv", "pms_product_attribute_value.csv"
PARAMETER = "1"


class Tables:
    """The files of one archive."""

    def __init__(self, files: FileSet) -> None:
        self._files = files
        self._shelves = {name: Shelf() for name in (SKU, LADDER, VALUE)}
        for name, shelf in self._shelves.items():
            for row in self._rows(name):
                shelf.put(row.get("product_id"), row)
        self.parameters = {
            row.get("id"): row.get("name")
            for row in self._rows("pms_product_attribute.csv")
            if row.get("type") == PARAMETER
        }
        self._categories = {row.get("id"): row for row in self._rows("pms_product_category.csv")}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for shelf in self._shelves.values():
            shelf.__exit__(kind, error, trace)

    def products(self) -> Iterator[Row]:
        """The rows of the product table."""
        return self._rows(PRODUCT)

    def of_product(self, name: str, product_id: str) -> list[Row]:
        """A product's rows of another table."""
        return self._shelves[name].rows(product_id)

    def category(self, category_id: str, name: str) -> tuple[str, ...]:
        """The path of a category from the root; the product's own word for it where the table has none."""
        path: list[str] = []
        row = self._categories.get(category_id)
        while row is not None and len(path) < 10:
            path.insert(0, row.get("name"))
            row = self._categories.get(row.get("parent_id"))
        return tuple(path) or ((name,) if name else ())

    def _rows(self, name: str) -> Iterator[Row]:
        if name not in self._files.names:
            return
        for row in self._files.rows(name):
            yield Row(row.line, row.values, {title: f"{name}: {title}" for title in row.values})
