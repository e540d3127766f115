"""Buying in the admin: suppliers and rules are written here; orders, forecasts and proposals have their own screens."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.admin import HTTPS, ReadOnlyAdmin, ReadOnlyInline, with_https
from core.money import UnknownCurrency, exponent
from inventory.buying.actions.suppliers import note_supplier
from inventory.models import (
    BuyingPolicy,
    DemandDay,
    FeedRun,
    Forecast,
    PurchaseLine,
    PurchaseOrder,
    PurchaseReceipt,
    PurchaseReceiptLine,
    ReplenishmentProposal,
    Supplier,
    SupplierFeed,
    SupplierStock,
    SupplierVariant,
)
from markets.currency_choices import offer_currencies


class SupplierForm(forms.ModelForm[Supplier]):
    """A supplier; language and currency are ones the shop can write."""

    language = forms.ChoiceField(label=_("Language of orders"), choices=settings.LANGUAGES)

    class Meta:
        model = Supplier
        fields = [
            "code",
            "name",
            "contact",
            "email",
            "phone",
            "postal_address",
            "country",
            "language",
            "currency",
            "lead_days",
            "incoterm",
            "payment_days",
            "least_order",
            "our_number",
            "note",
            "is_active",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_currencies(self, "least_order", first=self.instance.currency)

    def clean_currency(self) -> str:
        """One whose digits are known; never another once something is priced in it."""
        code = str(self.cleaned_data["currency"]).upper()
        try:
            exponent(code)
        except UnknownCurrency as unknown:
            raise forms.ValidationError(str(unknown)) from unknown
        if self.instance.pk and self.instance.currency != code and self.instance.variants.exists():
            raise forms.ValidationError(_("Their articles have prices in the present currency."))
        return code


def _ways(request: HttpRequest, supplier: Supplier) -> list[dict[str, object]]:
    """From a supplier to what belongs to them, as far as this person may go."""
    articles, orders = reverse("admin:inventory_suppliervariant_changelist"), reverse("admin:buying_purchases")
    ways = (
        ("inventory.view_suppliervariant", f"{articles}?supplier__id__exact={supplier.pk}", _("Articles")),
        ("inventory.change_suppliervariant", reverse("admin:buying_articles", args=[supplier.pk]), _("Price list")),
        ("inventory.view_purchaseorder", f"{orders}?view=all&supplier={supplier.code}", _("Purchase orders")),
    )
    return [{"url": url, "title": title} for permission, url, title in ways if request.user.has_perm(permission)]


@admin.register(Supplier)
class SupplierAdmin(admin.ModelAdmin[Supplier]):
    """Who the shop buys from."""

    form = SupplierForm
    list_display = ["name", "country", "currency", "lead_days", "incoterm", "email", "is_active"]
    list_filter = ["is_active", "country", "currency"]
    search_fields = ["name", "code", "email"]
    change_form_template = "admin/inventory/buying/feed_change.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The supplier, with the ways to their articles, their price list and our orders."""
        found = Supplier.objects.filter(pk=object_id).first() if object_id.isdigit() else None
        shown = _ways(request, found) if found is not None else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "operations": shown})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save, and keep who changed it."""
        super().save_related(request, form, formsets, change)
        note_supplier(supplier_id=form.instance.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Suppliers are closed, not deleted: orders name them."""
        return False


class SupplierVariantForm(forms.ModelForm[SupplierVariant]):
    """An article; its price is in the supplier's currency."""

    class Meta:
        model = SupplierVariant
        fields = [
            "supplier",
            "variant",
            "supplier_sku",
            "cost",
            "moq",
            "pack",
            "lead_days",
            "is_preferred",
            "is_active",
        ]

    def clean(self) -> dict[str, Any]:
        """One order is in one currency."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        supplier, cost = told.get("supplier"), told.get("cost")
        if supplier is not None and cost is not None and cost.currency.code != supplier.currency:
            self.add_error("cost", _("Prices of this supplier are in the supplier's currency."))
        return told


@admin.register(SupplierVariant)
class SupplierVariantAdmin(admin.ModelAdmin[SupplierVariant]):
    """What suppliers sell us."""

    form = SupplierVariantForm
    list_display = ["supplier", "supplier_sku", "variant", "cost", "moq", "pack", "lead_days", "is_preferred"]
    list_filter = ["supplier", "is_preferred", "is_active"]
    list_select_related = ["supplier", "variant"]
    search_fields = ["supplier_sku", "variant__sku", "variant__gtin"]
    raw_id_fields = ["variant"]

    def save_model(self, request: HttpRequest, obj: SupplierVariant, form: Any, change: bool) -> None:
        """Save, and keep who changed it."""
        super().save_model(request, obj, form, change)
        note_supplier(supplier_id=obj.supplier_id)


class FeedForm(forms.ModelForm[SupplierFeed]):
    """A feed. The password is never shown again; left empty it stays."""

    password = forms.CharField(
        label=_("Password there"),
        required=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("Leave it empty to keep the one that is stored."),
    )

    class Meta:
        model = SupplierFeed
        formfield_callback = with_https
        labels = {"supplier": _("Supplier")}
        fields = [
            "supplier",
            "name",
            "kind",
            "url",
            "username",
            "password",
            "mapping",
            "every_minutes",
            "warehouse",
            "meaning",
            "silent_hours",
            "is_active",
        ]

    def clean(self) -> dict[str, Any]:
        """A file at an address has an address, and only a drop-shipper's warehouse follows a feed."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("kind") == SupplierFeed.Kind.CSV_URL and not told.get("url"):
            self.add_error("url", _("Say where the file is."))
        place = told.get("warehouse")
        if place is not None and place.kind != place.Kind.DROPSHIP:
            self.add_error("warehouse", _("Only a drop-shipper's warehouse follows a feed."))
        mapping = told["mapping"] = told.get("mapping") or {}
        if mapping and not (isinstance(mapping, dict) and all(isinstance(one, str) for one in mapping.values())):
            self.add_error("mapping", _("Name a column for each of sku, quantity, lead_days and told_at."))
        return told

    def clean_password(self) -> str:
        """What is stored, unless another was typed."""
        typed: str = self.cleaned_data["password"]
        return typed or (self.instance.password if self.instance.pk else "")


class RunInline(ReadOnlyInline):
    """The latest messages."""

    model = FeedRun
    fields = ["received_at", "told_at", "state", "rows", "changed", "unknown", "short"]
    readonly_fields = ["received_at", "told_at", "state", "rows", "changed", "unknown", "short"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """The last twenty: the full list has its own page."""
        rows = super().get_queryset(request)
        parent = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        if not str(parent).isdigit():
            return rows.none()
        newest = rows.filter(feed_id=parent).order_by("-pk").values_list("pk", flat=True)[:20]
        return rows.filter(pk__in=list(newest))


@admin.register(SupplierFeed)
class SupplierFeedAdmin(admin.ModelAdmin[SupplierFeed]):
    """How suppliers tell what they have."""

    form = FeedForm
    formfield_overrides = HTTPS
    list_display = ["name", "supplier", "kind", "warehouse", "last_told_at", "failures", "is_active"]
    list_filter = ["is_active", "kind", "supplier"]
    list_select_related = ["supplier", "warehouse"]
    inlines = [RunInline]
    change_form_template = "admin/inventory/buying/feed_change.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The feed, with what this person may do."""
        shown = [
            {"url": reverse(name, args=[object_id]), "title": title}
            for permission, name, title in (
                ("inventory.upload_supplierfeed", "admin:buying_feed_upload", _("Hand a stock file in")),
                ("inventory.renew_feed_secret", "admin:buying_feed_secret", _("Address and secret for messages")),
            )
            if object_id.isdigit() and request.user.has_perm(permission)
        ]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "operations": shown})

    def save_model(self, request: HttpRequest, obj: SupplierFeed, form: Any, change: bool) -> None:
        """Save, and keep who changed it."""
        super().save_model(request, obj, form, change)
        note_supplier(supplier_id=obj.supplier_id)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Feeds are switched off: their messages explain corrections of stock."""
        return False


@admin.register(FeedRun)
class FeedRunAdmin(ReadOnlyAdmin):
    """What feeds said, and what became of it."""

    list_display = ["received_at", "feed", "told_at", "state", "rows", "changed", "unknown", "short", "settled_at"]
    list_filter = ["state", "feed", ("settled_at", admin.EmptyFieldListFilter)]
    list_select_related = ["feed__supplier"]
    change_form_template = "admin/inventory/buying/run_change.html"

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Also by what is short: the work queue leads here with it."""
        return lookup in ("short__gt", "settled_at__isnull") or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]  # the stub wants a request

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The message; with a way to close what it brought up."""
        run = FeedRun.objects.filter(pk=object_id if object_id.isdigit() else 0).first()
        is_open = run is not None and run.short > 0 and run.settled_at is None
        extra = {
            "may_settle": is_open and request.user.has_perm("inventory.settle_feedrun"),
            "settle_url": reverse("admin:buying_feed_settle", args=[run.pk]) if run is not None else "",
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})


@admin.register(SupplierStock)
class SupplierStockAdmin(ReadOnlyAdmin):
    """What suppliers have."""

    list_display = ["supplier_variant", "quantity", "lead_days", "told_at", "feed"]
    list_filter = ["supplier_variant__supplier"]
    list_select_related = ["supplier_variant", "feed__supplier"]
    search_fields = ["supplier_variant__supplier_sku", "supplier_variant__variant__sku"]


class PurchaseLineInline(ReadOnlyInline):
    """What was ordered."""

    model = PurchaseLine
    fields = ["variant", "supplier_sku", "quantity", "cost", "received", "rejected", "given_up"]
    readonly_fields = ["variant", "supplier_sku", "quantity", "cost", "received", "rejected", "given_up"]


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(ReadOnlyAdmin):
    """Orders to suppliers as a table; their screen is where they are worked on."""

    list_display = ["number", "supplier", "warehouse", "state", "sent_at", "expected_on"]
    list_filter = ["state", "warehouse", "supplier"]
    list_select_related = ["supplier", "warehouse"]
    search_fields = ["number", "supplier_ref"]
    inlines = [PurchaseLineInline]

    def view_on_site(self, obj: PurchaseOrder) -> str:
        """The order's screen."""
        return reverse("admin:buying_purchase", args=[obj.number])


class ReceiptLineInline(ReadOnlyInline):
    """What came."""

    model = PurchaseReceiptLine
    fields = ["line", "accepted", "rejected", "over", "fault", "note"]
    readonly_fields = ["line", "accepted", "rejected", "over", "fault", "note"]


@admin.register(PurchaseReceipt)
class PurchaseReceiptAdmin(ReadOnlyAdmin):
    """Deliveries of suppliers."""

    list_display = ["received_at", "order", "position", "delivery_note", "actor", "has_difference", "settled_at"]
    list_filter = ["has_difference", ("settled_at", admin.EmptyFieldListFilter)]
    list_select_related = ["order"]
    inlines = [ReceiptLineInline]


@admin.register(BuyingPolicy)
class BuyingPolicyAdmin(admin.ModelAdmin[BuyingPolicy]):
    """Rules of buying."""

    list_display = ["__str__", "service_level", "review_days", "lead_days", "over_days", "slow_days"]
    list_select_related = ["warehouse"]


@admin.register(DemandDay)
class DemandDayAdmin(ReadOnlyAdmin):
    """What was asked for, day by day."""

    list_display = ["day", "variant", "warehouse", "pieces", "returned", "was_out"]
    list_filter = ["warehouse", "was_out"]
    list_select_related = ["variant", "warehouse"]
    search_fields = ["variant__sku"]


@admin.register(Forecast)
class ForecastAdmin(ReadOnlyAdmin):
    """What is expected to sell."""

    list_display = [
        "variant",
        "warehouse",
        "made_on",
        "worked_out",
        "mean",
        "deviation",
        "error",
        "reorder_point",
        "order_up_to",
    ]
    list_filter = ["warehouse"]
    list_select_related = ["variant", "warehouse"]
    search_fields = ["variant__sku"]

    @admin.display(description=pgettext_lazy("forecast", "How"), ordering="method")
    def worked_out(self, forecast: Forecast) -> str:
        """By which forecasts; their names are the same in every language."""
        return str(_("No sales")) if forecast.method == "nothing sold" else forecast.method


@admin.register(ReplenishmentProposal)
class ReplenishmentProposalAdmin(ReadOnlyAdmin):
    """Proposals as a table, those of the past too."""

    list_display = ["created", "variant", "warehouse", "kind", "quantity", "state", "ordered_as", "decided_by"]
    list_filter = ["state", "kind", "warehouse"]
    list_select_related = ["variant", "warehouse"]
    search_fields = ["variant__sku", "ordered_as"]
