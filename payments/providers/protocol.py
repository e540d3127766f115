"""What a payment provider is. Providers translate; they decide nothing and write no rows of ours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from djmoney.money import Money

from core.money import to_minor
from payments.types import (
    KeptCard,
    NextAction,
    PaymentFact,
    PaymentHandle,
    ProviderEntry,
    RefundRequest,
    StartAnswer,
    StartRequest,
    WebhookMessage,
)


@dataclass(frozen=True)
class ProviderOffer:
    """What a provider can take now.

    `currencies` limits a method to some currencies; `steps` names currencies in which only multiples of
    that many minor units can be charged; `held_methods` are first held and captured by us later; what is paid by
    `part_methods` may come in several parts. `markets` limits a method to some markets, by code. `has_books`: every
    movement appears in `list_transactions`, so what does not appear there is missing.
    """

    enabled: bool
    is_test: bool
    methods: frozenset[str]
    currencies: Mapping[str, frozenset[str]] = field(default_factory=dict)
    steps: Mapping[str, int] = field(default_factory=dict)
    held_methods: frozenset[str] = frozenset()
    part_methods: frozenset[str] = frozenset()
    markets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    has_books: bool = True

    def takes(self, method: str, amount: Money) -> bool:
        """Whether `amount` can be paid by `method` exactly as it is."""
        currency = amount.currency.code
        if not self.enabled or method not in self.methods:
            return False
        if method in self.currencies and currency not in self.currencies[method]:
            return False
        return to_minor(amount) % self.steps.get(currency, 1) == 0

    def serves(self, method: str, market: str) -> bool:
        """Whether the method can be used in a market at all."""
        return method not in self.markets or market in self.markets[method]


class PaymentProvider(Protocol):
    """One third party. Every call may raise `ProviderUnreachable` (the effect is unknown, the same call may be
    repeated with the same key) or `ProviderRefused`. No transaction is open while one runs."""

    @property
    def offer(self) -> ProviderOffer:
        """What can be paid here."""
        ...

    def start(self, request: StartRequest) -> StartAnswer:
        """Begin a payment; the same key begins it once."""
        ...

    def fetch(self, handle: PaymentHandle) -> tuple[PaymentFact, ...]:
        """Everything that has happened to the payment, as the provider knows it now."""
        ...

    def capture(self, handle: PaymentHandle, amount: Money, key: str) -> tuple[PaymentFact, ...]:
        """Take `amount` of what is held."""
        ...

    def cancel(self, handle: PaymentHandle, key: str) -> tuple[PaymentFact, ...]:
        """Close the payment so that no money can follow; answers what is true afterwards, even a success."""
        ...

    def refund(self, handle: PaymentHandle, request: RefundRequest) -> tuple[PaymentFact, ...]:
        """Give money back."""
        ...

    def list_transactions(self, begin: datetime, end: datetime) -> Iterator[ProviderEntry]:
        """Every row of the provider's books from `begin` until before `end`, page by page, oldest or newest first.

        A provider that keeps no books of its own answers with nothing.
        """
        ...

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookMessage:
        """Verify a message on its raw bytes and read it. Raises `BadWebhook` before anything is parsed."""
        ...


class CardKeeper(Protocol):
    """A provider's safe for cards. Raises like `PaymentProvider`; a thing that is gone already is no refusal."""

    @property
    def account(self) -> str:
        """The account of the provider: what one keeps the other does not know."""
        ...

    def create_customer(self, *, owner_ref: str, email: str, key: str) -> str:
        """The provider's name of a member; the same key makes it once."""
        ...

    def confirm(
        self, handle: PaymentHandle, *, return_url: str, key: str
    ) -> tuple[NextAction, tuple[PaymentFact, ...]]:
        """Take the money of a payment that was begun with a kept card; the bank may want to ask the shopper first."""
        ...

    def kept_card(self, handle: PaymentHandle) -> KeptCard | None:
        """The card that a payment brought; None when none was kept."""
        ...

    def holds(self, *, card_ref: str) -> bool:
        """Whether the card is still somebody's."""
        ...

    def detach(self, *, card_ref: str, key: str) -> None:
        """Let go of a card. Afterwards nobody can pay with it here."""
        ...

    def knows(self, *, customer: str) -> bool:
        """Whether the member is still known."""
        ...

    def forget(self, *, customer: str) -> None:
        """Forget a member and everything about them."""
        ...


@runtime_checkable
class KeepsCards(Protocol):
    """A provider at which members can keep cards."""

    @property
    def cards(self) -> CardKeeper:
        """The safe."""
        ...
