"""What the operators' order screens are made of."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from cart.types import TaxRow, TicketRow
from core.money import Money
from markets.compliance.papers import Paper
from orders.workspace.landed import LandedPanel

Tone = Literal["ok", "warn", "bad", "brand", "plain"]


@dataclass(frozen=True, kw_only=True)
class State:
    """A state in words, with how good the news is."""

    label: str
    tone: Tone


@dataclass(frozen=True, kw_only=True)
class OrderRow:
    """One order in a list."""

    number: str
    url: str
    placed_at: datetime
    customer: str
    email: str
    market: str
    country: str
    total: Money
    lifecycle: State
    payment: State
    delivery: State
    is_held: bool
    channel: str = ""
    """Another platform it was bought on; empty for the shop's own orders."""
    tags: tuple[State, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ViewTab:
    """A saved view: a name, how many are in it (`is_more`: at least so many), and its address."""

    key: str
    label: str
    count: int
    url: str
    current: bool
    is_more: bool = False
    is_shared: bool = False


@dataclass(frozen=True, kw_only=True)
class PageLinks:
    """Where one is in a long list."""

    first: int
    last: int
    total: int
    previous_url: str
    next_url: str


@dataclass(frozen=True, kw_only=True)
class LeafLinks:
    """The pages before and behind, and how many rows there are (`is_more`: at least so many)."""

    total: int
    is_more: bool
    previous_url: str
    next_url: str


@dataclass(frozen=True, kw_only=True)
class HoldView:
    """An open hold: why, since when, who takes care of it until when, and the addresses of what can be done."""

    pk: int
    kind: str
    reason: str
    facts: tuple[tuple[str, str], ...]
    since: datetime
    resolve_url: str
    plan_url: str
    owner: str = ""
    """Empty: nobody yet."""
    owner_id: int | None = None
    due_at: datetime | None = None
    is_overdue: bool = False


@dataclass(frozen=True, kw_only=True)
class PackLine:
    """A line inside a parcel. `shelf` and `hs_code` are empty when nobody has entered them."""

    line_id: int
    sku: str
    name: str
    options_text: str
    shelf: str
    hs_code: str
    origin: str
    ordered: int
    shipped: int
    in_parcel: int
    total: Money
    contents: tuple[tuple[int, str, str], ...] = ()
    """What has to be picked for a set: pieces, SKU, name."""


@dataclass(frozen=True, kw_only=True)
class ParcelPanel:
    """One parcel, with what can be done to it now."""

    pk: int
    position: int
    place: str
    state: State
    is_planned: bool
    is_inside: bool
    is_packed_here: bool
    """Whether our own people pack it."""
    may_arrive: bool
    carrier: str
    promised_from: date | None
    not_before: date | None
    """A pre-sale: the first day on which it may leave."""
    promised_to: date | None
    tracking_no: str
    tracking_url: str
    shipped_at: datetime | None
    delivered_at: datetime | None
    lines: tuple[PackLine, ...]
    heard: str = ""
    """What its carrier said last, in our words."""
    expected: date | None = None
    troubles: tuple[tuple[str, str], ...] = ()
    """What is wrong with it, and where that is taken care of."""


@dataclass(frozen=True, kw_only=True)
class PaymentRow:
    """One payment of the order."""

    ref: str
    method: str
    provider: str
    state: State
    amount: Money
    authorized: Money
    captured: Money
    refunded: Money
    url: str


@dataclass(frozen=True, kw_only=True)
class RefundRow:
    """One refund that was asked for."""

    number: str
    amount: Money
    state: State
    reason: str
    at: datetime
    owed: Money | None = None
    """What a payment refused of it while the rest went."""


@dataclass(frozen=True, kw_only=True)
class RefundableLine:
    """A line with units that were not refunded yet; with `part_id`, a component of a set with such pieces."""

    line_id: int
    sku: str
    name: str
    options_text: str
    left: int
    worth: Money
    part_id: int | None = None

    @property
    def key(self) -> str:
        """What the form calls it."""
        return f"{self.line_id}_{self.part_id}" if self.part_id else str(self.line_id)


@dataclass(frozen=True, kw_only=True)
class DeliveryBack:
    """What is left of the delivery, tax included; of it what a withdrawal gives back, and why."""

    left: Money
    proposed: Money
    why: str


@dataclass(frozen=True, kw_only=True)
class RefundPreview:
    """Exactly what the customer would receive."""

    rows: tuple[TicketRow, ...]
    net: Money
    tax: Money
    duty: Money
    total: Money
    ways: tuple[TicketRow, ...] = ()
    """Which payment gets how much of it back, or that it becomes store credit."""


@dataclass(frozen=True, kw_only=True)
class CustomerPanel:
    """Who ordered, in which language, and what they ordered before."""

    name: str
    email: str
    phone: str
    language: str
    language_code: str
    address: tuple[str, ...]
    address_language: str
    billing: tuple[str, ...]
    orders: int
    is_member: bool
    orders_url: str


@dataclass(frozen=True, kw_only=True)
class TaxFact:
    """A tax line with its place, rate and reason."""

    what: str
    label: str
    base: Money
    amount: Money
    reason: str


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """One thing that happened. `mark` is "k" for what the customer paid or received, "x" for trouble."""

    at: datetime
    text: str
    detail: str
    who: str
    mark: Literal["", "k", "x"]
    is_note: bool = False


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """What this operator may do, and what the order allows now."""

    fulfill: bool
    capture: bool
    refund: bool
    cancel: bool
    hold: bool
    note: bool


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """A rule of the destination that fitted when the order was placed. `beaten_by`: it had no effect because of it."""

    code: str
    action: str
    explanation: str
    why: str
    beaten_by: str
    is_confirmed: bool


@dataclass(frozen=True, kw_only=True)
class PapersPanel:
    """What the rules want on paper: another invoice than the usual, its heading, and what goes with the goods."""

    template: str
    heading: str
    enclosed: tuple[Paper, ...]


@dataclass(frozen=True, kw_only=True)
class OwnTag:
    """A tag that operators put on the order."""

    pk: int
    state: State


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """One order for the people who carry it out."""

    number: str
    placed_at: datetime
    market: str
    market_code: str
    seller: str
    """Who sells it, where that is another one than the market's own; else empty."""
    tags: tuple[State, ...]
    own_tags: tuple[OwnTag, ...]
    blocked: str
    holds: tuple[HoldView, ...]
    parcels: tuple[ParcelPanel, ...]
    canceled: tuple[PackLine, ...]
    payments: tuple[PaymentRow, ...]
    held: Money | None
    refunds: tuple[RefundRow, ...]
    refundable: Money
    customer: CustomerPanel
    ticket: tuple[TicketRow, ...]
    tax_rows: tuple[TaxRow, ...]
    taxes: tuple[TaxFact, ...]
    landed: LandedPanel | None
    """Duty, for orders that cross a customs border."""
    delivery: str
    timeline: tuple[TimelineEntry, ...]
    allowed: Allowed
    url: str
    books: str = ""
    """What the order is worth in the seller's own currency; empty in that currency."""
    rules: tuple[RuleRow, ...] = ()
    agreed: tuple[str, ...] = ()
    """What the customer agreed to because a rule asked, as it was worded."""
    papers: PapersPanel | None = None
