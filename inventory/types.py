"""What inventory tells and is told by others."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from core.money import Money


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What one set needs of a component. Stock knows the component by a `line_ref` of its own."""

    line_ref: str
    variant_id: int
    per_set: int


@dataclass(frozen=True, kw_only=True)
class Demand:
    """So many of a variant, wanted by a line of a cart or an order. A set has `pieces`, and no stock of its own."""

    line_ref: str
    variant_id: int
    quantity: int
    pieces: tuple[Piece, ...] = ()

    @property
    def needs(self) -> tuple[Piece, ...]:
        """What one unit takes from the shelf; a set leaves whole, so all of it comes from one warehouse."""
        return self.pieces or (Piece(line_ref=self.line_ref, variant_id=self.variant_id, per_set=1),)


@dataclass(frozen=True, kw_only=True)
class ParcelPlan:
    """One consignment: what leaves from where."""

    warehouse_code: str
    warehouse_name: str
    city: str
    country: str
    lines: tuple[Demand, ...]
    weight_g: int
    carrier: str = ""
    """Who carries it on its lane; empty where no lanes decide: then the delivery method's own."""
    earliest: date | None = None
    latest: date | None = None
    """The days its lane promises."""


@dataclass(frozen=True, kw_only=True)
class DeliveryOption:
    """One way to receive an order, with its price and its dates (local dates of the destination, inclusive)."""

    code: str
    name: str
    carrier: str
    price: Money
    earliest: date
    latest: date
    is_free: bool
    free_from: Money | None
    prepays_duty: bool = True
    """Whether the carrier clears parcels whose duty was paid with the order."""
    by_place: tuple[tuple[str, date, date], ...] = ()
    """Where lanes decide: the first and last day of what leaves each warehouse, by its code."""

    def days_from(self, codes: Collection[str]) -> tuple[date, date]:
        """The days of what leaves these warehouses, the slowest decides; of all of it where they are not told apart."""
        days = [(first, last) for code, first, last in self.by_place if code in codes]
        if not days or len(days) < len(set(codes)):
            return self.earliest, self.latest
        return max(first for first, _last in days), max(last for _first, last in days)


@dataclass(frozen=True, kw_only=True)
class StockPlace:
    """From where and until when a variant leaves for a market."""

    warehouse_code: str
    city: str
    country: str
    leaves_on: date
    minutes_to_cutoff: int | None


@dataclass(frozen=True, kw_only=True)
class BatchPart:
    """So many pieces of one batch. Without a code nobody knows which batch it is."""

    quantity: int
    code: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ShippedItem:
    """So many of an order line that leave, or leave again, from one warehouse."""

    line_ref: str
    warehouse_code: str
    quantity: int
    batches: tuple[BatchPart, ...] = ()
    """Of which batches they were taken; where that is not said, or they are gone, those that expire first leave."""
