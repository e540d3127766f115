"""Customers who owe no tax somewhere: approved by a person, with the document that proves it."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError
from markets.models import TaxExemption


class ExemptionUnproved(DomainError):
    """An exemption without its document, or approved by nobody, does not count."""

    code = "EXEMPTION_UNPROVED"


@transaction.atomic
def approve_exemption(*, exemption_id: int) -> bool:
    """Let an exemption count; False when it counted already. Raises `ExemptionUnproved`."""
    row = TaxExemption.objects.select_for_update(of=("self",)).get(pk=exemption_id)
    actor = audit.current_actor().user_id
    if row.approved_at is not None:
        return False
    if not row.document or actor is None:
        raise ExemptionUnproved
    row.approved_by_id, row.approved_at = actor, timezone.now()
    row.save(update_fields=["approved_by", "approved_at"])
    audit.record("tax_exemption.approve", row, data={"country": row.country, "region": row.region})
    return True


def exemption_for(*, user_id: int | None, country: str, region: str, on: date) -> str:
    """The reference of the approved exemption that holds for a customer in a place on a day; empty when none does."""
    if user_id is None:
        return ""
    rows = TaxExemption.objects.on(on).filter(user_id=user_id, country=country, approved_at__isnull=False)
    found = rows.filter(region__in=["", region]).order_by("-region", "pk").first()
    return f"exemption:{found.pk}" if found is not None else ""
