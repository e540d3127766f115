"""The work queue: everything that waits for a person, most urgent first. One query per row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models import PlannedChange, PricePlan, Question, Review
from config.console.types import WorkRow
from core.models import Job, Message, OutboxMessage
from inventory.models import StockAlert
from markets.models import DoubtfulRate
from orders.models import (
    ApprovalState,
    Lifecycle,
    MoneyApproval,
    Order,
    PaymentState,
    ReturnRequest,
    Ticket,
    TicketState,
    WithdrawalStatement,
)
from orders.queries import orders_to_ship
from orders.states import RETURNS_WAITING
from orders.workspace.listing import in_view
from payments.models import BankLine, BankPayout, Dispute, DisputeState, PaymentException, ReconciliationItem

Person = AbstractBaseUser | AnonymousUser
RECENT = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One kind of work: which rows it is, since when each waits, and where it is done."""

    key: str
    permission: str
    rows: Callable[[], QuerySet[Any]]
    since: str
    title: str | Promise
    sentence: str | Promise
    button: str | Promise
    url_name: str
    query: str = ""
    is_urgent: bool = False


def _authorized() -> QuerySet[Order]:
    return Order.objects.filter(payment_state=PaymentState.AUTHORIZED, lifecycle=Lifecycle.CONFIRMED)


def _returns() -> QuerySet[ReturnRequest]:
    """Those that wait for us. Withdrawals that nobody has looked at are counted with the withdrawals."""
    unseen = Q(withdrawal__isnull=False, withdrawal__handled_at__isnull=True)
    return ReturnRequest.objects.filter(state__in=RETURNS_WAITING).exclude(unseen)


def _failed_jobs() -> QuerySet[Job]:
    return Job.objects.filter(state=Job.State.FAILED, created__gte=timezone.now() - RECENT)


def _alerts(level: str) -> Callable[[], QuerySet[StockAlert]]:
    return lambda: StockAlert.objects.filter(closed__isnull=True, level=level)


DUTIES: tuple[Duty, ...] = (
    Duty(
        key="holds",
        permission="orders.view_order",
        rows=lambda: in_view("on_hold"),
        since="placed_at",
        title=_("Orders on hold"),
        sentence=_("Something about them needs a decision before they can leave."),
        button=pgettext_lazy("button in the work queue", "Decide"),
        url_name="admin:workspace_list",
        query="view=on_hold",
        is_urgent=True,
    ),
    Duty(
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
    ),
    Duty(
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
    ),
    Duty(
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
    ),
    Duty(
        key="disputes",
        permission="payments.view_dispute",
        rows=lambda: Dispute.objects.filter(state=DisputeState.OPEN),
        since="opened_at",
        title=_("Disputes to answer"),
        sentence=_("A bank took money back. Without evidence in time it is lost."),
        button=pgettext_lazy("button in the work queue", "Answer"),
        url_name="admin:payments_dispute_changelist",
        query="state__exact=open",
        is_urgent=True,
    ),
    Duty(
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
    ),
    Duty(
        key="bank_lines",
        permission="payments.view_bankline",
        rows=lambda: BankLine.objects.filter(booking__isnull=True),
        since="recorded_at",
        title=_("Lines of bank statements"),
        sentence=_("Money moved on an account, and nobody knows for which order."),
        button=pgettext_lazy("button in the work queue", "Decide"),
        url_name="admin:payments_bank",
        is_urgent=True,
    ),
    Duty(
        key="bank_payouts",
        permission="payments.view_bankpayout",
        rows=lambda: BankPayout.objects.filter(state="waiting"),
        since="created",
        title=_("Transfers to send"),
        sentence=_("Customers wait for money that has to be sent at the bank."),
        button=pgettext_lazy("button in the work queue", "Send"),
        url_name="admin:payments_bank",
        is_urgent=True,
    ),
    Duty(
        key="pack",
        permission="orders.view_order",
        rows=orders_to_ship,
        since="placed_at",
        title=_("Orders to pack and send"),
        sentence=_("They are paid and nothing stops them."),
        button=pgettext_lazy("button in the work queue", "Pack"),
        url_name="admin:workspace_list",
        query="view=to_pack",
    ),
    Duty(
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
    ),
    Duty(
        key="returns",
        permission="orders.view_returnrequest",
        rows=_returns,
        since="created",
        title=_("Returns to look at"),
        sentence=_("Customers wait for an answer or for their money."),
        button=pgettext_lazy("button in the work queue", "Inspect"),
        url_name="admin:workspace_returns",
        query="view=waiting",
    ),
    Duty(
        key="tickets",
        permission="orders.view_ticket",
        rows=lambda: Ticket.objects.filter(state=TicketState.OPEN),
        since="due_at",
        title=_("Questions about orders"),
        sentence=_("Customers wait for an answer."),
        button=pgettext_lazy("button in the work queue", "Answer"),
        url_name="admin:workspace_tickets",
        query="view=waiting",
    ),
    Duty(
        key="out",
        permission="inventory.view_stockalert",
        rows=_alerts("out"),
        since="opened",
        title=_("Sold out"),
        sentence=_("A warehouse has nothing left to sell of these."),
        button=pgettext_lazy("button in the work queue", "Reorder"),
        url_name="admin:inventory_stockalert_changelist",
        query="closed__isempty=1&level__exact=out",
    ),
    Duty(
        key="low",
        permission="inventory.view_stockalert",
        rows=_alerts("low"),
        since="opened",
        title=_("Running low"),
        sentence=_("Stock is at or below its reorder point."),
        button=pgettext_lazy("button in the work queue", "Reorder"),
        url_name="admin:inventory_stockalert_changelist",
        query="closed__isempty=1&level__exact=low",
    ),
    Duty(
        key="questions",
        permission="catalog.answer_question",
        rows=lambda: Question.objects.filter(state=Question.State.PENDING),
        since="created",
        title=_("Questions about products"),
        sentence=_("Shoppers want to know something before they buy."),
        button=pgettext_lazy("button in the work queue", "Answer"),
        url_name="admin:catalog_question_changelist",
        query="state__exact=pending",
    ),
    Duty(
        key="reviews",
        permission="catalog.moderate_review",
        rows=lambda: Review.objects.filter(state=Review.State.PENDING),
        since="created",
        title=_("Reviews to look at"),
        sentence=_("They are shown once somebody has looked at them."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:catalog_review_changelist",
        query="state__exact=pending",
    ),
    Duty(
        key="planned",
        permission="catalog.change_product",
        rows=lambda: PlannedChange.objects.filter(state=PlannedChange.State.FAILED),
        since="ended_at",
        title=_("Planned changes that could not be made"),
        sentence=_("Products were to change by now and did not; each says why."),
        button=pgettext_lazy("button in the work queue", "Decide"),
        url_name="admin:catalog_planned",
        is_urgent=True,
    ),
    Duty(
        key="messages",
        permission="core.view_message",
        rows=lambda: Message.objects.filter(state=Message.State.FAILED),
        since="created",
        title=_("Messages that did not arrive"),
        sentence=_("The mail server refused them; the customers know nothing yet."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:core_message_changelist",
        query="state__exact=failed",
        is_urgent=True,
    ),
    Duty(
        key="outbox",
        permission="core.view_outboxmessage",
        rows=lambda: OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD),
        since="created",
        title=_("Consequences given up"),
        sentence=_("Something that should have followed an event failed every time."),
        button=pgettext_lazy("button in the work queue", "Try again"),
        url_name="admin:core_outboxmessage_changelist",
        query="state__exact=dead",
        is_urgent=True,
    ),
    Duty(
        key="prices",
        permission="catalog.approve_prices",
        rows=lambda: PricePlan.objects.filter(state=PricePlan.State.WAITING),
        since="updated",
        title=_("Prices that wait for a second person"),
        sentence=_("They move a lot, are many, or lie below cost; they do not begin before somebody agrees."),
        button=pgettext_lazy("button in the work queue", "Decide"),
        url_name="admin:catalog_price_plans",
    ),
    Duty(
        key="rates",
        permission="markets.decide_doubtfulrate",
        rows=lambda: DoubtfulRate.objects.filter(state=DoubtfulRate.State.WAITING),
        since="reported_at",
        title=_("Exchange rates in doubt"),
        sentence=_("They jumped by more than a tenth and are not used until somebody has looked."),
        button=pgettext_lazy("button in the work queue", "Decide"),
        url_name="admin:markets_doubtfulrate_changelist",
        query="state__exact=waiting",
    ),
    Duty(
        key="jobs",
        permission="core.view_job",
        rows=_failed_jobs,
        since="created",
        title=_("Jobs that failed"),
        sentence=_("Imports and other long work of the last 14 days."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:core_job_changelist",
        query="state__exact=failed",
    ),
)


def work_queue(person: Person) -> tuple[WorkRow, ...]:
    """What this person can do something about; kinds with nothing in them are left out."""
    return tuple(_rows(person))


def _rows(person: Person) -> Iterator[WorkRow]:
    for duty in DUTIES:
        if not person.has_perm(duty.permission):  # type: ignore[union-attr]  # every account can be asked
            continue
        found = duty.rows().order_by().aggregate(count=Count("pk", distinct=True), oldest=Min(duty.since))
        if found["count"]:
            yield _row(duty, found["count"], found["oldest"])


def _row(duty: Duty, count: int, oldest: datetime) -> WorkRow:
    return WorkRow(
        key=duty.key,
        count=count,
        title=str(duty.title),
        sentence=str(duty.sentence),
        waiting=_("The oldest waits %(time)s.") % {"time": timesince(oldest, depth=1)},
        is_urgent=duty.is_urgent,
        url=f"{reverse(duty.url_name)}{'?' if duty.query else ''}{duty.query}",
        button=str(duty.button),
    )
