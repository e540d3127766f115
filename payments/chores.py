"""What of payments waits for a person."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.chores import Chore, register
from payments.models import PaymentException, ReconciliationItem

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
)
