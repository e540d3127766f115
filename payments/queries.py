"""Reads of payments for pages, orders and operators."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from core.money import from_minor
from markets.queries import OfferedMethod, brand_of, offered_methods
from markets.types import MarketContext
from payments.credit.postings import PROVIDER as CREDIT
from payments.labels import credit_label, method_detail, method_label
from payments.models import BankTransfer, Payment, PaymentException, SandboxCharge
from payments.providers.bank.accounts import PROVIDER as BANK
from payments.providers.bank.accounts import account_of
from payments.providers.bank.page import TransferShown, transfer_page
from payments.providers.protocol import PaymentProvider
from payments.providers.registry import enabled_providers
from payments.types import MethodView, OrderMoney, PaymentView

LATE_FOR = timedelta(days=60)
"""So long after its end a transfer is still proposed for money that comes."""


def methods_for(market_ctx: MarketContext, amount: Money) -> tuple[MethodView, ...]:
    """The ways to pay `amount` in this market, in the market's order: only what some provider can really take now."""
    providers = enabled_providers()
    found = []
    for offered in offered_methods(market_ctx.code):
        if not _in_range(offered, amount):
            continue
        name = _provider_for(offered, amount, providers, market_ctx.code)
        if name is not None:
            found.append(_view(offered, name, is_test=providers[name].offer.is_test))
    return tuple(found)


def _in_range(offered: OfferedMethod, amount: Money) -> bool:
    above = offered.minimum is None or amount.amount >= offered.minimum
    return above and (offered.maximum is None or amount.amount <= offered.maximum)


def _provider_for(
    offered: OfferedMethod, amount: Money, providers: dict[str, PaymentProvider], market: str
) -> str | None:
    """The provider the market names; else a real one before a test one."""
    by_preference = sorted(providers, key=lambda name: providers[name].offer.is_test)
    names: Iterable[str] = [offered.provider] if offered.provider else by_preference
    able = (name for name in names if name in providers and providers[name].offer.takes(offered.code, amount))
    return next((name for name in able if providers[name].offer.serves(offered.code, market)), None)


def _view(offered: OfferedMethod, provider: str, *, is_test: bool) -> MethodView:
    return MethodView(
        code=offered.code,
        provider=provider,
        label=method_label(offered.code, offered.brand, is_test=is_test),
        detail=method_detail(offered.code, offered.family, is_delayed=offered.is_delayed, is_test=is_test),
        kind=offered.family,
    )


def payment_state(order_ref: str) -> OrderMoney:
    """What all payments of an order come to, oldest first."""
    rows = list(Payment.objects.of_order(order_ref).order_by("pk"))
    currency = rows[0].currency if rows else ""
    return OrderMoney(
        order_ref=order_ref,
        payments=tuple(payment_view(row) for row in rows),
        captured=from_minor(sum(row.captured_minor for row in rows), currency) if rows else None,
        refunded=from_minor(sum(row.refunded_minor for row in rows), currency) if rows else None,
        undecided=any(row.is_undecided for row in rows),
        held=any(row.state == Payment.State.HELD for row in rows),
    )


def payment_view(row: Payment) -> PaymentView:
    """One payment as a value."""
    return PaymentView(
        ref=row.ref,
        provider=row.provider,
        method=row.method,
        state=row.state,
        amount=row.amount,
        authorized=row.authorized,
        captured=row.captured,
        refunded=row.refunded,
        next_action=row.what_next,
        failure_code=row.failure_code,
        expires_at=row.expires_at,
        created=row.created,
        marked=row.provider_ref.partition(":")[0] if row.method == "gift_card" else "",
    )


def payment_label(payment: PaymentView) -> str:
    """What the payment was made with, by the name shoppers know it under."""
    if payment.is_credit:
        return credit_label(payment.method, payment.marked)
    return method_label(payment.method, brand_of(payment.method), is_test=payment.provider == "sandbox")


def credit_payments(refs: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the payments that gift cards and store credit made."""
    return frozenset(Payment.objects.filter(ref__in=list(refs), provider=CREDIT).values_list("ref", flat=True))


def part_payments(refs: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the payments that may come in several parts: bank transfers."""
    return frozenset(Payment.objects.filter(ref__in=list(refs), in_parts=True).values_list("ref", flat=True))


def time_to_pay(market: str, provider: str) -> timedelta | None:
    """How long goods are kept for a way of paying that takes days; None for one that takes minutes."""
    account = account_of(market) if provider == BANK else None
    return timedelta(days=account.days_to_pay) if account is not None else None


def surplus_choice(payment_ref: UUID, fact_ref: str) -> Literal["", "back", "credit"]:
    """What a person has decided about money that was transferred too much; empty for all other money."""
    case = PaymentException.objects.filter(payment__ref=payment_ref, fact__fact_ref=fact_ref, kind="surplus").first()
    if case is None:
        return ""
    return "credit" if case.detail.get("give") == "credit" else "back"


def transfer_url(money: OrderMoney) -> str:
    """Where the shopper reads how to transfer what is missing of an order; empty where no transfer is awaited."""
    latest = money.latest
    if latest is None or latest.provider != BANK or latest.captured >= latest.amount:
        return ""
    if latest.state not in ("action_required", "captured"):
        return ""
    token = BankTransfer.objects.filter(payment__ref=latest.ref).values_list("token", flat=True).first()
    return reverse("payments:bank_transfer", urlconf=settings.ROOT_URLCONF, kwargs={"token": token}) if token else ""


def awaited_transfers() -> QuerySet[BankTransfer]:
    """Transfers of which something is missing, the longest awaited first; closed ones for as long as money may come."""
    missing = Q(payment__captured_minor__lt=F("payment__amount_minor"))
    lately = Q(closed_at=None) | Q(closed_at__gt=timezone.now() - LATE_FOR)
    return BankTransfer.objects.filter(missing, lately).select_related("payment", "account").order_by("created")


def open_cases() -> int:
    """How many cases wait for a person, for the operators' home."""
    return PaymentException.objects.filter(state="open").count()


def sandbox_charge(token: str) -> SandboxCharge | None:
    """The test payment behind a pay page's address."""
    return SandboxCharge.objects.filter(token=token).first()


def test_page_of(payment: Payment) -> str:
    """Where the bank of a test payment can be played; empty for real ones, and where test payments are off."""
    is_test = payment.provider == "sandbox" and settings.SANDBOX_PAYMENTS
    return str(payment.next_action.get("url", "")) if is_test else ""


def transfer_shown(payment_ref: UUID) -> TransferShown | None:
    """What a shopper is told about the transfer of a payment, and the address of the page that tells it."""
    transfer = BankTransfer.objects.select_related("payment").filter(payment__ref=payment_ref).first()
    if transfer is None:
        return None
    path = reverse("payments:bank_transfer", urlconf=settings.ROOT_URLCONF, kwargs={"token": transfer.token})
    return TransferShown(page=transfer_page(transfer), path=path)
