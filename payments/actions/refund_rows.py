"""What a provider's word about a refund does to the promise we made. Called by `settle_payment` only."""

from django.db.models import Sum

from core.events import publish
from payments.actions.cases import open_case
from payments.events import PaymentRefunded, RefundFailed
from payments.models import OPEN_REFUNDS, Payment, PaymentTransaction, Refund


def open_refunds_minor(payment: Payment) -> int:
    """The sum of refunds that are promised and not settled."""
    total = payment.refunds.filter(state__in=OPEN_REFUNDS).aggregate(total=Sum("amount_minor"))["total"]
    return int(total or 0)


def apply_refund_fact(payment: Payment, row: PaymentTransaction) -> None:
    """Move the refund the fact is about; one made behind our back gets its own row."""
    refund = _refund_of(payment, row)
    if row.kind == "refunded":
        _succeeded(payment, refund or _foreign_refund(payment, row), row)
    elif refund is None:
        open_case(kind="refund_failed", payment=payment, fact=row)
    elif row.kind == "refund_pending":
        _move(refund, row, "pending")
    else:
        _failed(payment, refund, row)


def _refund_of(payment: Payment, row: PaymentTransaction) -> Refund | None:
    """Ours only if it is for the same sum; a different sum is somebody else's refund."""
    mine = payment.refunds.filter(amount_minor=row.amount_minor, currency=row.currency)
    if row.refund_ref is not None:
        return mine.filter(ref=row.refund_ref).first()
    return mine.filter(provider_ref=row.fact_ref).first()


def _foreign_refund(payment: Payment, row: PaymentTransaction) -> Refund:
    return Refund.objects.create(
        payment=payment,
        key=f"outside:{payment.provider}:{row.fact_ref}"[:120],
        currency=row.currency,
        amount_minor=row.amount_minor,
        provider_ref=row.fact_ref,
        requested_by=payment.provider,
    )


def _succeeded(payment: Payment, refund: Refund, row: PaymentTransaction) -> None:
    if refund.state == Refund.State.SUCCEEDED:
        return
    _move(refund, row, "succeeded")
    publish(
        PaymentRefunded(
            order_ref=payment.order_ref, payment_ref=payment.ref, refund_ref=refund.ref, amount=refund.amount
        )
    )


def _failed(payment: Payment, refund: Refund, row: PaymentTransaction) -> None:
    open_case(kind="refund_failed", payment=payment, fact=row)
    if not refund.may_become("state", "failed"):
        return
    refund.failure_code = row.code
    _move(refund, row, "failed")
    publish(
        RefundFailed(
            order_ref=payment.order_ref,
            payment_ref=payment.ref,
            refund_ref=refund.ref,
            amount=refund.amount,
            code=row.code,
        )
    )


def _move(refund: Refund, row: PaymentTransaction, state: str) -> None:
    if not refund.may_become("state", state):
        return
    refund.provider_ref = refund.provider_ref or row.fact_ref
    refund.save(update_fields=["provider_ref", "failure_code", "updated"])
    refund.become(state=state)
