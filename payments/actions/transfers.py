"""What happens to bank transfers by the clock and by hand: reminders, and money sent back at the bank."""

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F
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
from payments.models import BankPayout, BankTransfer
from payments.types import PaymentFact


class PayoutSent(DomainError):
    """Somebody has said before that it was sent."""

    code = "BANK_PAYOUT_SENT"
    message = _("This transfer was marked as sent before.")


def remind_transfers(*, limit: int = 200) -> int:
    """Announce every transfer of which half the time has passed while nothing came; returns how many. Each once."""
    half = ExpressionWrapper(F("created") + (F("due_at") - F("created")) / 2, output_field=DateTimeField())
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


def confirm_payout(*, payout_id: int, bank_ref: str = "") -> BankPayout:
    """A person says that they sent the transfer at the bank: the refund is done.

    The word is kept first and told to the payment second; when that is cut short, asking how the refund stands heals
    it. Call it with no transaction open. Raises `PayoutSent`.
    """
    refuse_open_transaction()
    with transaction.atomic(durable=True):
        payout = BankPayout.objects.lock().select_related("transfer__payment").get(pk=payout_id)
        if payout.state == BankPayout.State.SENT:
            raise PayoutSent
        payout.state, payout.sent_at = BankPayout.State.SENT, timezone.now()
        payout.bank_ref, payout.sent_by_id = bank_ref.strip()[:80], current_actor().user_id
        payout.save(update_fields=["state", "sent_at", "bank_ref", "sent_by", "updated"])
        told = {"order": payout.transfer.payment.order_ref, "amount": str(payout.amount.amount)}
        audit.record("payments.confirm_bank_payout", payout, data=told | {"currency": payout.currency})
    settle_payment(payment_ref=payout.transfer.payment.ref, fact=_sent(payout))
    return payout


def _sent(payout: BankPayout) -> PaymentFact:
    """What the provider `bank` says of it whenever it is asked."""
    return PaymentFact(
        kind="refunded",
        amount=payout.amount,
        provider_ref=payout.transfer.reference,
        fact_ref=f"payout:{payout.refund_ref}",
        occurred_at=payout.sent_at or timezone.now(),
        source="operator",
        refund_ref=payout.refund_ref,
    )
