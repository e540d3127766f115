"""Money that went out: which transfer to a customer it was, and that it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import audit
from core.http import refuse_open_transaction
from payments.actions.transfers import mark_sent, tell_payout
from payments.models import BankBooking, BankLine, BankPayout
from payments.providers.bank.references import payout_ids_in
from payments.statements.deciding import LineDecided, LineNotBookable, decide_line, facts_of
from payments.statements.matching import said_by
from payments.types import Source

MOST_COMPARED = 500


@dataclass(frozen=True, kw_only=True)
class PayoutProposal:
    """A transfer to a customer that a line may show, and the sentence that says why."""

    payout: BankPayout
    why: str


def book_payout_lines(*, account_id: int) -> int:
    """Book every line of an account that went out under the reference of a transfer to send; returns how many.

    Safe to run at any time and by several at once. Call it with no transaction open.
    """
    refuse_open_transaction()
    went = BankLine.objects.filter(account_id=account_id, booking__isnull=True, amount_minor__lt=0).order_by("pk")
    booked = 0
    for line_id in list(went.values_list("pk", flat=True)):
        line = BankLine.objects.get(pk=line_id)
        payout = payout_of(line)
        if payout is None:
            continue
        try:
            _book(line, payout.pk, verdict="reference", source="poll")
        except LineDecided:
            continue
        booked += 1
    return booked


def book_payout_line(*, line_id: int, payout_id: int, note: str = "") -> BankBooking:
    """A person says which transfer to a customer a line shows. Raises `LineDecided`, `LineNotBookable`.

    Call it with no transaction open.
    """
    refuse_open_transaction()
    return _book(BankLine.objects.get(pk=line_id), payout_id, verdict="person", source="operator", note=note)


def payout_of(line: BankLine) -> BankPayout | None:
    """The one transfer whose reference the line names, when the sum is the same to the cent."""
    found = _shown_by(line).filter(pk__in=payout_ids_in(said_by(line)))[:2]
    return found[0] if len(found) == 1 else None


def payouts_that_may_show() -> Sequence[BankPayout]:
    """Transfers to customers no line has shown yet, for proposals on a page."""
    return list(_unseen().select_related("transfer__payment").order_by("pk")[:MOST_COMPARED])


def payout_proposals_for(line: BankLine, unseen: Sequence[BankPayout]) -> tuple[PayoutProposal, ...]:
    """Transfers of the same sum: to the same account, or the only one of this sum. Money that came is about none."""
    same = [one for one in unseen if (-one.amount_minor, one.currency) == (line.amount_minor, line.currency)]
    account = _plain(line.payer_account)
    to_it = [one for one in same if account and _plain(one.recipient_account) == account]
    if to_it:
        return tuple(PayoutProposal(payout=one, why=_("The same amount went to this account.")) for one in to_it)
    return tuple(
        PayoutProposal(payout=one, why=_("No other transfer to send is about this amount."))
        for one in same
        if len(same) == 1
    )


def _unseen() -> QuerySet[BankPayout]:
    """To send, or sent as a person said, and not on any statement yet."""
    return BankPayout.objects.filter(state__in=["waiting", "sent"], booking__isnull=True)


def _shown_by(line: BankLine) -> QuerySet[BankPayout]:
    return _unseen().filter(currency=line.currency, amount_minor=-line.amount_minor)


def _book(line: BankLine, payout_id: int, *, verdict: str, source: Source, note: str = "") -> BankBooking:
    """The word and the decision together; the refund is told afterwards, and asking how it stands heals what was cut
    short."""
    with transaction.atomic(durable=True):
        payout = BankPayout.objects.lock().select_related("transfer__payment").filter(pk=payout_id).first()
        if payout is None:
            raise LineNotBookable
        if not _shown_by(line).filter(pk=payout.pk).exists():
            raise LineDecided if BankBooking.objects.filter(payout=payout).exists() else LineNotBookable
        was_waiting = payout.state == BankPayout.State.WAITING
        if was_waiting:
            mark_sent(payout, bank_ref=line.end_to_end or line.creditor_ref)
        booking = decide_line(line, verdict=verdict, payout=payout, note=note)
        told = facts_of(line) | {"order": payout.transfer.payment.order_ref, "was_waiting": was_waiting}
        audit.record("payments.book_bank_payout_line", booking, data=told, reason=note)
    tell_payout(payout, source)
    return booking


def _plain(account: str) -> str:
    return "".join(account.split()).upper()
