"""Who may give back how much alone: every change is written down with what it was before."""

from django.db import transaction

from core import audit
from orders.models import RefundLimit


def keep_refund_limit(limit: RefundLimit) -> RefundLimit:
    """Make or change one limit. It holds for what is asked from now on; wishes that wait go on waiting."""
    with transaction.atomic():
        before = RefundLimit.objects.select_for_update(of=("self",)).filter(pk=limit.pk).first()
        limit.save()
        audit.record("orders.keep_refund_limit", limit, data={"was": _told(before), "is": _told(limit)})
    return limit


def drop_refund_limit(limit: RefundLimit) -> None:
    """Without it the shop's own limit holds, or none."""
    with transaction.atomic():
        audit.record("orders.drop_refund_limit", limit, data={"was": _told(limit)})
        limit.delete()


def _told(limit: RefundLimit | None) -> dict[str, str]:
    if limit is None:
        return {}
    role = limit.role.name if limit.role is not None else ""
    return {"currency": limit.currency, "role": role, "alone": str(limit.alone.amount)}
