"""What happens to bank transfers by the clock and by hand: reminders, and money sent back at the bank."""

from dataclasses import replace

from django.db import transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.audit import current_actor
from core.errors import DomainError
from core.events import publish
from core.http import refuse_open_transaction
from payments.actions.settling import settle_payment
from payments.events import TransferReminded
from payments.models import BankPayout, BankTransfer, RecipientChange, RecipientState
from payments.providers.bank.provider import payout_fact
from payments.types import Source


class PayoutDecided(DomainError):
    """Somebody has said before what became of it."""

    code = "BANK_PAYOUT_DECIDED"
    message = _("This transfer was marked as sent, or as one that cannot be sent, before.")


class PayoutUndecided(DomainError):
    """Where it goes is not settled."""

    code = "BANK_PAYOUT_UNDECIDED"
    message = _("Another account for this transfer waits for a second person. Decide about that first.")


class PayoutMoved(DomainError):
    """It goes to another account than the one that whoever sent it had before their eyes."""

    code = "BANK_PAYOUT_MOVED"
    message = _("This transfer goes to another account by now. Look where it goes before you mark it as sent.")


class PayoutNoteMissing(DomainError):
    """Whoever does not send money says why."""

    code = "BANK_PAYOUT_NOTE_MISSING"
    message = _("Say why it cannot be sent.")


def remind_transfers(*, limit: int = 200) -> int:
    """Announce every transfer of which half the time has passed while nothing came; returns how many. Each once."""
    span = ExpressionWrapper((F("due_at") - F("created")) / 2, output_field=DurationField())
    half = ExpressionWrapper(F("created") + span, output_field=DateTimeField())
    due = (
        BankTransfer.objects.alias(half=half)
        .filter(half__lte=Now(), due_at__gt=Now(), reminded_at=None, closed_at=None, payment__state="action_required")
        .order_by("due_at")
        .values_list("pk", flat=True)[:limit]
    )
    return sum(_remind(pk) for pk in list(due))


def _remind(transfer_pk: int) -> bool:
    with transaction.atomic():
        mine = BankTransfer.objects.filter(pk=transfer_pk, reminded_at=None).update(reminded_at=timezone.now())
        if mine:
            payment = BankTransfer.objects.select_related("payment").get(pk=transfer_pk).payment
            publish(TransferReminded(order_ref=payment.order_ref, payment_ref=payment.ref))
    return bool(mine)


def confirm_payout(*, payout_id: int, bank_ref: str = "", seen: str | None = None) -> BankPayout:
    """A person says that they sent the transfer at the bank: the refund is done.

    The word is kept first and told to the payment second; when that is cut short, asking how the refund stands heals
    it. `seen` is the account they were shown. Call it with no transaction open. Raises `PayoutDecided`, `PayoutMoved`,
    and `PayoutUndecided` while another account for it waits for a second person.
    """
    return _decide(payout_id, state="sent", bank_ref=bank_ref.strip()[:80], note="", seen=seen)


def refuse_payout(*, payout_id: int, note: str) -> BankPayout:
    """It cannot be sent: the account is closed or unknown. The refund has failed and its promise is open again.

    Same rules as `confirm_payout`. Raises `PayoutNoteMissing` too.
    """
    if not note.strip():
        raise PayoutNoteMissing
    return _decide(payout_id, state="refused", bank_ref="", note=note.strip())


def _decide(payout_id: int, *, state: str, bank_ref: str, note: str, seen: str | None = None) -> BankPayout:
    refuse_open_transaction()
    with transaction.atomic(durable=True):
        payout = BankPayout.objects.lock().select_related("transfer__payment").get(pk=payout_id)
        if payout.state != BankPayout.State.WAITING:
            raise PayoutDecided
        if RecipientChange.objects.filter(payout=payout, state=RecipientState.ASKED).exists():
            raise PayoutUndecided
        if seen is not None and seen != payout.recipient_account:
            raise PayoutMoved
        if state == BankPayout.State.SENT:
            mark_sent(payout, bank_ref=bank_ref)
        else:
            _mark(payout, BankPayout.State.REFUSED, note=note)
    tell_payout(payout, "operator")
    return payout


def mark_sent(payout: BankPayout, *, bank_ref: str) -> None:
    """A transfer that waits was sent. Needs a transaction and the lock of the row; `tell_payout` comes after it."""
    payout.sent_at, payout.bank_ref = timezone.now(), bank_ref[:80]
    _mark(payout, BankPayout.State.SENT)


def _mark(payout: BankPayout, state: BankPayout.State, *, note: str = "") -> None:
    payout.state, payout.note, payout.sent_by_id = state, note, current_actor().user_id
    payout.save(update_fields=["state", "sent_at", "bank_ref", "note", "sent_by", "updated"])
    told = {"order": payout.transfer.payment.order_ref, "state": str(state), "amount": str(payout.amount.amount)}
    audit.record("payments.decide_bank_payout", payout, data=told | {"currency": payout.currency}, reason=note)


def tell_payout(payout: BankPayout, source: Source) -> None:
    """Tell the refund what became of its transfer. Call it with no transaction open; again changes nothing."""
    fact = replace(payout_fact(payout.transfer, payout), source=source)
    settle_payment(payment_ref=payout.transfer.payment.ref, fact=fact)
