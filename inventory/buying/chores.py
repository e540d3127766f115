"""What buying has to do with a person."""

from datetime import timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.chores import Chore, register
from inventory.models import FeedRun, PurchaseOrder, PurchaseReceipt, ReplenishmentProposal, SupplierFeed


def _late_purchases() -> QuerySet[PurchaseOrder]:
    return PurchaseOrder.objects.filter(state__in=PurchaseOrder.COMING, expected_on__lt=timezone.localdate())


def _differences() -> QuerySet[PurchaseReceipt]:
    return PurchaseReceipt.objects.filter(has_difference=True, settled_at=None)


def _urgent_proposals() -> QuerySet[ReplenishmentProposal]:
    return ReplenishmentProposal.objects.filter(state="open", is_urgent=True)


def _proposals() -> QuerySet[ReplenishmentProposal]:
    return ReplenishmentProposal.objects.filter(state="open", is_urgent=False)


def _silent_feeds() -> QuerySet[SupplierFeed]:
    """Feeds nobody has heard of for longer than usual, and those that fail again and again."""
    patience = ExpressionWrapper(F("silent_hours") * timedelta(hours=1), output_field=DurationField())
    rows = SupplierFeed.objects.filter(is_active=True, supplier__is_active=True).exclude(kind="csv_upload")
    now = timezone.now()
    unheard = Q(last_told_at__lt=now - F("patience")) | Q(last_told_at=None, created__lt=now - F("patience"))
    return rows.annotate(patience=patience).filter(unheard | Q(failures__gte=3))


def _short_feeds() -> QuerySet[FeedRun]:
    return FeedRun.objects.filter(short__gt=0, settled_at=None)


register(
    Chore(
        key="feed_short",
        permission="inventory.view_feedrun",
        rows=_short_feeds,
        since="received_at",
        title=_("Promised, and the supplier has it no more"),
        sentence=_("Orders need another warehouse, or their customers a word."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:inventory_feedrun_changelist",
        query="short__gt=0&settled_at__isnull=True",
        is_urgent=True,
        place=40,
    ),
    Chore(
        key="replenish_urgent",
        permission="inventory.view_replenishmentproposal",
        rows=_urgent_proposals,
        since="created",
        title=_("To order at once"),
        sentence=_("These sell out before a delivery can come."),
        button=pgettext_lazy("button in the work queue", "Reorder"),
        url_name="admin:buying_proposals",
        query="view=urgent",
        place=80,
    ),
    Chore(
        key="replenish",
        permission="inventory.view_replenishmentproposal",
        rows=_proposals,
        since="created",
        title=_("Proposed to order"),
        sentence=_("Forecasts say these fall below their reorder point."),
        button=pgettext_lazy("button in the work queue", "Reorder"),
        url_name="admin:buying_proposals",
        query="view=open",
        place=110,
    ),
    Chore(
        key="purchase_late",
        permission="inventory.view_purchaseorder",
        rows=_late_purchases,
        since="sent_at",
        title=_("Late deliveries of suppliers"),
        sentence=_("They were expected before today."),
        button=pgettext_lazy("button in the work queue", "Ask"),
        url_name="admin:buying_purchases",
        query="view=late",
        place=85,
    ),
    Chore(
        key="purchase_difference",
        permission="inventory.view_purchasereceipt",
        rows=_differences,
        since="received_at",
        title=_("Deliveries that were not as ordered"),
        sentence=_("Agree with the supplier on a credit or a new delivery."),
        button=pgettext_lazy("button in the work queue", "Settle"),
        url_name="admin:buying_purchases",
        query="view=differences",
        place=95,
    ),
    Chore(
        key="feed_silent",
        permission="inventory.view_supplierfeed",
        rows=_silent_feeds,
        since="updated",
        title=_("Suppliers who have gone silent"),
        sentence=_("Their stock has not been heard of, or cannot be read."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:inventory_supplierfeed_changelist",
        query="is_active__exact=1",
        place=105,
    ),
)
