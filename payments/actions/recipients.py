"""Money that goes back to another account than the one it came from: asked for by one person, agreed to by another.

A changed account is how refunds are stolen. Until somebody else agrees, the transfer stands as it stood and cannot be
marked as sent by hand.
"""

import re
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum import iban as ibans

from core import audit
from core.audit import current_actor
from core.errors import DomainError
from payments.actions.transfers import PayoutDecided
from payments.errors import CreditReasonMissing, GrantDecided, SecondPersonNeeded
from payments.models import BankPayout, RecipientChange, RecipientState

LIKE_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}")


class AccountUnsound(DomainError):
    """No money can be sent to what was written."""

    code = "BANK_RECIPIENT_UNSOUND"
    message = _("This is no account that money can be sent to. Compare every letter and digit with the customer.")


class RecipientWaits(DomainError):
    """Another wish about the same transfer is undecided."""

    code = "BANK_RECIPIENT_WAITS"
    message = _("Another account for this transfer waits for a second person.")


class RecipientMoved(DomainError):
    """The transfer goes elsewhere by now than when this was asked for."""

    code = "BANK_RECIPIENT_MOVED"
    message = _("The account of this transfer was changed meanwhile. Decline this, and ask anew.")


@dataclass(frozen=True, kw_only=True)
class Account:
    """Whose account, and which: an IBAN, or what a country writes in its place."""

    recipient: str
    number: str


def ask_recipient(*, payout_id: int, to: Account, reason: str) -> RecipientChange:
    """Ask that a waiting transfer goes to another account; nothing changes yet. The same wish again asks once.

    Raises `CreditReasonMissing`, `SecondPersonNeeded` for nobody in particular, `PayoutDecided`, `AccountUnsound` also
    for the account it goes to anyway, `RecipientWaits`.
    """
    if not reason.strip():
        raise CreditReasonMissing
    who = current_actor().user_id
    if who is None:
        raise SecondPersonNeeded
    name, number = to.recipient.strip()[:140], _sound(to.number)
    with transaction.atomic():
        payout = _waiting(payout_id)
        known = RecipientChange.objects.filter(payout=payout, state=RecipientState.ASKED).first()
        if known is not None:
            if (known.recipient_account, known.recipient, known.asked_by_id) != (number, name, who):
                raise RecipientWaits
            return known
        if not name or (number, name) == (payout.recipient_account, payout.recipient):
            raise AccountUnsound
        change = RecipientChange.objects.create(
            payout=payout,
            before=payout.recipient_account,
            recipient=name,
            recipient_account=number,
            reason=reason.strip()[:200],
            asked_by_id=who,
        )
        audit.record("payments.ask_recipient", change, data=_told(change), reason=change.reason)
    return change


def approve_recipient(*, change_id: int) -> RecipientChange:
    """A second person agrees: the transfer goes there. Raises `SecondPersonNeeded`, `GrantDecided`, `PayoutDecided`,
    `RecipientMoved`; nothing changes then."""
    with transaction.atomic():
        change, payout = _asked(change_id)
        decides = current_actor().user_id
        if decides is None or decides == change.asked_by_id:
            raise SecondPersonNeeded
        if payout.state != BankPayout.State.WAITING:
            raise PayoutDecided
        if payout.recipient_account != change.before:
            raise RecipientMoved
        payout.recipient, payout.recipient_account = change.recipient, change.recipient_account
        payout.save(update_fields=["recipient", "recipient_account", "updated"])
        _decide(change, RecipientState.DONE, "")
        audit.record("payments.approve_recipient", change, data=_told(change), reason=change.reason)
    return change


def decline_recipient(*, change_id: int, reason: str) -> RecipientChange:
    """The transfer stays as it is. Whoever asked may take it back in this way too. Raises `CreditReasonMissing`,
    `SecondPersonNeeded` for nobody in particular, `GrantDecided`."""
    if not reason.strip():
        raise CreditReasonMissing
    if current_actor().user_id is None:
        raise SecondPersonNeeded
    with transaction.atomic():
        change, _payout = _asked(change_id)
        _decide(change, RecipientState.DECLINED, reason.strip()[:200])
        audit.record("payments.decline_recipient", change, data=_told(change), reason=reason)
    return change


def _sound(written: str) -> str:
    plain = ibans.compact(written).upper()
    if LIKE_IBAN.match(plain):
        if not ibans.is_valid(plain):
            raise AccountUnsound
        return str(plain)
    local = " ".join(written.split())
    if not any(letter.isdigit() for letter in local) or len(local) > 60:
        raise AccountUnsound
    return local


def _waiting(payout_id: int) -> BankPayout:
    payout = BankPayout.objects.lock().filter(pk=payout_id).first()
    if payout is None or payout.state != BankPayout.State.WAITING:
        raise PayoutDecided
    return payout


def _asked(change_id: int) -> tuple[RecipientChange, BankPayout]:
    """The wish, read again under the lock of its transfer, which everybody takes who asks or decides."""
    wanted = RecipientChange.objects.get(pk=change_id)
    payout = BankPayout.objects.lock().get(pk=wanted.payout_id)
    wanted.refresh_from_db()
    if wanted.state != RecipientState.ASKED:
        raise GrantDecided
    return wanted, payout


def _decide(change: RecipientChange, state: str, answer: str) -> None:
    change.decided_by_id, change.decided_at, change.answer = current_actor().user_id, timezone.now(), answer
    change.save(update_fields=["decided_by", "decided_at", "answer", "updated"])
    change.become(state=state)


def _told(change: RecipientChange) -> dict[str, str]:
    """Which transfer; never the account, which would outlast an erasure here."""
    return {"payout": str(change.payout_id), "order": change.payout.transfer.payment.order_ref}
