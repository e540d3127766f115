"""Deeds that cost money: first a page that says exactly what will happen, then the deed."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.money import Money, format_money, round_half_up
from orders.actions import RefundAsked, cancel_order, refund_as_shown
from orders.models import Order
from orders.workspace.forms import CancelForm, ConfirmRefundForm, RefundForm
from orders.workspace.operations import once
from orders.workspace.page import warehouse_choices
from orders.workspace.refunds import cancel_rows, delivery_back, preview_refund, refundable_lines
from orders.workspace.views import WorkspaceScreen, must, screen


class CostlyOperation(WorkspaceScreen):
    """POST with `step` preview shows the consequence, confirm does it, change goes back with everything typed."""

    permission: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """People with the operation's own permission only."""
        must(request, self.permission)
        return super().dispatch(request, *args, **kwargs)


class RefundView(CostlyOperation):
    """Give money back for units of lines and the delivery."""

    permission = "refund_order"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Preview, change or confirm."""
        order = self.order()
        form = RefundForm(refundable_lines(order), warehouse_choices(), request.POST, delivery=delivery_back(order))
        step = request.POST.get("step")
        if step == "change" or not form.is_valid():
            return self.show(order, {"refund": form})
        if step == "confirm":
            return self._confirm(order, form)
        return self._preview(order, form)

    def _preview(self, order: Order, form: RefundForm, *, refusal: str = "") -> HttpResponse:
        try:
            preview = preview_refund(order, wishes=form.wishes(), shipping=form.delivery(), to=form.goes_to())
        except DomainError as reason:
            form.add_error(None, str(reason))
            return self.show(order, {"refund": form})
        names = {(line.line_id, line.part_id): line for line in refundable_lines(order)}
        goods = dict(warehouse_choices()).get(form.cleaned_data["warehouse"], "")
        return screen(
            self.request,
            "admin/workspace/refund.html",
            status=422 if refusal else 200,
            title=_("Refund of %(number)s") % {"number": order.number},
            order=order,
            form=form,
            preview=preview,
            wishes=[(names[wish.line_id, wish.part_id], wish.quantity) for wish in form.wishes()],
            goods=goods,
            why=delivery_back(order).why if form.delivery().amount else "",
            refusal=refusal,
        )

    def _confirm(self, order: Order, form: RefundForm) -> HttpResponse:
        confirm = ConfirmRefundForm(self.request.POST)
        if not confirm.is_valid():
            return self._preview(order, form)
        shown = round_half_up(confirm.cleaned_data["shown"], order.currency)
        if once("refund", order, form, lambda: self._refund(order, form, shown)):
            amount = format_money(shown, _language(self.request))
            messages.success(self.request, _("%(amount)s go back to the customer.") % {"amount": amount})
            return self.back("payments")
        refusal = " ".join(str(sentence) for sentence in form.non_field_errors())
        fresh = RefundForm(
            refundable_lines(order), warehouse_choices(), self.request.POST, delivery=delivery_back(order)
        )
        if not fresh.is_valid():
            return self.show(self.order(), {"refund": form})
        return self._preview(self.order(), fresh, refusal=refusal)

    def _refund(self, order: Order, form: RefundForm, shown: Money) -> None:
        asked = RefundAsked(
            lines=form.wishes(),
            shipping=form.delivery(),
            reason=form.cleaned_data["reason"],
            key=f"admin:{order.number}:{form.cleaned_data['key']}",
            to=form.goes_to(),
        )
        refund_as_shown(number=order.number, asked=asked, shown=shown, warehouse_code=form.cleaned_data["warehouse"])


class CancelView(CostlyOperation):
    """Give the whole order up."""

    permission = "cancel_order"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Preview, change or confirm."""
        order = self.order()
        form = CancelForm(request.POST, auto_id="cancel-%s")
        step = request.POST.get("step")
        if step == "change" or not form.is_valid():
            return self.show(order, {"cancel": form})
        if step != "confirm":
            return screen(
                request,
                "admin/workspace/cancel.html",
                title=_("Cancel %(number)s") % {"number": order.number},
                order=order,
                form=form,
                rows=cancel_rows(order),
                units=sum(line.quantity - line.qty_canceled for line in order.lines.all()),
            )
        if once("cancel", order, form, lambda: self._cancel(order, form)):
            messages.success(request, _("The order is canceled, and the customer is told."))
            return self.back()
        return self.show(self.order(), {"cancel": form})

    @staticmethod
    def _cancel(order: Order, form: CancelForm) -> None:
        cancel_order(number=order.number, reason=form.cleaned_data["reason"])


def _language(request: HttpRequest) -> str:
    return cast(str, getattr(request, "LANGUAGE_CODE", "en"))
