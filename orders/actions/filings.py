"""Keep what was handed in to the one-stop shops."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import DomainError
from markets.models import LegalEntity
from orders.models import TaxFiling
from orders.statements.declared import return_of
from orders.statements.periods import Scheme, TaxPeriod
from orders.statements.writers import return_csv

EVERYWHERE = timedelta(days=1)
"""A day after its end a period is over in every time zone, and no document is issued in it any more."""


class PeriodNotOver(DomainError):
    """Documents are still issued in it."""

    code = "PERIOD_NOT_OVER"
    message = _("The period is not over yet. A return is filed from the second day after it.")


class FilingDayWrong(DomainError):
    """Before the end of the period, or in the future."""

    code = "FILING_DAY_WRONG"
    message = _("The day lies before the end of the period or in the future. Enter the day on which it was filed.")


class ReferenceMissing(DomainError):
    """A return without its reference is not found again."""

    code = "FILING_REFERENCE_MISSING"
    message = _("Enter the reference under which the tax office took the return.")


class AlreadyFiled(DomainError):
    """One return per seller, scheme and period; what was wrong is corrected by a later one."""

    code = "RETURN_ALREADY_FILED"
    message = _("This return was recorded as filed before, with another reference or day. Nothing was changed.")

    def __init__(self, filing: TaxFiling) -> None:
        self.filing = filing
        super().__init__()


def record_filing(*, seller: str, scheme: Scheme, period: TaxPeriod, reference: str, filed_on: date) -> TaxFiling:
    """Keep the return as it is now, as the one that was filed. Said twice is kept once.

    Raises `PeriodNotOver`, `FilingDayWrong`, `ReferenceMissing`, `AlreadyFiled` and, without all exchange rates,
    `ReturnIncomplete`.
    """
    told, today = reference.strip(), timezone.now().date()
    if not is_over(period, today):
        raise PeriodNotOver
    if not period.last < filed_on <= today + EVERYWHERE:
        raise FilingDayWrong
    if not told:
        raise ReferenceMissing
    found = return_of(seller=seller, scheme=scheme, period=period)
    content = return_csv(found).decode("utf-8-sig")
    with transaction.atomic():
        filing, is_new = TaxFiling.objects.get_or_create(
            seller=LegalEntity.objects.get(code=seller),
            scheme=scheme,
            first=period.first,
            defaults={
                "last": period.last,
                "filed_on": filed_on,
                "reference": told,
                "total": found.total,
                "content": content,
                "recorded_by_id": audit.current_actor().user_id,
            },
        )
        if is_new:
            facts = {"seller": seller, "scheme": scheme, "period": period.code, "total": str(found.total.amount)}
            audit.record("orders.record_filing", filing, data=facts)
    if (filing.reference, filing.filed_on) != (told, filed_on):
        raise AlreadyFiled(filing)
    return filing


def is_over(period: TaxPeriod, today: date) -> bool:
    """Whether no document can be issued in it any more, wherever a market is."""
    return period.last + EVERYWHERE < today
