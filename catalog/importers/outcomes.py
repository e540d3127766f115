"""What became of one product of a file. Values only."""

from dataclasses import dataclass, field
from enum import StrEnum

from catalog.importers.errors import RowProblem


class Outcome(StrEnum):
    """What became of a product."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field that moved. `old` and `new` are texts for people to read; empty means nothing was or is there.

    `field` is a column of the shop's own format without its brackets (`name`, `price`, `stock`, `attribute`).
    `key` is what stands in the brackets besides language and market: an attribute's, list's or warehouse's code.
    `sku` names the variant the field belongs to; empty for one of the product.
    """

    field: str
    old: str
    new: str
    language: str = ""
    market: str = ""
    key: str = ""
    sku: str = ""

    @property
    def where(self) -> str:
        """All that tells this field from others of its name, for people: `TEA-250 de-base`, `ja`, or nothing."""
        return " ".join(part for part in (self.sku, self.key, self.market, self.language) if part)


@dataclass(kw_only=True)
class Applied:
    """What one product's import did. `changes` of a created product are empty: everything is new."""

    outcome: Outcome
    code: str = ""
    changes: tuple[FieldChange, ...] = ()
    notes: list[RowProblem] = field(default_factory=list)
