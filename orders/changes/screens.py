"""The operators' screens for changes: a form, a page that says exactly what will happen, then the deed."""

from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.money import Money, format_money, round_half_up
from inventory.errors import OutOfStock
from orders.actions.changing import Asked, change_order, withdraw_change
from orders.changes.errors import OrderMoved
from orders.changes.forms import EditForm, SeenForm
from orders.changes.preview import happened_since, preview_of
from orders.changes.pricing import project
from orders.changes.standing import standing_of
from orders.models import ChangeState, Order, OrderChange
from orders.workspace.forms import ConfirmRefundForm, PressForm
from orders.workspace.operations import OrderOperation
from orders.workspace.views import WorkspaceScreen, must, screen


class ChangeScreen(WorkspaceScreen):
    """A change in two steps. `step` preview shows what will happen, confirm does it, change goes back to the form."""

    permission: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """People with the change's own permission only."""
        must(request, self.permission)
        return super().dispatch(request, *args, **kwargs)

    def moved(self, order: Order, form: SeenForm) -> HttpResponse:
        """Somebody was faster: who, what and when. Nothing was done."""
        seen = form.cleaned_data.get("seen") or 0
        return screen(
            self.request,
            "admin/orders/change_moved.html",
            status=409,
            title=_("Order %(number)s was changed by somebody else") % {"number": order.number},
            order=order,
            happened=happened_since(order, seen),
            again=self.request.path,
        )

    def shown(self, order: Order) -> Money:
        """The amount that was shown before the confirmation."""
        confirm = ConfirmRefundForm(self.request.POST)
        confirm.is_valid()
        return round_half_up(confirm.cleaned_data.get("shown") or Decimal(0), order.currency)


class EditView(ChangeScreen):
    """Quantities, new products, address and delivery."""

    permission = "edit_order"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The order as it stands, ready to be changed."""
        order = self.order()
        return self.page(order, EditForm(order, standing_of(order)))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Preview, change or confirm."""
        order = self.order()
        form = EditForm(order, standing_of(order), request.POST)
        valid = form.is_valid()
        step = request.POST.get("step")
        if step in ("change", "country") or form.wants_other_fields or not valid:
            return self.page(order, form, is_refused=step not in ("change", "country") and not form.wants_other_fields)
        if step == "confirm":
            return self._confirm(order, form)
        return self._preview(order, form)

    def page(self, order: Order, form: EditForm, *, is_refused: bool = False) -> HttpResponse:
        """The form; 422 when something in it was refused."""
        if not is_refused and form.is_bound:
            form = _unbound(order, form)
        return screen(
            self.request,
            "admin/orders/change.html",
            status=422 if is_refused else 200,
            title=_("Change order %(number)s") % {"number": order.number},
            order=order,
            form=form,
            standing=form.standing,
            waiting=order.changes.filter(state=ChangeState.REQUESTED).first(),
            withdraw=PressForm(auto_id="withdraw-%s"),
        )

    def _preview(self, order: Order, form: EditForm, *, refusal: str = "") -> HttpResponse:
        plan, standing = form.plan(), form.standing
        try:
            projection = project(order, plan, standing=standing)
        except OutOfStock as reason:
            form.add_error(None, _("There is not enough in stock. %(reason)s") % {"reason": reason})
            return self.page(order, form, is_refused=True)
        except DomainError as reason:
            form.add_error(None, str(reason))
            return self.page(order, form, is_refused=True)
        address = plan.address.lines if plan.address is not None else ()
        return screen(
            self.request,
            "admin/orders/change_preview.html",
            status=422 if refusal else 200,
            title=_("Change order %(number)s") % {"number": order.number},
            order=order,
            form=form,
            preview=preview_of(order, projection, address=address, is_paid=standing.is_paid),
            refusal=refusal,
        )

    def _confirm(self, order: Order, form: EditForm) -> HttpResponse:
        asked = Asked(
            version=form.cleaned_data["version"],
            shown=self.shown(order),
            reason=form.cleaned_data["reason"],
            key=f"admin:{form.cleaned_data['key']}",
        )
        try:
            change = change_order(number=order.number, plan=form.plan(), asked=asked)
        except OrderMoved:
            return self.moved(order, form)
        except DomainError as reason:
            return self._preview(self.order(), form, refusal=str(reason))
        messages.success(self.request, _done(change))
        return self.back()


def _unbound(order: Order, form: EditForm) -> EditForm:
    """The same form with everything that was typed, and without complaints about fields nobody has seen yet."""
    fresh = EditForm(order, form.standing, form.data)
    fresh.full_clean()
    fresh._errors = type(fresh.errors)()  # type: ignore[attr-defined]  # Django keeps them there
    if "drawn" in fresh.fields:
        fresh.data = {**{name: form.data[name] for name in form.data}, "drawn": fresh.drawn_country}
    return fresh


def _done(change: OrderChange) -> str:
    amount = format_money(change.delta_total, get_language() or "en")
    if change.state == ChangeState.REQUESTED:
        return _("The customer is asked to pay %(amount)s. The order is changed when the money is there.") % {
            "amount": amount
        }
    return _("The order is changed, and the customer is told.")


class WithdrawView(OrderOperation):
    """Give up a change that waits for its payment."""

    permission = "edit_order"
    name = "withdraw"
    done = gettext_lazy("The change is given up. The order stays as it was.")

    def form(self, order: Order) -> PressForm:
        """The button."""
        return PressForm(self.request.POST)

    def act(self, order: Order, form: Form) -> None:
        """Give it up."""
        withdraw_change(number=order.number)
