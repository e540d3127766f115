"""Calendars, channels and routes in the admin, and the tables of stock work to look at."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.translating.noting import note_texts
from core.admin import ReadOnlyAdmin, ReadOnlyInline
from inventory.calendars import knows_subdivision
from inventory.models import (
    AlertRoute,
    Batch,
    BatchedVariant,
    BatchMovement,
    Channel,
    ChannelStock,
    StockTake,
    StockTakeLine,
    Transfer,
    TransferLine,
    Warehouse,
    WarehouseHoliday,
)
from inventory.stockwork.changing import note_calendar, note_channel, note_route

WEEK = (
    (1, _("Monday")), (2, _("Tuesday")), (3, _("Wednesday")), (4, _("Thursday")), (5, _("Friday")),
    (6, _("Saturday")), (7, _("Sunday")),
)  # fmt: skip


class WarehouseForm(forms.ModelForm[Warehouse]):
    """A warehouse, with its week as boxes to tick."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("works on"), choices=WEEK, coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: the working week of the country."),
    )  # fmt: skip

    class Meta:
        model = Warehouse
        fields = "__all__"  # noqa: DJ007 (operators may change all of it)

    def clean(self) -> dict[str, Any]:
        """A region that the calendar does not know would silently have no holidays of its own."""
        found = super().clean() or {}
        country, region = str(found.get("country", "")), str(found.get("subdivision", ""))
        if not knows_subdivision(country, region):
            self.add_error("subdivision", _("There is no calendar of this region."))
        return found


@admin.register(WarehouseHoliday)
class WarehouseHolidayAdmin(admin.ModelAdmin[WarehouseHoliday]):
    """Days on which a warehouse differs from its country."""

    list_display = ["day", "warehouse", "name", "is_open"]
    list_filter = ["warehouse", "is_open"]
    list_select_related = ["warehouse"]
    date_hierarchy = "day"

    def save_model(self, request: HttpRequest, obj: WarehouseHoliday, form: Any, change: bool) -> None:
        """Save, then let dates follow."""
        super().save_model(request, obj, form, change)
        note_calendar(warehouse_id=obj.warehouse_id)

    def delete_model(self, request: HttpRequest, obj: WarehouseHoliday) -> None:
        """Delete, then let dates follow."""
        super().delete_model(request, obj)
        note_calendar(warehouse_id=obj.warehouse_id)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete many, then let dates follow."""
        places = sorted(set(queryset.values_list("warehouse_id", flat=True)))
        super().delete_queryset(request, queryset)
        for place in places:
            note_calendar(warehouse_id=place)


class ChannelStockInline(admin.TabularInline[ChannelStock, Channel]):
    """Warehouses of a channel with stock of its own."""

    model = ChannelStock
    extra = 0


@admin.register(Channel)
class ChannelAdmin(admin.ModelAdmin[Channel]):
    """Where goods are sold, and from which shelves."""

    list_display = ["code", "name", "kind", "stock", "keep_back", "is_active"]
    list_filter = ["kind", "stock"]
    exclude = ["name_i18n", "name_en"]  # both are `name`
    inlines = [ChannelStockInline]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save with its warehouses, then let what others can sell follow."""
        before = list(form.instance.places.values_list("warehouse_id", flat=True))
        super().save_related(request, form, formsets, change)
        note_channel(channel_id=form.instance.pk, warehouse_ids=before)

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:
        """Save, and note what is to be translated."""
        super().save_model(request, obj, form, change)
        note_texts([obj])

    def has_delete_permission(self, request: HttpRequest, obj: Channel | None = None) -> bool:
        """A channel is switched off, not deleted: orders name it."""
        return False


@admin.register(AlertRoute)
class AlertRouteAdmin(admin.ModelAdmin[AlertRoute]):
    """Who hears of which alerts."""

    list_display = ["level_or_all", "warehouse", "category", "role", "user", "pace", "quiet_from", "is_active"]
    list_filter = ["level", "warehouse", "is_active"]
    list_select_related = ["warehouse", "category", "role", "user"]
    autocomplete_fields = ["user"]

    @admin.display(description=_("level"), ordering="level")
    def level_or_all(self, route: AlertRoute) -> str:
        """What it is about."""
        return route.get_level_display() if route.level else str(_("all"))

    def save_model(self, request: HttpRequest, obj: AlertRoute, form: Any, change: bool) -> None:
        """Save, and write it down."""
        super().save_model(request, obj, form, change)
        note_route(route_id=obj.pk)


class TransferLineInline(ReadOnlyInline):
    """What it carries."""

    model = TransferLine


@admin.register(Transfer)
class TransferAdmin(ReadOnlyAdmin):
    """Transfers; they are worked on in their own screens."""

    list_display = ["number", "from_warehouse", "to_warehouse", "state", "shipped_at", "due_at"]
    list_filter = ["state", "from_warehouse", "to_warehouse"]
    list_select_related = ["from_warehouse", "to_warehouse"]
    search_fields = ["number", "lines__variant__sku"]
    inlines = [TransferLineInline]


@admin.register(StockTake)
class StockTakeAdmin(ReadOnlyAdmin):
    """Stock takes; they are worked on in their own screens."""

    list_display = ["number", "warehouse", "scope", "part", "state", "began_at", "booked_at"]
    list_filter = ["state", "warehouse"]
    list_select_related = ["warehouse"]
    search_fields = ["number"]


@admin.register(StockTakeLine)
class StockTakeLineAdmin(ReadOnlyAdmin):
    """What was counted, of all stock takes."""

    list_display = ["stock_take", "stock_item", "expected_at_count", "counted", "difference", "reason", "counted_by"]
    list_filter = ["reason", "stock_take__warehouse"]
    list_select_related = ["stock_take", "stock_item__variant", "stock_item__warehouse", "counted_by"]
    search_fields = ["stock_take__number", "stock_item__variant__sku"]


@admin.register(BatchedVariant)
class BatchedVariantAdmin(ReadOnlyAdmin):
    """Which variants have batches."""

    list_display = ["variant", "days_left", "created"]
    list_select_related = ["variant"]
    search_fields = ["variant__sku"]


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    """Batches by shelf."""

    list_display = ["stock_item", "code", "expires_on", "quantity", "is_blocked"]
    list_filter = ["is_blocked", "stock_item__warehouse"]
    list_select_related = ["stock_item__variant", "stock_item__warehouse"]
    search_fields = ["code", "stock_item__variant__sku"]


@admin.register(BatchMovement)
class BatchMovementAdmin(ReadOnlyAdmin):
    """The ledger of batches."""

    list_display = ["created", "batch", "quantity", "movement"]
    list_select_related = ["batch", "movement"]
    search_fields = ["batch__code"]
