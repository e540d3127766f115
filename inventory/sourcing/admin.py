"""Lanes, rules, cartons and decisions in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.admin import ReadOnlyAdmin
from core.money import Money
from inventory.actions.sourcing import note_lane, note_lanes_changed, note_sourcing_rules, switch_lanes
from inventory.models import (
    AllocationDecision,
    AllocationRule,
    Box,
    DeliveryMethod,
    Lane,
    LaneRate,
    SourcingWeights,
    Warehouse,
)
from inventory.sourcing.network import forget_networks
from markets.currency_choices import offer_currencies


class Words(forms.CharField):
    """A list of words, written with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        """As it is written."""
        return ", ".join(str(one) for one in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """As it is kept, each word once."""
        given = value if isinstance(value, list) else str(value or "").split(",")
        return list(dict.fromkeys(word for one in given if (word := str(one).strip())))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """By the words, not by how they are written."""
        return bool(self.to_python(initial) != self.to_python(data))


class LaneRateForm(forms.ModelForm[LaneRate]):
    """One bracket."""

    class Meta:
        model = LaneRate
        fields = ["up_to_g", "cost", "per_kg"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_currencies(self, "cost", "per_kg")

    def clean(self) -> dict[str, Any]:
        """Both amounts in one currency; an amount per kilogram of nothing is none."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        cost, per_kg = given.get("cost"), given.get("per_kg")
        if isinstance(cost, Money) and isinstance(per_kg, Money) and cost.currency != per_kg.currency:
            self.add_error("per_kg", _("Both amounts are in the same currency."))
        return given


class LaneRateInline(admin.TabularInline[LaneRate, Lane]):
    """Brackets by weight."""

    model = LaneRate
    form = LaneRateForm
    extra = 0


def said(method: DeliveryMethod) -> str:
    """A delivery method with its market."""
    return f"{method.market.code}: {method.name_i18n}"


class MethodChoice(forms.ModelChoiceField[DeliveryMethod]):
    """A delivery method of any market."""

    def label_from_instance(self, obj: DeliveryMethod) -> str:
        """As lists of lanes say it."""
        return said(obj)


class LaneForm(forms.ModelForm[Lane]):
    """A lane; what it does not carry is a list of words."""

    forbidden = Words(
        label=_("Does not carry"),
        required=False,
        help_text=_("Marks of goods as products carry them, with commas between them, for example battery."),
    )

    class Meta:
        model = Lane
        fields = [
            "warehouse", "method", "country", "region", "postcode_prefix", "carrier", "service", "divisor", "step_g",
            "lead_p50", "lead_p90", "customs_days", "prepays_duty", "max_weight_g", "max_volume_cm3", "forbidden",
            "cutoff", "is_active",
        ]  # fmt: skip


@admin.register(Lane)
class LaneAdmin(admin.ModelAdmin[Lane]):
    """Ways from warehouses to places."""

    form = LaneForm
    list_display = [
        "warehouse", "delivery", "country", "region", "postcode_prefix", "carrier", "lead_p50", "lead_p90",
        "customs_days", "prepays_duty", "is_active",
    ]  # fmt: skip
    list_filter = ["is_active", "warehouse", "method__market", "country", ("rates", admin.EmptyFieldListFilter)]
    list_select_related = ["warehouse", "method__market"]
    search_fields = ["carrier", "service", "postcode_prefix"]
    actions = ["switch_on", "switch_off"]
    inlines = [LaneRateInline]

    @admin.display(description=_("delivery method"), ordering="method")
    def delivery(self, obj: Lane) -> str:
        """Methods of several markets have the same names."""
        return said(obj.method)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Methods by their market, too."""
        if db_field.name == "method":
            methods = DeliveryMethod.objects.select_related("market").order_by("market__code", "position", "pk")
            kwargs |= {"queryset": methods, "form_class": MethodChoice}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save with the brackets; everybody plans by it from now on."""
        super().save_related(request, form, formsets, change)
        note_lane(lane_id=form.instance.pk)

    def delete_model(self, request: HttpRequest, obj: Lane) -> None:
        """A lane that is gone leads nowhere."""
        super().delete_model(request, obj)
        note_lanes_changed(market_ids={obj.method.market_id})

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Lane]) -> None:
        """The same for many."""
        markets = set(queryset.order_by().values_list("method__market_id", flat=True))
        super().delete_queryset(request, queryset)
        note_lanes_changed(market_ids=markets)

    @admin.action(description=_("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Lane]) -> None:
        """Let the chosen lanes decide."""
        self._switch(request, queryset, is_active=True)

    @admin.action(description=_("Switch off"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Lane]) -> None:
        """Let nothing leave on the chosen lanes."""
        self._switch(request, queryset, is_active=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[Lane], *, is_active: bool) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied
        count = switch_lanes(lane_ids=list(queryset.values_list("pk", flat=True)), is_active=is_active)
        told = ngettext("%(count)d lane was switched.", "%(count)d lanes were switched.", count)
        messages.success(request, told % {"count": count})


class RuleForm(forms.ModelForm[AllocationRule]):
    """A rule; the warehouses it names exist."""

    params = Words(
        label=_("Warehouses"),
        required=False,
        help_text=_("Codes with commas between them, the best first. Empty: the market's own order."),
    )

    class Meta:
        model = AllocationRule
        fields = ["market", "position", "kind", "params", "is_active"]

    def clean_params(self) -> list[str]:
        """Codes of warehouses. Raises `ValidationError` for a code there is none of."""
        codes: list[str] = self.cleaned_data["params"]
        unknown = set(codes) - set(Warehouse.objects.filter(code__in=codes).values_list("code", flat=True))
        if unknown:
            raise forms.ValidationError(_("There is no warehouse %(code)s.") % {"code": ", ".join(sorted(unknown))})
        return codes

    def clean(self) -> dict[str, Any]:
        """Avoiding nothing is no rule."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("kind") == AllocationRule.Kind.AVOID and not given.get("params"):
            self.add_error("params", _("Name the warehouses that are avoided."))
        return given


@admin.register(AllocationRule)
class AllocationRuleAdmin(admin.ModelAdmin[AllocationRule]):
    """By which rules a market chooses."""

    form = RuleForm
    list_display = ["market", "position", "kind", "params", "is_active"]
    list_filter = ["market"]
    list_select_related = ["market"]

    def save_model(self, request: HttpRequest, obj: AllocationRule, form: Any, change: bool) -> None:
        """Save; everybody plans by it from now on."""
        super().save_model(request, obj, form, change)
        note_sourcing_rules(market_id=obj.market_id)

    def delete_model(self, request: HttpRequest, obj: AllocationRule) -> None:
        """Nobody plans by it any more."""
        super().delete_model(request, obj)
        note_sourcing_rules(market_id=obj.market_id)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[AllocationRule]) -> None:
        """The same for many."""
        markets = set(queryset.values_list("market_id", flat=True))
        super().delete_queryset(request, queryset)
        for market_id in sorted(markets):
            note_sourcing_rules(market_id=market_id)


@admin.register(SourcingWeights)
class SourcingWeightsAdmin(admin.ModelAdmin[SourcingWeights]):
    """What counts beside freight and duty."""

    list_display = ["market", "split", "late", "scarce"]
    list_select_related = ["market"]

    def save_model(self, request: HttpRequest, obj: SourcingWeights, form: Any, change: bool) -> None:
        """Save; everybody plans by it from now on."""
        super().save_model(request, obj, form, change)
        note_sourcing_rules(market_id=obj.market_id)

    def delete_model(self, request: HttpRequest, obj: SourcingWeights) -> None:
        """Nothing else counts any more."""
        super().delete_model(request, obj)
        note_sourcing_rules(market_id=obj.market_id)


@admin.register(Box)
class BoxAdmin(admin.ModelAdmin[Box]):
    """Cartons."""

    list_display = ["code", "name", "length_mm", "width_mm", "height_mm", "tare_g", "max_weight_g", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["code", "name"]

    def save_model(self, request: HttpRequest, obj: Box, form: Any, change: bool) -> None:
        """Save; freight is worked out with it from now on."""
        super().save_model(request, obj, form, change)
        forget_networks()

    def delete_model(self, request: HttpRequest, obj: Box) -> None:
        """Nothing is packed in it any more."""
        super().delete_model(request, obj)
        forget_networks()


@admin.register(AllocationDecision)
class AllocationDecisionAdmin(ReadOnlyAdmin):
    """Why orders left from where they did."""

    list_display = ["created", "order_ref", "market", "cause", "score_minor", "currency", "is_exact", "actor"]
    list_filter = ["market", "cause", "is_exact"]
    search_fields = ["order_ref"]
