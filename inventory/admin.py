"""Stock in the admin: counters are looked at here and changed by actions."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from catalog.translating.noting import note_texts
from core.admin import ReadOnlyAdmin, ReadOnlyInline
from inventory import admin_carriers, operations
from inventory.actions import note_warehouse
from inventory.actions.sourcing import note_lanes_changed
from inventory.admin_stockwork import WarehouseForm
from inventory.buying import admin as buying_admin
from inventory.buying.coming import coming
from inventory.models import (
    Allocation,
    BackInStock,
    Batch,
    DeliveryLeadTime,
    DeliveryMethod,
    DeliveryRate,
    Reservation,
    StockAlert,
    StockItem,
    StockMovement,
    Warehouse,
    WarehousePriority,
)
from inventory.sellable import SELLABLE
from inventory.sourcing import admin as sourcing_admin  # noqa: F401 (registers lanes, rules, cartons, decisions)
from markets.currency_choices import offer_currencies

__all__ = ["admin_carriers", "buying_admin"]


class PriorityInline(admin.TabularInline[WarehousePriority, Warehouse]):
    """Markets a warehouse serves."""

    model = WarehousePriority
    extra = 0


@admin.register(Warehouse)
class WarehouseAdmin(admin.ModelAdmin[Warehouse]):
    """Places that hold stock."""

    form = WarehouseForm
    list_display = ["code", "name", "city", "country", "kind", "cutoff", "is_active"]
    exclude = ["name_i18n", "name_en", "city_i18n", "city_en"]  # the same as `name` and `city`
    inlines = [PriorityInline]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save with the markets it serves, then let what they can sell follow."""
        super().save_related(request, form, formsets, change)
        note_warehouse(warehouse_id=form.instance.pk)

    def save_model(self, request: HttpRequest, obj: Warehouse, form: Any, change: bool) -> None:
        """Save, and note what is to be translated."""
        super().save_model(request, obj, form, change)
        note_texts([obj])


class MovementInline(ReadOnlyInline):
    """The latest movements of a row."""

    model = StockMovement
    fields = ["created", "kind", "quantity", "order_ref", "cause", "reason", "actor"]
    readonly_fields = ["created", "kind", "quantity", "order_ref", "cause", "reason", "actor"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockMovement]:
        """The last fifty at most: the full list has its own page."""
        rows = super().get_queryset(request)
        parent = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        if not str(parent).isdigit():
            return rows.none()
        newest = rows.filter(stock_item_id=parent).order_by("-pk").values_list("pk", flat=True)[:50]
        return rows.filter(pk__in=list(newest))


class BatchInline(ReadOnlyInline):
    """The batches of a row that have pieces, for shelves that keep batches."""

    model = Batch
    fields = ["code", "expires_on", "quantity", "is_blocked"]
    readonly_fields = ["code", "expires_on", "quantity", "is_blocked"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        """Empty ones are history: they have their own page."""
        rows: QuerySet[Batch] = super().get_queryset(request)
        return rows.filter(quantity__gt=0)


@admin.register(StockItem)
class StockItemAdmin(ReadOnlyAdmin):
    """Counters per warehouse and variant."""

    list_display = [
        "variant", "warehouse", "on_hand", "allocated", "reserved", "safety_stock", "blocked", "sellable", "shelf",
    ]  # fmt: skip
    list_filter = ["warehouse"]
    list_select_related = ["variant", "warehouse"]
    ordering = ["-pk"]
    search_fields = ["variant__sku"]
    inlines = [BatchInline, MovementInline]
    readonly_fields = ["on_its_way"]
    change_form_template = "admin/inventory/stock_item.html"
    operated = {
        "receive": operations.ReceiveView,
        "correct": operations.CorrectView,
        "adjust": operations.AdjustView,
        "batch": operations.BatchView,
        "keep_batches": operations.KeepBatchesView,
    }

    def get_urls(self) -> list[URLPattern]:
        """The operations' addresses, before the row's own."""
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view.as_view()), name=f"inventory_stockitem_{name}")
            for name, view in self.operated.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The row, with the operations this person may do."""
        shown = [
            {"name": f"admin:inventory_stockitem_{name}", "title": view.operation.title}
            for name, view in self.operated.items()
            if request.user.has_perm(view.operation.permission)
        ]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "operations": shown})

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockItem]:
        """With what can be sold worked out in the same query."""
        rows: QuerySet[StockItem] = super().get_queryset(request)
        return rows.annotate(sellable_now=SELLABLE)

    @admin.display(description=_("on order and on its way"))
    def on_its_way(self, item: StockItem) -> int:
        """What suppliers and other warehouses will bring; it cannot be sold yet."""
        return coming([item.variant_id]).get((item.warehouse_id, item.variant_id), 0)

    @admin.display(description=_("can be sold"), ordering="sellable_now")
    def sellable(self, item: StockItem) -> int:
        """What may still be sold."""
        return int(getattr(item, "sellable_now", item.available))


@admin.register(StockMovement)
class StockMovementAdmin(ReadOnlyAdmin):
    """The stock ledger."""

    list_display = ["created", "kind", "quantity", "stock_item", "order_ref", "cause", "reason_code", "reason", "actor"]
    list_filter = ["kind", "reason_code", "stock_item__warehouse"]
    list_select_related = ["stock_item__variant", "stock_item__warehouse"]
    search_fields = ["order_ref", "stock_item__variant__sku"]


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    """Holds of shoppers who are paying."""

    list_display = ["created", "owner", "stock_item", "quantity", "expires_at", "state"]
    list_filter = ["state"]
    list_select_related = ["stock_item__variant", "stock_item__warehouse"]


@admin.register(Allocation)
class AllocationAdmin(ReadOnlyAdmin):
    """Promises to orders."""

    list_display = ["created", "line_ref", "stock_item", "quantity", "fulfilled_quantity"]
    search_fields = ["order_ref"]
    list_select_related = ["stock_item__variant", "stock_item__warehouse"]


@admin.register(StockAlert)
class StockAlertAdmin(ReadOnlyAdmin):
    """What runs low or is out."""

    list_display = ["opened", "level", "stock_item", "closed"]
    list_filter = ["level", ("closed", admin.EmptyFieldListFilter)]
    list_select_related = ["stock_item__variant", "stock_item__warehouse"]


@admin.register(BackInStock)
class BackInStockAdmin(ReadOnlyAdmin):
    """Who waits for what."""

    list_display = ["created", "variant", "email", "language", "notified_at"]
    list_select_related = ["variant"]


class RateForm(forms.ModelForm[DeliveryRate]):
    """One bracket."""

    class Meta:
        model = DeliveryRate
        fields = ["up_to_g", "amount"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_currencies(self, "amount")


class RateInline(admin.TabularInline[DeliveryRate, DeliveryMethod]):
    """Brackets by weight."""

    model = DeliveryRate
    form = RateForm
    extra = 0


class LeadTimeInline(admin.TabularInline[DeliveryLeadTime, DeliveryMethod]):
    """Days from particular warehouses."""

    model = DeliveryLeadTime
    extra = 0


@admin.register(DeliveryMethod)
class DeliveryMethodAdmin(admin.ModelAdmin[DeliveryMethod]):
    """Ways to deliver, by market."""

    list_display = ["name", "market", "carrier", "days_min", "days_max", "free_from", "position", "is_active"]
    list_filter = ["market", "carrier", "is_active"]
    list_select_related = ["market"]
    exclude = ["name_i18n", "name_en"]  # both are `name`
    inlines = [RateInline, LeadTimeInline]

    def save_model(self, request: HttpRequest, obj: DeliveryMethod, form: Any, change: bool) -> None:
        """Save, note what is to be translated, and let its lanes follow."""
        super().save_model(request, obj, form, change)
        note_texts([obj])
        if obj.lanes.exists():
            note_lanes_changed(market_ids={obj.market_id})
