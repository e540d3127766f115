"""What the cart and other apps ask about variants."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from catalog.types.basics import Picture
from core.money import Money


@dataclass(frozen=True)
class SetPart:
    """A component of a set: `quantity` pieces in one set, which together carry `price_weight` of its price."""

    variant_id: int
    sku: str
    name: str
    options_text: str
    quantity: int
    price_weight: int
    weight_g: int
    hs_code: str
    origin: str
    tax_category: str
    requires_shipping: bool
    is_archived: bool
    flags: frozenset[str] = frozenset()
    """What restrictions of destinations speak of."""
    local_codes: Mapping[str, str] = field(default_factory=dict)
    """Longer goods codes by destination, as of a `Sellable`."""


@dataclass(frozen=True)
class SoldAhead:
    """A variant that is sold before it is there: the first day it leaves, and how many may be had until then."""

    release_on: date
    left: int | None
    per_order: int | None
    per_customer: int | None

    @property
    def limit(self) -> int | None:
        """The most pieces of one order."""
        limits = [limit for limit in (self.per_order, self.per_customer) if limit is not None]
        return min(limits) if limits else None


@dataclass(frozen=True)
class Sellable:
    """What the cart needs to know about a variant. `is_sellable` is false for drafts and hidden products."""

    variant_id: int
    product_id: int
    sku: str
    name: str
    options_text: str
    picture: Picture | None
    weight_g: int
    hs_code: str
    origin: str
    tax_category: str
    purchase_limit: int | None
    product_url: str
    requires_shipping: bool
    is_sellable: bool
    customs_description: str = ""
    supply: str = "physical"
    """What kind of thing it is: `physical`, `virtual`, `giftcard` or `service`. Virtual things are sold by download."""
    is_set: bool = False
    parts: tuple[SetPart, ...] = ()
    """What a set holds."""
    ahead: SoldAhead | None = None
    """Set while it is on pre-sale."""
    flags: frozenset[str] = frozenset()
    """What restrictions of destinations speak of: `battery`, `alcohol`."""
    local_codes: Mapping[str, str] = field(default_factory=dict)
    """Longer goods codes by destination; EU27 is every member state."""


@dataclass(frozen=True)
class ConsideredPrice:
    """A price that applied, and whether it won. `reason` says why not, for operators."""

    price_list_id: int
    price_list: str
    kind: str
    min_qty: int
    amount: Money
    priority: int
    won: bool
    reason: str


@dataclass(frozen=True)
class PricedVariant:
    """The price of one variant for a quantity and an audience, with the list it came from.

    `list_amount` is the ordinary price when it is higher; `prior_low` the lowest of the 30 days before the
    reduction began, for reductions everybody sees.
    """

    variant_id: int
    amount: Money
    list_amount: Money | None
    prior_low: Money | None
    price_list_id: int
    kind: str
    considered: tuple[ConsideredPrice, ...] = ()
    min_qty: int = 1
    """From how many pieces on it applies."""


@dataclass(frozen=True)
class Availability:
    """What a market can sell of a variant now, and the place it would leave from."""

    variant_id: int
    market_id: int
    available_total: int
    place_code: str = ""
