"""The bank transfer behind the protocol of every provider.

Nobody can be asked whether money came: what came is booked from bank statements (`payments.statements`), and what goes
back is a transfer that a person sends at the bank and confirms. `start` and `refund` therefore write rows of this
provider only, each once per key.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from core.http import refuse_open_transaction
from core.money import to_minor
from core.signing import new_secret
from payments.errors import BadWebhook, ProviderRefused
from payments.models import BankAccount, BankLine, BankPayout, BankTransfer, Payment
from payments.providers.bank.accounts import METHOD, PerMethod, account_of, currencies, markets, shown_account
from payments.providers.bank.references import new_reference
from payments.providers.protocol import ProviderOffer
from payments.types import (
    FactKind,
    NextAction,
    PaymentFact,
    PaymentHandle,
    ProviderEntry,
    RefundRequest,
    StartAnswer,
    StartRequest,
    WebhookMessage,
)

TRIES = 5
"""A taken reference is one in ten thousand millions; five in a row are a mistake elsewhere."""


class BankProvider:
    """Tells the shopper where to transfer to, and a person what to transfer back."""

    @property
    def offer(self) -> ProviderOffer:
        return ProviderOffer(
            enabled=bool(settings.BANK_TRANSFERS),
            is_test=False,
            methods=frozenset({METHOD}),
            currencies=PerMethod(currencies),
            markets=PerMethod(markets),
            part_methods=frozenset({METHOD}),
            has_books=False,
        )

    def start(self, request: StartRequest) -> StartAnswer:
        """The account and a reference of its own for this payment, until when the goods are kept."""
        refuse_open_transaction()
        transfer = _transfer(request)
        url = reverse("payments:bank_transfer", kwargs={"token": transfer.token})
        waits = _fact("action_required", request.amount, transfer.reference, transfer.reference, transfer.created)
        return StartAnswer(transfer.reference, NextAction("redirect", url), transfer.due_at, (waits,))

    def fetch(self, handle: PaymentHandle) -> tuple[PaymentFact, ...]:
        """What is known here: whether it was closed, and how far what goes back is."""
        refuse_open_transaction()
        transfer = _known(handle)
        facts = [payout_fact(transfer, payout) for payout in transfer.payouts.order_by("pk")]
        if transfer.closed_at is not None:
            facts.append(
                _fact("canceled", handle.amount, transfer.reference, f"{transfer.reference}-closed", transfer.closed_at)
            )
        return tuple(facts)

    def capture(self, handle: PaymentHandle, amount: Money, key: str) -> tuple[PaymentFact, ...]:
        """Nothing is ever held at a bank for us."""
        raise ProviderRefused("nothing_held")

    def cancel(self, handle: PaymentHandle, key: str) -> tuple[PaymentFact, ...]:
        """Nobody is asked to pay any more. Money that is under way comes all the same, and is late then."""
        refuse_open_transaction()
        transfer = _known(handle)
        BankTransfer.objects.filter(pk=transfer.pk, closed_at=None).update(closed_at=timezone.now())
        return self.fetch(handle)

    def refund(self, handle: PaymentHandle, request: RefundRequest) -> tuple[PaymentFact, ...]:
        """A transfer for a person to send, to the account the money came from where the bank told it."""
        refuse_open_transaction()
        transfer = _known(handle)
        line = _origin(handle, to_minor(request.amount))
        BankPayout.objects.get_or_create(
            refund_ref=request.refund_ref,
            defaults={
                "transfer": transfer,
                "currency": request.amount.currency.code,
                "amount_minor": to_minor(request.amount),
                "recipient": line.payer if line is not None else "",
                "recipient_account": line.payer_account if line is not None else "",
            },
        )
        return self.fetch(handle)

    def list_transactions(self, begin: datetime, end: datetime) -> Iterator[ProviderEntry]:
        """The statements are read and matched elsewhere, line by line."""
        return iter(())

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookMessage:
        """Banks write no messages to us."""
        raise BadWebhook


def _transfer(request: StartRequest) -> BankTransfer:
    payment = Payment.objects.get(ref=request.payment_ref)
    known = BankTransfer.objects.filter(payment=payment).first()
    if known is not None:
        return known
    account = account_of(request.market)
    if account is None or account.currency != request.amount.currency.code:
        raise ProviderRefused("no_account")
    for _attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _create(payment, account, request)
        except IntegrityError:  # the reference is taken, or another request has just begun this very payment
            known = BankTransfer.objects.filter(payment=payment).first()
            if known is not None:
                return known
    raise ProviderRefused("no_reference")


def _create(payment: Payment, account: BankAccount, request: StartRequest) -> BankTransfer:
    return BankTransfer.objects.create(
        payment=payment,
        account=account,
        reference=new_reference(),
        token=new_secret(),
        shown=shown_account(account).as_json(),
        market=request.market,
        language=request.language,
        return_url=request.return_url,
        due_at=timezone.now() + timedelta(days=account.days_to_pay),
    )


def _known(handle: PaymentHandle) -> BankTransfer:
    transfer = BankTransfer.objects.filter(payment__ref=handle.payment_ref).first()
    if transfer is None:
        raise ProviderRefused("never_started")
    return transfer


def _origin(handle: PaymentHandle, minor: int) -> BankLine | None:
    """The line that brought the money: one large enough, else the largest."""
    mine = Q(booking__payment__ref=handle.payment_ref) | Q(booking__shares__payment__ref=handle.payment_ref)
    lines = BankLine.objects.filter(mine, amount_minor__gt=0)
    return lines.filter(amount_minor__gte=minor).order_by("pk").first() or lines.order_by("-amount_minor", "pk").first()


REPORTS: dict[str, FactKind] = {"waiting": "refund_pending", "sent": "refunded", "refused": "refund_failed"}


def payout_fact(transfer: BankTransfer, payout: BankPayout) -> PaymentFact:
    """What a transfer to send says about its refund, whoever asks."""
    return PaymentFact(
        kind=REPORTS[payout.state],
        amount=payout.amount,
        provider_ref=transfer.reference,
        fact_ref=f"payout:{payout.refund_ref}",
        occurred_at=payout.sent_at or payout.updated,
        code="not_sent" if payout.state == BankPayout.State.REFUSED else "",
        refund_ref=payout.refund_ref,
    )


def _fact(kind: FactKind, amount: Money, provider_ref: str, fact_ref: str, when: datetime) -> PaymentFact:
    return PaymentFact(kind=kind, amount=amount, provider_ref=provider_ref, fact_ref=fact_ref, occurred_at=when)
