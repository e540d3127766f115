"""What orders announce."""

from dataclasses import dataclass
from datetime import date

from core.events import Event
from core.money import Money


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event):
    """An order exists and its stock is set aside; no money has moved yet."""

    number: str
    market: str
    language: str
    total: Money


@dataclass(frozen=True, kw_only=True)
class OrderPaid(Event):
    """Enough money was received."""

    number: str
    market: str
    total: Money


@dataclass(frozen=True, kw_only=True)
class OrderConfirmed(Event):
    """The order is to be carried out."""

    number: str


@dataclass(frozen=True, kw_only=True)
class OrderCompleted(Event):
    """Everything was delivered."""

    number: str


@dataclass(frozen=True, kw_only=True)
class OrderCanceled(Event):
    """The order will not be carried out; its stock is free again."""

    number: str
    reason: str
    was_paid: bool


@dataclass(frozen=True, kw_only=True)
class OrderExpired(Event):
    """Nobody paid in time; its stock is free again."""

    number: str


@dataclass(frozen=True, kw_only=True)
class RefundRequested(Event):
    """Money is to go back to the customer; the provider has not been asked yet."""

    number: str
    refund_number: str


@dataclass(frozen=True, kw_only=True)
class OrderRefunded(Event):
    """Money went back to the customer."""

    number: str
    refund_number: str
    amount: Money


@dataclass(frozen=True, kw_only=True)
class FulfillmentShipped(Event):
    """A parcel left the warehouse."""

    number: str
    fulfillment_id: int


@dataclass(frozen=True, kw_only=True)
class FulfillmentDelivered(Event):
    """A parcel arrived."""

    number: str
    fulfillment_id: int


@dataclass(frozen=True, kw_only=True)
class LinksWanted(Event):
    """Somebody asked for links to the orders of an address. Whether there are any is seen later, by nobody who asks."""

    email_hash: str


@dataclass(frozen=True, kw_only=True)
class ParcelMoved(Event):
    """A carrier reports a parcel somewhere else; `state` is one of `ParcelState`. Arriving is told by its own event."""

    number: str
    fulfillment_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class WithdrawalReceived(Event):
    """Somebody withdrew from a contract; the statement is kept and its receipt is due."""

    statement: str


@dataclass(frozen=True, kw_only=True)
class HoldOpened(Event):
    """An order waits for a person."""

    number: str
    hold_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class HoldResolved(Event):
    """Somebody has looked, and what the hold kept back may go on unless another hold keeps it."""

    number: str
    hold_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class CustomerWritten(Event):
    """Somebody wrote to the customer about the order; the words are in its history."""

    number: str
    event_id: int


@dataclass(frozen=True, kw_only=True)
class ReleaseMoved(Event):
    """A pre-sale in an order leaves on another day; its customer may cancel it."""

    number: str
    line_id: int
    before: date
    release_on: date


@dataclass(frozen=True, kw_only=True)
class DownloadsOpened(Event):
    """What an order hands over by download can be fetched."""

    number: str


@dataclass(frozen=True, kw_only=True)
class ReturnMoved(Event):
    """A return was asked for, or came a step further; `state` is where it stands now."""

    number: str
    return_number: str
    state: str


@dataclass(frozen=True, kw_only=True)
class OrderReshipped(Event):
    """Goods of an order are sent again: `child` is the order they come with."""

    number: str
    child: str


@dataclass(frozen=True, kw_only=True)
class ExchangeOrdered(Event):
    """What is sent instead of returned goods is an order of its own: `child`, of the order `number`."""

    number: str
    child: str
    exchange_id: int


@dataclass(frozen=True, kw_only=True)
class ExchangeGivenUp(Event):
    """An exchange that was agreed does not come; nothing is held for it."""

    number: str
    exchange_id: int


@dataclass(frozen=True, kw_only=True)
class TicketWritten(Event):
    """Somebody wrote about an order. Internal notes are not announced."""

    ticket: str
    message_id: int
    by_customer: bool


@dataclass(frozen=True, kw_only=True)
class OrderChanged(Event):
    """A placed order became another one: lines, taxes or totals are not what they were. `change_id` knows both.

    `kind` is one of `orders.models.ChangeKind`; an invoice that was issued for `before` is to be corrected.
    """

    number: str
    change_id: int
    kind: str
    before: Money
    after: Money


@dataclass(frozen=True, kw_only=True)
class ChangeRequested(Event):
    """A change makes an order dearer; its customer is to pay the difference first."""

    number: str
    change_id: int


@dataclass(frozen=True, kw_only=True)
class ChangeEnded(Event):
    """A change was not paid, or given up: the order stays as it was."""

    number: str
    change_id: int


@dataclass(frozen=True, kw_only=True)
class DocumentIssued(Event):
    """An invoice or credit note has its number; its file is made next."""

    number: str
    document: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class ParcelEtaMoved(Event):
    """A carrier expects to deliver on another day than the customer knows, by a day or more."""

    number: str
    fulfillment_id: int
    day: date


@dataclass(frozen=True, kw_only=True)
class ParcelInTrouble(Event):
    """Somebody has to look after a parcel; `kind` is one of `ExceptionKind`."""

    number: str
    exception_id: int
    kind: str
