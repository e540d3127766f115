"""Booking lines: what came goes through the payment's own facts; each line is decided once, for ever."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import DomainError
from core.http import refuse_open_transaction
from payments.actions.arriving import receive_transfer
from payments.models import BankBooking, BankLine, BankTransfer
from payments.statements.deciding import LineDecided, LineNotBookable, decide_line, facts_of, line_name
from payments.statements.matching import transfer_of
from payments.statements.outgoing import book_payout_lines
from payments.statements.several import tell_shares
from payments.types import Source


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
    for line_id in list(waiting.values_list("pk", flat=True)):
        line = BankLine.objects.get(pk=line_id)
        transfer = transfer_of(line)
        if transfer is None:
            continue
        try:
            _book(line, transfer, verdict="reference", source="poll")
        except LineDecided:
            continue
        booked += 1
    return booked + book_payout_lines(account_id=account_id)


def book_waiting_lines() -> int:
    """What an import that was cut short has left: lines that name a reference, and shares nobody told. By the clock."""
    waiting = BankLine.objects.filter(booking__isnull=True).order_by("account").values_list("account", flat=True)
    booked = sum(book_matches(account_id=account_id) for account_id in list(waiting.distinct()))
    return booked + tell_shares()


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
        booking = decide_line(line, verdict="aside", note=note.strip())
        audit.record("payments.set_bank_line_aside", booking, data=facts_of(line), reason=note.strip())
    return booking


def _book(line: BankLine, transfer: BankTransfer, *, verdict: str, source: Source, note: str = "") -> BankBooking:
    """The money and the decision together, or neither. The order's and the payment's locks come first."""
    with transaction.atomic(durable=True):
        payment = receive_transfer(
            payment_ref=transfer.payment.ref, amount=line.amount, name=line_name(line.pk), source=source
        )
        booking = decide_line(line, verdict=verdict, payment=transfer.payment, note=note)
        told = facts_of(line) | {"order": payment.order_ref, "reference": transfer.reference}
        audit.record("payments.book_bank_line", booking, data=told, reason=note)
    return booking
