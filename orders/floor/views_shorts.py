"""Deciding about pieces that were not on their shelf, over HTTP."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from inventory.models import StockItem, Warehouse
from inventory.queries import stock_rows
from orders.actions.short_picks import found_after_all, give_up_missing, send_from_elsewhere, set_missing_apart
from orders.floor.forms import ElsewhereForm, GiveUpForm
from orders.floor.goods import named
from orders.floor.pages import SHOWN
from orders.floor.types import ShortPage
from orders.models import FulfillmentLine, ShortPick, ShortState
from orders.workspace.forms import KeyedForm, PressForm
from orders.workspace.operations import once
from orders.workspace.types import State, Tone
from orders.workspace.views import must, screen

TONES: dict[str, Tone] = {
    ShortState.OPEN: "warn",
    ShortState.FOUND: "ok",
    ShortState.MOVED: "ok",
    ShortState.GIVEN_UP: "plain",
}
RELATED = ("task__order_line", "task__variant__product", "fulfillment__order", "reported_by")


class ShortListView(View):
    """What waits for a decision, what is due first comes first; or everything."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        must(request, "view_shortpick")
        rows = ShortPick.objects.select_related(*RELATED)
        everything = request.GET.get("view") == "all"
        if not everything:
            rows = rows.filter(state=ShortState.OPEN)
        place = request.GET.get("place", "")
        if place:
            rows = rows.filter(warehouse_code=place)
        found = rows.order_by("-pk") if everything else rows
        return screen(
            request,
            "admin/floor/shorts.html",
            title=_("Missing pieces"),
            rows=[(row, _state(row)) for row in found[:SHOWN]],
            everything=everything,
            place=place,
        )


class ShortScreen(View):
    """Everything that shows one report. A refused form comes back bound, with its words."""

    def row(self) -> ShortPick:
        """The report of the address. Raises `Http404`."""
        found = ShortPick.objects.select_related(*RELATED).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def back(self) -> HttpResponse:
        """To the report."""
        return HttpResponseRedirect(reverse("admin:floor_short", args=[self.kwargs["pk"]]))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A deed's address that is opened leads to the report."""
        return self.back()

    def show(self, bound: Mapping[str, Form] | None = None) -> HttpResponse:
        """The page; with 422 when a form on it was refused."""
        page, forms = short_page(self.row()), dict(bound or {})
        places = [(code, f"{name} ({count})") for code, name, count in page.elsewhere]
        return screen(
            self.request,
            "admin/floor/short.html",
            status=422 if bound else 200,
            title=_("Missing: %(goods)s") % {"goods": page.name},
            page=page,
            refused=next(iter(forms.values()), None),
            found_form=forms.get("found") or PressForm(auto_id="found-%s"),
            apart_form=forms.get("apart") or PressForm(auto_id="apart-%s"),
            elsewhere_form=forms.get("elsewhere") or ElsewhereForm(places),
            give_up_form=forms.get("give_up") or GiveUpForm(auto_id="give-up-%s"),
            may_decide=page.is_open and self.request.user.has_perm("orders.resolve_shortpick"),
        )


class ShortView(ShortScreen):
    """One report: what misses, what stock says, and what can become of it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        must(request, "view_shortpick")
        return self.show()


class ShortDeed(ShortScreen):
    """One decision."""

    name: ClassVar[str]
    done: ClassVar[str | Promise]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """People who may decide only."""
        must(request, "resolve_shortpick")
        return super().dispatch(request, *args, **kwargs)

    def form(self, row: ShortPick) -> KeyedForm:
        """The form with what was sent."""
        return PressForm(self.request.POST, auto_id=f"{self.name}-%s")

    def act(self, row: ShortPick, form: Any) -> None:
        """Call the action."""
        raise NotImplementedError

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The deed."""
        row = self.row()
        form = self.form(row)
        if form.is_valid() and once(f"short.{self.name}", row.fulfillment.order, form, lambda: self.act(row, form)):
            messages.success(request, str(self.done))
            return self.back()
        return self.show({self.name: form})


class FoundView(ShortDeed):
    """They were somewhere else."""

    name = "found"
    done = gettext_lazy("The pieces count as picked.")

    def act(self, row: ShortPick, form: KeyedForm) -> None:
        """Decide."""
        found_after_all(short_id=row.pk)


class ApartView(ShortDeed):
    """The rest leaves now."""

    name = "apart"
    done = gettext_lazy("What misses is a parcel of its own now. The rest can be packed.")

    def act(self, row: ShortPick, form: KeyedForm) -> None:
        """Set apart."""
        set_missing_apart(short_id=row.pk)


class ElsewhereView(ShortDeed):
    """Another warehouse sends them."""

    name = "elsewhere"
    done = gettext_lazy("The pieces leave from there.")

    def form(self, row: ShortPick) -> KeyedForm:
        """From where."""
        places = [(code, name) for code, name, _count in short_page(row).elsewhere]
        return ElsewhereForm(places, self.request.POST)

    def act(self, row: ShortPick, form: ElsewhereForm) -> None:
        """Move. Booking off is a correction of stock, and asks for that permission."""
        told = form.cleaned_data
        _may_book_off(self.request, wanted=told["books_off"])
        send_from_elsewhere(short_id=row.pk, warehouse_code=told["warehouse"], books_off=told["books_off"])


class GiveUpView(ShortDeed):
    """The order wants them no longer."""

    name = "give_up"
    done = gettext_lazy("The missing pieces are settled.")

    def form(self, row: ShortPick) -> KeyedForm:
        """Whether stock is corrected."""
        return GiveUpForm(self.request.POST, auto_id="give-up-%s")

    def act(self, row: ShortPick, form: GiveUpForm) -> None:
        """Decide."""
        wanted = form.cleaned_data["books_off"]
        _may_book_off(self.request, wanted=wanted)
        give_up_missing(short_id=row.pk, books_off=wanted)


def short_page(row: ShortPick) -> ShortPage:
    """One report with what stock says of its goods now. Four queries."""
    order, task = row.fulfillment.order, row.task
    here = StockItem.objects.filter(warehouse__code=row.warehouse_code)
    item = here.filter(variant_id=task.variant_id).first() if task.variant_id else None
    lines = FulfillmentLine.objects.filter(fulfillment=row.fulfillment).values_list("order_line_id", flat=True)
    return ShortPage(
        pk=row.pk,
        order=order.number,
        order_url=reverse("admin:workspace_order", args=[order.number]),
        refund_url=reverse("admin:workspace_order", args=[order.number]) + "#refund",
        sku=task.sku,
        name=named(task)[0],
        shelf=task.shelf,
        place=row.warehouse_code,
        missing=row.missing,
        state=_state(row),
        is_open=row.state == ShortState.OPEN,
        reported_at=row.created,
        reporter=row.reported_by.get_username() if row.reported_by else "",
        on_hand=item.on_hand if item else 0,
        promised=item.allocated + item.reserved if item else 0,
        elsewhere=_elsewhere(row),
        may_set_apart=len(lines) > 1 or task.picked > 0,
        note=row.note,
    )


def _elsewhere(row: ShortPick) -> tuple[tuple[str, str, int], ...]:
    """Warehouses of the same country that serve the market and have enough of it to sell."""
    if row.task.variant_id is None:
        return ()
    found = {
        one.warehouse_code: one.available
        for one in stock_rows(row.fulfillment.order.market, [row.task.variant_id])
        if one.warehouse_code != row.warehouse_code and one.available >= row.missing
    }
    houses = Warehouse.objects.filter(code__in=found, country=row.fulfillment.ships_from, is_active=True)
    return tuple((house.code, house.name_i18n, found[house.code]) for house in houses.order_by("code"))


def _state(row: ShortPick) -> State:
    return State(label=row.get_state_display(), tone=TONES[row.state])


def _may_book_off(request: HttpRequest, *, wanted: bool) -> None:
    if wanted and not request.user.has_perm("inventory.correct_stock"):
        raise PermissionDenied
