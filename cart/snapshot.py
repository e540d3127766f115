"""Everything a quote is computed from, gathered beforehand. Plain values: equal snapshots give equal quotes."""

from dataclasses import dataclass, field
from datetime import date, datetime

from cart.types import QuoteParcel
from catalog.types import Picture, SetPart, SoldAhead
from core.money import Money
from inventory.types import DeliveryOption
from markets.duty.types import DutyFacts
from markets.landed.types import Buyer
from markets.tax import TaxFacts
from markets.types import MarketContext


@dataclass(frozen=True, kw_only=True)
class SnapshotLine:
    """One cart line with what the shop knows of it now. `unit` is None when the market has no price for it."""

    line_id: int
    variant_id: int
    product_id: int
    quantity: int
    sku: str
    name: str
    options_text: str
    picture: Picture | None
    url: str
    weight_g: int
    hs_code: str
    origin: str
    tax_category: str
    requires_shipping: bool
    is_sellable: bool
    purchase_limit: int | None
    available: int
    unit: Money | None
    was: Money | None
    seen: Money | None
    price_source: tuple[tuple[str, str], ...] = ()
    supply: str = "physical"
    parts: tuple[SetPart, ...] = ()
    ahead: SoldAhead | None = None
    flags: frozenset[str] = frozenset()
    prohibited: str = ""
    """Why it cannot be sent to the destination; empty when it can."""

    @property
    def key(self) -> str:
        return str(self.line_id)

    @property
    def can_be_sold(self) -> bool:
        return self.is_sellable and self.unit is not None and not self.prohibited


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A cart at one moment, in one market, on its way to one place."""

    market: MarketContext
    country: str
    region: str
    postal_code: str
    lines: tuple[SnapshotLine, ...]
    parcels: tuple[QuoteParcel, ...]
    delivery_options: tuple[DeliveryOption, ...]
    delivery_code: str
    tax_facts: TaxFacts
    now: datetime
    duty_facts: DutyFacts = field(default_factory=DutyFacts)
    duty_wish: str = ""
    """`now` or `later` where the market lets the shopper choose when to pay duty; empty: not chosen."""
    buyer: Buyer = field(default_factory=Buyer)
    eu_sales_this_year: Money | None = None
    eu_sales_last_year: Money | None = None
    eu_sales_known: bool = True
    """False when some of the seller's sales to other member states could not be counted."""
    delivery_limit_g: int = 0
    """The most grams that can be sent there in one order; asked only when nothing takes this one."""
    later: tuple[tuple[date, tuple[DeliveryOption, ...]], ...] = ()
    """For each day on which something of a pre-sale leaves first, the deliveries counted from that day."""

    @property
    def weight_g(self) -> int:
        return sum(parcel.weight_g for parcel in self.parcels)
