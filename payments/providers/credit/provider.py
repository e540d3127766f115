"""The shop's own liabilities behind the protocol of every provider. Its books are the entries of the accounts.

It starts nothing: `payments.actions.credit_taking` makes its payments together with their order. From then on they
are found, refunded and proven like all others.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from djmoney.money import Money

from core.http import refuse_open_transaction
from core.money import from_minor
from payments.actions.credit import give_back
from payments.errors import BadWebhook, ProviderRefused
from payments.models import CreditEntry
from payments.providers.protocol import ProviderOffer
from payments.types import (
    PaymentFact,
    PaymentHandle,
    ProviderEntry,
    RefundRequest,
    StartAnswer,
    StartRequest,
    WebhookMessage,
)


class CreditProvider:
    """Answers from the entries. It offers no method of its own: the checkout asks for codes instead."""

    @property
    def offer(self) -> ProviderOffer:
        return ProviderOffer(enabled=False, is_test=False, methods=frozenset(), has_books=False)

    def start(self, request: StartRequest) -> StartAnswer:
        """Never: what a card pays is taken with the order."""
        raise ProviderRefused("not_startable")

    def fetch(self, handle: PaymentHandle) -> tuple[PaymentFact, ...]:
        """What was taken, and what of it was given back."""
        refuse_open_transaction()
        spent = _spent(handle)
        back = CreditEntry.objects.filter(kind="refund", ref__startswith=f"{handle.payment_ref}:").order_by("pk")
        return tuple(_fact(handle, entry) for entry in (spent, *back))

    def capture(self, handle: PaymentHandle, amount: Money, key: str) -> tuple[PaymentFact, ...]:
        """It is taken already."""
        return self.fetch(handle)

    def cancel(self, handle: PaymentHandle, key: str) -> tuple[PaymentFact, ...]:
        """Too late: it was taken at once. A refund gives it back."""
        return self.fetch(handle)

    def refund(self, handle: PaymentHandle, request: RefundRequest) -> tuple[PaymentFact, ...]:
        """Back to the account it came from, once per refund."""
        refuse_open_transaction()
        spent = _spent(handle)
        give_back(
            account_id=spent.account_id,
            amount=request.amount,
            ref=f"{handle.payment_ref}:{request.refund_ref}",
            order_ref=spent.order_ref,
        )
        return self.fetch(handle)

    def list_transactions(self, begin: datetime, end: datetime) -> Iterator[ProviderEntry]:
        """Nothing to compare with: the entries are our own books."""
        return iter(())

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookMessage:
        """Nobody writes to us about them."""
        raise BadWebhook


def _spent(handle: PaymentHandle) -> CreditEntry:
    entry = CreditEntry.objects.filter(kind="spend", ref=str(handle.payment_ref)).select_related("account").first()
    if entry is None:
        raise ProviderRefused("never_taken")
    return entry


def _fact(handle: PaymentHandle, entry: CreditEntry) -> PaymentFact:
    amount = from_minor(abs(entry.amount_minor), handle.amount.currency.code)
    if entry.kind == CreditEntry.Kind.SPEND:
        return PaymentFact(
            kind="captured",
            amount=amount,
            provider_ref=handle.provider_ref,
            fact_ref=f"taken:{handle.payment_ref}",
            occurred_at=entry.created,
        )
    refund_ref = entry.ref.partition(":")[2]
    return PaymentFact(
        kind="refunded",
        amount=amount,
        provider_ref=handle.provider_ref,
        fact_ref=f"back:{refund_ref}",
        occurred_at=entry.created,
        refund_ref=UUID(refund_ref),
    )
