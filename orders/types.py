"""What the order pages are made of, and what other parts may know of an order."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from cart.types import TaxRow, TicketRow
from catalog.types import Picture
from core.money import Money


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who ordered and how to reach them."""

    email: str
    phone: str = ""
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class PostalAddress:
    """An address as it was written, in the parts of its country's form. `lines` is how it is printed."""

    country: str
    parts: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]

    def part(self, name: str) -> str:
        return dict(self.parts).get(name, "")


@dataclass(frozen=True, kw_only=True)
class OrderLineView:
    """A line as the customer sees it in a parcel."""

    line_id: int
    sku: str
    name: str
    options_text: str
    picture: Picture | None
    url: str
    quantity: int
    total: Money
    note: str
    review_url: str = ""
    contents: tuple[str, ...] = ()
    """What a set holds: "2 × Cup"."""
    releases_on: date | None = None
    """The first day it leaves, while it is on pre-sale."""
    cancel_url: str = ""
    """Where a pre-sale whose day was moved is canceled free of charge."""
    return_url: str = ""
    """Where units of it are sent back; empty before it was sent and when all of it is back."""


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A place on the route line."""

    label: str
    text: str
    state: Literal["done", "here", "next"]


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """One step of a parcel or an order."""

    at: datetime
    text: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class ParcelView:
    """One parcel: promise, status, route, carrier, log and contents. `at` is the route's progress, 0 to 100."""

    position: int
    count: int
    state: str
    state_label: str
    tone: Literal["ok", "warn", "bad", "plain"]
    arrives_from: date | None
    arrives_to: date | None
    delivered_at: datetime | None
    stops: tuple[Stop, ...]
    at: int
    carrier: str
    tracking_no: str
    tracking_url: str
    log: tuple[LogEntry, ...]
    lines: tuple[OrderLineView, ...]
    not_before: date | None = None
    """A pre-sale: the first day it leaves."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A station of the single chain shown to the customer."""

    key: str
    label: str
    state: Literal["done", "here", "next"]


@dataclass(frozen=True, kw_only=True)
class DocumentLink:
    """A paper of the order."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """The right to withdraw: how many days, and the last day once the last parcel is there."""

    days: int
    until: date | None
    is_open: bool
    url: str = ""
    """Where it is declared; empty when nothing is left to withdraw from."""


@dataclass(frozen=True, kw_only=True)
class OrderStatus:
    """What the polled fragment needs. `is_settled` ends the polling."""

    number: str
    key: str
    label: str
    sentence: str
    tone: Literal["ok", "warn", "bad", "plain"]
    stages: tuple[Stage, ...]
    is_settled: bool
    status_url: str
    order_url: str
    retry_url: str
    withdraw_url: str = ""
    transfer_url: str = ""
    """Where to transfer to, while a bank transfer is awaited."""


@dataclass(frozen=True, kw_only=True)
class DownloadFile:
    """A file that can be fetched. `url` is signed and ends after a while; empty while it cannot be fetched."""

    name: str
    size: str
    url: str
    left: int | None


@dataclass(frozen=True, kw_only=True)
class DownloadView:
    """What is handed over by download for one line. `message` says why it cannot be fetched, if so."""

    name: str
    files: tuple[DownloadFile, ...]
    keys: tuple[str, ...]
    keys_url: str
    """Where the keys are asked for; empty when they are shown or there are none."""
    until: datetime | None
    message: str


@dataclass(frozen=True, kw_only=True)
class AccountOffer:
    """An account for a guest, or the order for a member's account. `errors` are about the password."""

    kind: Literal["join", "claim"]
    action_url: str
    sign_in_url: str
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReturnLink:
    """A return of an order, as a line of its page."""

    title: str
    label: str
    tone: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """How an order's reader is told about it, as it stands. `phone` is empty without a number or a gateway."""

    email: str
    phone: str
    sms: bool
    parcels: bool
    sms_sentence: str
    push_sentence: str
    public_key: str
    followed: str
    """Hashes of the addresses of browsers that follow this order, by which a browser knows itself; spaces between."""
    worker_url: str
    action_url: str
    browser_url: str


@dataclass(frozen=True, kw_only=True)
class OrderPage:
    """One order for its customer."""

    number: str
    placed_at: datetime
    email: str
    item_count: int
    total: Money
    payment_sentence: str
    status: OrderStatus
    parcels: tuple[ParcelView, ...]
    canceled_lines: tuple[OrderLineView, ...]
    ticket: tuple[TicketRow, ...]
    tax_rows: tuple[TaxRow, ...]
    tax_sentence: str
    duty_sentence: str
    ship_to: PostalAddress
    bill_to: PostalAddress | None
    delivery_name: str
    documents: tuple[DocumentLink, ...]
    withdrawal: Withdrawal | None
    history: tuple[LogEntry, ...]
    shop_url: str
    account: AccountOffer | None = None
    downloads: tuple[DownloadView, ...] = ()
    consent_text: str = ""
    """What has to be agreed to before a download begins; empty when nothing has."""
    consent_url: str = ""
    returns: tuple[ReturnLink, ...] = ()
    return_url: str = ""
    """Where goods are sent back from; empty while nothing of it was sent, or when all of it is back."""
    questions_url: str = ""
    address_url: str = ""
    """Where the address is corrected; empty once somebody packs."""
    told: Told | None = None


@dataclass(frozen=True, kw_only=True)
class WithdrawLine:
    """A line that can be withdrawn from."""

    line_id: int
    name: str
    options_text: str
    quantity: int
    chosen: bool
    back: Money
    """What it brings back, tax and duty included."""


@dataclass(frozen=True, kw_only=True)
class WithdrawPage:
    """The withdrawal function. Its form posts `key`, `name`, `order`, `email` and, for a known order, `line`s.

    `lines` and `order_url` are empty when nobody's link led here. `timing` says in words until when there is time.
    """

    title: str
    key: str
    name: str
    order: str
    email: str
    lines: tuple[WithdrawLine, ...]
    errors: tuple[tuple[str, str], ...]
    message: str
    timing: str
    is_late: bool
    days: int
    action_url: str
    order_url: str
    back: str = ""
    """What goes back when everything is withdrawn, in words with amounts; empty for no known order, and when late."""


@dataclass(frozen=True, kw_only=True)
class WithdrawalReceipt:
    """What was declared and when, as the mail says it too."""

    number: str
    order: str
    name: str
    email: str
    text: str
    goods: tuple[str, ...]
    received: str
    timing: str
    is_late: bool


@dataclass(frozen=True, kw_only=True)
class OrderFindPage:
    """Find an order by number and email. `message` is the one neutral answer to a pair that is not found."""

    title: str
    number: str
    email: str
    errors: tuple[tuple[str, str], ...]
    message: str
    action_url: str


@dataclass(frozen=True, kw_only=True)
class RefundWish:
    """How many units of a line are to be refunded; with `part_id`, pieces of that component of a set."""

    line_id: int
    quantity: int
    part_id: int | None = None
    kept_minor: int = 0
    """What is kept of it for wear, tax included, in minor units of the order's currency."""


@dataclass(frozen=True, kw_only=True)
class IntoExchange:
    """At most `minor` goes into the order of what is sent instead, the rest back the way the money came."""

    exchange_id: int
    minor: int


RefundTo = Literal["methods", "credit"] | IntoExchange
"""Back the way the money came; to the customer's store credit, which needs their agreement; or into an exchange."""
DeliveryWish = bool | Money
"""What of the delivery is to be refunded: all that is left of it, nothing, or this much with the tax inside."""


@dataclass(frozen=True, kw_only=True)
class ShipItem:
    """How many units of a line go into a parcel."""

    line_id: int
    quantity: int
