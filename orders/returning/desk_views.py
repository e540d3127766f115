"""The operators' screens of returns over HTTP: each view asks one permission and calls one action."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from core.errors import DomainError
from core.handing_over import hand_over
from core.money import Money, from_minor, round_half_up, to_minor
from orders.actions.refund_rows import shipping_left
from orders.actions.returns import address_for, approve_return, reject_return
from orders.actions.returns_closing import Settlement, close_return, replace_return, settle_return
from orders.actions.returns_receiving import Verdict, end_inspection, inspect_unit, receive_units
from orders.approving.asking import Deed, again_url, do_or_ask
from orders.approving.wishes import Wish
from orders.models import Order, OrderAttachment, Resolution, ReturnRequest
from orders.returning.desk_forms import ApproveForm, CloseForm, InspectForm, ReceiveForm, RejectForm, SettleForm
from orders.returning.desk_list import exact_return, return_list
from orders.returning.desk_page import desk_return
from orders.returning.files import put_away
from orders.returning.rules import FAULTS, WITHDRAWAL
from orders.returning.settling import proposals, proposed_delivery, with_deductions
from orders.returning.views import uploads
from orders.workspace.costly import outcome_of
from orders.workspace.forms import ConfirmRefundForm, KeyedForm, PressForm
from orders.workspace.operations import once
from orders.workspace.page import warehouse_choices
from orders.workspace.refunds import preview_refund
from orders.workspace.types import DeliveryBack
from orders.workspace.views import must, screen


class ReturnListView(View):
    """The list of returns. A number that is scanned into the search leads to its return."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page its address asks for."""
        must(request, "view_returnrequest")
        number = exact_return(request.GET.get("q", ""))
        if number:
            return HttpResponseRedirect(reverse("admin:workspace_return", args=[number]))
        page = return_list(request.GET.dict())
        return screen(request, "admin/orders/returns_list.html", title=page.title, page=page, kind="returns")


class ReturnScreen(View):
    """Everything that shows one return. A refused form comes back bound, under its own name, with its words."""

    def row(self) -> ReturnRequest:
        """The return of the address. Raises `Http404`."""
        found = ReturnRequest.objects.select_related("order", "refund").filter(number=self.kwargs["number"]).first()
        if found is None:
            raise Http404
        return found

    def back(self) -> HttpResponse:
        """To the return's page."""
        return HttpResponseRedirect(reverse("admin:workspace_return", args=[self.kwargs["number"]]))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page; an operation's address that is opened leads to it."""
        must(request, "view_returnrequest")
        return self.show()

    def show(self, bound: Mapping[str, Form] | None = None) -> HttpResponse:
        """The page; with 422 when a form on it was refused."""
        row, forms = self.row(), dict(bound or {})
        lines = list(row.lines.select_related("order_line__variant", "part__variant").prefetch_related("units"))
        page = desk_return(row, self.request.user, forms=_inspect_forms(row, forms))
        found = proposals(row) if page.allowed.refund else ()
        return screen(
            self.request,
            "admin/orders/returns_one.html",
            status=422 if bound else 200,
            title=row.number,
            page=page,
            refused=next(iter(forms.values()), None),
            approve_form=forms.get("approve") or ApproveForm(initial={"address": "\n".join(address_for(row))}),
            reject_form=forms.get("reject") or RejectForm(auto_id="reject-%s"),
            receive_form=forms.get("receive") or ReceiveForm(lines),
            end_form=PressForm(auto_id="end-%s"),
            settle_form=forms.get("settle") or SettleForm(found, delivery=delivery_of(row), to=_goes_to(row)),
            delivery=delivery_of(row),
            replace_form=forms.get("replace") or CloseForm(auto_id="replace-%s"),
            give_up_form=forms.get("give_up") or CloseForm(auto_id="give-up-%s"),
            close_form=forms.get("close") or CloseForm(auto_id="close-%s"),
        )


class ReturnOperation(ReturnScreen):
    """One deed. What is refused is said beside the form; a repeat is done once."""

    permission: ClassVar[str]
    name: ClassVar[str]
    done: ClassVar[str | Promise]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """People with the operation's own permission only."""
        must(request, self.permission)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """An operation's address that is opened leads to the return."""
        return self.back()

    def form(self, row: ReturnRequest) -> KeyedForm:
        """The form with what was sent."""
        raise NotImplementedError

    def act(self, row: ReturnRequest, form: Any) -> None:
        """Call the action."""
        raise NotImplementedError

    def slot(self) -> str:
        """Under which name the page shows this form."""
        return self.name

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The deed."""
        row = self.row()
        form = self.form(row)
        if form.is_valid() and once(f"return.{self.name}", row.order, form, lambda: self.act(row, form)):
            messages.success(request, str(self.done))
            return self.back()
        return self.show({self.slot(): form})


class ApproveView(ReturnOperation):
    """Agree to a return, with a label if there is one."""

    permission = "decide_return"
    name = "approve"
    done = gettext_lazy("The return is agreed, and the customer is told where to send the goods.")

    def form(self, row: ReturnRequest) -> KeyedForm:
        """Address, a word, a label."""
        return ApproveForm(self.request.POST, self.request.FILES)

    def act(self, row: ReturnRequest, form: Form) -> None:
        """Agree."""
        with put_away(uploads(self.request, "label"), takes_documents=True) as label:
            approve_return(
                return_number=row.number,
                address=form.cleaned_data["address"].splitlines(),
                answer=form.cleaned_data["answer"],
                label=label,
            )


class RejectView(ReturnOperation):
    """Decline a return."""

    permission = "decide_return"
    name = "reject"
    done = gettext_lazy("The return is declined, and the customer is told why.")

    def form(self, row: ReturnRequest) -> KeyedForm:
        """Why."""
        return RejectForm(self.request.POST, auto_id="reject-%s")

    def act(self, row: ReturnRequest, form: Form) -> None:
        """Decline."""
        reject_return(return_number=row.number, reason=form.cleaned_data["reason"])


class ReceiveView(ReturnOperation):
    """Goods have arrived."""

    permission = "receive_return"
    name = "receive"
    done = gettext_lazy("They are counted as arrived. Look at them one by one now.")

    def form(self, row: ReturnRequest) -> KeyedForm:
        """How many."""
        lines = row.lines.select_related("order_line__variant", "part__variant").prefetch_related("units")
        return ReceiveForm(list(lines), self.request.POST)

    def act(self, row: ReturnRequest, form: Any) -> None:
        """Count."""
        receive_units(return_number=row.number, counts=form.counts())


class InspectView(ReturnOperation):
    """Look at the next unit of a line."""

    permission = "receive_return"
    name = "inspect"
    done = gettext_lazy("It is booked.")

    def slot(self) -> str:
        """Each line has a form of its own."""
        return f"inspect-{self.kwargs['line']}"

    def form(self, row: ReturnRequest) -> KeyedForm:
        """What was seen."""
        if not row.lines.filter(pk=self.kwargs["line"]).exists():
            raise Http404
        return InspectForm(self.kwargs["line"], 1, warehouse_choices(), self.request.POST)

    def act(self, row: ReturnRequest, form: Form) -> None:
        """Book."""
        told = form.cleaned_data
        verdict = Verdict(
            nth=told["nth"],
            condition=told["condition"],
            fate=told["fate"],
            warehouse_code=told["warehouse"],
            note=told["note"],
            kept_minor=to_minor(round_half_up(told["kept"] or Decimal(0), row.order.currency)),
        )
        with put_away(uploads(self.request, "photos")) as photos:
            inspect_unit(return_number=row.number, line_id=self.kwargs["line"], verdict=verdict, photos=photos)


class EndView(ReturnOperation):
    """Nothing more will come."""

    permission = "receive_return"
    name = "end"
    done = gettext_lazy("The inspection is over. Settle the return now.")

    def form(self, row: ReturnRequest) -> KeyedForm:
        """The button."""
        return PressForm(self.request.POST)

    def act(self, row: ReturnRequest, form: Form) -> None:
        """End."""
        end_inspection(return_number=row.number)


class CloseView(ReturnOperation):
    """Close without money."""

    permission = "decide_return"
    name = "close"
    done = gettext_lazy("The return is done, and the customer is told.")

    def form(self, row: ReturnRequest) -> KeyedForm:
        """A word."""
        return CloseForm(self.request.POST, auto_id="close-%s")

    def act(self, row: ReturnRequest, form: Form) -> None:
        """Close."""
        close_return(return_number=row.number, answer=form.cleaned_data["answer"])


class ReplaceView(ReturnOperation):
    """Send the same again, free of charge."""

    permission = "reship_order"
    name = "replace"
    done = gettext_lazy("The same goods are on an order of their own and wait to be packed. The customer is told.")

    def form(self, row: ReturnRequest) -> KeyedForm:
        """A word."""
        return CloseForm(self.request.POST, auto_id="replace-%s")

    def act(self, row: ReturnRequest, form: Form) -> None:
        """Replace."""
        replace_return(return_number=row.number, answer=form.cleaned_data["answer"])


class SettleView(ReturnOperation):
    """Pay back: `step` preview shows exactly what will happen, confirm does it, change goes back."""

    permission = "refund_order"
    name = "settle"
    done = gettext_lazy("The return is done.")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Preview, change or confirm."""
        row = self.row()
        form = self._form(row)
        step = request.POST.get("step")
        if step == "change" or not form.is_valid():
            return self.show({"settle": form})
        if step == "confirm":
            return self._confirm(row, form)
        return self._preview(row, form)

    def _form(self, row: ReturnRequest) -> SettleForm:
        return SettleForm(proposals(row), self.request.POST, delivery=delivery_of(row))

    def _preview(self, row: ReturnRequest, form: SettleForm, *, refusal: str = "") -> HttpResponse:
        try:
            wishes = with_deductions(proposals(row), form.wishes())
            preview = preview_refund(row.order, wishes=wishes, shipping=form.delivery(), to=form.goes_to())
        except DomainError as reason:
            form.add_error(None, str(reason))
            return self.show({"settle": form})
        names = {(one.row.order_line_id, one.row.part_id): one.name for one in proposals(row)}
        return screen(
            self.request,
            "admin/orders/returns_refund.html",
            status=422 if refusal else 200,
            title=_("Refund of return %(number)s") % {"number": row.number},
            row=row,
            form=form,
            preview=preview,
            wishes=[(names[wish.line_id, wish.part_id], wish.quantity) for wish in form.wishes()],
            refusal=refusal,
            again_url=again_url(self.request, reverse("admin:workspace_return", args=[row.number])) if refusal else "",
        )

    def _confirm(self, row: ReturnRequest, form: SettleForm) -> HttpResponse:
        confirm = ConfirmRefundForm(self.request.POST)
        if not confirm.is_valid():
            return self._preview(row, form)
        shown = round_half_up(confirm.cleaned_data["shown"], row.order.currency)
        if once("return.settle", row.order, form, lambda: self._settle(row, form, shown)):
            messages.success(self.request, outcome_of(self.request, _settle_key(row, form), shown))
            return self.back()
        refusal = " ".join(str(sentence) for sentence in form.non_field_errors())
        fresh = self._form(self.row())
        if not fresh.is_valid():
            return self.show({"settle": form})
        return self._preview(self.row(), fresh, refusal=refusal)

    def _settle(self, row: ReturnRequest, form: SettleForm, shown: Money) -> None:
        settlement = Settlement(
            lines=form.wishes(), shipping=form.delivery(), reason=form.cleaned_data["reason"], to=form.goes_to()
        )
        deed = Deed(
            kind="return",
            wish=Wish(lines=settlement.lines, shipping=settlement.shipping, to=settlement.to, return_number=row.number),
            amount=shown,
            reason=settlement.reason,
            key=_settle_key(row, form),
            act=lambda: settle_return(return_number=row.number, settlement=settlement, shown=shown),
        )
        do_or_ask(self.request, row.order, deed)


class FileView(View):
    """A file of a return or a question, for operators who may see what it belongs to."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """The file as a download."""
        row = OrderAttachment.objects.filter(pk=self.kwargs["file"]).first()
        needed = "view_ticket" if row is not None and row.message_id else "view_returnrequest"
        if not request.user.has_perm(f"orders.{needed}"):
            raise PermissionDenied
        if row is None:
            raise Http404
        return hand_over(
            row.stored,
            called=row.called,
            content_type=row.content_type,
            size=row.size,
            by_proxy=settings.PRIVATE_FILES_BY_PROXY,
        )


def delivery_of(row: ReturnRequest) -> DeliveryBack:
    """How much of the delivery can be paid back, how much is proposed, and why."""
    order: Order = row.order
    left = from_minor(max(0, sum(shipping_left(order))), order.currency)
    proposed = min(proposed_delivery(order, row), left)
    why = ""
    if row.reason == WITHDRAWAL or row.reason in FAULTS:
        why = _("Standard delivery has to go back when all of the order comes back for this reason.")
    return DeliveryBack(left=left, proposed=proposed, why=why)


def _goes_to(row: ReturnRequest) -> str:
    """Where the customer wants the money."""
    return "credit" if row.resolution == Resolution.CREDIT else "methods"


def _inspect_forms(row: ReturnRequest, bound: Mapping[str, Form]) -> dict[int, Form]:
    """A form for the next unit of each line that has one."""
    places = warehouse_choices()
    first = row.order.fulfillments.order_by("position").values_list("warehouse_code", flat=True).first() or ""
    found: dict[int, Form] = {}
    for line in row.lines.prefetch_related("units"):
        seen = len(line.units.all())
        if seen < line.received_qty:
            refused = bound.get(f"inspect-{line.pk}")
            found[line.pk] = refused or InspectForm(line.pk, seen + 1, places, first=first)
    return found


def _settle_key(row: ReturnRequest, form: SettleForm) -> str:
    return f"admin:return:{row.number}:{form.cleaned_data['key']}"
