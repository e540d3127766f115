"""The variant matrix over HTTP: look, save a row, make what is missing, manage options."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views import View
from modeltrans.conf import get_default_language

from catalog.actions.matrix import MOST_VARIANTS, add_option, create_missing, find_missing, remove_option, taken_skus
from catalog.actions.vocabulary import put_option_value
from catalog.combinations import PatternProblem
from catalog.errors import OptionMismatch
from catalog.models import OptionType, OptionValue, Product, Variant
from catalog.workspace.matrix import matrix, options_of
from catalog.workspace.matrix_forms import MissingForm, NewOptionForm, NewValueForm, PickOptionForm
from catalog.workspace.matrix_rows import RowForm, save_row
from catalog.workspace.screens import go_to, must, screen, wants_fragment
from core.errors import DomainError

SHOWN = 50


def _product(pk: int) -> Product:
    return get_object_or_404(Product, pk=pk)


class MatrixView(View):
    """All variants of a product, a page at a time."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page its address asks for."""
        must(request, "catalog.view_variant")
        return self.page(request, _product(pk))

    def page(self, request: HttpRequest, product: Product, bound: Mapping[int, RowForm] | None = None) -> HttpResponse:
        """The matrix; 422 with rows that were refused."""
        page = matrix(product, request.GET, bound)
        return screen(
            request,
            "admin/catalog/workspace/matrix.html",
            status=422 if bound else 200,
            title=_("Variants of %(product)s") % {"product": page.name},
            page=page,
            may_change=request.user.has_perm("catalog.change_variant"),
            may_add=request.user.has_perm("catalog.add_variant"),
        )


class RowView(MatrixView):
    """One row."""

    def get(self, request: HttpRequest, pk: int, variant: int | None = None) -> HttpResponse:
        """An address that is opened, after signing in again for example, leads to the matrix."""
        return go_to(reverse("admin:catalog_matrix", args=[pk]), anchor=f"row-{variant}")

    def post(self, request: HttpRequest, pk: int, variant: int) -> HttpResponse:
        """Save it, if nobody else did since it was shown. What was typed is never lost."""
        must(request, "catalog.change_variant")
        product = _product(pk)
        row = get_object_or_404(Variant, pk=variant, product=product)
        refused = save_row(row, request.POST.dict())
        if wants_fragment(request):
            return self.fragment(request, product, row, refused)
        if refused is not None:
            return self.page(request, product, {row.pk: refused})
        messages.success(request, _("%(sku)s is saved.") % {"sku": request.POST.get("sku", row.sku)})
        return go_to(reverse("admin:catalog_matrix", args=[pk]), query=request.GET.urlencode(), anchor=f"row-{row.pk}")

    def fragment(self, request: HttpRequest, product: Product, row: Variant, refused: RowForm | None) -> HttpResponse:
        """The row alone, for the script that saves it in place."""
        row.refresh_from_db()
        page = matrix(product, request.GET, {row.pk: refused} if refused else None, only=row.pk)
        context: dict[str, Any] = {
            "row": page.rows[0],
            "page": page,
            "may_change": True,
            "saved": refused is None,
        }
        return screen(request, "admin/catalog/workspace/matrix_row.html", status=422 if refused else 200, **context)


class MissingView(View):
    """Combinations that do not exist yet: counted, shown, made."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the chosen values would make. Nothing is written."""
        must(request, "catalog.add_variant")
        return self.page(request, _product(pk), request.GET)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make exactly those that were shown."""
        must(request, "catalog.add_variant")
        product = _product(pk)
        form = MissingForm(product, request.POST)
        if not form.is_valid():
            return self.page(request, product, request.POST, form)
        given = form.cleaned_data
        try:
            made = create_missing(
                product_id=pk,
                chosen=_chosen(product, request.POST),
                pattern=given["pattern"],
                expected=given["expected"],
                status=given["status"],
                like_id=given["like"].pk if given["like"] else None,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.page(request, product, request.POST, form)
        said = ngettext("%(count)d variant was made.", "%(count)d variants were made.", made)
        messages.success(request, said % {"count": made})
        return go_to(reverse("admin:catalog_matrix", args=[pk]))

    def page(
        self, request: HttpRequest, product: Product, asked: QueryDict, form: MissingForm | None = None
    ) -> HttpResponse:
        """The choice, the count and the first of what would come."""
        options = options_of(product, get_language() or "en", asked)
        is_asked = any(value.chosen for option in options for value in option.values)
        context = _preview(product, asked) if is_asked else {}
        given = form or MissingForm(product, asked if is_asked else None)
        return screen(
            request,
            "admin/catalog/workspace/missing.html",
            status=422 if form else 200,
            title=_("Missing variants"),
            product=product,
            name=product.text("name", get_language() or "en"),
            options=options,
            is_asked=is_asked,
            form=given,
            most=MOST_VARIANTS,
            **context,
        )


def _chosen(product: Product, asked: QueryDict) -> dict[str, list[str]]:
    codes = product.options.values_list("option_type__code", flat=True)
    return {code: asked.getlist(f"v-{code}") for code in codes}


def _preview(product: Product, asked: QueryDict) -> dict[str, Any]:
    """How many are missing, the first of them with their SKUs, and what stands in the way."""
    try:
        missing = find_missing(product=product, chosen=_chosen(product, asked))
    except OptionMismatch:
        return {"problem": _("Choose at least one value of every option.")}
    pattern = asked.get("pattern", "").strip()
    fits = missing.count <= missing.room
    found: dict[str, Any] = {"count": missing.count, "existing": len(missing.existing), "room": missing.room}
    try:
        named = missing.skus(pattern, missing.count if fits else SHOWN)
    except PatternProblem as problem:
        return {**found, "problem": str(problem)}
    taken = taken_skus(product=product, skus=[sku for _one, sku in named])
    rows = [{"sku": sku, "values": one, "taken": sku in taken} for one, sku in named[:SHOWN]]
    more = max(missing.count - len(rows), 0)
    return {**found, "rows": rows, "more": more, "taken": taken[:10], "taken_count": len(taken), "fits": fits}


class OptionsView(View):
    """The options of a product and their values."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Look."""
        must(request, "catalog.view_product")
        return self.page(request, _product(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add an option, add a value to one, or take an option away."""
        must(request, "catalog.change_product")
        product = _product(pk)
        deed = {"option": self._add_option, "value": self._add_value, "remove": self._remove}.get(
            request.POST.get("deed", "")
        )
        bound = deed(request, product) if deed else {}
        if bound is not None:
            return self.page(request, product, bound)
        return go_to(reverse("admin:catalog_options", args=[pk]))

    def _add_option(self, request: HttpRequest, product: Product) -> dict[str, Any] | None:
        kind = get_object_or_404(OptionType, code=request.POST.get("option_type", ""))
        form = NewOptionForm(kind, request.POST)
        if form.is_valid():
            try:
                add_option(product_id=product.pk, option_type=kind.code, default_value=form.cleaned_data["value"].code)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The option is added. Every variant has the value you chose."))
                return None
        return {"new_option": form, "adding": kind}

    def _add_value(self, request: HttpRequest, product: Product) -> dict[str, Any] | None:
        must(request, "catalog.add_optionvalue")
        kind = get_object_or_404(OptionType, code=request.POST.get("option_type", ""), pk__in=_types(product))
        form = NewValueForm(kind, request.POST, auto_id=f"value-{kind.code}-%s")
        if form.is_valid():
            given = form.cleaned_data
            put_option_value(
                option_type=kind.code,
                code=given["code"],
                names={get_default_language(): given["name"]},
                hex=given["hex"] or None,
                position=OptionValue.objects.filter(option_type=kind).count(),
            )
            messages.success(request, _("The value is added. Make the missing variants to use it."))
            return None
        return {"value_form": form, "value_of": kind.code}

    def _remove(self, request: HttpRequest, product: Product) -> dict[str, Any] | None:
        try:
            remove_option(product_id=product.pk, option_type=request.POST.get("option_type", ""))
        except DomainError as refusal:
            return {"refusal": str(refusal)}
        messages.success(request, _("The option is taken away."))
        return None

    def page(self, request: HttpRequest, product: Product, bound: dict[str, Any] | None = None) -> HttpResponse:
        """Options with their values, and the forms."""
        language = get_language() or "en"
        options = options_of(product, language, QueryDict())
        adding = (bound or {}).get("adding") or OptionType.objects.filter(code=request.GET.get("add", "")).first()
        forms = [
            bound["value_form"]
            if bound and bound.get("value_of") == option.code
            else NewValueForm(None, auto_id=f"value-{option.code}-%s")
            for option in options
        ]
        return screen(
            request,
            "admin/catalog/workspace/options.html",
            status=422 if bound else 200,
            title=_("Options"),
            product=product,
            name=product.text("name", language),
            options=list(zip(options, forms, strict=True)),
            pick=PickOptionForm(product, initial={"add": adding}),
            adding=adding,
            new_option=(bound or {}).get("new_option") or (NewOptionForm(adding) if adding else None),
            refusal=(bound or {}).get("refusal", ""),
            may_change=request.user.has_perm("catalog.change_product"),
            may_add_value=request.user.has_perm("catalog.add_optionvalue"),
        )


def _types(product: Product) -> list[int]:
    return list(product.options.values_list("option_type_id", flat=True))
