"""The last step of every reader: what is wrong with the product as a whole, and what follows from its variants."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from catalog.importers.drafts import ImportedCategory, ImportedProduct
from catalog.importers.foreign.assembly import options_of, refuse_unlike, split_categories
from catalog.importers.foreign.cells import Cells


def finished(
    cells: Cells,
    product: ImportedProduct,
    categories: Iterable[ImportedCategory | None] = (),
    colours: Mapping[str, Mapping[str, str]] | None = None,
) -> ImportedProduct:
    """The product with its options, categories and notes. Raises `RowsRefused` when anything was wrong with its cells.

    `colours` are hex codes by option and value.
    """
    cells.problems += [found for found in refuse_unlike(product.variants) if found not in cells.problems]
    cells.refuse()
    main, further = split_categories(categories)
    return replace(
        product,
        options=options_of(product.variants, colours),
        category=main,
        further_categories=further,
        notes=tuple(cells.notes),
    )
