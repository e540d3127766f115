"""The builder of sets over HTTP. One form: what was typed survives searching and adding, and works without a script."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from catalog.actions.sets import SetRow, build_set
from catalog.errors import SetProblem
from catalog.models import Product, Variant
from catalog.workspace.screens import go_to, must, screen
from catalog.workspace.set_builder import builder_page, rows_of

MOST_ROWS = 60


class SetView(View):
    """Look at the contents of a set, search for components, add them, save."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The contents as they are."""
        must(request, "catalog.view_product")
        product, variant = _set(request, pk)
        return self.page(request, product, variant, rows_of(variant) if variant else [])

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Search, add one, or save; only saving changes anything."""
        must(request, "catalog.change_product")
        product, variant = _set(request, pk)
        if variant is None:
            return self.page(request, product, None, [])
        rows = _typed(request.POST)
        step = request.POST.get("step", "save")
        if step.startswith("add-") and step[4:].isdecimal():
            rows = [*rows, SetRow(variant_id=int(step[4:]))]
        elif step != "search":
            try:
                build_set(variant_id=variant.pk, rows=rows)
            except SetProblem as refusal:
                return self.page(request, product, variant, rows, refusal=str(refusal))
            messages.success(request, _("The contents of the set are saved."))
            return go_to(request.path, query=f"variant={variant.pk}")
        return self.page(request, product, variant, rows)

    @staticmethod
    def page(
        request: HttpRequest, product: Product, variant: Variant | None, rows: list[SetRow], *, refusal: str = ""
    ) -> HttpResponse:
        """The builder; 422 when saving was refused."""
        search = request.POST.get("search", "")
        context: dict[str, Any] = {
            "title": _("Contents of the set"),
            "product": product,
            "name": product.text("name", get_language() or "en"),
            "page": builder_page(variant, rows, search=search) if variant is not None else None,
            "variants": list(product.variants.exclude(status=Variant.Status.ARCHIVED)),
            "search": search,
            "refusal": refusal,
            "may_change": request.user.has_perm("catalog.change_product"),
        }
        return screen(request, "admin/catalog/workspace/set.html", status=422 if refusal else 200, **context)


def _set(request: HttpRequest, pk: int) -> tuple[Product, Variant | None]:
    """The product and the variant the address names, else its first."""
    product = get_object_or_404(Product.objects.select_related("product_type"), pk=pk)
    variants = product.variants.exclude(status=Variant.Status.ARCHIVED).order_by("position", "pk")
    wanted = request.GET.get("variant", "")
    chosen = variants.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    return product, chosen or variants.first()


def _typed(post: QueryDict) -> list[SetRow]:
    """The rows of the form. A number that is none counts as 0, which saving refuses in words."""
    rows = []
    for value in post.getlist("part")[:MOST_ROWS]:
        if not value.isdecimal() or post.get(f"remove-{value}"):
            continue
        rows.append(
            SetRow(
                variant_id=int(value),
                quantity=_number(post.get(f"quantity-{value}", "")),
                price_weight=_number(post.get(f"weight-{value}", "")),
                optional=bool(post.get(f"optional-{value}")),
            )
        )
    return rows


def _number(typed: str) -> int:
    text = typed.strip()
    return int(text) if text.isdecimal() and len(text) < 12 else 0
