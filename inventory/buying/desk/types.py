"""What the buying screens are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from catalog.workspace.screens import Links
from core.money import Money

Tone = Literal["ok", "warn", "bad", "plain"]


@dataclass(frozen=True, kw_only=True)
class State:
    """A state in words, with how good the news is."""

    label: str
    tone: Tone


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A saved view: a name, how many are in it, its address."""

    label: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class ProposalRow:
    """One proposal with the numbers that led to it, in words."""

    pk: int
    sku: str
    name: str
    warehouse: str
    stock_url: str
    kind: str
    source: str
    quantity: int
    typed: str
    error: str
    cost: Money | None
    why: tuple[str, ...]
    warning: str
    is_urgent: bool
    state: State
    outcome: str
    outcome_url: str


@dataclass(frozen=True, kw_only=True)
class ProposalPage:
    """The screen of proposals."""

    view: str
    tabs: tuple[Tab, ...]
    rows: tuple[ProposalRow, ...]
    links: Links
    warehouses: tuple[tuple[str, str], ...]
    suppliers: tuple[tuple[str, str], ...]
    chosen: Mapping[str, str]
    is_filtered: bool
    clear_url: str
    made_on: date | None
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class PurchaseRow:
    """One order in the list."""

    number: str
    url: str
    supplier: str
    warehouse: str
    state: State
    at: datetime
    expected_on: date | None
    is_late: bool
    pieces: int
    to_come: int
    total: Money


@dataclass(frozen=True, kw_only=True)
class PurchaseList:
    """The list of orders."""

    view: str
    tabs: tuple[Tab, ...]
    rows: tuple[PurchaseRow, ...]
    links: Links
    chosen: Mapping[str, str]
    suppliers: tuple[tuple[str, str], ...]
    warehouses: tuple[tuple[str, str], ...]
    is_filtered: bool
    clear_url: str


@dataclass(frozen=True, kw_only=True)
class PurchaseLineRow:
    """One line of an order."""

    pk: int
    variant_id: int
    sku: str
    supplier_sku: str
    name: str
    quantity: int
    cost: Money
    total: Money
    received: int
    rejected: int
    given_up: int
    to_come: int
    over: int


@dataclass(frozen=True, kw_only=True)
class DeliveryRow:
    """One delivery with what was not as ordered."""

    pk: int
    position: int
    at: datetime
    who: str
    note: str
    lines: tuple[str, ...]
    differs: bool
    settled: str
    form: Any


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """What this person may do now."""

    write: bool
    send: bool
    again: bool
    confirm: bool
    receive: bool
    rest: bool
    cancel: bool
    settle: bool


@dataclass(frozen=True, kw_only=True)
class PurchasePage:
    """One order."""

    number: str
    state: State
    supplier: str
    supplier_url: str
    email: str
    warehouse: str
    at: datetime
    sent_at: datetime | None
    expected_on: date | None
    is_late: bool
    incoterm: str
    supplier_ref: str
    note: str
    canceled_because: str
    total: Money
    lines: tuple[PurchaseLineRow, ...]
    deliveries: tuple[DeliveryRow, ...]
    allowed: Allowed

    @property
    def has_rejected(self) -> bool:
        """Whether anything that came was sent back."""
        return any(line.rejected for line in self.lines)
