"""The tables, joined by their numbers. They are small: a sample database with five hundred products."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from catalog.importers.cells import number
from catalog.importers.formats import FileSet, Row

PRODUCT = "Product.csv"
CATEGORY_COLUMNS = ("key", "alternate", "en", "es", "fr")
SUBCATEGORY_COLUMNS = (*CATEGORY_COLUMNS, "parent")
NO_PICTURE = "no_image"

Words = Mapping[str, str]


@dataclass(frozen=True)
class Tables:
    """What is known of products, by the numbers of the source. Words are by language code of the source."""

    products: tuple[Row, ...]
    models: Mapping[str, str]
    categories: Mapping[str, tuple[str, str]]
    category_names: Mapping[str, Words]
    descriptions: Mapping[str, Words]
    names: Mapping[str, Words]
    sku_descriptions: Mapping[str, Words]
    stock: Mapping[str, int]
    pictures: Mapping[str, str]

    @classmethod
    def of(cls, files: FileSet) -> "Tables":
        """Read what is there; a missing table says nothing."""
        names, sku_descriptions = _by_sku(files)
        return cls(
            products=tuple(_named(row, PRODUCT) for row in files.rows(PRODUCT)),
            models={row.get("ProductModelID"): row.get("Name") for row in _rows(files, "ProductModel.csv")},
            categories=_categories(files),
            category_names={
                row.get("en"): {code: row.get(code) for code in ("en", "es", "fr")}
                for row in _rows(files, "DimProductSubcategory.psv", SUBCATEGORY_COLUMNS)
            },
            descriptions=_descriptions(files),
            names=names,
            sku_descriptions=sku_descriptions,
            stock=_stock(files),
            pictures={
                row.get("ProductID"): row.get("image_file")
                for row in _rows(files, "ProductPhoto.csv")
                if not row.get("image_file").startswith(NO_PICTURE)
            },
        )


def _rows(files: FileSet, name: str, columns: tuple[str, ...] = ()) -> Iterator[Row]:
    if name in files.names:
        yield from files.rows(name, columns=columns, separator="|" if columns else "")


def _named(row: Row, name: str) -> Row:
    return Row(row.line, row.values, {title: f"{name}: {title}" for title in row.values})


def _categories(files: FileSet) -> dict[str, tuple[str, str]]:
    """Subcategory to the names of its category and itself."""
    above = {row.get("ProductCategoryID"): row.get("Name") for row in _rows(files, "ProductCategory.csv")}
    return {
        row.get("ProductSubcategoryID"): (above.get(row.get("ProductCategoryID"), ""), row.get("Name"))
        for row in _rows(files, "ProductSubcategory.csv")
    }


def _descriptions(files: FileSet) -> dict[str, dict[str, str]]:
    """Model to descriptions."""
    texts = {row.get("ProductDescriptionID"): row.get("Description") for row in _rows(files, "ProductDescription.csv")}
    found: dict[str, dict[str, str]] = {}
    for row in _rows(files, "ProductModelProductDescriptionCulture.csv"):
        text = texts.get(row.get("ProductDescriptionID"))
        if text:
            found.setdefault(row.get("ProductModelID"), {})[row.get("CultureID").strip()] = text
    return found


def _by_sku(files: FileSet) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """Product number to names and to descriptions. The same number occurs in several price versions; the last holds."""
    names: dict[str, dict[str, str]] = {}
    descriptions: dict[str, dict[str, str]] = {}
    for row in _rows(files, "DimProduct_i18n.csv"):
        for title, value in row.values.items():
            if value and title.startswith("name_"):
                names.setdefault(row.get("ProductAlternateKey"), {})[title.removeprefix("name_")] = value
            elif value and title.startswith("desc_"):
                descriptions.setdefault(row.get("ProductAlternateKey"), {})[title.removeprefix("desc_")] = value
    return names, descriptions


def _stock(files: FileSet) -> dict[str, int]:
    """Pieces at all places together."""
    found: dict[str, int] = {}
    for row in _rows(files, "ProductInventory.csv"):
        pieces = number(row.get("Quantity"))
        if pieces is not None and pieces > 0:
            found[row.get("ProductID")] = found.get(row.get("ProductID"), 0) + int(pieces)
    return found
