"""What crosses the cart's border: the quote and the pages made of it. Frozen values, never rows."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from cart.border import Border
from catalog.types import Picture, SetPart
from core.money import Money
from inventory.types import DeliveryOption
from markets.types import CountryChoice

AdjustmentKind = Literal["discount", "shipping", "tax", "duty", "fee"]
TaxOwner = Literal["line", "shipping", "fee", "duty"]


@dataclass(frozen=True, kw_only=True)
class CartProblem:
    """Something the shopper must know about the cart. `line_id` names the line it is about, if one.

    `blocking` problems stop the checkout; the others only inform. `facts` are for scripts and tests.
    """

    code: str
    message: str
    line_id: int | None = None
    blocking: bool = False
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class PartAmounts:
    """What one component of a set bears of its line, by its own tax and duty."""

    net: Money
    tax: Money
    duty: Money
    tax_rate: Decimal


@dataclass(frozen=True, kw_only=True)
class QuoteLine:
    """One line with its price. `line_total` is what the shopper sees: with tax inside when the market shows gross."""

    key: str
    line_id: int
    position: int
    variant_id: int
    product_id: int
    sku: str
    name: str
    options_text: str
    picture: Picture | None
    url: str
    quantity: int
    max_quantity: int
    unit_list: Money
    """What one unit costs before promotions."""
    unit_final: Money
    """What one unit costs after them."""
    was: Money | None
    """The struck-through former price the law allows to be shown, if the price is reduced."""
    line_list: Money
    discount: Money
    line_total: Money
    net: Money
    tax: Money
    duty: Money
    """Import duty paid for the line with the order, with the tax on it where prices contain tax."""
    tax_rate: Decimal
    tax_category: str
    weight_g: int
    hs_code: str
    origin: str
    requires_shipping: bool
    price_source: tuple[tuple[str, str], ...]
    ships_from: str
    arrives_from: date | None
    arrives_to: date | None
    problems: tuple[CartProblem, ...]
    supply: str = "physical"
    """What kind of thing it is: `virtual` is handed over by download."""
    parts: tuple[SetPart, ...] = ()
    """What one unit holds, when it is a set."""
    part_amounts: tuple[PartAmounts, ...] = ()
    """Of a set whose components are taxed by themselves: one per part, and together the line."""
    releases_on: date | None = None
    """The first day on which it leaves, while it is on pre-sale."""

    @property
    def tier(self) -> int:
        """From how many pieces on its price applies; 0 when it applies from the first."""
        return int(dict(self.price_source).get("min_qty", "0"))


@dataclass(frozen=True, kw_only=True)
class Adjustment:
    """One thing beside the goods that changes the total, with where it comes from and why."""

    kind: AdjustmentKind
    label: str
    source: str
    explanation: str
    amount: Money
    line_key: str = ""


@dataclass(frozen=True, kw_only=True)
class QuoteTaxLine:
    """The tax of one thing, zero included. `key` is the quote line's key, or the owner's name."""

    key: str
    owner: TaxOwner
    place: str
    rate: Decimal
    base: Money
    amount: Money
    included: bool
    reason: str
    label: str
    """What the tax is called: a key for `markets.tax.labels`."""
    rule_id: str
    scheme: str = ""
    part: int = 0
    """Which component of a set it is about, counted from 1; 0 is the whole line."""


@dataclass(frozen=True, kw_only=True)
class TaxRow:
    """The tax lines of one place, rate and reason together, in words."""

    label: str
    rate: Decimal
    base: Money
    amount: Money
    included: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class ParcelItem:
    """So many units of a quote line in a parcel."""

    key: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class QuoteParcel:
    """What leaves one warehouse together."""

    warehouse_code: str
    warehouse_name: str
    city: str
    country: str
    items: tuple[ParcelItem, ...]
    weight_g: int
    not_before: date | None = None
    """The first day on which it leaves, when it is a pre-sale."""


@dataclass(frozen=True, kw_only=True)
class FreeDelivery:
    """How far the cart is from free delivery. `percent` is 0 to 100, rounded down."""

    reached: bool
    threshold: Money
    missing: Money
    percent: int


@dataclass(frozen=True, kw_only=True)
class TicketRow:
    """One row of the list of amounts. `kind`: `plain`, `off` (a reduction) or `total`."""

    label: str
    amount: Money
    kind: Literal["plain", "off", "total"] = "plain"
    is_free: bool = False


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What everything costs, and why. The only place where totals are computed.

    `fingerprint` changes exactly when something the shopper agreed to changes: an amount, a quantity,
    a tax, the delivery. Equal inputs give an equal quote.
    """

    market: str
    language: str
    currency: str
    country: str
    postal_code: str
    display: str
    rounding_level: str
    duty_mode: str
    lines: tuple[QuoteLine, ...]
    adjustments: tuple[Adjustment, ...]
    parcels: tuple[QuoteParcel, ...]
    delivery: DeliveryOption | None
    delivery_options: tuple[DeliveryOption, ...]
    items_total: Money
    discount_total: Money
    shipping_total: Money
    fee_total: Money
    duty_total: Money
    duty_added: Money
    border: Border
    tax_total: Money
    tax_added: Money
    total: Money
    tax_included: bool
    tax_lines: tuple[QuoteTaxLine, ...]
    tax_rows: tuple[TaxRow, ...]
    ticket: tuple[TicketRow, ...]
    explanations: tuple[str, ...]
    free_delivery: FreeDelivery | None
    problems: tuple[CartProblem, ...]
    item_count: int
    weight_g: int
    fingerprint: str
    computed_at: datetime
    ahead_sentence: str = ""
    """What a pre-sale in it means: when it leaves, in how many deliveries, and that it is paid now."""

    @property
    def is_sent(self) -> bool:
        """Whether something of it leaves in a parcel."""
        return any(line.requires_shipping for line in self.lines if line.quantity)

    @property
    def arrives(self) -> tuple[date | None, date | None]:
        """The days on which all of it is there, as the delivery has them; with a pre-sale, from the first thing to the
        last. None where nothing is sent."""
        days = [(line.arrives_from, line.arrives_to) for line in self.lines if line.arrives_from and line.arrives_to]
        if not days or self.delivery is None:
            return None, None
        if any(line.releases_on for line in self.lines):
            return min(first for first, _last in days), max(last for _first, last in days)
        return self.delivery.earliest, self.delivery.latest

    @property
    def has_downloads(self) -> bool:
        """Whether something of it is handed over by download."""
        return any(
            line.supply == "virtual" or any(not part.requires_shipping for part in line.parts)
            for line in self.lines
            if line.quantity
        )

    @property
    def is_empty(self) -> bool:
        return not self.lines

    @property
    def all_problems(self) -> tuple[CartProblem, ...]:
        return self.problems + tuple(problem for line in self.lines for problem in line.problems)

    @property
    def can_be_ordered(self) -> bool:
        """Whether nothing stands between this quote and an order."""
        has_delivery = self.delivery is not None or not any(line.requires_shipping for line in self.lines)
        return bool(self.lines) and has_delivery and not any(problem.blocking for problem in self.all_problems)


@dataclass(frozen=True, kw_only=True)
class AddResult:
    """What became of a wish to change the cart. `line_id` is None when nothing was added."""

    cart_id: str
    line_id: int | None
    quantity: int
    problems: tuple[CartProblem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SavedLine:
    """Something kept for later."""

    line_id: int
    variant_id: int
    name: str
    options_text: str
    picture: Picture | None
    url: str
    quantity: int
    price: Money | None
    is_sellable: bool


@dataclass(frozen=True, kw_only=True)
class LeftBehind:
    """A line that cannot come along to another market or country, with a sentence saying why."""

    line_id: int
    name: str
    options_text: str
    picture: Picture | None
    url: str
    quantity: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class CartUrls:
    """Where the forms of the cart go."""

    page: str
    update: str
    remove: str
    save: str
    restore: str
    destination: str
    checkout: str
    shop: str


@dataclass(frozen=True, kw_only=True)
class CartPage:
    """The cart page, whole. Forms post `line` (id) and `quantity`; `notices` are sentences for the status region."""

    quote: Quote
    saved: tuple[SavedLine, ...]
    countries: tuple[CountryChoice, ...]
    postal_code: str
    notices: tuple[CartProblem, ...]
    parcel_sentence: str
    contents: tuple[TicketRow, ...]
    """What the total contains: parts that sum to it."""
    tax_sentence: str
    duty_sentence: str
    later_rows: tuple[TicketRow, ...]
    """What is paid on delivery, outside of the total."""
    urls: CartUrls


@dataclass(frozen=True, kw_only=True)
class CartDrawer:
    """The dialog after adding: what was added, how far free delivery is, the subtotal."""

    added: QuoteLine | None
    quote: Quote
    notices: tuple[CartProblem, ...]
    urls: CartUrls


@dataclass(frozen=True, kw_only=True)
class CartBadge:
    """How many items are in the cart."""

    count: int
    url: str
