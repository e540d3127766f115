"""Customs tables, buyers' tax numbers and exemptions in the admin."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from markets.admin import DatedAdmin, HoldsFilter, TableAdmin
from markets.models import (
    ClearanceFee,
    CustomsValuation,
    DutyRule,
    HsCode,
    OriginGroup,
    PostalTaxRate,
    RestrictionRule,
    TaxExemption,
    Verification,
)
from markets.models.dated import Sourced
from markets.tax_ids import admin as tax_ids  # noqa: F401  (registers its table)
from markets.tax_ids.exemptions import approve_exemption

STALE = timedelta(days=180)
SURE = (Verification.SOURCE, Verification.LIBRARY, Verification.OWN)


class ReviewFilter(admin.SimpleListFilter):
    """Rows that somebody should look at again."""

    title = gettext_lazy("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        """The choice."""
        return [("due", _("review is due"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The rows of the choice."""
        if self.value() != "due":
            return queryset
        old = timezone.now().date() - STALE
        return queryset.filter(
            models.Q(reviewed_on__lt=old) | models.Q(reviewed_on__isnull=True) & ~models.Q(verification__in=SURE)
        )


class ReviewedAdmin(DatedAdmin):
    """A dated table that says which rows were not looked at for long."""

    list_filter = [HoldsFilter, ReviewFilter, "verification"]

    @admin.display(description=gettext_lazy("last reviewed"))
    def freshness(self, row: Sourced) -> str | SafeString:
        """When the row was looked at last, with a warning when that was long ago or never and its source is unsure."""
        if row.reviewed_on is None:
            return _("never") if row.verification in SURE else _("⚠ never, and the source is not certain")
        if row.reviewed_on < timezone.now().date() - STALE:
            return _("⚠ %(day)s, more than half a year ago") % {"day": row.reviewed_on.isoformat()}
        return row.reviewed_on.isoformat()


@admin.register(HsCode)
class HsCodeAdmin(TableAdmin):
    """Goods codes come from files; their words can be put right here."""

    list_display = ["code", "description", "level", "version"]
    list_filter = ["level", "version"]
    search_fields = ["code", "description"]
    readonly_fields = ["code", "version", "parent", "level", "section"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Codes come from files."""
        return False


@admin.register(OriginGroup)
class OriginGroupAdmin(TableAdmin):
    """Groups of origins."""

    list_display = ["code", "name", "countries", "verification"]
    search_fields = ["code", "name"]


@admin.register(CustomsValuation)
class CustomsValuationAdmin(ReviewedAdmin):
    """What duty is taken of."""

    list_display = ["destination", "basis", "effective_from", "effective_to", "verification", "freshness"]
    search_fields = ["destination"]


@admin.register(DutyRule)
class DutyRuleAdmin(ReviewedAdmin):
    """Layers of tariffs."""

    list_display = [
        "destination", "hs_prefix", "origin", "kind", "name", "rate_percent", "specific_amount", "effective_from",
        "effective_to", "verification", "freshness",
    ]  # fmt: skip
    list_filter = [HoldsFilter, ReviewFilter, "kind", "verification", "destination"]
    search_fields = ["destination", "=hs_prefix", "origin", "name"]


@admin.register(ClearanceFee)
class ClearanceFeeAdmin(ReviewedAdmin):
    """What clearing a parcel costs."""

    list_display = [
        "code", "destination", "carrier_service", "kind", "fixed", "percent", "currency", "active", "effective_from",
        "effective_to", "freshness",
    ]  # fmt: skip
    search_fields = ["code", "destination", "carrier_service"]


@admin.register(RestrictionRule)
class RestrictionRuleAdmin(ReviewedAdmin):
    """What may not go somewhere."""

    list_display = ["code", "destination", "hs_prefix", "flag", "effect", "active", "verification", "freshness"]
    list_filter = [HoldsFilter, ReviewFilter, "effect", "active", "verification", "destination"]
    search_fields = ["code", "destination", "hs_prefix", "flag"]


@admin.register(PostalTaxRate)
class PostalTaxRateAdmin(ReviewedAdmin):
    """Tax rates by postal code."""

    list_display = ["country", "region", "postal_code", "name", "rate", "effective_from", "effective_to", "freshness"]
    list_filter = [HoldsFilter, ReviewFilter, "region"]
    list_select_related = ["country"]
    raw_id_fields = ["country"]
    search_fields = ["=postal_code", "name"]


@admin.register(TaxExemption)
class TaxExemptionAdmin(TableAdmin):
    """Exemptions: entered by one person, approved by whoever may."""

    list_display = ["user", "country", "region", "effective_from", "effective_to", "approved_by", "approved_at"]
    list_filter = [HoldsFilter, "country"]
    list_select_related = ["user", "approved_by"]
    raw_id_fields = ["user"]
    readonly_fields = ["approved_by", "approved_at"]
    actions = ["approve"]  # type: ignore[assignment]  # tables have none otherwise

    @admin.action(description=gettext_lazy("Approve the chosen exemptions"), permissions=["approve"])
    def approve(self, request: HttpRequest, queryset: models.QuerySet[TaxExemption]) -> None:
        """Let them count from now on."""
        count = sum(approve_exemption(exemption_id=row.pk) for row in queryset)
        told = ngettext("%(count)d exemption was approved.", "%(count)d exemptions were approved.", count)
        self.message_user(request, told % {"count": count})

    def has_approve_permission(self, request: HttpRequest) -> bool:
        """People with the permission of its own."""
        return request.user.has_perm("markets.approve_taxexemption")

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm[Any], change: bool) -> None:
        """Whatever is changed has to be approved again."""
        if isinstance(obj, TaxExemption) and change and form.changed_data:
            obj.approved_by, obj.approved_at = None, None
        super().save_model(request, obj, form, change)
