"""Values that cross the border of payments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from djmoney.money import Money

FactKind = Literal[
    "action_required",
    "processing",
    "authorized",
    "captured",
    "declined",
    "failed",
    "canceled",
    "refund_pending",
    "refunded",
    "refund_failed",
    "disputed",
    "dispute_reversed",
    "dispute_lost",
    "fee",
    "accepted",
]
Source = Literal["response", "webhook", "poll", "return", "operator"]
EntryKind = Literal["charge", "refund", "fee", "dispute", "payout", "adjustment"]


@dataclass(frozen=True)
class NextAction:
    """What the shopper does next.

    `redirect`: go to `url`. `client`: a script on our page at `url` finishes the payment with the secret.
    `none`: nothing, the outcome is known or will be reported. `confirm`: nothing has been taken yet; the shop asks for
    it once the provider's name of the payment is stored (`CardKeeper.confirm`). The secret is never stored.
    """

    kind: Literal["none", "redirect", "client", "confirm"]
    url: str = ""
    client_secret: str = ""
    publishable_key: str = ""


@dataclass(frozen=True)
class PaymentFact:
    """One thing a provider says has happened to a payment.

    `fact_ref` names it at the provider (charge, refund, dispute), so that the same thing reported twice
    counts once. `refund_ref` is our reference of the refund it is about, if the provider knows it.
    `dispute_lost` moves nothing: the money went with `disputed`, and now it stays gone. Among the details,
    `card_fingerprint` is the provider's name of a card (kept as a digest only), `dispute_due` an ISO moment.
    """

    kind: FactKind
    amount: Money
    provider_ref: str
    fact_ref: str
    occurred_at: datetime
    source: Source = "poll"
    code: str = ""
    refund_ref: UUID | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CardWish:
    """What a member wants with cards: to keep the one they will type (`keep`), or to pay with a kept one."""

    user_id: int
    keep: bool = False
    card_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CardPart:
    """The same in the provider's names: whose cards (`customer`), which one pays (`saved`), or that it is kept."""

    customer: str
    saved: str = ""
    keep: bool = False


@dataclass(frozen=True, kw_only=True)
class KeptCard:
    """A card as its provider describes it; never its number."""

    provider_ref: str
    customer: str
    brand: str
    last_four: str
    expiry_year: int
    expiry_month: int


@dataclass(frozen=True)
class StartRequest:
    """Everything a provider needs to begin. The amount comes from the stored payment, never from a browser."""

    payment_ref: UUID
    order_ref: str
    amount: Money
    method: str
    manual_capture: bool
    description: str
    email: str
    language: str
    market: str
    return_url: str
    cancel_url: str
    idempotency_key: str
    strong: bool = False
    """Ask for 3-D Secure where the method knows it."""
    card: CardPart | None = None
    """Only for members who asked for it, and only at providers that keep cards."""


@dataclass(frozen=True)
class StartAnswer:
    """The provider's name for the payment, what the shopper does next and until when, and what is known already."""

    provider_ref: str
    next_action: NextAction
    expires_at: datetime | None = None
    facts: tuple[PaymentFact, ...] = ()


@dataclass(frozen=True)
class PaymentHandle:
    """A payment as its provider needs to recognise it.

    `is_open`: nobody knows yet how it ends, so what the shopper approved may still be taken. After the end nothing
    is taken any more, whatever the provider would allow. `expires_at` is what the provider said at the start.
    """

    payment_ref: UUID
    provider_ref: str
    amount: Money
    manual_capture: bool
    is_open: bool = False
    expires_at: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether the shopper's time to pay has run out."""
        return self.expires_at is not None and self.expires_at < now


@dataclass(frozen=True)
class RefundRequest:
    """Money to give back, under our own key: asking twice gives back once."""

    refund_ref: UUID
    amount: Money
    idempotency_key: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProviderEntry:
    """One row of a provider's own books: what moved our balance there.

    `entry_id` is the provider's name of the row, unique for ever. `amount`, `fee` and `net` are in the
    currency of the balance and `net = amount - fee`; what we receive is positive, so a refund, a payout
    and a dispute are negative, and a dispute we won is positive. A `fee` entry has its cost in `amount`.

    `fact_ref` is the name under which `fetch` reports the same movement (its `PaymentFact.fact_ref`).
    When `fetch` reports the fee of a movement, that fact's `fact_ref` is the `entry_id`: so it is booked
    once. `provider_ref`, `payment_ref` and `order_ref` are told as far as the provider knows them.

    Where the provider converted, `charged` is what moved in the shopper's currency (same sign as
    `amount`) and `exchange_rate` its price: units of the balance's currency for one of the shopper's.
    """

    entry_id: str
    kind: EntryKind
    amount: Money
    fee: Money
    net: Money
    created: datetime
    available_on: date | None = None
    provider_ref: str = ""
    fact_ref: str = ""
    payment_ref: UUID | None = None
    order_ref: str = ""
    payout_id: str = ""
    charged: Money | None = None
    exchange_rate: Decimal | None = None

    @property
    def currency(self) -> str:
        """The currency of the balance that moved."""
        code: str = self.amount.currency.code
        return code


@dataclass(frozen=True)
class WebhookMessage:
    """A verified message of a provider, reduced to what names things. `payload` holds no personal data."""

    event_id: str
    kind: str
    provider_ref: str
    payment_ref: UUID | None
    occurred_at: datetime
    relevant: bool
    payload: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class MethodView:
    """One way to pay, as checkout shows it. `kind` is the family: card, wallet, bank, later, voucher."""

    code: str
    provider: str
    label: str
    detail: str
    kind: str


@dataclass(frozen=True)
class PaymentView:
    """One payment of an order, for pages."""

    ref: UUID
    provider: str
    method: str
    state: str
    amount: Money
    authorized: Money
    captured: Money
    refunded: Money
    next_action: NextAction
    failure_code: str
    expires_at: datetime | None
    created: datetime
    marked: str = ""
    """The last letters of a gift card's code."""

    @property
    def is_credit(self) -> bool:
        """Whether a gift card or store credit paid, and no provider was asked."""
        return self.provider == "credit"


@dataclass(frozen=True)
class OrderMoney:
    """What all payments of an order come to. `undecided` says that a result is still to come."""

    order_ref: str
    payments: tuple[PaymentView, ...]
    captured: Money | None
    refunded: Money | None
    undecided: bool
    held: bool

    @property
    def latest(self) -> PaymentView | None:
        """The last attempt at a provider; what credit paid only where nobody was asked."""
        asked = [payment for payment in self.payments if not payment.is_credit]
        return next(reversed(asked or self.payments), None)

    @property
    def by_credit(self) -> tuple[PaymentView, ...]:
        """What gift cards and store credit paid."""
        return tuple(payment for payment in self.payments if payment.is_credit)


@dataclass(frozen=True)
class LedgerLine:
    """One side of a posting. Positive amounts are what an account receives."""

    owner_kind: str
    owner_id: str
    code: str
    amount: Money
