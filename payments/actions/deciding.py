"""A person's decision about money in doubt."""

from django.db import transaction
from django.utils import timezone

from core import audit
from core.money import from_minor
from payments.actions.cases import close_case
from payments.actions.settling import settle_payment
from payments.errors import CaseClosed
from payments.models import PaymentException, PaymentTransaction
from payments.types import PaymentFact

CREDIT = "credit"
"""What a surplus becomes where it does not go back."""
ACCEPTABLE = frozenset({"amount_mismatch", "excess", "surplus"})


def dismiss_case(*, case_id: int, note: str, actor_id: int | None) -> PaymentException:
    """Close a case without booking anything: it was dealt with outside, or was nothing."""
    with transaction.atomic():
        case = PaymentException.objects.lock().get(pk=case_id)
        if case.state != "open":
            raise CaseClosed
        close_case(case, state="dismissed", note=note, actor_id=actor_id)
        audit.record("payments.dismiss_case", case, data=case.detail, reason=note)
    return case


def accept_surplus_as_credit(*, case_id: int, note: str, actor_id: int | None) -> PaymentException:
    """Book what was transferred too much, and give it as store credit: the customer agreed. Raises `CaseClosed`."""
    with transaction.atomic():
        case = PaymentException.objects.lock().get(pk=case_id)
        if case.state != "open" or case.kind != "surplus":
            raise CaseClosed
        case.detail = {**case.detail, "give": CREDIT}
        case.save(update_fields=["detail", "updated"])
    return accept_case(case_id=case_id, note=note, actor_id=actor_id)


def accept_case(*, case_id: int, note: str, actor_id: int | None) -> PaymentException:
    """Book the money as it came. What is too little then shows on the order; what is too much is asked back."""
    case = PaymentException.objects.select_related("payment", "fact").get(pk=case_id)
    if case.state != "open" or case.kind not in ACCEPTABLE or case.fact is None or case.payment is None:
        raise CaseClosed
    settle_payment(payment_ref=case.payment.ref, fact=_acceptance(case.fact))
    with transaction.atomic():
        case = PaymentException.objects.lock().get(pk=case_id)
        if case.state == "open":
            close_case(case, state="accepted", note=note, actor_id=actor_id)
        else:
            case.note, case.resolved_by_id = note, actor_id
            case.save(update_fields=["note", "resolved_by", "updated"])
        audit.record("payments.accept_case", case, data=case.detail, reason=note)
    return case


def _acceptance(fact: PaymentTransaction) -> PaymentFact:
    return PaymentFact(
        kind="accepted",
        amount=from_minor(fact.amount_minor, fact.currency),
        provider_ref=fact.provider_ref,
        fact_ref=fact.fact_ref,
        occurred_at=timezone.now(),
        source="operator",
    )
