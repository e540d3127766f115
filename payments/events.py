"""What happened to money. Orders are named by reference only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from djmoney.money import Money

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class PaymentReported(Event):
    """A report about a payment of this order is about to be recorded.

    Announced first in the transaction, before the payment's row is locked, so that whoever books receipts
    can lock the order first: order, then payment, everywhere.
    """

    order_ref: str
    payment_ref: UUID


@dataclass(frozen=True, kw_only=True)
class PaymentPending(Event):
    """The shopper has done their part; the money or the refusal comes later (voucher, bank transfer)."""

    order_ref: str
    payment_ref: UUID


@dataclass(frozen=True, kw_only=True)
class PaymentAuthorized(Event):
    """The amount is held for us and can be captured."""

    order_ref: str
    payment_ref: UUID
    amount: Money


@dataclass(frozen=True, kw_only=True)
class PaymentCaptured(Event):
    """`amount` more was taken for us. `late`: the payment had failed or was closed before.

    Announced once per booked capture; `fact_ref` is the provider's name of it and unique per payment.
    """

    order_ref: str
    payment_ref: UUID
    amount: Money
    fact_ref: str
    late: bool


@dataclass(frozen=True, kw_only=True)
class PaymentDeclined(Event):
    """One attempt within an open payment was declined; the shopper may try again in the same payment."""

    order_ref: str
    payment_ref: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class PaymentFailed(Event):
    """The payment has ended without money."""

    order_ref: str
    payment_ref: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class PaymentCanceled(Event):
    """The payment was closed at the provider before any money was taken."""

    order_ref: str
    payment_ref: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class PaymentRefunded(Event):
    """`amount` went back to the shopper."""

    order_ref: str
    payment_ref: UUID
    refund_ref: UUID
    amount: Money


@dataclass(frozen=True, kw_only=True)
class RefundFailed(Event):
    """A refund was refused by the provider; the money is still ours and the shopper still waits for it."""

    order_ref: str
    payment_ref: UUID
    refund_ref: UUID
    amount: Money
    code: str


@dataclass(frozen=True, kw_only=True)
class PaymentDisputed(Event):
    """The shopper's bank took `amount` back for now: nothing more is shipped until it is settled.

    `fact_ref` is the provider's name of the dispute.
    """

    order_ref: str
    payment_ref: UUID
    amount: Money
    fact_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class DisputeWon(Event):
    """`amount` of a dispute came back to us."""

    order_ref: str
    payment_ref: UUID
    amount: Money


@dataclass(frozen=True, kw_only=True)
class DisputeOpened(Event):
    """A dispute is known by its name at the provider; `due_at` is until when evidence is taken, if that was said."""

    order_ref: str
    payment_ref: UUID
    dispute_id: int
    fact_ref: str
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RiskHeld(Event):
    """The money came, and the risk rules want a person to look before anything is shipped.

    `codes` are the rules that counted, `key` is the same for the same order and the same rules.
    """

    order_ref: str
    payment_ref: UUID
    decision_id: int
    points: int
    codes: tuple[str, ...]
    key: str


@dataclass(frozen=True, kw_only=True)
class PaymentHeld(Event):
    """Money or a claim about money that does not fit the payment: an operator must look. `kind` says why."""

    order_ref: str
    payment_ref: UUID
    case_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class StoreCreditGiven(Event):
    """`amount` was put on somebody's store credit, because of `ref`."""

    account: int
    amount: Money
    email: str
    market: str
    language: str
    ref: str


@dataclass(frozen=True, kw_only=True)
class TransferAwaited(Event):
    """A shopper was told where to transfer the money to, and until when the goods are kept."""

    order_ref: str
    payment_ref: UUID
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class TransferReminded(Event):
    """Half of the time to transfer has passed and nothing came. Announced once per payment."""

    order_ref: str
    payment_ref: UUID


@dataclass(frozen=True, kw_only=True)
class PartReceived(Event):
    """`received` more came by transfer, and the payment is still not complete. `name` is the arrival's own."""

    order_ref: str
    payment_ref: UUID
    received: Money
    name: str
