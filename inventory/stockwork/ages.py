"""Stock that does not sell, and batches that will soon be past their date: found by looking once a night."""

from datetime import datetime, timedelta

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from inventory.actions.alerts import keep_alerts
from inventory.models import Batch, StockAlert, StockItem, StockMovement, Warehouse


def review_ages(*, now: datetime | None = None) -> dict[str, tuple[int, int]]:
    """Open and close alerts of age; returns per level how many were opened and closed."""
    moment = now or timezone.now()
    places = list(Warehouse.objects.filter(is_active=True).order_by("pk"))
    ageing = {pk for place in places for pk in not_selling(place, moment).values_list("pk", flat=True)}
    expiring = {pk for place in places for pk in expiring_shelves(place, moment).values_list("stock_item", flat=True)}
    return {
        "ageing": keep_alerts(level=StockAlert.Level.AGEING, stock_item_ids=ageing),
        "expiring": keep_alerts(level=StockAlert.Level.EXPIRING, stock_item_ids=expiring),
    }


def not_selling(place: Warehouse, now: datetime) -> QuerySet[StockItem]:
    """Rows with pieces that lay there so many days ago (what came first leaves first), and none sold in between."""
    since = now - timedelta(days=place.ageing_days)
    later = StockMovement.objects.filter(stock_item=OuterRef("pk"), created__gte=since)
    came = later.filter(d_on_hand__gt=0).order_by().values("stock_item").annotate(pieces=Sum("d_on_hand"))
    return (
        StockItem.objects.filter(warehouse=place, on_hand__gt=0, created__lt=since)
        .annotate(old=F("on_hand") - Coalesce(Subquery(came.values("pieces"), output_field=IntegerField()), 0))
        .filter(old__gt=0)
        .exclude(Exists(later.filter(kind=StockMovement.Kind.SHIP)))
    )


def expiring_shelves(place: Warehouse, now: datetime) -> QuerySet[Batch]:
    """Batches with pieces that have no longer to go than the warehouse wants to know, past ones too."""
    until = now.date() + timedelta(days=place.expiring_days)
    return Batch.objects.filter(stock_item__warehouse=place, quantity__gt=0, expires_on__lte=until)
