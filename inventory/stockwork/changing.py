"""What follows when an operator changed the calendar of a warehouse, a channel's stock, or who hears of alerts."""

from collections.abc import Iterable

from django.db import transaction

from core import audit
from core.events import publish
from inventory.events import StockChanged
from inventory.models import AlertRoute, Channel, StockItem, Warehouse
from markets.cache import forget_on_commit

AT_ONCE = 500


@transaction.atomic
def note_calendar(*, warehouse_id: int) -> None:
    """Dates of delivery are worked out anew from now on."""
    audit.record("stock.change_calendar", Warehouse.objects.get(pk=warehouse_id))
    forget_on_commit()


@transaction.atomic
def note_channel(*, channel_id: int, warehouse_ids: Iterable[int]) -> None:
    """What can be sold of everything in these warehouses may have changed: those it had, and those it has."""
    channel = Channel.objects.get(pk=channel_id)
    places = sorted(set(warehouse_ids) | set(channel.places.values_list("warehouse_id", flat=True)))
    audit.record("stock.change_channel", channel, data={"stock": channel.stock, "warehouses": places})
    forget_on_commit()
    variants = list(
        StockItem.objects.filter(warehouse__in=places)
        .order_by("variant_id")
        .values_list("variant_id", flat=True)
        .distinct()
    )
    for start in range(0, len(variants), AT_ONCE):
        publish(StockChanged(variant_ids=tuple(variants[start : start + AT_ONCE])))


@transaction.atomic
def note_route(*, route_id: int) -> None:
    """Who hears of what is part of the log."""
    route = AlertRoute.objects.get(pk=route_id)
    audit.record("stock.change_route", route, data={"level": route.level, "pace": route.pace})
