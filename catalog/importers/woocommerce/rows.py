"""What single rows of a WooCommerce table say."""

import re

from catalog.importers.formats import Row
from catalog.importers.woocommerce.columns import MOST_ATTRIBUTES


def kinds_of(row: Row) -> set[str]:
    """`simple, downloadable, virtual` is three words."""
    return {word.strip().lower() for word in row.get("type").split(",") if word.strip()}


def is_variation(row: Row) -> bool:
    """Whether the row is a variant of another row's product."""
    return "variation" in kinds_of(row)


def split(text: str) -> list[str]:
    """A list in one cell; `\\,` is a comma inside a value."""
    return [part.replace("\\,", ",").strip() for part in re.split(r"(?<!\\),", text) if part.strip()]


def attributes_of(row: Row) -> dict[str, list[str]]:
    """Attribute names with their values, in the order of the columns; those not to be shown are left out."""
    found = {}
    for n in range(1, MOST_ATTRIBUTES * 10):
        if f"attribute{n}_name" not in row.titles:
            if n > MOST_ATTRIBUTES:
                break
            continue
        name = row.get(f"attribute{n}_name").strip()
        if name and (is_variation(row) or row.get(f"attribute{n}_visible") != "0"):
            found[name[:80]] = [value[:80] for value in split(row.get(f"attribute{n}_values"))]
    return found
