"""What of the stock waits for a person."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.chores import Chore, register
from inventory.buying import chores as buying_chores
from inventory.models import Batch, CarrierAccount, CarrierMessage, Lane, StockAlert, StockTake, Transfer, UnknownCode


def _alerts(level: str) -> Callable[[], QuerySet[StockAlert]]:
    return lambda: StockAlert.objects.filter(closed__isnull=True, level=level)


def _to_send() -> QuerySet[Transfer]:
    return Transfer.objects.filter(state=Transfer.State.READY)


def _late() -> QuerySet[Transfer]:
    on_the_way = (Transfer.State.IN_TRANSIT, Transfer.State.PARTLY_RECEIVED)
    return Transfer.objects.filter(state__in=on_the_way, due_at__lt=timezone.now())


def _to_review() -> QuerySet[StockTake]:
    return StockTake.objects.filter(state=StockTake.State.REVIEW)


def _expired() -> QuerySet[Batch]:
    return Batch.objects.filter(is_blocked=True, quantity__gt=0)


register(
    Chore(
        key="transfers_send",
        permission="inventory.view_transfer",
        rows=_to_send,
        since="created",
        due="due_at",
        title=_("Transfers to send"),
        sentence=_("Pieces are set aside for another warehouse and wait to leave."),
        button=pgettext_lazy("button in the work queue", "Send"),
        url_name="admin:inventory_transfers",
        query="view=ready",
        place=92,
    ),
    Chore(
        key="transfers_late",
        permission="inventory.view_transfer",
        rows=_late,
        since="shipped_at",
        due="due_at",
        title=_("Transfers that should have arrived"),
        sentence=_("Book what came, or say what became of the rest."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:inventory_transfers",
        query="view=late",
        place=93,
    ),
    Chore(
        key="takes",
        permission="inventory.view_stocktake",
        rows=_to_review,
        since="ended_at",
        title=_("Stock takes to review"),
        sentence=_("Counting is over. Differences wait to be looked at and booked."),
        button=pgettext_lazy("button in the work queue", "Review"),
        url_name="admin:inventory_takes",
        query="view=review",
        place=94,
    ),
    Chore(
        key="expired",
        permission="inventory.view_batch",
        rows=_expired,
        since="updated",
        title=_("Past their date"),
        sentence=_("Batches on the shelf that are no longer sold. Write them off."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:inventory_batches",
        query="view=blocked",
        place=95,
    ),
    Chore(
        key="expiring",
        permission="inventory.view_stockalert",
        rows=_alerts("expiring"),
        since="opened",
        title=_("Expire soon"),
        sentence=_("Sell these first, or move them to where they sell."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:inventory_alerts",
        query="level=expiring",
        place=105,
    ),
    Chore(
        key="over",
        permission="inventory.view_stockalert",
        rows=_alerts("over"),
        since="opened",
        title=_("Too many"),
        sentence=_("Far more than the target lies here."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:inventory_alerts",
        query="level=over",
        place=120,
    ),
    Chore(
        key="ageing",
        permission="inventory.view_stockalert",
        rows=_alerts("ageing"),
        since="opened",
        title=_("Not selling"),
        sentence=_("These have lain here for long, and none was sold."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:inventory_alerts",
        query="level=ageing",
        place=121,
    ),
    Chore(
        key="out",
        permission="inventory.view_stockalert",
        rows=_alerts("out"),
        since="opened",
        title=_("Sold out"),
        sentence=_("A warehouse has nothing left to sell of these."),
        button=pgettext_lazy("button in the work queue", "Reorder"),
        url_name="admin:inventory_alerts",
        query="level=out",
        place=90,
    ),
    Chore(
        key="low",
        permission="inventory.view_stockalert",
        rows=_alerts("low"),
        since="opened",
        title=_("Running low"),
        sentence=_("Stock is at or below its reorder point."),
        button=pgettext_lazy("button in the work queue", "Reorder"),
        url_name="admin:inventory_alerts",
        query="level=low",
        place=100,
    ),
    Chore(
        key="lanes",
        permission="inventory.change_lane",
        rows=lambda: Lane.objects.filter(is_active=True, rates__isnull=True),
        since="updated",
        title=_("Lanes without a price"),
        sentence=_("Nothing leaves on these lanes until somebody enters what a parcel costs."),
        button=pgettext_lazy("button in the work queue", "Enter brackets"),
        url_name="admin:inventory_lane_changelist",
        query="is_active__exact=1&rates__isempty=1",
        place=110,
    ),
    Chore(
        key="codes",
        permission="inventory.view_unknowncode",
        rows=lambda: UnknownCode.objects.filter(settled_at__isnull=True),
        since="created",
        title=_("Codes of carriers nobody knows"),
        sentence=_("Parcels stand still in our books until somebody says what these mean."),
        button=pgettext_lazy("button in the work queue", "Explain"),
        url_name="admin:inventory_unknowncode_changelist",
        query="settled_at__isempty=1",
        place=110,
    ),
    Chore(
        key="carrier_messages",
        permission="inventory.view_carriermessage",
        rows=lambda: CarrierMessage.objects.filter(state=CarrierMessage.State.FAILED),
        since="received_at",
        title=_("Messages of carriers that could not be worked on"),
        sentence=_("Something in them was refused again and again."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:inventory_carriermessage_changelist",
        query="state__exact=failed",
        place=112,
    ),
    Chore(
        key="carriers",
        permission="inventory.view_carrieraccount",
        rows=lambda: CarrierAccount.objects.filter(
            is_active=True, failing_since__lt=timezone.now() - timedelta(hours=2)
        ),
        since="failing_since",
        title=_("Carriers that do not answer"),
        sentence=_("Nothing is asked of them or told to them until they do."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:inventory_carrieraccount_changelist",
        query="is_active__exact=1&failing_since__isempty=0",
        is_urgent=True,
        place=57,
    ),
)

__all__ = ["buying_chores"]
