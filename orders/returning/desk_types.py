"""What the operators' screens of returns and questions are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.money import Money
from orders.returning.types import FileLink
from orders.workspace.types import PageLinks, State, ViewTab


@dataclass(frozen=True, kw_only=True)
class DeskRow:
    """One return or question in a list."""

    number: str
    url: str
    order: str
    order_url: str
    customer: str
    at: datetime
    subject: str
    detail: str
    state: State
    due: date | datetime | None
    is_late: bool
    who: str = ""


@dataclass(frozen=True, kw_only=True)
class DeskList:
    """One page of a list, with its saved views and its filters."""

    title: str
    rows: tuple[DeskRow, ...]
    tabs: tuple[ViewTab, ...]
    form: Any
    view: str
    is_filtered: bool
    links: PageLinks
    clear_url: str


@dataclass(frozen=True, kw_only=True)
class SeenUnit:
    """A unit that somebody looked at."""

    position: int
    condition: str
    fate: str
    warehouse: str
    note: str
    who: str
    at: datetime
    files: tuple[FileLink, ...]
    kept: Money | None = None
    """What was decided to be kept for wear."""


@dataclass(frozen=True, kw_only=True)
class DeskLine:
    """A line of a return: how many are asked back, arrived, and were looked at. `form` is for the next unit."""

    pk: int
    sku: str
    name: str
    options_text: str
    is_piece: bool
    quantity: int
    canceled: int
    received: int
    to_come: int
    wanted: str
    units: tuple[SeenUnit, ...]
    worth: Money
    form: Any = None


@dataclass(frozen=True, kw_only=True)
class DeskAllowed:
    """What this operator may do with the return now."""

    approve: bool
    reject: bool
    label: bool
    receive: bool
    inspect: bool
    end: bool
    refund: bool
    replace: bool
    close: bool
    exchange: bool = False
    """What is paid back is set against what is wanted instead."""
    give_up: bool = False
    """Nothing was ordered for it yet."""


@dataclass(frozen=True, kw_only=True)
class DeskReturn:
    """One return for operators."""

    number: str
    order: str
    order_url: str
    customer: str
    email: str
    language: str
    market: str
    state: State
    at: datetime
    reason: str
    is_withdrawal: bool
    in_time: str
    resolution: str
    note: str
    answer: str
    way_back: str
    return_to: tuple[str, ...]
    send_by: date | None
    tracking: str
    lines: tuple[DeskLine, ...]
    photos: tuple[FileLink, ...]
    labels: tuple[FileLink, ...]
    refund: str
    refund_amount: Money | None
    new_order: tuple[str, str] | None
    """Number and page of the order an exchange has made."""
    tickets: tuple[tuple[str, str], ...]
    history: Sequence[tuple[datetime, str, str, str]]
    allowed: DeskAllowed


@dataclass(frozen=True, kw_only=True)
class DeskSaid:
    """One message, as operators see it."""

    who: str
    by_customer: bool
    is_internal: bool
    body: str
    at: datetime
    files: tuple[FileLink, ...]


@dataclass(frozen=True, kw_only=True)
class DeskTicket:
    """One question for operators. `answers` are pairs of a prepared answer's code and its text in their language."""

    number: str
    subject: str
    category: str
    state: State
    order: str
    order_url: str
    return_number: str
    return_url: str
    customer: str
    email: str
    language: str
    due_at: datetime | None
    is_late: bool
    assignee: str
    messages: tuple[DeskSaid, ...]
    answers: tuple[tuple[str, str], ...]
    may_answer: bool
    is_solved: bool
