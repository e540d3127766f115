"""The customs value of each line: goods, and freight and insurance where the destination counts them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.money import allocate
from markets.duty.restrictions import destinations_of
from markets.duty.types import Basis, DutyFacts

COUNTS_FREIGHT: Basis = "cif"


@dataclass(frozen=True)
class Valued:
    """One line in minor units: its goods, and its weight in grams."""

    goods: int
    weight_g: int


def basis_of(country: str, stated: str, facts: DutyFacts) -> Basis:
    """Whether freight counts there: by the table, else as the destination's import rule states, else it does."""
    for name in destinations_of(country, facts):
        if name in facts.valuation:
            return facts.valuation[name]
    return "fob" if stated.upper() == "FOB" else COUNTS_FREIGHT


def freight_shares(lines: Sequence[Valued], freight: int, by: Literal["value", "weight"]) -> list[int]:
    """Each line's part of freight and insurance; the parts sum to it. Weights nobody knows fall back to values."""
    weights = [line.weight_g if by == "weight" else line.goods for line in lines]
    return allocate(freight, weights if any(weights) else [line.goods for line in lines])


def customs_values(lines: Sequence[Valued], *, freight: int, basis: Basis, by: Literal["value", "weight"]) -> list[int]:
    """The customs value of every line, in minor units."""
    if basis != COUNTS_FREIGHT:
        return [line.goods for line in lines]
    shares = freight_shares(lines, freight, by)
    return [line.goods + share for line, share in zip(lines, shares, strict=True)]
