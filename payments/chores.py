"""What of payments waits for a person."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.chores import Chore, register
from payments.models import BankLine, BankPayout, Dispute, DisputeState, PaymentException, ReconciliationItem
from payments.statements.balances import files_after_gaps

register(
    Chore(
        key="cases",
        permission="payments.view_paymentexception",
        rows=lambda: PaymentException.objects.filter(state="open"),
        since="created",
        title=_("Payment cases"),
        sentence=_("Money was reported that does not fit what was agreed."),
        button=pgettext_lazy("button in the work queue", "Decide"),
        url_name="admin:payments_paymentexception_changelist",
        query="state__exact=open",
        is_urgent=True,
        place=30,
    ),
    Chore(
        key="differences",
        permission="payments.view_reconciliationitem",
        rows=lambda: ReconciliationItem.objects.filter(state="open"),
        since="created",
        title=_("Differences of books"),
        sentence=_("What a provider says and what our ledger says is not the same."),
        button=pgettext_lazy("button in the work queue", "Decide"),
        url_name="admin:payments_reconciliationitem_changelist",
        query="state__exact=open",
        is_urgent=True,
        place=40,
    ),
    Chore(
        key="disputes",
        permission="payments.view_dispute",
        rows=lambda: Dispute.objects.filter(state=DisputeState.OPEN),
        since="opened_at",
        due="due_at",
        title=_("Disputes to answer"),
        sentence=_("A bank took money back. Without evidence in time it is lost."),
        button=pgettext_lazy("button in the work queue", "Answer"),
        url_name="admin:payments_dispute_changelist",
        query="state__exact=open",
        is_urgent=True,
        place=35,
    ),
    Chore(
        key="bank_lines",
        permission="payments.view_bankline",
        rows=lambda: BankLine.objects.filter(booking__isnull=True),
        since="recorded_at",
        title=_("Lines of bank statements"),
        sentence=_("Money moved on an account, and nobody knows for which order."),
        button=pgettext_lazy("button in the work queue", "Decide"),
        url_name="admin:payments_bank",
        is_urgent=True,
        place=42,
    ),
    Chore(
        key="bank_gaps",
        permission="payments.view_bankline",
        rows=files_after_gaps,
        since="imported_at",
        title=_("Bank statements that are missing"),
        sentence=_("A statement does not begin where the one before ended: money may have come that nobody has seen."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:payments_bank",
        place=43,
    ),
    Chore(
        key="bank_payouts",
        permission="payments.view_bankpayout",
        rows=lambda: BankPayout.objects.filter(state="waiting"),
        since="created",
        title=_("Transfers to send"),
        sentence=_("Customers wait for money that has to be sent at the bank."),
        button=pgettext_lazy("button in the work queue", "Send"),
        url_name="admin:payments_bank",
        is_urgent=True,
        place=44,
    ),
)
