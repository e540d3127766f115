"""What is asked of a change, and what an order would be after it. Plain values; amounts are minor units."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from core.money import Money, from_minor
from orders.types import PostalAddress

TOTALS = (
    "items_total",
    "discount_total",
    "shipping_total",
    "fee_total",
    "duty_total",
    "duty_added",
    "tax_total",
    "tax_added",
    "total",
)
"""The money columns of an order that a change writes."""
LINE_AMOUNTS = (
    "unit_list",
    "unit_final",
    "line_list",
    "line_discount",
    "line_total",
    "line_net",
    "line_tax",
    "line_duty",
)
"""The money columns of a line that a change writes."""


@dataclass(frozen=True, kw_only=True)
class Added:
    """So many of a variant that the order did not have."""

    variant_id: int
    quantity: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What somebody wants changed. Lines that are not named stay as they are; 0 takes one out.

    No address and no delivery: they stay. `keeps_delivery_price` leaves what was agreed for the delivery alone.
    """

    quantities: Mapping[int, int] = field(default_factory=dict)
    added: tuple[Added, ...] = ()
    address: PostalAddress | None = None
    delivery_code: str = ""
    keeps_delivery_price: bool = True

    def as_json(self) -> dict[str, Any]:
        """Without the address, which is kept apart because it names a person."""
        return {
            "quantities": {str(line): count for line, count in self.quantities.items()},
            "added": [asdict(one) for one in self.added],
            "address": self.address is not None,
            "delivery": self.delivery_code,
            "keeps_delivery_price": self.keeps_delivery_price,
        }


@dataclass(frozen=True, kw_only=True)
class LineAfter:
    """One line as it would be. `line_id` is None for a new one, whose `facts` are the columns of its snapshot."""

    line_id: int | None
    position: int
    variant_id: int | None
    name: str
    options_text: str
    sku: str
    before: int
    quantity: int
    amounts: Mapping[str, int]
    tax_rate: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[Mapping[str, Any], ...] = ()
    """Components of a set: for each the columns that follow from the line's amounts."""


@dataclass(frozen=True, kw_only=True)
class TaxAfter:
    """One tax line as it would be. `position` names the line it is for, `part` the component of a set, or 0."""

    owner: str
    position: int
    part: int
    place: str
    rate: str
    base: int
    amount: int
    included: bool
    reason: str
    label: str
    rule_ref: str
    scheme: str


@dataclass(frozen=True, kw_only=True)
class DeliveryAfter:
    """The delivery as it would be promised. Days are ISO dates, or empty."""

    code: str
    name: str
    carrier: str
    explanation: str
    first: str
    last: str
    cheapest: int | None


@dataclass(frozen=True, kw_only=True)
class Projection:
    """The order as it would be after a change.

    `lines` are those that were priced anew, `removed` those taken out; all others stand. `requotes_delivery` says
    whether the delivery and its taxes are among what was priced anew.
    """

    currency: str
    lines: tuple[LineAfter, ...]
    removed: tuple[int, ...]
    taxes: tuple[TaxAfter, ...]
    totals: Mapping[str, int]
    delivery: DeliveryAfter | None
    requotes_delivery: bool
    landed: Mapping[str, Any]
    price_mode: str
    total_before: int
    rules: Mapping[str, Any] = field(default_factory=dict)
    """What the rules of the destination say to it, as `changes.law` found them; empty where nothing was asked."""

    @property
    def delta(self) -> int:
        """What the customer owes more; below zero what goes back."""
        return self.totals["total"] - self.total_before

    @property
    def difference(self) -> Money:
        return from_minor(self.delta, self.currency)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def projection_from(stored: Mapping[str, Any]) -> Projection:
    """A projection that was kept with its change."""
    delivery = stored["delivery"]
    return Projection(
        **{
            **stored,
            "lines": tuple(LineAfter(**{**line, "parts": tuple(line["parts"])}) for line in stored["lines"]),
            "removed": tuple(stored["removed"]),
            "taxes": tuple(TaxAfter(**tax) for tax in stored["taxes"]),
            "delivery": DeliveryAfter(**delivery) if delivery else None,
        }
    )
