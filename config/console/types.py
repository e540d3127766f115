"""What the console's screens are made of."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from core.money import Money
from orders.workspace.types import OrderRow, Tone, ViewTab


@dataclass(frozen=True, kw_only=True)
class NavEntry:
    """One link of the navigation, with how much waits behind it."""

    label: str
    icon: str
    url: str
    current: bool
    count: int = 0
    tone: Tone = "plain"
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class NavGroup:
    """Links under one heading; the first group has none. `more` are those one goes to now and then."""

    heading: str
    entries: tuple[NavEntry, ...]
    more: tuple[NavEntry, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether one is on a screen behind "More", or has nothing else here."""
        return not self.entries or any(entry.current for entry in self.more)

    @property
    def every(self) -> tuple[NavEntry, ...]:
        """All links."""
        return self.entries + self.more


@dataclass(frozen=True, kw_only=True)
class WorkRow:
    """Something that needs a person: how much, what it is, since when, and where to do it."""

    key: str
    count: int
    title: str
    sentence: str
    waiting: str
    is_urgent: bool
    overdue: int
    url: str
    button: str


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A key figure with the period before. `trend` is ok, bad or plain; `points` draw its line."""

    label: str
    number: int | None
    amount: Money | None
    before: str
    change: str
    trend: Tone
    points: str


@dataclass(frozen=True, kw_only=True)
class DayCount:
    """Orders of one day and of the same day one period earlier."""

    day: date
    now: int
    before: int


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Orders per day, ready to be drawn and to be read as a table."""

    days: tuple[DayCount, ...]
    line: str
    area: str
    line_before: str
    end_x: str
    end_y: str
    most: int
    steps: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, kw_only=True)
class LowStock:
    """A variant that runs low somewhere: what can be sold in each warehouse."""

    name: str
    sku: str
    counts: tuple[int | None, ...]
    is_out: bool
    places: str
    url: str


@dataclass(frozen=True, kw_only=True)
class StockTable:
    """Variants that run low, and the warehouses as columns."""

    places: tuple[str, ...]
    rows: tuple[LowStock, ...]


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One line of the activity log in plain words."""

    who: str
    text: str
    target: str
    url: str
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Today:
    """The operators' home."""

    now: datetime
    work: tuple[WorkRow, ...]
    figures: tuple[Figure, ...]
    chart: Chart | None
    tabs: tuple[ViewTab, ...]
    orders: tuple[OrderRow, ...]
    view: str
    stock: StockTable
    deeds: tuple[Deed, ...]
    may: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Something the search found."""

    kind: Literal["order", "product", "person", "purchase", "screen"]
    label: str
    detail: str
    url: str


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """What was looked for, and what was found, by kind."""

    query: str
    groups: tuple[tuple[str, tuple[Hit, ...]], ...]
