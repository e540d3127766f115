"""What the customer's pages of returns and questions are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from catalog.types import Picture
from core.money import Money
from orders.types import LogEntry, Stage

Option = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class ReturnRow:
    """A line, or a piece of a set, in the form. `why_not` says why it cannot be chosen for a change of mind."""

    key: str
    name: str
    options_text: str
    picture: Picture | None
    is_piece: bool
    most: int
    chosen: int
    counts: tuple[int, ...]
    why_not: str
    only_faults: bool


@dataclass(frozen=True, kw_only=True)
class ChoosePage:
    """The first screen: what and why. The form posts `key`, `units_<row key>` and `reason`."""

    title: str
    number: str
    key: str
    rows: tuple[ReturnRow, ...]
    blocked: tuple[ReturnRow, ...]
    reasons: tuple[Option, ...]
    faults: tuple[Option, ...]
    reason: str
    timing: str
    is_late: bool
    errors: tuple[tuple[str, str], ...]
    action_url: str
    order_url: str
    withdraw_url: str


@dataclass(frozen=True, kw_only=True)
class ExchangeRow:
    """One chosen line and what it can be exchanged for."""

    field_name: str
    name: str
    options: tuple[Option, ...]
    chosen: str


@dataclass(frozen=True, kw_only=True)
class SendPage:
    """The second screen: what it brings, how it goes, and the button that sends it."""

    title: str
    number: str
    hidden: tuple[tuple[str, str], ...]
    goods: tuple[str, ...]
    reason: str
    refund: Money
    refund_note: str
    way_back: str
    resolutions: tuple[Option, ...]
    resolution: str
    exchanges: tuple[ExchangeRow, ...]
    note: str
    wants_photos: bool
    errors: tuple[tuple[str, str], ...]
    action_url: str
    order_url: str


@dataclass(frozen=True, kw_only=True)
class FileLink:
    """A file the reader may open."""

    called: str
    url: str
    size: str
    is_picture: bool


@dataclass(frozen=True, kw_only=True)
class GoodsRow:
    """What comes back, and what became of it once it was looked at."""

    text: str
    seen: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FollowPage:
    """One return for its customer."""

    number: str
    order: str
    title: str
    next: str
    tone: str
    label: str
    stages: tuple[Stage, ...]
    goods: tuple[GoodsRow, ...]
    reason: str
    resolution: str
    note: str
    answer: str
    way_back: str
    return_to: tuple[str, ...]
    send_by: date | None
    tracking: str
    instructions: str
    label_file: FileLink | None
    photos: tuple[FileLink, ...]
    refund: Money | None
    refund_state: str
    may_cancel: bool
    may_say_sent: bool
    exchange: str
    """What becomes of the wish for another variant, in a sentence; empty where there is none."""
    history: tuple[LogEntry, ...]
    action_url: str
    order_url: str
    ask_url: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message of a conversation."""

    by_customer: bool
    who: str
    body: str
    at: datetime
    files: tuple[FileLink, ...]


@dataclass(frozen=True, kw_only=True)
class TicketRow:
    """One question in a list."""

    number: str
    subject: str
    state: str
    tone: str
    at: datetime
    url: str


@dataclass(frozen=True, kw_only=True)
class AskPage:
    """The form for a new question, with those there are."""

    title: str
    number: str
    key: str
    categories: tuple[Option, ...]
    typed: Mapping[str, str]
    errors: tuple[tuple[str, str], ...]
    tickets: tuple[TicketRow, ...]
    action_url: str
    order_url: str


@dataclass(frozen=True, kw_only=True)
class TalkPage:
    """One conversation for its customer."""

    title: str
    number: str
    order: str
    subject: str
    state: str
    tone: str
    messages: tuple[Said, ...]
    key: str
    body: str
    is_solved: bool
    errors: tuple[tuple[str, str], ...]
    action_url: str
    order_url: str


@dataclass(frozen=True, kw_only=True)
class OwnReturn:
    """A return or a question in a member's list."""

    number: str
    order: str
    title: str
    state: str
    tone: str
    at: datetime
    url: str


@dataclass(frozen=True, kw_only=True)
class MinePage:
    """A member's returns and questions, and the orders something can be sent back from."""

    returns: tuple[OwnReturn, ...] = ()
    questions: tuple[OwnReturn, ...] = ()
    orders: tuple[OwnReturn, ...] = field(default=())
