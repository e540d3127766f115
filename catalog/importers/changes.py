"""What an import changes in a product, field by field."""

from dataclasses import dataclass

LONGEST_VALUE = 300


@dataclass(frozen=True)
class FieldChange:
    """One field of a product or variant. `where` is empty for the product, else the SKU (or list, language, warehouse).

    `field` is a stable code (`name`, `price`, `weight_g`); `old` and `new` are for people, empty for nothing.
    """

    where: str
    field: str
    old: str
    new: str
