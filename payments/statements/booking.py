"""Booking lines: what came goes through the payment's own facts; each line is decided once, for ever."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.audit import current_actor
from core.errors import DomainError
from core.http import refuse_open_transaction
from payments.actions.arriving import receive_transfer
from payments.models import BankBooking, BankLine, BankTransfer
from payments.statements.matching import transfer_of
from payments.types import Source

AT_ONCE = 500


class LineDecided(DomainError):
    """Somebody, or its reference, has decided about the line."""

    code = "BANK_LINE_DECIDED"
    message = _("This line was booked or set aside before. Reload the page.")


class LineNotBookable(DomainError):
    """Money that went out pays for nothing."""

    code = "BANK_LINE_NOT_BOOKABLE"
    message = _("This line cannot be booked to a payment: the money went out.")


class NoteMissing(DomainError):
    """Whoever sets money aside says why."""

    code = "BANK_NOTE_MISSING"
    message = _("Say what this movement is.")


def book_matches(*, account_id: int) -> int:
    """Book every waiting line of an account that names one of our references; returns how many.

    Safe to run at any time and by several at once. Call it with no transaction open.
    """
    refuse_open_transaction()
    waiting = BankLine.objects.filter(account_id=account_id, booking__isnull=True, amount_minor__gt=0).order_by("pk")
    booked = 0
    for line in waiting.iterator(chunk_size=AT_ONCE):
        transfer = transfer_of(line)
        if transfer is None:
            continue
        try:
            _book(line, transfer, verdict="reference", source="poll")
        except LineDecided:
            continue
        booked += 1
    return booked


def book_line(*, line_id: int, transfer_id: int, note: str = "") -> BankBooking:
    """A person says which payment a line is about. Raises `LineDecided`, `LineNotBookable`.

    Call it with no transaction open.
    """
    refuse_open_transaction()
    line = BankLine.objects.get(pk=line_id)
    transfer = BankTransfer.objects.select_related("payment").get(pk=transfer_id)
    if line.amount_minor <= 0:
        raise LineNotBookable
    return _book(line, transfer, verdict="person", source="operator", note=note)


def set_line_aside(*, line_id: int, note: str) -> BankBooking:
    """A line that is not about an order: fees, rent, interest. Raises `LineDecided`, `NoteMissing`."""
    if not note.strip():
        raise NoteMissing
    with transaction.atomic():
        line = BankLine.objects.get(pk=line_id)
        booking = _decide(line, None, "aside", note.strip())
        audit.record("payments.set_bank_line_aside", booking, data=_facts(line), reason=note.strip())
    return booking


def _book(line: BankLine, transfer: BankTransfer, *, verdict: str, source: Source, note: str = "") -> BankBooking:
    """The money and the decision together, or neither. The order's and the payment's locks come first."""
    with transaction.atomic(durable=True):
        payment = receive_transfer(
            payment_ref=transfer.payment.ref, amount=line.amount, name=f"line:{line.pk}", source=source
        )
        booking = _decide(line, transfer, verdict, note)
        told = _facts(line) | {"order": payment.order_ref, "reference": transfer.reference}
        audit.record("payments.book_bank_line", booking, data=told, reason=note)
    return booking


def _decide(line: BankLine, transfer: BankTransfer | None, verdict: str, note: str) -> BankBooking:
    """One decision per line: the unique constraint says so, whoever else is at it."""
    try:
        with transaction.atomic():
            return BankBooking.objects.create(
                line=line,
                payment=transfer.payment if transfer is not None else None,
                verdict=verdict,
                note=note,
                decided_by_id=current_actor().user_id,
            )
    except IntegrityError:
        raise LineDecided from None


def _facts(line: BankLine) -> dict[str, str | int]:
    return {"line": line.pk, "amount": str(line.amount.amount), "currency": line.currency}
