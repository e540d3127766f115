"""What payments hold about people: little by design. Amounts and references stay, by law."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.privacy import Holding, Personal, Subject, register, rows_of
from payments.models import Payment, PaymentEvent


def export(subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """What was paid, how, and what the providers told us."""
    payments = Payment.objects.filter(order_ref__in=sorted(subject.orders))
    fields = ("order_ref", "provider", "method", "currency", "amount_minor", "state")
    told = PaymentEvent.objects.filter(payment_ref__in=payments.values("ref"))
    return {
        "payments.Payment": rows_of(payments, *fields),
        "payments.PaymentEvent": rows_of(told, "provider", "kind", "payload", "occurred_at"),
    }


def erase(subject: Subject) -> Mapping[str, int]:
    """The visitor's mark and the providers' own words go; amounts, references and the ledger stay."""
    payments = Payment.objects.filter(order_ref__in=sorted(subject.orders))
    told = PaymentEvent.objects.filter(payment_ref__in=payments.values("ref"), processed_at__isnull=False)
    return {
        "payments.PaymentEvent": told.update(payload={}),
        "payments.Payment": payments.exclude(visitor="").update(visitor=""),
    }


register(
    Holding(
        app="payments",
        personal=(
            Personal(
                model="payments.Payment",
                fields=("visitor",),
                purpose="Noticing one visitor who tries many cards.",
                fate="blanked",
            ),
            Personal(
                model="payments.PaymentEvent",
                fields=("payload",),
                purpose="What a provider told us, word for word.",
                fate="blanked",
            ),
            Personal(
                model="payments.PaymentException",
                fields=("resolved_by", "note"),
                purpose="Which operator decided about money in doubt, and why.",
                fate="kept",
                reason="Accountability for money.",
            ),
            Personal(
                model="payments.ReconciliationItem",
                fields=("resolved_by", "note"),
                purpose="Which operator explained a difference of books, and how.",
                fate="kept",
                reason="Accountability for money.",
            ),
            Personal(
                model="payments.Refund",
                fields=("requested_by",),
                purpose="Who asked for a refund.",
                fate="kept",
                reason="Accountability for money; a number that leads to a pseudonymised account.",
            ),
        ),
        export=export,
        erase=erase,
    )
)
