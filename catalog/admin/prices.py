"""Prices to look at: lists, rows, and the history of what was shown."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.finding import variants_matching
from catalog.models import Price, PriceList, PublishedPrice
from core.admin import ReadOnlyAdmin


@admin.register(PriceList)
class PriceListAdmin(ReadOnlyAdmin):
    """Lists with their market, kind and time."""

    list_display = ("code", "name", "market", "currency", "kind", "audience_key", "priority", "status")
    list_filter = ("status", "kind", "market")
    list_select_related = ("market",)
    search_fields = ("code", "name")


class PricesBySku(ReadOnlyAdmin):
    """Prices of variants, found by SKU or GTIN through their index."""

    search_fields = ("variant__sku",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The variants first, then their prices."""
        return queryset.filter(variant__in=variants_matching(search_term)) if search_term.strip() else queryset, False


@admin.register(Price)
class PriceAdmin(PricesBySku):
    """Prices of all lists, found by SKU."""

    list_display = ("variant", "price_list", "min_qty", "amount", "derived")
    list_filter = ("price_list__market", "price_list__kind")
    list_select_related = ("variant", "price_list")


@admin.register(PublishedPrice)
class PublishedPriceAdmin(PricesBySku):
    """What everybody was shown, and when: the proof behind every reduction."""

    list_display = ("variant", "market", "amount", "reduced", "during")
    list_filter = ("market", "reduced")
    list_select_related = ("variant", "market")
