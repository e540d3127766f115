"""Orders from elsewhere in the admin: looked at, never changed."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin, ReadOnlyInline
from orders.models import PastLine, PastOrder


class PastLineInline(ReadOnlyInline):
    """What was bought there."""

    model = PastLine
    fields = ("position", "sku", "name", "quantity", "unit_price", "line_total")
    readonly_fields = fields


@admin.register(PastOrder)
class PastOrderAdmin(ReadOnlyAdmin):
    """What other platforms sold before, as their exports told it."""

    list_display = ("number", "platform", "placed_at", "email", "state", "total", "refunded_total")
    list_filter = ("platform", "state", "currency")
    search_fields = ("number", "email")
    date_hierarchy = "placed_at"
    inlines = [PastLineInline]
