"""What the tables of tax and duty are asked about: a line as a whole, or each component of a set by itself. Pure.

A set of unlike goods is no good of its own: every component bears its own tax, and its own duty unless the set has a
goods code, which declares it as one (rule 3(b) for the interpretation of the Harmonized System). The price of the set
is shared among the components by `catalog.sets.component_shares`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from catalog.sets import component_shares
from catalog.types import SetPart
from markets.landed.types import Supply

GIFT_CARD = "giftcard"
"""The kind of product that is a multi-purpose voucher: taxed when it is spent, never when it is sold."""


class Sold(Protocol):
    """A line of a snapshot or of a quote."""

    @property
    def key(self) -> str: ...
    @property
    def tax_category(self) -> str: ...
    @property
    def hs_code(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def weight_g(self) -> int: ...
    @property
    def requires_shipping(self) -> bool: ...
    @property
    def supply(self) -> str: ...
    @property
    def parts(self) -> tuple[SetPart, ...]: ...


@dataclass(frozen=True, kw_only=True)
class Taxed:
    """Goods of one kind in one unit of a line. `part` counts the components of a set from 1; 0 is the whole line."""

    line_key: str
    part: int = 0
    tax_category: str
    hs_code: str
    origin: str
    weight_g: int
    supply: Supply
    pieces: int = 1
    share: int = 1
    """Its weight among the components, when the price is shared."""

    @property
    def key(self) -> str:
        """How the engine knows it: the line's key, and the component's number."""
        return f"{self.line_key}.{self.part}" if self.part else self.line_key


def taxed_of(line: Sold) -> tuple[Taxed, ...]:
    """The line as one, or its components where these are not all treated alike."""
    whole = Taxed(
        line_key=line.key,
        tax_category=line.tax_category,
        hs_code=line.hs_code,
        origin=line.origin,
        weight_g=line.weight_g,
        supply="voucher" if line.supply == GIFT_CARD else supply_of(line.requires_shipping),
    )
    if not line.parts:
        return (whole,)
    found = tuple(_component(whole, part, position) for position, part in enumerate(line.parts, start=1))
    kinds = {(one.tax_category, one.hs_code, one.origin, one.supply) for one in found}
    if len(kinds) > 1:
        return found
    return (replace(found[0], part=0, weight_g=line.weight_g, pieces=1, share=1),)


def shared(minor: int, taxed: Sequence[Taxed]) -> list[int]:
    """An amount for the line among what it is taxed as, in minor units; the parts sum to it."""
    return component_shares(minor, [one.share for one in taxed])


def split_key(key: str) -> tuple[str, int]:
    """The line's key and the number of the component, from the key the engine knows."""
    line, _, part = key.partition(".")
    return line, int(part or 0)


def supply_of(requires_shipping: bool) -> Supply:
    """Goods travel; what is handed over without a parcel is taxed where its buyer is."""
    return "goods" if requires_shipping else "digital"


def _component(whole: Taxed, part: SetPart, position: int) -> Taxed:
    return replace(
        whole,
        part=position,
        tax_category=part.tax_category,
        hs_code=whole.hs_code or part.hs_code,
        origin=whole.origin or part.origin,
        weight_g=part.weight_g * part.quantity,
        supply=supply_of(part.requires_shipping) if whole.supply == "goods" else whole.supply,
        pieces=part.quantity,
        share=part.price_weight,
    )
