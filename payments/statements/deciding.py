"""What a line turned out to be is written once. The database says who was first."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.audit import current_actor
from core.errors import DomainError
from payments.models import BankBooking, BankLine, BankPayout, Payment


class LineDecided(DomainError):
    """Somebody, or its reference, has decided about the line."""

    code = "BANK_LINE_DECIDED"
    message = _("This line was booked or set aside before. Reload the page.")


class LineNotBookable(DomainError):
    """Money that went out pays for nothing, and money that came was not sent by us."""

    code = "BANK_LINE_NOT_BOOKABLE"
    message = _("This line cannot be booked to that: the money went the other way, or it is another amount.")


def decide_line(
    line: BankLine, *, verdict: str, payment: Payment | None = None, payout: BankPayout | None = None, note: str = ""
) -> BankBooking:
    """One decision per line, and one line per transfer that was sent: unique constraints say so, whoever else is at
    it. Needs a transaction. Raises `LineDecided`."""
    try:
        with transaction.atomic():
            return BankBooking.objects.create(
                line=line,
                payment=payment,
                payout=payout,
                verdict=verdict,
                note=note,
                decided_by_id=current_actor().user_id,
            )
    except IntegrityError:
        raise LineDecided from None


def line_name(line_id: int) -> str:
    """The name under which a payment is told of a line, once for ever."""
    return f"line:{line_id}"


def facts_of(line: BankLine) -> dict[str, str | int]:
    """For the activity log."""
    return {"line": line.pk, "amount": str(line.amount.amount), "currency": line.currency}
