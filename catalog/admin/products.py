"""Products: found by name or SKU, changed through drafts, put on sale and taken off it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Q, QuerySet, Sum
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from modeltrans.conf import get_available_languages, get_default_language

from catalog.actions.planning import MOST_PRODUCTS
from catalog.actions.products import activate_product, archive_product, deactivate_product
from catalog.admin.forms import PRODUCT_FACTS, PRODUCT_TEXTS, ProductForm, translated
from catalog.admin.lists import BulkListMixin, FewChoices, change_in_bulk, plan_prices
from catalog.finding import products_matching
from catalog.models import Product, Variant
from catalog.publishing.lacks import INCOMPLETE, lacks_of
from catalog.stock import MOST_IN_A_MARKET
from core.admin import ReadOnlyInline
from core.errors import DomainError
from core.paging import EstimatingPaginator
from markets.names import language_name

MOST_INSIDE = 50
MOST_AT_ONCE = 200
MOST_TOLD = 10
TONES = {"active": "ok", "draft": "warn", "archived": ""}


class VariantInline(ReadOnlyInline):
    """Variants at a glance; each row leads to its own page."""

    model = Variant
    fields = ("sku", "signature", "status", "weight_g", "hs_code", "origin_country", "available")
    readonly_fields = fields
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Variant]:
        """The first of them with their stock; the variant matrix has all."""
        rows: QuerySet[Variant] = super().get_queryset(request)
        parent = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        if parent is None or not str(parent).isdigit():
            return rows.none()
        first = (
            rows.filter(product_id=int(parent)).order_by("position", "pk").values_list("pk", flat=True)[:MOST_INSIDE]
        )
        return rows.filter(pk__in=list(first)).annotate(sellable=MOST_IN_A_MARKET).order_by("position", "pk")

    @admin.display(description=_("available"))
    def available(self, variant: Variant) -> int:
        """What can be sold."""
        return variant.sellable or 0  # type: ignore[attr-defined]  # annotated above


class ProductList(ChangeList):
    """A page of products with their counts: worked out for the page, so that a late page costs what the first does."""

    def get_results(self, request: HttpRequest) -> None:
        """The rows, and in one query more how many variants and pieces each has on sale."""
        super().get_results(request)
        rows = list(self.result_list)
        live = Variant.objects.filter(product__in=rows, status=Variant.Status.ACTIVE).order_by()
        counted = live.annotate(sellable=MOST_IN_A_MARKET).values("product").annotate(n=Count("pk"), s=Sum("sellable"))
        found = {row["product"]: (row["n"], row["s"]) for row in counted}
        for row in rows:
            row.variants_live, row.stock_live = found.get(row.pk, (0, 0))
        self.result_list = rows


@admin.register(Product)
class ProductAdmin(BulkListMixin, admin.ModelAdmin[Product]):
    """The product list and its form. Nothing is saved here: the form calls the actions."""

    form = ProductForm
    list_display = ("name", "code", "state", "primary_category", "brand", "variant_count", "stock", "rating_avg")
    list_filter = ("status", "product_type", ("primary_category", FewChoices), ("brand", FewChoices))
    list_select_related = ("primary_category", "brand")
    list_per_page = 50
    show_full_result_count = False
    paginator = EstimatingPaginator
    search_fields = ("name", "code")
    search_help_text = _("Name, code, SKU or GTIN")
    autocomplete_fields = ("brand", "maker", "responsible_person", "primary_category")
    ordering = ("featured_rank", "-pk")
    inlines = (VariantInline,)
    actions = ("put_on_sale", "take_off_sale", "plan", "put_away", change_in_bulk, plan_prices)
    change_form_template = "admin/catalog/product/change_form.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The list that counts variants and stock of the rows it shows, and of no others."""
        return ProductList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Product], search_term: str
    ) -> tuple[QuerySet[Product], bool]:
        """By what has an index: words of the name, the beginning of the code, part of a SKU, a GTIN."""
        return products_matching(queryset, search_term), False

    def get_readonly_fields(self, request: HttpRequest, obj: Product | None = None) -> tuple[str, ...]:
        """A code is given once: imports and addresses know the product by it."""
        return ("code", "state") if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Product | None = None) -> Any:
        """Facts first, then a folded part per language."""
        first = ("code", "state") if obj else ("code",)
        languages = [
            get_default_language(),
            *(code for code in get_available_languages() if code != get_default_language()),
        ]
        words = [
            (
                language_name(language, language),
                {"fields": [translated(text)[at] for text in PRODUCT_TEXTS], "classes": ["collapse"] if at else []},
            )
            for at, language in enumerate(languages)
        ]
        return [(None, {"fields": [*first, "options", *PRODUCT_FACTS]}), *words]

    def has_delete_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        """Products are archived, never deleted: orders and addresses name them."""
        return False

    def save_model(self, request: HttpRequest, obj: Product, form: ModelForm[Product], change: bool) -> None:
        """The form's action."""
        assert isinstance(form, ProductForm)  # noqa: S101 (narrows the type)
        if not change:
            obj.pk = None
        saved = form.perform()
        obj.pk = saved.pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The action has written everything; rows inside are only looked at."""
        for formset in formsets:
            formset.save(commit=False)

    @admin.display(description=_("state"), ordering="status")
    def state(self, product: Product) -> SafeString:
        """The status as a tag."""
        return render_to_string(
            "admin/catalog/tag.html", {"label": product.get_status_display(), "tone": TONES[product.status]}
        )

    @admin.display(description=_("variants"))
    def variant_count(self, product: Product) -> int:
        """Variants on sale."""
        return int(getattr(product, "variants_live", 0) or 0)

    @admin.display(description=_("stock"))
    def stock(self, product: Product) -> int:
        """What can be sold of all variants."""
        return int(getattr(product, "stock_live", 0) or 0)

    @admin.action(description=_("Put on sale"), permissions=["change"])
    def put_on_sale(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        """Those that are complete; the others say what is needed, and those on sale what they lack somewhere."""
        chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        self._each(request, queryset, activate_product)
        if len(chosen) <= MOST_AT_ONCE:
            _say_what_is_missing(request, chosen)

    @admin.action(description=_("Take off sale"), permissions=["change"])
    def take_off_sale(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        """Back to drafts."""
        self._each(request, queryset, deactivate_product)

    @admin.action(description=_("Plan putting on sale or taking off…"), permissions=["change"])
    def plan(self, request: HttpRequest, queryset: QuerySet[Product]) -> HttpResponse | None:
        """Go to where a moment is chosen for them."""
        ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_PRODUCTS + 1])
        if len(ids) > MOST_PRODUCTS:
            messages.error(request, _("Plan for between one and %(most)d products at once.") % {"most": MOST_PRODUCTS})
            return None
        return HttpResponseRedirect(f"{reverse('admin:catalog_plan_many')}?ids={','.join(map(str, ids))}")

    @admin.action(description=_("Archive"), permissions=["change"])
    def put_away(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        """For good."""
        self._each(request, queryset, archive_product)

    def _each(self, request: HttpRequest, queryset: QuerySet[Product], action: Callable[..., Product]) -> None:
        if len(queryset.values_list("pk")[: MOST_AT_ONCE + 1]) > MOST_AT_ONCE:
            messages.error(request, _("These are many products. Use “Change many at once…”, which a worker does."))
            return
        done = 0
        for product in queryset.filter(~Q(pk=None)):
            try:
                action(product_id=product.pk)
            except DomainError as refusal:
                missing = " ".join(str(INCOMPLETE.get(word, word)) for word in getattr(refusal, "problems", ()))
                messages.error(request, f"{product.name}: {refusal} {missing}".strip())
            else:
                done += 1
        if done:
            said = ngettext("%(count)d product changed.", "%(count)d products changed.", done) % {"count": done}
            messages.success(request, said)


def _say_what_is_missing(request: HttpRequest, ids: list[int]) -> None:
    """What products that are on sale now lack in some market, as warnings."""
    names = dict(Product.objects.filter(pk__in=ids, status=Product.Status.ACTIVE).values_list("pk", "name"))
    lacks = lacks_of(list(names), language=get_language() or "en") if names else {}
    lacking = [(names[pk], found) for pk, found in lacks.items() if found]
    for name, found in lacking[:MOST_TOLD]:
        messages.warning(request, f"{name}: {' '.join(lack.sentence for lack in found)}")
