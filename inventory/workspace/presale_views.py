"""Pre-sales of a product over HTTP: from when each variant leaves, to which warehouse it comes, and the limits."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views import View

from catalog.actions.presales import PresaleTerms, put_presale, release_presale
from catalog.models import Presale, Product, Variant
from catalog.selling import spoken
from catalog.workspace.matrix_forms import InputForm
from catalog.workspace.screens import go_to, must, screen
from core.errors import DomainError
from inventory.models import Warehouse

NO_LIMIT = gettext_lazy("Empty: no limit.")


class PresaleForm(InputForm):
    """The terms of one variant."""

    release_on = forms.DateField(
        label=gettext_lazy("Leaves from"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    warehouse_code = forms.ChoiceField(label=gettext_lazy("Warehouse it will come to"))
    most_in_all = forms.IntegerField(
        label=gettext_lazy("Most pieces before the release"), min_value=1, required=False, help_text=NO_LIMIT
    )
    most_per_order = forms.IntegerField(
        label=gettext_lazy("Most pieces per order"), min_value=1, required=False, help_text=NO_LIMIT
    )
    most_per_customer = forms.IntegerField(
        label=gettext_lazy("Most pieces per customer"), min_value=1, required=False, help_text=NO_LIMIT
    )

    def __init__(self, variant_id: int, row: Presale | None, data: Any = None) -> None:
        names = ("release_on", "warehouse_code", "most_in_all", "most_per_order", "most_per_customer")
        initial = {name: getattr(row, name) for name in names} if row is not None else {}
        super().__init__(data, initial=initial, auto_id=f"presale-{variant_id}-%s")
        places = Warehouse.objects.filter(is_active=True).order_by("pk")
        field = self.fields["warehouse_code"]
        field.choices = [(place.code, place.name_i18n) for place in places]  # type: ignore[attr-defined]  # a choice field


class PresalesView(View):
    """Which variants are sold before they are there."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The pre-sale of every variant."""
        must(request, "catalog.view_product")
        return self.page(request, get_object_or_404(Product, pk=pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Open, change or end the pre-sale of one variant."""
        must(request, "catalog.change_product")
        product = get_object_or_404(Product, pk=pk)
        typed = request.POST.get("variant", "")
        variant = get_object_or_404(product.variants, pk=int(typed) if typed.isdecimal() else 0)
        if request.POST.get("step") == "release":
            release_presale(variant_id=variant.pk)
            messages.success(request, _("The pre-sale is over. What was ordered may leave as soon as it is there."))
            return go_to(request.path, anchor=f"v{variant.pk}")
        form = PresaleForm(variant.pk, None, request.POST)
        if form.is_valid():
            try:
                put_presale(variant_id=variant.pk, terms=PresaleTerms(**form.cleaned_data))
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The pre-sale is saved. Buyers are told when its day has moved."))
                return go_to(request.path, anchor=f"v{variant.pk}")
        return self.page(request, product, {variant.pk: form}, status=422)

    @staticmethod
    def page(
        request: HttpRequest, product: Product, bound: dict[int, PresaleForm] | None = None, status: int = 200
    ) -> HttpResponse:
        """The page around the forms."""
        variants = product.variants.exclude(status=Variant.Status.ARCHIVED).select_related("product")
        presales = {row.variant_id: row for row in Presale.objects.filter(variant__product=product)}
        rows = [
            {
                "variant": variant,
                "options": spoken(variant, get_language() or "en")[1],
                "presale": presales.get(variant.pk),
                "form": (bound or {}).get(variant.pk) or PresaleForm(variant.pk, presales.get(variant.pk)),
            }
            for variant in variants.order_by("position", "pk")[:50]
        ]
        context: dict[str, Any] = {
            "title": _("Pre-sale"),
            "product": product,
            "name": product.text("name", get_language() or "en"),
            "rows": rows,
            "may_change": request.user.has_perm("catalog.change_product"),
        }
        return screen(request, "admin/inventory/presales.html", status=status, **context)
