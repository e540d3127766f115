"""Planned changes over HTTP: what happens when, plan, move, cancel."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views import View

from catalog.actions.planning import MOST_PRODUCTS, cancel_planned, move_planned, plan_change
from catalog.models import PlannedChange, Product
from catalog.publishing.agenda import DAYS, agenda, words_of
from catalog.publishing.lacks import lacks_of
from catalog.workspace.plan_forms import MomentForm, PlanForm, ProductPlanForm
from catalog.workspace.screens import go_to, must, screen
from core.errors import DomainError

LOOK, CHANGE, PRICES = "catalog.view_product", "catalog.change_product", "catalog.change_price"
LACKS_SHOWN = 20


class AgendaView(View):
    """What happens when."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The next sixty days, by day."""
        must(request, LOOK)
        return screen(
            request,
            "admin/catalog/workspace/planned.html",
            title=_("What happens when"),
            page=agenda(language=get_language() or "en"),
            days=DAYS,
            may_change=request.user.has_perm(CHANGE),
        )


class PlanView(View):
    """Plan a change of one product, with its words and prices, or of several."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """The form, with what is missing."""
        must(request, CHANGE)
        products = _products(request, pk)
        return self.page(request, products, self.form(request, products, single=pk is not None))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Plan it."""
        must(request, CHANGE)
        products = _products(request, pk)
        form = self.form(request, products, request.POST, single=pk is not None)
        if form.is_valid():
            plan = form.plan()
            if plan.prices:
                must(request, PRICES)
            try:
                plan_change(plan=plan, even_incomplete=form.cleaned_data["even_incomplete"])
            except DomainError as refused:
                form.add_error(None, str(refused))
            else:
                told = ngettext("Planned for %(count)d product.", "Planned for %(count)d products.", len(products))
                messages.success(request, told % {"count": len(products)})
                return go_to(reverse("admin:catalog_planned"))
        return self.page(request, products, form, status=422)

    @staticmethod
    def form(request: HttpRequest, products: list[Product], data: Any = None, *, single: bool) -> PlanForm:
        """One product has words and prices too."""
        return ProductPlanForm(products[0], _language(request), data) if single else PlanForm(products, data)

    @staticmethod
    def page(request: HttpRequest, products: list[Product], form: PlanForm, *, status: int = 200) -> HttpResponse:
        """The form in its page."""
        reader = get_language() or "en"
        lacks = lacks_of([product.pk for product in products], language=reader)
        lacking = [(product.text("name", reader) or product.code, lacks[product.pk]) for product in products]
        single = products[0] if isinstance(form, ProductPlanForm) else None
        return screen(
            request,
            "admin/catalog/workspace/plan.html",
            status=status,
            title=_("Plan a change"),
            form=form,
            products=products,
            product=single,
            name=single.text("name", reader) if single else "",
            lacking=[(name, found) for name, found in lacking if found][:LACKS_SHOWN],
            planned=agenda(language=reader, product_id=single.pk) if single else None,
            languages=settings.LANGUAGES,
            language=_language(request),
            may_price=request.user.has_perm(PRICES),
            may_change=True,
        )


class PlannedView(View):
    """One planned change: move it or cancel it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What it is, and a form for another moment."""
        must(request, CHANGE)
        row = _open(pk)
        return self.page(request, row, MomentForm(initial={"due_at": row.due_at}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another moment, or never."""
        must(request, CHANGE)
        row = _open(pk)
        if request.POST.get("deed") == "cancel":
            try:
                cancel_planned(change_id=pk)
            except DomainError as refused:
                messages.error(request, str(refused))
            else:
                messages.success(request, _("It is canceled and will not happen."))
            return go_to(reverse("admin:catalog_planned"))
        form = MomentForm(request.POST)
        if form.is_valid():
            try:
                move_planned(
                    change_id=pk, due_at=form.cleaned_data["due_at"], zone=timezone.get_current_timezone_name()
                )
            except DomainError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("It happens at the new moment."))
                return go_to(reverse("admin:catalog_planned"))
        return self.page(request, row, form, status=422)

    @staticmethod
    def page(request: HttpRequest, row: PlannedChange, form: MomentForm, *, status: int = 200) -> HttpResponse:
        """The change in its page."""
        reader = get_language() or "en"
        return screen(
            request,
            "admin/catalog/workspace/planned_change.html",
            status=status,
            title=_("Planned change"),
            row=row,
            what=words_of(row),
            name=row.product.text("name", reader) or row.product.code,
            lacks=lacks_of([row.product_id], language=reader)[row.product_id],
            form=form,
        )


def _products(request: HttpRequest, pk: int | None) -> list[Product]:
    """The product of the address, or those it names with `ids`. Raises `Http404`."""
    if pk is not None:
        return [get_object_or_404(Product, pk=pk)]
    asked = [part for part in request.GET.get("ids", "").split(",") if part.isascii() and part.isdigit()]
    found = list(Product.objects.filter(pk__in=asked[: MOST_PRODUCTS + 1]).order_by("pk"))
    if not found:
        raise Http404
    return found


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else str(settings.LANGUAGE_CODE)


def _open(pk: int) -> PlannedChange:
    """One that has not happened. Raises `Http404`."""
    states = (PlannedChange.State.WAITING, PlannedChange.State.FAILED)
    return get_object_or_404(PlannedChange.objects.select_related("product"), pk=pk, state__in=states)
