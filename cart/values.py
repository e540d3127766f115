"""What pieces are worth at a border, for choosing between warehouses. Pure. What is declared is not worked out here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog.sets import component_shares
from catalog.types import SetPart
from core.money import Money, from_minor, to_minor


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A component of a set: so many pieces in one set, which together carry `price_weight` of its price."""

    variant_id: int
    quantity: int
    price_weight: int


@dataclass(frozen=True, kw_only=True)
class Priced:
    """A variant at a price, with its components when it is a set."""

    variant_id: int
    unit: Money
    pieces: Sequence[Piece] = ()


def pieces_of(parts: Iterable[SetPart]) -> tuple[Piece, ...]:
    """The components of a set as they are sold."""
    return tuple(
        Piece(variant_id=part.variant_id, quantity=part.quantity, price_weight=part.price_weight) for part in parts
    )


def border_values(rows: Iterable[Priced]) -> dict[int, Money]:
    """What one piece of each variant is worth: its price; as a component its share of the set's, rounded up.

    A variant that is there in several ways counts with the most it is worth in any: duty is never taken for less.
    """
    found: dict[int, Money] = {}
    for row in rows:
        _raise(found, row.variant_id, row.unit)
        if not row.pieces:
            continue
        shares = component_shares(to_minor(row.unit), [one.price_weight for one in row.pieces])
        for one, share in zip(row.pieces, shares, strict=True):
            _raise(found, one.variant_id, from_minor(-(-share // one.quantity), row.unit.currency.code))
    return found


def _raise(found: dict[int, Money], variant_id: int, value: Money) -> None:
    known = found.get(variant_id)
    found[variant_id] = value if known is None else max(known, value)
