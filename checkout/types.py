"""What the checkout pages are made of."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from cart.types import Quote, TicketRow
from core.money import Money
from markets.inputs import FieldView


@dataclass(frozen=True, kw_only=True)
class ErrorLink:
    """One line of the error summary; leads to the field."""

    field_id: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Note:
    """A note on the page: what happened, what to do. `tone`: `ok`, `warn`, `bad`."""

    tone: Literal["ok", "warn", "bad"]
    title: str
    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DeliveryChoice:
    """A delivery option of the choice list: dates first, then the price."""

    code: str
    earliest: date
    latest: date
    price: Money
    is_free: bool
    detail: str
    selected: bool


@dataclass(frozen=True, kw_only=True)
class DutyChoice:
    """When import duty is paid: with the order, or to the carrier. `sentence` says what it means."""

    code: Literal["now", "later"]
    label: str
    sentence: str
    selected: bool


@dataclass(frozen=True, kw_only=True)
class PaymentChoice:
    """A payment method of the market, in the market's order."""

    code: str
    label: str
    detail: str
    selected: bool


@dataclass(frozen=True, kw_only=True)
class CardRow:
    """A gift card that pays. `account_id` names it for the button that removes it."""

    account_id: int
    letters: str
    amount: Money
    left: Money


@dataclass(frozen=True, kw_only=True)
class CreditView:
    """Gift cards and store credit on the payment step. `balance` is None for somebody without store credit."""

    cards: tuple[CardRow, ...]
    code: str
    code_error: str
    balance: Money | None
    uses_store: bool
    rows: tuple[TicketRow, ...]
    """Below the total: what each pays, and what is left. Empty when none pays."""
    rest: Money
    rest_shown: str
    """The same as the form carries it."""
    is_covered: bool
    """Nothing is left to pay: no provider is asked."""


@dataclass(frozen=True, kw_only=True)
class CheckoutUrls:
    """Where the page posts and leads."""

    page: str
    country: str
    delivery: str
    cart: str
    sign_in: str
    terms: str
    privacy: str
    withdrawal: str


@dataclass(frozen=True, kw_only=True)
class CheckoutPage:
    """The one checkout page, first time, with errors, after a change of the total, or after a declined payment.

    `title` starts with "Error:" when `errors` is not empty. Hidden inputs: `form_key`, `fingerprint`.
    A submit button named `action` with the value `refresh` re-renders with everything typed kept (country or
    delivery changed, no script); the order button has the value `place`.
    """

    title: str
    errors: tuple[ErrorLink, ...]
    notes: tuple[Note, ...]
    destination_note: Note | None
    """What choosing another country did to the order, beside the country's field."""
    contact_fields: tuple[FieldView, ...]
    saved_address: FieldView | None
    """Which of the member's addresses to use; None where there is none that can be."""
    offers_address: bool
    """Whether the address can be kept for next time, and whether that was ticked (`keep_address`)."""
    keep_address: bool
    country_field: FieldView
    address_fields: tuple[FieldView, ...]
    rule_fields: tuple[FieldView, ...]
    """What rules of the destination ask besides: numbers, an age, consents."""
    billing_same: bool
    billing_country_field: FieldView
    billing_fields: tuple[FieldView, ...]
    delivery_choices: tuple[DeliveryChoice, ...]
    delivery_error: str
    payment_choices: tuple[PaymentChoice, ...]
    payment_error: str
    offers_keeping: bool
    """Whether a card that is typed can be kept for next time, and whether that was ticked (`keep_card`)."""
    keep_card: bool
    credit: CreditView
    quote: Quote
    total_sentence: str
    tax_sentence: str
    duty_sentence: str
    duty_choices: tuple[DutyChoice, ...]
    """Empty where the market does not let the shopper choose, or nothing is imported."""
    later_rows: tuple[TicketRow, ...]
    """What is paid on delivery, outside of the total."""
    button_text: str
    """The market's obligation wording with the amount."""
    withdrawal_days: int
    download_consent: str
    """The sentence to agree to before a download begins; empty when the cart has none or no law asks."""
    download_agreed: bool
    form_key: str
    checkout_id: str
    fingerprint: str
    is_signed_in: bool
    urls: CheckoutUrls


@dataclass(frozen=True, kw_only=True)
class RetryPage:
    """After a declined or broken-off payment: the order exists, nothing was charged, another try or method."""

    title: str
    order_number: str
    notes: tuple[Note, ...]
    errors: tuple[ErrorLink, ...]
    total: Money
    """What is still due."""
    paid_rows: tuple[TicketRow, ...] = ()
    """What gift cards and store credit have paid of the order; empty when none has."""
    pay_by: datetime
    payment_choices: tuple[PaymentChoice, ...]
    payment_error: str
    button_text: str
    action_url: str
    order_url: str
    form_key: str
    challenge: str = ""
    """A signed token: the total is typed again with it. Empty while nothing is asked."""
    challenge_error: str = ""
    offers_keeping: bool = False


@dataclass(frozen=True, kw_only=True)
class ConfirmingPage:
    """While the provider has not decided: the page asks `status_url` every few seconds, or the shopper reloads."""

    title: str
    order_number: str
    note: Note
    status_url: str
    order_url: str
    retry_url: str
