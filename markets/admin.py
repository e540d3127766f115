"""Markets in the admin: tables that are edited, each change audited with old and new value, none deleted."""

from typing import Any

from django.contrib import admin
from django.db import models, transaction
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.admin import ReadOnlyAdmin
from markets.actions import note_change
from markets.compliance.admin import RuleForm, condition_words, rule_urls
from markets.fx import admin as exchange_rates  # noqa: F401 (loading it registers its tables)
from markets.models import (
    AddressRule,
    ComplianceRule,
    ConsumerRule,
    Country,
    Currency,
    InvoiceRequirement,
    Jurisdiction,
    Language,
    LegalEntity,
    LowValueRule,
    Market,
    MarketCountry,
    MarketPaymentMethod,
    PaymentMethod,
    ReferenceLoad,
    SizeTable,
    TaxCategory,
    TaxRate,
    TaxRegistration,
    TerritoryException,
    TrackingStatusMap,
    UntaxedSeller,
)
from markets.tax.union_sales import union_sales_of, union_sentence


class HoldsFilter(admin.SimpleListFilter):
    """Rows of today, of the future, of the past."""

    title = _("validity")
    parameter_name = "holds"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        """The three choices."""
        return [("today", _("today")), ("future", _("in the future")), ("past", _("in the past"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The rows of the choice."""
        today = timezone.now().date()
        if self.value() == "past":
            return queryset.filter(effective_to__lt=today)
        if self.value() == "future":
            return queryset.filter(effective_from__gt=today)
        if self.value() == "today":
            found: models.QuerySet[Any] = queryset.on(today)  # type: ignore[attr-defined]  # every dated table has it
            return found
        return queryset


class TableAdmin(admin.ModelAdmin[Any]):
    """A table that operators edit. Nothing is deleted: a row that no longer holds gets a last day."""

    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Old orders point at these rows."""
        return False

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm[Any], change: bool) -> None:
        """Save and record old and new values."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if change and not form.changed_data:
                return
            names = [name for name in form.changed_data if name in form.fields]
            old = {name: form.initial.get(name) for name in names} if change else {}
            note_change(row=obj, old=old, new={name: form.cleaned_data[name] for name in names}, is_new=not change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The same for rows edited inside another."""
        with transaction.atomic():
            super().save_formset(request, form, formset, change)
            for row, names in formset.changed_objects:
                note_change(row=row, old={}, new={name: str(getattr(row, name)) for name in names}, is_new=False)
            for row in formset.new_objects:
                note_change(row=row, old={}, new={"row": str(row)}, is_new=True)


class DatedAdmin(TableAdmin):
    """A table whose rows hold for a period."""

    list_filter = [HoldsFilter, "verification"]


class MarketCountryInline(admin.TabularInline[Any, Any]):
    """The countries of a market."""

    model = MarketCountry
    extra = 0
    can_delete = False
    raw_id_fields = ["country"]


class MarketPaymentMethodInline(admin.TabularInline[Any, Any]):
    """The payment methods of a market, in order."""

    model = MarketPaymentMethod
    extra = 0
    can_delete = False
    raw_id_fields = ["method"]


@admin.register(Market)
class MarketAdmin(TableAdmin):
    """Markets. Opening and closing are operations of their own, because they check first."""

    list_display = ["code", "name", "currency", "default_language", "display", "duty_mode", "active", "position"]
    list_filter = ["active", "display", "duty_mode"]
    list_select_related = ["currency"]
    search_fields = ["code", "name"]
    readonly_fields = ["code", "active", "created", "updated"]
    raw_id_fields = ["currency", "seller"]
    inlines = [MarketCountryInline, MarketPaymentMethodInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Markets come from the reference data."""
        return False


@admin.register(Country)
class CountryAdmin(TableAdmin):
    """Countries."""

    list_display = ["code", "name", "region", "tax_country", "in_eu_vat_area", "phone_required"]
    list_filter = ["region", "in_eu_vat_area"]
    search_fields = ["code", "name"]


@admin.register(Language)
class LanguageAdmin(TableAdmin):
    """Languages of the storefront."""

    list_display = ["code", "native_name", "position", "active"]


@admin.register(Currency)
class CurrencyAdmin(TableAdmin):
    """Currencies."""

    list_display = ["code", "name", "exponent", "display_digits", "cash_increment", "ecb_reference_rate"]
    search_fields = ["code", "name"]


class TaxRegistrationInline(admin.TabularInline[Any, Any]):
    """Where a seller is registered."""

    model = TaxRegistration
    extra = 0
    can_delete = False
    fields = ["country", "region", "scheme", "number", "effective_from", "effective_to"]
    raw_id_fields = ["country"]


class UntaxedSellerInline(admin.TabularInline[Any, Any]):
    """Where a seller charges no tax, and why."""

    model = UntaxedSeller
    extra = 0
    can_delete = False
    fields = ["country", "legal_note", "effective_from", "effective_to"]
    raw_id_fields = ["country"]


@admin.register(LegalEntity)
class LegalEntityAdmin(TableAdmin):
    """Sellers."""

    list_display = ["code", "name", "country", "tax_number", "active"]
    list_select_related = ["country"]
    raw_id_fields = ["country"]
    inlines = [TaxRegistrationInline, UntaxedSellerInline]
    readonly_fields = ["union_sales"]

    @admin.display(description=_("Sales to other EU member states"))
    def union_sales(self, obj: LegalEntity) -> str:
        """How much of the union's limit is used this year."""
        if not obj.code:
            return "-"
        return union_sentence(union_sales_of(obj.code, timezone.now().year), get_language() or "en")


@admin.register(TaxRegistration)
class TaxRegistrationAdmin(DatedAdmin):
    """Tax registrations."""

    list_display = ["legal_entity", "country", "scheme", "number", "effective_from", "effective_to"]
    list_filter = [HoldsFilter, "scheme"]
    list_select_related = ["legal_entity", "country"]
    raw_id_fields = ["country"]


@admin.register(TaxCategory)
class TaxCategoryAdmin(TableAdmin):
    """Tax categories."""

    list_display = ["code", "name"]
    search_fields = ["code", "name"]


@admin.register(Jurisdiction)
class JurisdictionAdmin(TableAdmin):
    """Places with rates of their own."""

    list_display = ["name", "country", "region", "postal_prefix"]
    list_select_related = ["country"]
    search_fields = ["name", "country__code"]


@admin.register(TaxRate)
class TaxRateAdmin(DatedAdmin):
    """Tax rates."""

    list_display = ["jurisdiction", "tax_category", "rate", "kind", "effective_from", "effective_to", "verification"]
    list_filter = [HoldsFilter, "kind", "verification"]
    list_select_related = ["jurisdiction", "tax_category"]
    search_fields = ["jurisdiction__name", "jurisdiction__country__code", "tax_category__code"]
    raw_id_fields = ["jurisdiction"]


@admin.register(TerritoryException)
class TerritoryExceptionAdmin(DatedAdmin):
    """Special territories."""

    list_display = ["name", "country", "postal_code_regex", "treatment", "region", "as_country", "verification"]
    list_select_related = ["country"]
    raw_id_fields = ["country"]


@admin.register(LowValueRule)
class LowValueRuleAdmin(DatedAdmin):
    """Low-value import rules."""

    list_display = ["code", "destination", "scheme", "threshold_amount", "threshold_currency", "active", "verification"]
    list_filter = [HoldsFilter, "active", "verification"]
    search_fields = ["code", "destination", "scheme"]


@admin.register(PaymentMethod)
class PaymentMethodAdmin(TableAdmin):
    """Payment methods."""

    list_display = ["code", "brand", "family", "is_delayed", "status"]
    list_filter = ["family", "status"]
    search_fields = ["code", "brand"]


@admin.register(ConsumerRule)
class ConsumerRuleAdmin(DatedAdmin):
    """Consumer rules of markets."""

    list_display = ["market", "withdrawal_days", "guarantee_years", "effective_from", "effective_to"]
    list_select_related = ["market"]


@admin.register(AddressRule)
class AddressRuleAdmin(DatedAdmin):
    """Corrections to address rules."""

    list_display = ["country", "required_fields", "optional_fields", "phone_required", "effective_from", "effective_to"]
    list_select_related = ["country"]
    raw_id_fields = ["country"]


@admin.register(InvoiceRequirement)
class InvoiceRequirementAdmin(DatedAdmin):
    """Invoice requirements."""

    list_display = ["country", "name", "simplified_limit", "simplified_currency", "verification"]
    search_fields = ["country", "name"]


@admin.register(ComplianceRule)
class ComplianceRuleAdmin(DatedAdmin):
    """Compliance rules, and a page to try them on."""

    form = RuleForm
    list_display = ["code", "action", "market", "country", "asks_for", "priority", "active", "verification"]
    list_filter = [HoldsFilter, "action", "active", "verification"]
    list_select_related = ["market", "country"]
    search_fields = ["code", "explanation"]
    raw_id_fields = ["country"]
    change_list_template = "admin/markets/rules.html"

    @admin.display(description=_("condition"))
    def asks_for(self, rule: ComplianceRule) -> str:
        """In a line."""
        return condition_words(rule)

    def get_urls(self) -> list[URLPattern]:
        """With trying out."""
        return [*rule_urls(self.admin_site), *super().get_urls()]


@admin.register(TrackingStatusMap)
class TrackingStatusMapAdmin(DatedAdmin):
    """Carrier statuses."""

    list_display = ["provider", "carrier_code", "canonical", "shopper_group", "is_terminal"]
    list_filter = ["provider", "canonical"]
    search_fields = ["carrier_code"]


@admin.register(SizeTable)
class SizeTableAdmin(DatedAdmin):
    """Size tables."""

    list_display = ["code", "group", "columns", "effective_from", "effective_to"]


@admin.register(ReferenceLoad)
class ReferenceLoadAdmin(ReadOnlyAdmin):
    """Which state of each reference table is loaded."""

    list_display = ["table", "as_of", "rows", "loaded_at"]


from markets import admin_customs  # noqa: E402, F401  (registers its tables on the classes above)
