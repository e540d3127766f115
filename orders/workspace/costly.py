"""Deeds that cost money: first a page that says exactly what will happen, then the deed."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.money import Money, format_money, from_minor, round_half_up
from orders.actions import RefundAsked, cancel_order, refund_as_shown
from orders.actions.refund_shares import refundable
from orders.approving.asking import Deed, again_url, do_or_ask
from orders.approving.wishes import Wish
from orders.models import ApprovalState, MoneyApproval, Order
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
            again_url=again_url(self.request, reverse("admin:workspace_order", args=[order.number])) if refusal else "",
        )

    def _confirm(self, order: Order, form: RefundForm) -> HttpResponse:
        confirm = ConfirmRefundForm(self.request.POST)
        if not confirm.is_valid():
            return self._preview(order, form)
        shown = round_half_up(confirm.cleaned_data["shown"], order.currency)
        if once("refund", order, form, lambda: self._refund(order, form, shown)):
            messages.success(self.request, outcome_of(self.request, _refund_key(order, form), shown))
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
            key=_refund_key(order, form),
            to=form.goes_to(),
        )
        warehouse = form.cleaned_data["warehouse"]
        deed = Deed(
            kind="refund",
            wish=Wish(lines=asked.lines, shipping=asked.shipping, to=asked.to, warehouse=warehouse),
            amount=shown,
            reason=asked.reason,
            key=asked.key,
            act=lambda: refund_as_shown(number=order.number, asked=asked, shown=shown, warehouse_code=warehouse),
        )
        do_or_ask(self.request, order, deed)


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
            messages.success(request, _canceled(_cancel_key(order, form)))
            return self.back()
        return self.show(self.order(), {"cancel": form})

    def _cancel(self, order: Order, form: CancelForm) -> None:
        reason = form.cleaned_data["reason"]
        deed = Deed(
            kind="cancel",
            wish=Wish(),
            amount=from_minor(max(0, refundable(order)), order.currency),
            reason=reason,
            key=_cancel_key(order, form),
            act=lambda: cancel_order(number=order.number, reason=reason),
        )
        do_or_ask(self.request, order, deed)


def outcome_of(request: HttpRequest, key: str, shown: Money) -> str:
    """What is said after a refund: that the money goes back, or that the deed of this key waits."""
    amount = format_money(shown, _language(request))
    if waits(key):
        return _("%(amount)s wait for a second person. Nothing has gone back yet.") % {"amount": amount}
    return _("%(amount)s go back to the customer.") % {"amount": amount}


def waits(key: str) -> bool:
    """Whether the deed of this key waits for a second person."""
    return MoneyApproval.objects.filter(key=key, state=ApprovalState.ASKED).exists()


def _canceled(key: str) -> str:
    if waits(key):
        return _("The cancellation waits for a second person. Nothing has changed yet.")
    return _("The order is canceled, and the customer is told.")


def _refund_key(order: Order, form: RefundForm) -> str:
    return f"admin:{order.number}:{form.cleaned_data['key']}"


def _cancel_key(order: Order, form: CancelForm) -> str:
    return f"admin:cancel:{order.number}:{form.cleaned_data['key']}"


def _language(request: HttpRequest) -> str:
    return cast(str, getattr(request, "LANGUAGE_CODE", "en"))
