"""Values of compliance rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Goods:
    """One line as rules see it, or a component of a set in a line. `key` names the line for whoever asks."""

    key: str
    hs_code: str = ""
    flags: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    """Codes of its categories and of those above them."""
    kind: str = ""
    product_type: str = ""
    value: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """What is bought, by whom, where it goes. `values` is the worth of the goods in every currency a rule asks for."""

    market: str
    country: str
    region: str = ""
    buyer: str = "consumer"
    payment: str = ""
    crosses_border: bool = False
    in_eu: bool = False
    goods: tuple[Goods, ...] = ()
    values: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A row as the matcher reads it."""

    code: str
    action: str
    market: str = ""
    country: str = ""
    priority: int = 0
    condition: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    explanation: str = ""
    verification: str = "D"
    row: int = 0


@dataclass(frozen=True, kw_only=True)
class Match:
    """A rule that fits: what made it fit, and the lines it is about (empty: the whole purchase)."""

    rule: Rule
    why: tuple[str, ...]
    lines: tuple[str, ...] = ()
    beaten_by: str = ""
    """The rule that says the same thing more urgently; this one has no effect then."""

    @property
    def counts(self) -> bool:
        """Whether it has an effect."""
        return not self.beaten_by
