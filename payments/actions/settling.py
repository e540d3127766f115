"""`settle_payment`: where every report of a payment ends, whoever brought it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from core.events import publish
from core.locks import lock_timeout
from core.money import from_minor, to_minor
from payments.actions.announcing import announce
from payments.actions.cases import close_cases_of, open_case
from payments.actions.disputes import follow_disputes
from payments.actions.ledger import post_to_ledger
from payments.actions.refund_rows import apply_refund_fact, open_refunds_minor
from payments.actions.risk import decide_after
from payments.errors import UnknownPayment
from payments.events import PaymentReported
from payments.folding import Agreed, Folded, StoredFact, fold
from payments.models import LedgerTxn, Payment, PaymentTransaction
from payments.postings import FACT_SOURCE, TXN_KINDS, lines_for, posting_key
from payments.risk.digests import digest
from payments.types import PaymentFact

POSTED = frozenset(TXN_KINDS)
REFUND_REPORTS = frozenset({"refund_pending", "refund_failed"})
CARD = "card_fingerprint"
"""The provider's name of a card, among the details of a fact. Only a digest of it is kept."""
OF_DISPUTES = "dispute_"
"""How the names of details begin that are about a dispute, not about the payment's risk."""


def settle_payment(*, payment_ref: UUID, fact: PaymentFact) -> Payment:
    """Record one fact and everything that follows from it; the same fact again changes nothing.

    Money that does not fit what was agreed becomes a case for a person and never counts as paid.
    """
    return settle_facts(payment_ref=payment_ref, facts=(fact,))


def settle_facts(*, payment_ref: UUID, facts: Sequence[PaymentFact]) -> Payment:
    """`settle_payment` for everything one answer of a provider said, in one transaction."""
    with transaction.atomic(durable=True), lock_timeout():
        payment = Payment.objects.filter(ref=payment_ref).first()
        if payment is None:
            raise UnknownPayment
        publish(PaymentReported(order_ref=payment.order_ref, payment_ref=payment.ref))
        payment = Payment.objects.lock().get(pk=payment.pk)
        record_facts(payment, facts)
    return payment


def record_facts(payment: Payment, facts: Sequence[PaymentFact]) -> None:
    """The same inside a transaction that has locked the order and the payment, or has just made both."""
    fresh = _store(payment, facts)
    if fresh:
        _adopt_reference(payment, fresh)
        _apply(payment, fresh)


def _store(payment: Payment, facts: Iterable[PaymentFact]) -> list[PaymentTransaction]:
    """Keep the facts we have not heard yet. The unique constraint decides; the look before only saves the try."""
    known = set(payment.transactions.values_list("kind", "fact_ref"))
    fresh = []
    for fact in facts:
        if (fact.kind, fact.fact_ref) in known:
            continue
        try:
            with transaction.atomic():
                row = PaymentTransaction.objects.create(
                    payment=payment,
                    kind=fact.kind,
                    fact_ref=fact.fact_ref,
                    amount_minor=to_minor(fact.amount),
                    currency=fact.amount.currency.code,
                    provider_ref=fact.provider_ref,
                    refund_ref=fact.refund_ref,
                    code=fact.code[:60],
                    card=digest("card", fact.detail.get(CARD, "")),
                    source=fact.source,
                    occurred_at=fact.occurred_at,
                    detail={name: said for name, said in fact.detail.items() if name != CARD},
                )
        except IntegrityError:
            continue
        fresh.append(row)
    return fresh


def _adopt_reference(payment: Payment, fresh: Sequence[PaymentTransaction]) -> None:
    """A start whose answer was lost: the first fact tells the provider's name of the payment."""
    if payment.provider_ref:
        return
    payment.provider_ref = next((row.provider_ref for row in fresh if row.provider_ref), "")


def _apply(payment: Payment, fresh: Sequence[PaymentTransaction]) -> None:
    rows = {row.pk: row for row in payment.transactions.all()}
    folded = fold(_agreed(payment), _stored(rows.values()))
    before = payment.state
    counted = [rows[fact.pk] for fact in folded.counted if not fact.booked]
    _post(payment, [*counted, *(row for row in fresh if row.kind == "fee" and row.amount_minor)])
    for row in (*(row for row in fresh if row.kind in REFUND_REPORTS), *_of(counted, "refunded")):
        apply_refund_fact(payment, row)
    payment.risk = {**payment.risk, **_told(fresh)}
    _write_columns(payment, folded)
    close_cases_of(counted)
    _open_cases(payment, folded, rows)
    announce(payment, before, counted, fresh)
    follow_disputes(payment, fresh)
    if payment.state != before and payment.state in ("authorized", "captured"):
        decide_after(payment)


def _told(fresh: Iterable[PaymentTransaction]) -> dict[str, str]:
    """What the provider says of the payment's risk."""
    said = ((name, value) for row in fresh for name, value in row.detail.items())
    return {name: value for name, value in said if not name.startswith(OF_DISPUTES)}


def _agreed(payment: Payment) -> Agreed:
    return Agreed(
        payment.amount_minor, payment.currency, payment.provider_ref, payment.manual_capture, payment.in_parts
    )


def _stored(rows: Iterable[PaymentTransaction]) -> list[StoredFact]:
    rows = list(rows)
    booked = set(
        LedgerTxn.objects.filter(source_type=FACT_SOURCE, source_id__in=[str(row.pk) for row in rows]).values_list(
            "source_id", flat=True
        )
    )
    return [
        StoredFact(
            row.pk,
            row.kind,
            row.fact_ref,
            row.amount_minor,
            row.currency,
            row.provider_ref,
            row.code,
            str(row.pk) in booked,
        )
        for row in rows
    ]


def _of(rows: Iterable[PaymentTransaction], kind: str) -> list[PaymentTransaction]:
    return [row for row in rows if row.kind == kind]


def _post(payment: Payment, rows: Iterable[PaymentTransaction]) -> None:
    for row in rows:
        post_to_ledger(
            kind=TXN_KINDS[row.kind],
            source_type=FACT_SOURCE,
            source_id=str(row.pk),
            key=posting_key(row.pk),
            occurred_at=row.occurred_at,
            lines=lines_for(row.kind, from_minor(row.amount_minor, row.currency), payment.provider),
        )


def _write_columns(payment: Payment, folded: Folded) -> None:
    payment.authorized_minor = folded.authorized
    payment.captured_minor = folded.captured
    payment.refunded_minor = folded.refunded
    payment.disputed_minor = folded.disputed
    payment.failure_code = folded.failure_code
    room = folded.captured - folded.refunded - folded.disputed
    payment.refunding_minor = max(0, min(open_refunds_minor(payment), room))
    payment.save(
        update_fields=[
            "authorized_minor",
            "captured_minor",
            "refunded_minor",
            "disputed_minor",
            "refunding_minor",
            "failure_code",
            "provider_ref",
            "risk",
            "updated",
        ]
    )
    if folded.state != payment.state:
        payment.become(state=folded.state)


def _open_cases(payment: Payment, folded: Folded, rows: dict[int, PaymentTransaction]) -> None:
    for doubt in folded.doubts:
        if doubt.kind == "refund_excess" and not folded.captured:
            continue  # the capture it belongs to has not been reported yet
        open_case(kind=doubt.kind, payment=payment, fact=rows[doubt.fact.pk])
