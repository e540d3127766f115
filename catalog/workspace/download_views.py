"""Files, terms and licence keys of a virtual product over HTTP."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views import View

from catalog.actions.downloads import add_file, add_keys, set_download_terms, withdraw_file
from catalog.models import DownloadTerms, Product, Variant
from catalog.selling import spoken
from catalog.workspace.matrix_forms import InputForm
from catalog.workspace.screens import go_to, must, screen
from core.errors import DomainError


class FileForm(InputForm):
    """A file for the buyers."""

    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("For example a PDF, an EPUB, a ZIP or an MP3.")
    )


class TermsForm(InputForm):
    """How often, how long, and whether keys belong to it."""

    most_downloads = forms.IntegerField(
        label=gettext_lazy("Downloads of each file"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=gettext_lazy("Empty: as often as they like."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days"),
        min_value=1,
        max_value=36500,
        required=False,
        help_text=gettext_lazy("Counted from the payment. Empty: without an end."),
    )
    gives_keys = forms.BooleanField(label=gettext_lazy("A licence key belongs to each piece"), required=False)


class KeysForm(InputForm):
    """A list of keys."""

    keys = forms.CharField(
        label=gettext_lazy("Licence keys to add"),
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
        max_length=500_000,
        help_text=gettext_lazy("One per line. Each is given to one buyer only."),
    )


FORMS: dict[str, type[InputForm]] = {"file": FileForm, "terms": TermsForm, "keys": KeysForm}


class DownloadsView(View):
    """What buyers of a virtual product download."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Files, terms and how many keys are left, per variant."""
        must(request, "catalog.view_product")
        return self.page(request, get_object_or_404(Product, pk=pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One form of one variant."""
        must(request, "catalog.change_product")
        product = get_object_or_404(Product, pk=pk)
        variant = get_object_or_404(Variant, pk=_id(request.POST.get("variant", "")), product=product)
        step = request.POST.get("step", "")
        if step == "withdraw":
            file = get_object_or_404(variant.files, pk=_id(request.POST.get("file", "")))
            withdraw_file(file_id=file.pk)
            messages.success(request, _("Nobody can download this file any more."))
            return go_to(request.path, anchor=f"v{variant.pk}")
        if step not in FORMS:
            raise Http404
        form = FORMS[step](request.POST, request.FILES, auto_id=f"{step}-{variant.pk}-%s")
        if form.is_valid():
            try:
                messages.success(request, _save(step, variant, form.cleaned_data))
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                return go_to(request.path, anchor=f"v{variant.pk}")
        return self.page(request, product, {(variant.pk, step): form}, status=422)

    @staticmethod
    def page(
        request: HttpRequest, product: Product, bound: dict[tuple[int, str], InputForm] | None = None, status: int = 200
    ) -> HttpResponse:
        """The page around the forms."""
        context: dict[str, Any] = {
            "title": _("Downloads"),
            "product": product,
            "name": product.text("name", get_language() or "en"),
            "is_sent": product.product_type.requires_shipping,
            "rows": _rows(product, bound or {}),
            "may_change": request.user.has_perm("catalog.change_product"),
        }
        return screen(request, "admin/catalog/workspace/downloads.html", status=status, **context)


def _rows(product: Product, bound: dict[tuple[int, str], InputForm]) -> list[dict[str, Any]]:
    variants = (
        product.variants.exclude(status=Variant.Status.ARCHIVED)
        .select_related("product")
        .prefetch_related("files")
        .annotate(
            keys=Count("licence_keys", distinct=True),
            keys_free=Count("licence_keys", filter=Q(licence_keys__given_to=""), distinct=True),
        )
        .order_by("position", "pk")[:50]
    )
    terms = {row.variant_id: row for row in DownloadTerms.objects.filter(variant__product=product)}
    return [
        {
            "variant": variant,
            "options": spoken(variant, get_language() or "en")[1],
            "files": [file for file in variant.files.all() if not file.withdrawn],
            "terms": terms.get(variant.pk),
            **{
                f"{step}_form": bound.get((variant.pk, step))
                or kind(auto_id=f"{step}-{variant.pk}-%s", initial=_initial(step, terms.get(variant.pk)))
                for step, kind in FORMS.items()
            },
        }
        for variant in variants
    ]


def _initial(step: str, terms: DownloadTerms | None) -> dict[str, Any]:
    if step != "terms" or terms is None:
        return {}
    return {"most_downloads": terms.most_downloads, "days": terms.days, "gives_keys": terms.gives_keys}


def _save(step: str, variant: Variant, given: dict[str, Any]) -> str:
    """Call the action of a form; returns what to tell. Raises `DomainError`."""
    if step == "file":
        add_file(variant_id=variant.pk, name=given["file"].name, content=given["file"])
        return _("The file is there for everybody who buys it.")
    if step == "terms":
        set_download_terms(variant_id=variant.pk, **given)
        return _("The terms are saved. They hold for orders that are paid from now on.")
    told = add_keys(variant_id=variant.pk, values=given["keys"].splitlines())
    return ngettext("%(count)d key was added.", "%(count)d keys were added.", told.added) % {"count": told.added}


def _id(typed: str) -> int:
    return int(typed) if typed.isdecimal() else 0
