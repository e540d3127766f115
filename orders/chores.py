"""What of orders waits for a person."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.chores import Chore, register
from inventory.actions.labels import unsure_labels
from orders.floor import chores as floor_chores
from orders.models import (
    ApprovalState,
    Lifecycle,
    MoneyApproval,
    Order,
    OrderHold,
    ParcelException,
    PaymentState,
    ReturnRequest,
    Ticket,
    TicketState,
    WithdrawalStatement,
)
from orders.queries import orders_to_ship
from orders.states import RETURNS_WAITING


def _trouble() -> QuerySet[ParcelException]:
    """Open, and nobody else has the next word."""
    rows = ParcelException.objects.filter(resolved_at__isnull=True)
    return rows.filter(Q(waits_until__isnull=True) | Q(waits_until__lt=timezone.now()))


def _holds() -> QuerySet[OrderHold]:
    return OrderHold.objects.filter(resolved_at__isnull=True)


def _authorized() -> QuerySet[Order]:
    return Order.objects.filter(payment_state=PaymentState.AUTHORIZED, lifecycle=Lifecycle.CONFIRMED)


def _returns() -> QuerySet[ReturnRequest]:
    """Those that wait for us. Withdrawals that nobody has looked at are counted with the withdrawals."""
    unseen = Q(withdrawal__isnull=False, withdrawal__handled_at__isnull=True)
    return ReturnRequest.objects.filter(state__in=RETURNS_WAITING).exclude(unseen)


register(
    Chore(
        key="holds",
        permission="orders.view_order",
        rows=_holds,
        since="created",
        due="due_at",
        title=_("Holds to decide"),
        sentence=_("Orders wait for a decision before they can leave."),
        button=pgettext_lazy("button in the work queue", "Decide"),
        url_name="admin:workspace_list",
        query="view=on_hold",
        is_urgent=True,
        place=10,
    ),
    Chore(
        key="authorized",
        permission="orders.view_order",
        rows=_authorized,
        since="placed_at",
        title=_("Payments authorized, not captured"),
        sentence=_("The money is held for us and is lost when nobody takes it."),
        button=pgettext_lazy("button in the work queue", "Capture"),
        url_name="admin:workspace_list",
        query="payment=authorized&lifecycle=confirmed",
        is_urgent=True,
        place=20,
    ),
    Chore(
        key="approvals",
        permission="orders.approve_refund",
        rows=lambda: MoneyApproval.objects.filter(state=ApprovalState.ASKED),
        since="created",
        title=_("Refunds that need a second person"),
        sentence=_("They are above the limit of whoever asked for them."),
        button=pgettext_lazy("button in the work queue", "Decide"),
        url_name="admin:orders_moneyapproval_changelist",
        query="state__exact=asked",
        is_urgent=True,
        place=25,
    ),
    Chore(
        key="pack",
        permission="orders.view_order",
        rows=orders_to_ship,
        since="placed_at",
        title=_("Orders to pack and send"),
        sentence=_("They are paid and nothing stops them."),
        button=pgettext_lazy("button in the work queue", "Pack"),
        url_name="admin:workspace_list",
        query="view=to_pack",
        place=50,
    ),
    Chore(
        key="parcels",
        permission="orders.view_parcelexception",
        rows=_trouble,
        since="created",
        due="due_at",
        title=_("Parcels in trouble"),
        sentence=_("They are silent, late, stuck in customs, lost, damaged or on their way back."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:workspace_parcels",
        query="view=waiting",
        is_urgent=True,
        place=55,
    ),
    Chore(
        key="labels",
        permission="inventory.use_carrieraccount",
        rows=unsure_labels,
        since="asked_at",
        title=_("Labels whose carrier did not answer"),
        sentence=_("The carrier may have made them. Find out, then ask again or give them up."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:workspace_labels",
        query="unsure=1",
        place=56,
    ),
    Chore(
        key="withdrawals",
        permission="orders.view_withdrawalstatement",
        rows=lambda: WithdrawalStatement.objects.filter(handled_at__isnull=True),
        since="received_at",
        title=_("Withdrawals to deal with"),
        sentence=_("Customers have withdrawn; the money goes back within 14 days."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:orders_withdrawalstatement_changelist",
        query="handled_at__isempty=1",
        is_urgent=True,
        place=60,
    ),
    Chore(
        key="returns",
        permission="orders.view_returnrequest",
        rows=_returns,
        since="created",
        title=_("Returns to look at"),
        sentence=_("Customers wait for an answer or for their money."),
        button=pgettext_lazy("button in the work queue", "Inspect"),
        url_name="admin:workspace_returns",
        query="view=waiting",
        place=70,
    ),
    Chore(
        key="tickets",
        permission="orders.view_ticket",
        rows=lambda: Ticket.objects.filter(state=TicketState.OPEN),
        since="created",
        due="due_at",
        title=_("Questions about orders"),
        sentence=_("Customers wait for an answer."),
        button=pgettext_lazy("button in the work queue", "Answer"),
        url_name="admin:workspace_tickets",
        query="view=waiting",
        place=80,
    ),
)

__all__ = ["floor_chores"]
