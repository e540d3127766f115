"""Variants: one page each, with prices and pictures to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.admin.forms import OPTION, VARIANT_FACTS, VariantForm, variant_form
from catalog.admin.lists import BulkListMixin, change_in_bulk, plan_prices
from catalog.finding import variants_matching
from catalog.models import EffectivePrice, Price, Product, Variant
from core.admin import ReadOnlyInline
from core.paging import EstimatingPaginator


class PriceInline(ReadOnlyInline):
    """The variant's prices on all lists."""

    model = Price
    fields = ("price_list", "min_qty", "amount", "derived")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the names of the lists."""
        return super().get_queryset(request).select_related("price_list").order_by("price_list__code", "min_qty")


class EffectivePriceInline(ReadOnlyInline):
    """What everybody pays now, per market."""

    model = EffectivePrice
    fields = ("market", "min_qty", "amount", "list_amount", "prior_low", "price_list")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the names of markets and lists."""
        return super().get_queryset(request).select_related("market", "price_list").order_by("market__position")


@admin.register(Variant)
class VariantAdmin(BulkListMixin, admin.ModelAdmin[Variant]):
    """The list is for finding by SKU; a variant is added from its product's page."""

    list_display = ("sku", "product", "signature", "status", "gtin", "weight_g", "hs_code", "origin_country")
    list_filter = ("status",)
    list_select_related = ("product",)
    list_per_page = 50
    show_full_result_count = False
    paginator = EstimatingPaginator
    ordering = ("-pk",)
    search_fields = ("sku",)
    search_help_text = _("SKU or GTIN")
    actions = (change_in_bulk, plan_prices)
    inlines = (PriceInline, EffectivePriceInline)
    change_form_template = "admin/catalog/variant/change_form.html"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Variant], search_term: str
    ) -> tuple[QuerySet[Variant], bool]:
        """By what has an index."""
        return queryset.filter(pk__in=variants_matching(search_term)) if search_term.strip() else queryset, False

    def get_form(self, request: HttpRequest, obj: Variant | None = None, change: bool = False, **kwargs: Any) -> Any:
        """A field for each option of the product."""
        return variant_form(self._product(request, obj), obj)

    def get_fieldsets(self, request: HttpRequest, obj: Variant | None = None) -> Any:
        """Options, then facts."""
        product = self._product(request, obj)
        options = [f"{OPTION}{code}" for code in product.options.values_list("option_type__code", flat=True)]
        return [(product.name, {"fields": [*options, *VARIANT_FACTS]})]

    def get_inlines(self, request: HttpRequest, obj: Variant | None) -> Any:
        """A new variant has no prices yet."""
        return self.inlines if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Variant | None = None) -> bool:
        """Variants are archived, never deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: Variant, form: ModelForm[Variant], change: bool) -> None:
        """The form's action."""
        assert isinstance(form, VariantForm)  # noqa: S101 (narrows the type)
        saved = form.perform()
        obj.pk, obj.product_id = saved.pk, saved.product_id

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The action has written everything; rows inside are only looked at."""
        for formset in formsets:
            formset.save(commit=False)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """From a product's page only: the address names the product."""
        return super().has_add_permission(request) and "product" in request.GET

    def _product(self, request: HttpRequest, obj: Variant | None) -> Product:
        if obj is not None:
            return obj.product
        named = request.GET.get("product", "")
        product = Product.objects.filter(pk=int(named)).first() if named.isdecimal() else None
        if product is None:
            raise Http404(_("Which product is the variant of?"))
        return product
