"""Ask a second person for money back, agree and do it, or decline. Each happens once."""

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import current_actor
from core.money import Money, from_minor
from orders.actions.closing import cancel_order
from orders.actions.refund_shares import refundable
from orders.actions.returns_closing import Settlement, settle_return
from orders.actions.taking_back import RefundAsked, refund_as_shown
from orders.actions.trail import lock_order, write_event
from orders.approving.errors import ApprovalDecided, ApprovalWaits, OtherPersonNeeded
from orders.approving.wishes import Wish, as_json, read_wish
from orders.errors import ReasonMissing, RefundChanged
from orders.models import ApprovalKind, ApprovalState, MoneyApproval, Order


def ask_approval(*, number: str, kind: str, wish: Wish, amount: Money, reason: str, key: str) -> MoneyApproval:
    """Ask for exactly this; nothing moves. The same `key` asks once.

    Raises `ReasonMissing`, `ApprovalWaits` while another wish about the order is undecided, `OtherPersonNeeded` for
    nobody in particular.
    """
    if not reason.strip():
        raise ReasonMissing
    who = current_actor().user_id
    if who is None:
        raise OtherPersonNeeded
    with transaction.atomic():
        order = lock_order(number)
        known = MoneyApproval.objects.filter(key=key).first()
        if known is not None:
            return known
        if order.approvals.filter(state=ApprovalState.ASKED).exists():
            raise ApprovalWaits
        approval = MoneyApproval.objects.create(
            order=order,
            kind=kind,
            key=key,
            wanted=as_json(wish),
            amount=amount,
            reason=reason.strip()[:200],
            asked_by_id=who,
        )
        write_event(order, "approval.asked", note=approval.reason, amount=str(amount.amount), what=kind)
        audit.record("orders.ask_approval", approval, data=_told(approval), reason=reason)
    return approval


def approve_money(*, approval_id: int) -> MoneyApproval:
    """A second person agrees, and it is done in the same transaction, or neither.

    Raises `OtherPersonNeeded`, `ApprovalDecided`, `RefundChanged` when it would be another amount by now, and what
    the deed itself raises; the wish waits on then.
    """
    with transaction.atomic():
        approval, order = _asked(approval_id)
        decides = current_actor().user_id
        if decides is None or decides == approval.asked_by_id:
            raise OtherPersonNeeded
        _carry_out(approval, order)
        _decide(approval, order, ApprovalState.DONE, "")
        audit.record("orders.approve_refund", approval, data=_told(approval), reason=approval.reason)
    return approval


def decline_money(*, approval_id: int, reason: str) -> MoneyApproval:
    """It is not done. Whoever asked may take it back in this way too. Raises `ApprovalDecided`, `ReasonMissing`."""
    if not reason.strip():
        raise ReasonMissing
    if current_actor().user_id is None:
        raise OtherPersonNeeded
    with transaction.atomic():
        approval, order = _asked(approval_id)
        _decide(approval, order, ApprovalState.DECLINED, reason.strip()[:200])
        audit.record("orders.decline_refund", approval, data=_told(approval), reason=reason)
    return approval


def _asked(approval_id: int) -> tuple[MoneyApproval, Order]:
    """The wish and then its order, both locked."""
    approval = MoneyApproval.objects.lock().get(pk=approval_id)
    if approval.state != ApprovalState.ASKED:
        raise ApprovalDecided
    return approval, lock_order(approval.order.number)


def _carry_out(approval: MoneyApproval, order: Order) -> None:
    wish, number = read_wish(approval.wanted), order.number
    match approval.kind:
        case ApprovalKind.REFUND:
            asked = RefundAsked(
                lines=wish.lines, shipping=wish.shipping, reason=approval.reason, key=approval.key, to=wish.to
            )
            refund_as_shown(number=number, asked=asked, shown=approval.amount, warehouse_code=wish.warehouse)
        case ApprovalKind.RETURN:
            settlement = Settlement(lines=wish.lines, shipping=wish.shipping, reason=approval.reason, to=wish.to)
            settle_return(return_number=wish.return_number, settlement=settlement, shown=approval.amount)
        case ApprovalKind.CANCEL:
            _cancel(order, approval)


def _cancel(order: Order, approval: MoneyApproval) -> None:
    now = from_minor(max(0, refundable(order)), order.currency)
    if now != approval.amount:
        raise RefundChanged(shown=approval.amount, now=now)
    cancel_order(number=order.number, reason=approval.reason)


def _decide(approval: MoneyApproval, order: Order, state: str, answer: str) -> None:
    approval.decided_by_id = current_actor().user_id
    approval.decided_at = timezone.now()
    approval.answer = answer
    approval.save(update_fields=["decided_by", "decided_at", "answer", "updated"])
    approval.become(state=state)
    kind = "approval.done" if state == ApprovalState.DONE else "approval.declined"
    write_event(order, kind, note=answer, amount=str(approval.amount.amount))


def _told(approval: MoneyApproval) -> dict[str, str]:
    return {
        "what": approval.kind,
        "order": approval.order.number,
        "amount": str(approval.amount.amount),
        "currency": approval.amount.currency.code,
    }
