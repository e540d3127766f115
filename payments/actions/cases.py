"""Money in doubt: opening a case, and closing it when it has answered itself."""

from collections.abc import Sequence

from django.utils import timezone

from core.events import publish
from core.money import from_minor
from payments.events import PaymentHeld
from payments.models import Payment, PaymentEvent, PaymentException, PaymentTransaction


def open_case(
    *,
    kind: str,
    payment: Payment | None = None,
    fact: PaymentTransaction | None = None,
    event: PaymentEvent | None = None,
) -> PaymentException:
    """One case per cause, announced once. Runs in the caller's transaction."""
    case, is_new = PaymentException.objects.get_or_create(
        kind=kind,
        subject=_subject(payment, fact, event),
        defaults={"payment": payment, "fact": fact, "event": event, "detail": _detail(payment, fact, event)},
    )
    if is_new and payment is not None:
        publish(PaymentHeld(order_ref=payment.order_ref, payment_ref=payment.ref, case_id=case.pk, kind=kind))
    return case


def _subject(payment: Payment | None, fact: PaymentTransaction | None, event: PaymentEvent | None) -> str:
    if fact is not None:
        return f"fact:{fact.pk}"
    if event is not None:
        return f"event:{event.pk}"
    if payment is None:
        raise ValueError("a case is about a payment, a fact or a message")
    return f"payment:{payment.ref}"


def _detail(
    payment: Payment | None, fact: PaymentTransaction | None, event: PaymentEvent | None
) -> dict[str, str | int]:
    detail: dict[str, str | int] = {}
    if payment is not None:
        detail |= {"order": payment.order_ref, "agreed": f"{payment.amount.amount} {payment.currency}"}
    if fact is not None:
        reported = from_minor(fact.amount_minor, fact.currency)
        detail |= {"fact": fact.kind, "reference": fact.fact_ref, "reported": f"{reported.amount} {fact.currency}"}
    if event is not None:
        detail |= {"message": event.event_id, "kind": event.kind}
    return detail


def close_cases_of(facts: Sequence[PaymentTransaction]) -> None:
    """Facts that count after all need no decision any more."""
    for case in PaymentException.objects.lock().filter(fact__in=facts, state="open"):
        close_case(case, state="accepted")


def close_case(case: PaymentException, *, state: str, note: str = "", actor_id: int | None = None) -> None:
    """Write down the decision. The caller holds the row's lock."""
    case.note = note
    case.resolved_by_id = actor_id
    case.resolved_at = timezone.now()
    case.save(update_fields=["note", "resolved_by", "resolved_at", "updated"])
    case.become(state=state)
