"""Disputes: opened and ended by what providers report, answered by people in between."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import current_actor
from core.events import publish
from payments.errors import DisputeClosed, ReasonNeeded
from payments.events import DisputeOpened
from payments.models import Dispute, DisputeEvidence, DisputeState, EvidenceKind, Payment, PaymentTransaction

ENDS = ("dispute_reversed", "dispute_lost")
DUE = "dispute_due"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What a person said about one kind of evidence."""

    is_chosen: bool
    note: str


def follow_disputes(payment: Payment, fresh: Iterable[PaymentTransaction]) -> None:
    """Open and end disputes after new facts. Called by `settle_payment`, which has locked the payment.

    The end may be told before the beginning: whichever comes first makes the row.
    """
    names = dict.fromkeys(row.fact_ref for row in fresh if row.kind in ("disputed", *ENDS))
    for name in names:
        rows = list(payment.transactions.filter(fact_ref=name, kind__in=("disputed", *ENDS)).order_by("pk"))
        begun = next((row for row in rows if row.kind == "disputed"), None)
        if begun is None or not begun.amount_minor:
            continue
        _end(_dispute(payment, begun), rows)


def _dispute(payment: Payment, begun: PaymentTransaction) -> Dispute:
    dispute, made = Dispute.objects.get_or_create(
        payment=payment,
        fact_ref=begun.fact_ref,
        defaults={
            "order_ref": payment.order_ref,
            "reason": begun.code,
            "currency": begun.currency,
            "amount_minor": begun.amount_minor,
            "opened_at": begun.occurred_at,
            "due_at": due_of(begun.detail),
        },
    )
    if made:
        publish(
            DisputeOpened(
                order_ref=payment.order_ref,
                payment_ref=payment.ref,
                dispute_id=dispute.pk,
                fact_ref=begun.fact_ref,
                due_at=dispute.due_at,
            )
        )
    return Dispute.objects.lock().get(pk=dispute.pk)


def due_of(detail: Mapping[str, object]) -> datetime | None:
    """Until when evidence is taken, where the provider says it with its zone."""
    try:
        due = datetime.fromisoformat(str(detail.get(DUE) or ""))
    except ValueError:
        return None
    return due if due.tzinfo is not None else None


def _end(dispute: Dispute, rows: Iterable[PaymentTransaction]) -> None:
    ends = [row for row in rows if row.kind in ENDS]
    if not ends:
        return
    back = min(sum(row.amount_minor for row in ends if row.kind == "dispute_reversed"), dispute.amount_minor)
    state = _end_state(back, dispute.amount_minor)
    if dispute.state == state:
        return
    dispute.decided_minor = back
    dispute.ended_at = max(row.occurred_at for row in ends)
    dispute.save(update_fields=["decided_minor", "ended_at", "updated"])
    dispute.become(state=state)


def _end_state(back: int, amount: int) -> str:
    if back >= amount:
        return DisputeState.WON
    return DisputeState.PARTLY if back else DisputeState.LOST


def assign_dispute(*, dispute_id: int, user_id: int | None) -> Dispute:
    """Somebody looks after it; nobody does, for None. Raises `DisputeClosed`."""
    with transaction.atomic():
        dispute = _open(dispute_id)
        dispute.assigned_to_id = user_id
        dispute.save(update_fields=["assigned_to", "updated"])
        audit.record("payments.assign_dispute", dispute, data={"to": user_id})
    return dispute


def keep_evidence(*, dispute_id: int, pieces: Mapping[str, Piece]) -> Dispute:
    """Keep which pieces are handed in, and what was noted beside each. Raises `DisputeClosed`."""
    with transaction.atomic():
        dispute = _open(dispute_id)
        who = current_actor().user_id
        for kind in EvidenceKind.values:
            piece = pieces.get(kind)
            if piece is not None:
                DisputeEvidence.objects.update_or_create(
                    dispute=dispute,
                    kind=kind,
                    defaults={"is_chosen": piece.is_chosen, "note": piece.note.strip(), "checked_by_id": who},
                )
        chosen = sorted(kind for kind, piece in pieces.items() if piece.is_chosen)
        audit.record("payments.keep_evidence", dispute, data={"chosen": chosen})
    return dispute


def answer_dispute(*, dispute_id: int, note: str) -> Dispute:
    """The evidence was handed in at the provider; `note` says how. Raises `DisputeClosed` when it was before."""
    return _decide(dispute_id, DisputeState.ANSWERED, note, "payments.answer_dispute")


def give_dispute_up(*, dispute_id: int, reason: str) -> Dispute:
    """The shop does not contest it. The money went with the report and stays gone unless the provider says else.

    Raises `ReasonNeeded`, `DisputeClosed`.
    """
    if not reason.strip():
        raise ReasonNeeded
    return _decide(dispute_id, DisputeState.GIVEN_UP, reason, "payments.give_dispute_up")


def _decide(dispute_id: int, state: str, note: str, action: str) -> Dispute:
    with transaction.atomic():
        dispute = Dispute.objects.lock().get(pk=dispute_id)
        if dispute.state != DisputeState.OPEN:
            raise DisputeClosed
        dispute.note = note.strip()
        dispute.answered_by_id = current_actor().user_id
        dispute.answered_at = timezone.now()
        dispute.save(update_fields=["note", "answered_by", "answered_at", "updated"])
        dispute.become(state=state)
        audit.record(action, dispute, reason=note)
    return dispute


def _open(dispute_id: int) -> Dispute:
    dispute = Dispute.objects.lock().get(pk=dispute_id)
    if not dispute.is_open:
        raise DisputeClosed
    return dispute
