"""Orders to suppliers over HTTP: each view asks one permission and calls one action."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from catalog.workspace.screens import must, screen
from core.admin import dress
from core.errors import DomainError
from inventory.buying.actions import purchases
from inventory.buying.actions.receiving import receive_purchase, settle_difference
from inventory.buying.desk import purchase_forms as asked
from inventory.buying.desk.purchase_list import exact_number, purchase_list
from inventory.buying.desk.purchase_page import purchase_page
from inventory.buying.paper_views import pdf_response
from inventory.models import PurchaseOrder

VIEW = "inventory.view_purchaseorder"


class PurchaseListView(View):
    """The list. A number that is scanned into the search leads to its order."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page its address asks for."""
        must(request, VIEW)
        number = exact_number(request.GET.get("q", ""))
        if number:
            return HttpResponseRedirect(reverse("admin:buying_purchase", args=[number]))
        return screen(
            request,
            "admin/inventory/buying/purchases.html",
            title=_("Purchase orders"),
            page=purchase_list(request.GET.dict()),
            may_add=request.user.has_perm("inventory.add_purchaseorder"),
        )


class NewPurchaseView(View):
    """A new draft."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """From whom?"""
        must(request, "inventory.add_purchaseorder")
        return self.page(request, asked.NewPurchaseForm(initial=request.GET.dict()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make it, and go on with its lines."""
        must(request, "inventory.add_purchaseorder")
        form = asked.NewPurchaseForm(request.POST)
        if not form.is_valid():
            return self.page(request, form, status=422)
        told = form.cleaned_data
        order = purchases.draft_purchase(supplier_id=told["supplier"].pk, warehouse_code=told["warehouse"])
        return HttpResponseRedirect(reverse("admin:buying_purchase", args=[order.number]))

    @staticmethod
    def page(request: HttpRequest, form: Form, *, status: int = 200) -> HttpResponse:
        """The form; 422 when it was refused."""
        template = "admin/inventory/buying/purchase_new.html"
        return screen(request, template, status=status, title=_("New purchase order"), form=dress(form))


class PurchaseScreen(View):
    """Everything that shows one order. A refused form comes back bound, with its words."""

    def row(self) -> PurchaseOrder:
        """The order of the address. Raises `Http404`."""
        rows = PurchaseOrder.objects.select_related("supplier", "warehouse")
        found = rows.filter(number=self.kwargs["number"]).first()
        if found is None:
            raise Http404
        return found

    def back(self) -> HttpResponse:
        """To the order's page."""
        return HttpResponseRedirect(reverse("admin:buying_purchase", args=[self.kwargs["number"]]))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page."""
        must(request, VIEW)
        return self.show()

    def show(self, bound: Mapping[str, Form] | None = None, *, status: int | None = None) -> HttpResponse:
        """The page; with 422 when a form on it was refused."""
        order, forms = self.row(), dict(bound or {})
        lines = list(order.lines.select_related("variant").order_by("pk"))
        settle = {
            pk: dress(forms.get(f"settle-{pk}") or asked.SettleForm(auto_id=f"settle-{pk}-%s"))
            for pk in order.receipts.filter(has_difference=True, settled_at=None).values_list("pk", flat=True)
        }
        page = purchase_page(order, self.request.user, settle_forms=settle)
        lines_form: Any = dress(forms.get("lines") or asked.LinesForm(order))
        receive_form: Any = dress(forms.get("receive") or asked.ReceiveForm(lines))
        quantities, counts = lines_form.line_fields(), receive_form.by_line()
        confirm = {"expected_on": order.expected_on, "supplier_ref": order.supplier_ref}
        refused = next((form for form in forms.values() if form.errors), None)
        rows = [
            {"line": line, "quantity": quantities.get(line.pk), "counts": counts.get(line.pk)} for line in page.lines
        ]
        return screen(
            self.request,
            "admin/inventory/buying/purchase.html",
            status=status or (422 if refused else 200),
            title=order.number,
            page=page,
            refused=refused,
            rows=rows,
            expected=sorted(rows, key=lambda row: not row["line"].to_come),
            lines_form=lines_form,
            receive_form=receive_form,
            send_form=dress(forms.get("send") or asked.SendForm(auto_id="send-%s")),
            confirm_form=dress(forms.get("confirm") or asked.ConfirmForm(initial=confirm, auto_id="confirm-%s")),
            rest_form=dress(forms.get("rest") or asked.ReasonForm(auto_id="rest-%s")),
            cancel_form=dress(forms.get("cancel") or asked.ReasonForm(auto_id="cancel-%s")),
        )


class PaperView(PurchaseScreen):
    """The order as PDF, also as a draft."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The file."""
        must(request, VIEW)
        return pdf_response(self.row())


class PurchaseOperation(PurchaseScreen):
    """One deed. What is refused is said beside the form."""

    permission: ClassVar[str]
    name: ClassVar[str]
    done: ClassVar[str | Promise]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """People with the operation's own permission only."""
        must(request, VIEW, self.permission)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """An operation's address that is opened leads to the order."""
        return self.back()

    def form(self, order: PurchaseOrder) -> Any:
        """The form with what was sent."""
        return Form(self.request.POST)

    def act(self, order: PurchaseOrder, form: Any) -> None:
        """Call the action."""
        raise NotImplementedError

    def slot(self) -> str:
        """Under which name the page shows this form."""
        return self.name

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The deed."""
        order = self.row()
        form = self.form(order)
        if form.is_valid():
            try:
                self.act(order, form)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, str(self.done))
                return self.back()
        return self.show({self.slot(): form})


class LinesView(PurchaseOperation):
    """Write on a draft."""

    permission = "inventory.change_purchaseorder"
    name = "lines"
    done = gettext_lazy("The order is saved.")

    def form(self, order: PurchaseOrder) -> Form:
        """Pieces, a further article, a note."""
        return asked.LinesForm(order, self.request.POST)

    def act(self, order: PurchaseOrder, form: Any) -> None:
        """Write."""
        purchases.write_purchase(number=order.number, wanted=form.wanted(), note=form.cleaned_data["note"])


class SendView(PurchaseOperation):
    """Send a draft."""

    permission = "inventory.send_purchaseorder"
    name = "send"
    done = gettext_lazy("The order is on its way to the supplier.")

    def form(self, order: PurchaseOrder) -> Form:
        """By mail?"""
        return asked.SendForm(self.request.POST, auto_id="send-%s")

    def act(self, order: PurchaseOrder, form: Form) -> None:
        """Send."""
        purchases.send_purchase(number=order.number, by_mail=form.cleaned_data["by_mail"])


class AgainView(PurchaseOperation):
    """The mail once more."""

    permission = "inventory.send_purchaseorder"
    name = "again"
    done = gettext_lazy("The mail leaves once more.")

    def act(self, order: PurchaseOrder, form: Form) -> None:
        """Send again."""
        purchases.send_again(number=order.number)


class ConfirmView(PurchaseOperation):
    """What the supplier said."""

    permission = "inventory.send_purchaseorder"
    name = "confirm"
    done = gettext_lazy("It is written down.")

    def form(self, order: PurchaseOrder) -> Form:
        """Until when."""
        return asked.ConfirmForm(self.request.POST, auto_id="confirm-%s")

    def act(self, order: PurchaseOrder, form: Form) -> None:
        """Write down."""
        purchases.confirm_purchase(number=order.number, **form.cleaned_data)


class ReceiveView(PurchaseOperation):
    """Goods have arrived. A scanned code counts and asks again; without one the delivery is booked."""

    permission = "inventory.receive_purchaseorder"
    name = "receive"
    done = gettext_lazy("The delivery is booked, and what was kept is on the shelf.")

    def form(self, order: PurchaseOrder) -> Form:
        """What came."""
        lines = order.lines.select_related("variant").order_by("pk")
        return asked.ReceiveForm(list(lines), self.request.POST)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Count a scanned piece, or book."""
        form = self.form(self.row())
        if form.is_valid() and isinstance(form, asked.ReceiveForm) and form.scanned() is not None:
            return self.show({self.name: form.with_scanned()}, status=200)
        return super().post(request, **kwargs)

    def act(self, order: PurchaseOrder, form: Any) -> None:
        """Book."""
        told = form.cleaned_data
        receive_purchase(
            number=order.number,
            arrived=form.arrived(),
            op_key=f"desk:{told['key']}"[:100],
            delivery_note=told["delivery_note"],
            may_exceed=self.request.user.has_perm("inventory.accept_over_delivery"),
            is_last=told["is_last"],
        )


class RestView(PurchaseOperation):
    """Nothing more will come."""

    permission = "inventory.send_purchaseorder"
    name = "rest"
    done = gettext_lazy("What is missing is no longer expected.")

    def form(self, order: PurchaseOrder) -> Form:
        """Why."""
        return asked.ReasonForm(self.request.POST, auto_id="rest-%s")

    def act(self, order: PurchaseOrder, form: Form) -> None:
        """Give up."""
        purchases.give_up_rest(number=order.number, reason=form.cleaned_data["reason"])


class CancelView(PurchaseOperation):
    """Call the order off."""

    permission = "inventory.send_purchaseorder"
    name = "cancel"
    done = gettext_lazy("The order is called off. Tell the supplier if they have read it.")

    def form(self, order: PurchaseOrder) -> Form:
        """Why."""
        return asked.ReasonForm(self.request.POST, auto_id="cancel-%s")

    def act(self, order: PurchaseOrder, form: Form) -> None:
        """Cancel."""
        purchases.cancel_purchase(number=order.number, reason=form.cleaned_data["reason"])


class SettleView(PurchaseOperation):
    """A difference was settled with the supplier."""

    permission = "inventory.settle_difference"
    name = "settle"
    done = gettext_lazy("The difference is settled.")

    def slot(self) -> str:
        """Each delivery has a form of its own."""
        return f"settle-{self.kwargs['receipt']}"

    def form(self, order: PurchaseOrder) -> Form:
        """What was agreed. Raises `Http404` for a delivery of another order."""
        if not order.receipts.filter(pk=self.kwargs["receipt"]).exists():
            raise Http404
        return asked.SettleForm(self.request.POST, auto_id=f"settle-{self.kwargs['receipt']}-%s")

    def act(self, order: PurchaseOrder, form: Form) -> None:
        """Settle."""
        settle_difference(receipt_id=self.kwargs["receipt"], note=form.cleaned_data["note"])
