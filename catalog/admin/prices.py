"""Prices to look at: lists, rows, and the history of what was shown."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.models import Price, PriceList, PublishedPrice
from core.admin import ReadOnlyAdmin


@admin.register(PriceList)
class PriceListAdmin(ReadOnlyAdmin):
    """Lists with their market, kind and time."""

    list_display = ("code", "name", "market", "currency", "kind", "audience_key", "priority", "status", "size")
    list_filter = ("status", "kind", "market")
    list_select_related = ("market",)
    search_fields = ("code", "name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceList]:
        """With the number of prices."""
        lists: QuerySet[PriceList] = super().get_queryset(request)
        return lists.annotate(rows=Count("prices"))

    @admin.display(description=_("prices"))
    def size(self, row: PriceList) -> int:
        """How many prices are on it."""
        return int(getattr(row, "rows", 0))


@admin.register(Price)
class PriceAdmin(ReadOnlyAdmin):
    """Prices of all lists, found by SKU."""

    list_display = ("variant", "price_list", "min_qty", "amount", "derived")
    list_filter = ("price_list__market", "price_list__kind")
    list_select_related = ("variant", "price_list")
    search_fields = ("variant__sku",)


@admin.register(PublishedPrice)
class PublishedPriceAdmin(ReadOnlyAdmin):
    """What everybody was shown, and when: the proof behind every reduction."""

    list_display = ("variant", "market", "amount", "reduced", "during")
    list_filter = ("market", "reduced")
    list_select_related = ("variant", "market")
    search_fields = ("variant__sku",)
