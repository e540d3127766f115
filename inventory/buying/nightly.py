"""The round that keeps buying up to date: demand, then forecasts, then proposals. Twice in a row is no trouble."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils import timezone

from inventory.actions import review_alerts
from inventory.buying.actions.demand import derive_demand
from inventory.buying.actions.forecasts import REMEMBERED, forecast_warehouse
from inventory.buying.actions.proposing import propose
from inventory.models import DemandDay, Forecast, Warehouse

AT_ONCE = 500
LATE_DAYS = 60
"""Releases and returns still change what was sold so many days ago."""


def plan_everything(now: datetime | None = None) -> int:
    """Every active warehouse whose day is over since the last round; then all proposals. Returns how many are open."""
    moment = now or timezone.now()
    for place in Warehouse.objects.filter(is_active=True).order_by("pk"):
        today = moment.astimezone(ZoneInfo(place.timezone)).date()
        if Forecast.objects.filter(warehouse=place, made_on__gte=today).exists():
            continue
        learn_demand(place, moment)
        forecast_warehouse(warehouse_id=place.pk, now=moment)
        _look_again(place)
    return propose()


def _look_again(place: Warehouse) -> None:
    """A new forecast may say that a shelf has too much, or no longer has."""
    ids = list(Forecast.objects.filter(warehouse=place).order_by("variant").values_list("variant", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        review_alerts(variant_ids=ids[start : start + AT_ONCE])


def learn_demand(place: Warehouse, moment: datetime, *, everything: bool = False) -> int:
    """Derive the days that may have changed: the last ones, or all that are remembered when none is known yet."""
    last = moment.astimezone(ZoneInfo(place.timezone)).date() - timedelta(days=1)
    known = DemandDay.objects.filter(warehouse=place).aggregate(last=Max("day"))["last"]
    since = last - REMEMBERED if everything or known is None else min(known, last) - timedelta(days=LATE_DAYS)
    return derive_demand(warehouse_id=place.pk, since=since, until=last)
