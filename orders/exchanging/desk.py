"""The operators' screens of exchanges: settle a return against what is wanted, give an exchange up, begin one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cart.types import TicketRow
from catalog.models import Variant
from core.errors import DomainError
from core.money import Money, from_minor, round_half_up
from inventory.errors import OutOfStock
from orders.actions.exchanging import (
    Reckoned,
    Shown,
    exchange_of,
    give_up_exchange,
    reckon,
    settle_exchange,
)
from orders.actions.returns import ReturnItem, open_exchange
from orders.actions.returns_closing import Settlement
from orders.models import Order, ReturnRequest
from orders.returning.desk_forms import CloseForm, SettleForm
from orders.returning.desk_views import ReturnOperation, SettleView
from orders.returning.units import choices_of
from orders.workspace.forms import KeyedForm, QuantitiesForm
from orders.workspace.operations import once
from orders.workspace.views import WorkspaceScreen, must, screen


class ConfirmExchangeForm(forms.Form):
    """The two amounts that were shown."""

    worth = forms.DecimalField(widget=forms.HiddenInput)
    total = forms.DecimalField(widget=forms.HiddenInput)


class ExchangeView(SettleView):
    """Set what came back against what is wanted: `step` preview shows both amounts, confirm does exactly that."""

    name = "exchange"

    def _preview(self, row: ReturnRequest, form: SettleForm, *, refusal: str = "") -> HttpResponse:
        try:
            reckoned = reckon(row, exchange_of(row), _settlement(form))
        except OutOfStock:
            form.add_error(None, _("What is wanted is not in stock any more. Give the exchange up and pay back."))
            return self.show({"settle": form})
        except DomainError as reason:
            form.add_error(None, str(reason))
            return self.show({"settle": form})
        order = row.order
        return screen(
            self.request,
            "admin/orders/returns_exchange.html",
            status=422 if refusal else 200,
            title=_("Exchange of return %(number)s") % {"number": row.number},
            row=row,
            form=form,
            rows=amount_rows(order, reckoned),
            goods=_wanted(reckoned),
            worth=from_minor(reckoned.worth, order.currency),
            total=from_minor(reckoned.total, order.currency),
            due=from_minor(reckoned.due, order.currency) if reckoned.due else None,
            refusal=refusal,
        )

    def _confirm(self, row: ReturnRequest, form: SettleForm) -> HttpResponse:
        confirm = ConfirmExchangeForm(self.request.POST)
        if not confirm.is_valid():
            return self._preview(row, form)
        currency = row.order.currency
        shown = Shown(
            worth=round_half_up(confirm.cleaned_data["worth"], currency),
            total=round_half_up(confirm.cleaned_data["total"], currency),
        )

        def deed() -> None:
            settle_exchange(return_number=row.number, settlement=_settlement(form), shown=shown)

        if once("return.exchange", row.order, form, deed):
            messages.success(self.request, _("The exchange is an order of its own, and the customer is told."))
            return self.back()
        refusal = " ".join(str(sentence) for sentence in form.non_field_errors())
        fresh = self._form(self.row())
        if not fresh.is_valid():
            return self.show({"settle": form})
        return self._preview(self.row(), fresh, refusal=refusal)


class GiveUpView(ReturnOperation):
    """The exchange does not come: the return goes on and brings money back."""

    permission = "decide_return"
    name = "give_up"
    done = gettext_lazy("The exchange is given up, and the customer is told. The return brings money back now.")

    def form(self, row: ReturnRequest) -> KeyedForm:
        """Why."""
        return CloseForm(self.request.POST, auto_id="give-up-%s")

    def act(self, row: ReturnRequest, form: Form) -> None:
        """Give up."""
        give_up_exchange(return_number=row.number, reason=form.cleaned_data["answer"])


class OpenExchangeForm(QuantitiesForm):
    """Which units of the order are exchanged, and the SKU of what is sent for each line."""

    note = forms.CharField(
        label=gettext_lazy("Why?"), max_length=200, widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("The customer reads it by email and on the page of the return."),
    )  # fmt: skip

    def __init__(self, order: Order, data: Any = None) -> None:
        super().__init__(data, auto_id="exchange-%s")
        self.rows = [one for one in choices_of(order) if one.part is None and one.unit.left]
        self.add_quantities(
            [(one.line.pk, one.unit.left, 0, _("Exchange: %(product)s") % {"product": one.name}) for one in self.rows]
        )
        for one in self.rows:
            label = _("SKU to send for %(product)s") % {"product": one.name}
            self.fields[f"wanted_{one.line.pk}"] = forms.CharField(label=label, max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        """What is exchanged needs the SKU of something else."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        for key, count in self.chosen():
            sku = str(found.get(f"wanted_{key}") or "").strip()
            if count and not Variant.objects.filter(sku=sku, status=Variant.Status.ACTIVE).exists():
                self.add_error(f"wanted_{key}", _("There is no active variant with this SKU."))
        return found

    def items(self) -> list[ReturnItem]:
        """What is asked for."""
        skus = {key: str(self.cleaned_data[f"wanted_{key}"]).strip() for key, count in self.chosen() if count}
        ids = dict(Variant.objects.filter(sku__in=skus.values()).values_list("sku", "pk"))
        return [
            ReturnItem(line_id=int(key), quantity=count, wanted_id=ids.get(skus[key]))
            for key, count in self.chosen()
            if count
        ]


class OpenExchangeView(WorkspaceScreen):
    """Exchange goods of an order for its customer, without their asking on the website."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form."""
        must(request, "decide_return")
        return self._page(OpenExchangeForm(self.order()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Begin the exchange; the return's page follows."""
        must(request, "decide_return")
        order = self.order()
        form = OpenExchangeForm(order, request.POST)
        made: list[ReturnRequest] = []

        def deed() -> None:
            note, key = form.cleaned_data["note"], f"desk:{form.cleaned_data['key']}"[:64]
            made.append(open_exchange(number=order.number, items=form.items(), note=note, key=key))

        if form.is_valid() and once("order.exchange", order, form, deed):
            messages.success(request, _("The exchange is agreed, and the customer is told where to send the goods."))
            if made:
                return HttpResponseRedirect(reverse("admin:workspace_return", args=[made[0].number]))
            return HttpResponseRedirect(reverse("admin:workspace_order", args=[order.number]))
        return self._page(form, status=422)

    def _page(self, form: OpenExchangeForm, *, status: int = 200) -> HttpResponse:
        order = self.order()
        return screen(
            self.request,
            "admin/orders/exchange_new.html",
            status=status,
            title=_("Exchange goods of order %(number)s") % {"number": order.number},
            order=order,
            form=form,
        )


def _settlement(form: SettleForm) -> Settlement:
    return Settlement(lines=form.wishes(), shipping=form.delivery(), reason=form.cleaned_data["reason"])


def amount_rows(order: Order, reckoned: Reckoned) -> tuple[TicketRow, ...]:
    """What came back against what is sent, and where the difference goes."""

    def money(minor: int) -> Money:
        return from_minor(minor, order.currency)

    rows = [
        TicketRow(label=_("Worth of what came back"), amount=money(reckoned.worth)),
        TicketRow(label=_("What is sent instead, with tax"), amount=money(reckoned.total)),
        TicketRow(label=_("Set against each other"), amount=money(reckoned.credit)),
    ]
    if reckoned.back:
        rows.append(TicketRow(label=_("Goes back the way it was paid"), amount=money(reckoned.back), kind="total"))
    if reckoned.due:
        rows.append(TicketRow(label=_("The customer still pays"), amount=money(reckoned.due), kind="total"))
    return tuple(rows)


def _wanted(reckoned: Reckoned) -> tuple[str, ...]:
    if reckoned.priced is None:
        return ()
    lines = reckoned.priced.quote.lines
    return tuple(f"{line.quantity} × {' '.join(filter(None, (line.name, line.options_text)))}" for line in lines)
