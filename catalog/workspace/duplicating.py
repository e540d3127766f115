"""Duplicate a product over HTTP."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import validate_unicode_slug
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views import View

from catalog.actions.duplicating import PARTS, SKU, duplicate_product
from catalog.models import Product
from catalog.workspace.matrix_forms import InputForm
from catalog.workspace.screens import go_to, must, screen
from core.errors import DomainError

LABELS = (
    ("texts", gettext_lazy("Texts in all languages")),
    ("media", gettext_lazy("Pictures and films")),
    ("prices", gettext_lazy("Prices on all lists")),
    ("attributes", gettext_lazy("Details")),
    ("visibility", gettext_lazy("Markets it is seen in, and their own words")),
)


class DuplicateForm(InputForm):
    """What the copy is called and what it takes along."""

    code = forms.CharField(label=gettext_lazy("Code of the copy"), max_length=160, validators=[validate_unicode_slug])
    name = forms.CharField(label=gettext_lazy("Name of the copy"), max_length=200)
    sku_pattern = forms.CharField(
        label=gettext_lazy("Pattern for SKUs"),
        max_length=80,
        initial=f"{SKU}-COPY",
        help_text=gettext_lazy("{sku} is replaced by the SKU of the variant that is copied."),
    )
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("Take along"),
        choices=LABELS,
        initial=list(PARTS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, product: Product, data: Any = None) -> None:
        super().__init__(data, initial={"code": f"{product.code}-copy"[:160], "name": product.name})
        self.product = product

    def clean_sku_pattern(self) -> str:
        """It must tell variants apart, and fit."""
        pattern = str(self.cleaned_data["sku_pattern"]).strip()
        if SKU not in pattern or pattern == SKU:
            raise forms.ValidationError(_("The pattern must contain {sku} and something more."))
        longest = max((len(sku) for sku in self.product.variants.values_list("sku", flat=True)), default=0)
        if longest + len(pattern) - len(SKU) > 80:
            raise forms.ValidationError(_("With this pattern a SKU would be longer than 80 characters."))
        return pattern


class DuplicateView(View):
    """The form, and the copy."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask."""
        must(request, "catalog.add_product")
        product = get_object_or_404(Product, pk=pk)
        return self.page(request, product, DuplicateForm(product))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make it, and go there."""
        must(request, "catalog.add_product")
        product = get_object_or_404(Product, pk=pk)
        form = DuplicateForm(product, request.POST)
        if form.is_valid():
            try:
                copy = duplicate_product(product_id=pk, **form.cleaned_data)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The copy is a draft. Nobody sees it before it is put on sale."))
                return go_to(reverse("admin:catalog_product_change", args=[copy.pk]))
        return self.page(request, product, form, status=422)

    @staticmethod
    def page(request: HttpRequest, product: Product, form: DuplicateForm, *, status: int = 200) -> HttpResponse:
        """The form in its page."""
        return screen(
            request,
            "admin/catalog/workspace/duplicate.html",
            status=status,
            title=_("Duplicate"),
            product=product,
            name=product.text("name", get_language() or "en"),
            form=form,
        )
