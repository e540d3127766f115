"""Tables of the warehouse floor, to look things up. Imported by `orders.admin`."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin, ReadOnlyInline
from orders.models import Handover, HandoverParcel, ParcelPacking, PickWave, ShortPick, WaveParcel


class WaveParcelInline(ReadOnlyInline):
    """The totes of a wave."""

    model = WaveParcel
    fields = ("tote", "fulfillment", "is_open", "out_because")
    readonly_fields = fields


@admin.register(PickWave)
class PickWaveAdmin(ReadOnlyAdmin):
    """Rounds along the shelves."""

    list_display = ("number", "warehouse_code", "state", "made_by", "picker", "started_at", "ended_at")
    list_filter = ("state", "warehouse_code")
    list_select_related = ("made_by", "picker")
    search_fields = ("number", "=parcels__fulfillment__order__number")
    inlines = (WaveParcelInline,)


@admin.register(ShortPick)
class ShortPickAdmin(ReadOnlyAdmin):
    """Pieces that were not on their shelf."""

    list_display = ("created", "warehouse_code", "task", "missing", "state", "booked_off", "reported_by", "resolved_by")
    list_filter = ("state", "warehouse_code")
    list_select_related = ("task", "reported_by", "resolved_by")
    search_fields = ("task__sku", "=fulfillment__order__number")


@admin.register(ParcelPacking)
class ParcelPackingAdmin(ReadOnlyAdmin):
    """Closed boxes."""

    list_display = ("packed_at", "fulfillment", "carton", "weight_g", "carrier", "tracking_no", "packed_by")
    list_filter = (("unchecked_reason", admin.EmptyFieldListFilter), "carrier")
    list_select_related = ("fulfillment", "packed_by")
    search_fields = ("=tracking_no", "=fulfillment__order__number")


class HandoverParcelInline(ReadOnlyInline):
    """What stood on a list."""

    model = HandoverParcel
    fields = ("position", "fulfillment", "tracking_no", "weight_g", "state", "refusal")
    readonly_fields = fields


@admin.register(Handover)
class HandoverAdmin(ReadOnlyAdmin):
    """Lists that drivers signed."""

    list_display = ("number", "day", "warehouse_code", "carrier", "state", "carrier_number", "made_by")
    list_filter = ("state", "warehouse_code", "carrier")
    list_select_related = ("made_by",)
    date_hierarchy = "day"
    search_fields = ("number", "=parcels__tracking_no", "=parcels__fulfillment__order__number")
    inlines = (HandoverParcelInline,)
