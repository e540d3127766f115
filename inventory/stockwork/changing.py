"""What follows when an operator changed the calendar of a warehouse, a channel's stock, or who hears of alerts."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from core import audit
from core.events import publish
from inventory.events import StockChanged
from inventory.models import AlertRoute, Channel, StockItem, Warehouse, WarehouseHoliday
from markets.cache import forget_on_commit

AT_ONCE = 500


@transaction.atomic
def set_special_day(*, warehouse_code: str, day: date, name: str, is_open: bool) -> WarehouseHoliday:
    """A warehouse rests on a day, or works, whatever its country does; said again, the later word holds."""
    place = Warehouse.objects.get(code=warehouse_code)
    row, _made = WarehouseHoliday.objects.update_or_create(
        warehouse=place, day=day, defaults={"name": name.strip()[:100], "is_open": is_open}
    )
    _note(place, day=day.isoformat(), name=row.name, is_open=is_open)
    return row


@transaction.atomic
def drop_special_day(*, pk: int) -> None:
    """The calendar of the country holds again. Again: nothing more."""
    row = WarehouseHoliday.objects.select_related("warehouse").filter(pk=pk).first()
    if row is not None:
        row.delete()
        _note(row.warehouse, day=row.day.isoformat(), dropped=True)


def _note(place: Warehouse, **facts: object) -> None:
    audit.record("stock.change_calendar", place, data=facts)
    forget_on_commit()


@transaction.atomic
def note_calendar(*, warehouse_id: int) -> None:
    """Dates of delivery are worked out anew from now on."""
    _note(Warehouse.objects.get(pk=warehouse_id))


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
