"""The operators' screens for units of an order: canceled before they leave, sent apart, sent again; and merging."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cart.types import TicketRow
from core.errors import DomainError
from core.money import format_money
from inventory.sourcing.decisions import has_decision
from orders.actions.changing_merge import merge_orders, why_not_merge
from orders.actions.changing_parts import CancelAsked, cancel_part, money_back, units_to_cancel
from orders.actions.changing_places import movable, move_units
from orders.actions.changing_reship import send_again, units_to_send_again
from orders.actions.changing_split import SplitAsked, split_off
from orders.changes.errors import OrderMoved
from orders.changes.forms import MergeForm, PlaceForm, UnitsForm
from orders.changes.screens import ChangeScreen
from orders.changes.sellers import has_several_sellers
from orders.changes.standing import standing_of
from orders.models import Lifecycle, Order, OrderLine
from orders.workspace.page import warehouse_choices
from orders.workspace.views import screen

MOST = 20
"""How many other orders of a customer are offered for merging."""


class UnitsScreen(ChangeScreen):
    """Choose units of lines, see what follows, do it."""

    heading: ClassVar[str | Promise]
    question: ClassVar[str | Promise]
    button: ClassVar[str | Promise]

    def choices(self, order: Order) -> list[tuple[OrderLine, int]]:
        """Lines with how many units can be chosen."""
        raise NotImplementedError

    def preview(self, order: Order, form: UnitsForm) -> tuple[Sequence[TicketRow], Sequence[str]]:
        """Amounts and sentences. Raises what the deed would."""
        raise NotImplementedError

    def act(self, order: Order, form: UnitsForm) -> str:
        """The deed; what to say when it is done."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The lines."""
        order = self.order()
        return self.page(order, self.form(order))

    def form(self, order: Order, data: Any = None) -> UnitsForm:
        """The form, empty or with what was sent."""
        return UnitsForm(order, self.choices(order), data)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Preview, change or confirm."""
        order = self.order()
        form = self.form(order, request.POST)
        if not form.is_valid() or request.POST.get("step") == "change":
            return self.page(order, form, status=200 if request.POST.get("step") == "change" else 422)
        if request.POST.get("step") != "confirm":
            return self._preview(order, form)
        try:
            done = self.act(order, form)
        except OrderMoved:
            return self.moved(order, form)
        except DomainError as reason:
            return self._preview(self.order(), form, refusal=str(reason))
        messages.success(request, done)
        return self.back()

    def page(self, order: Order, form: UnitsForm, *, status: int = 200) -> HttpResponse:
        """The form."""
        rows = [(line, most, form[f"line_{line.pk}"]) for line, most in self.choices(order)]
        return screen(
            self.request,
            "admin/orders/change_units.html",
            status=status,
            title=self.heading % {"number": order.number},
            question=self.question,
            order=order,
            form=form,
            rows=rows,
            **self.beside(order),
        )

    def beside(self, order: Order) -> dict[str, object]:
        """What else the page shows."""
        return {}

    def _preview(self, order: Order, form: UnitsForm, *, refusal: str = "") -> HttpResponse:
        try:
            amounts, sentences = self.preview(order, form)
        except DomainError as reason:
            form.add_error(None, str(reason))
            return self.page(order, form, status=422)
        names = {line.pk: line for line, _most in self.choices(order)}
        return screen(
            self.request,
            "admin/orders/change_units_preview.html",
            status=422 if refusal else 200,
            title=self.heading % {"number": order.number},
            button=self.button,
            order=order,
            form=form,
            chosen=[(names[item.line_id], item.quantity) for item in form.items() if item.line_id in names],
            amounts=amounts,
            shown=amounts[-1].amount if amounts else None,
            sentences=sentences,
            refusal=refusal,
        )


class CancelPartView(UnitsScreen):
    """Units that have not left are canceled, and their money goes back."""

    permission = "cancel_order"
    heading = gettext_lazy("Cancel a part of %(number)s")
    question = gettext_lazy("How many units of each line are canceled?")
    button = gettext_lazy("Cancel these units")

    def choices(self, order: Order) -> list[tuple[OrderLine, int]]:
        """What has not left."""
        lines = order.lines.prefetch_related("parts").order_by("position")
        return [(line, line.qty_open) for line in lines if line.requires_shipping and line.qty_open]

    def preview(self, order: Order, form: UnitsForm) -> tuple[Sequence[TicketRow], Sequence[str]]:
        """What goes back."""
        back = money_back(order, units_to_cancel(order, form.items()))
        return (
            (TicketRow(label=_("Customer receives"), amount=back, kind="total"),),
            (
                _("The units are taken out of their parcels and can be sold again."),
                _("The delivery stays paid. The customer is told when the money is sent."),
            ),
        )

    def act(self, order: Order, form: UnitsForm) -> str:
        """Cancel."""
        asked = form.cleaned_data
        change = cancel_part(
            number=order.number,
            asked=CancelAsked(
                items=form.items(),
                version=asked["version"],
                shown=self.shown(order),
                reason=asked["reason"],
                key=f"admin:{asked['key']}",
            ),
        )
        amount = format_money(-change.delta_total, get_language() or "en")
        return _("The units are canceled. %(amount)s go back to the customer.") % {"amount": amount}


class SplitView(UnitsScreen):
    """Units become an order of their own."""

    permission = "split_order"
    heading = gettext_lazy("Split %(number)s")
    question = gettext_lazy("How many units of each line leave for an order of their own?")
    button = gettext_lazy("Split the order")

    def beside(self, order: Order) -> dict[str, object]:
        """The way to a split by seller, where there is more than one."""
        return {"by_seller": has_several_sellers(order)}

    def choices(self, order: Order) -> list[tuple[OrderLine, int]]:
        """What may still change."""
        standing = standing_of(order)
        return [(one.line, one.line.quantity) for one in standing.lines if one.may_change or _is_presale(one.line)]

    def preview(self, order: Order, form: UnitsForm) -> tuple[Sequence[TicketRow], Sequence[str]]:
        """What each of the two costs: split once, and taken back."""
        with transaction.atomic():
            child = split_off(number=order.number, asked=self._asked(form))
            rest = Order.objects.get(pk=order.pk)
            transaction.set_rollback(True)
        return (
            (
                TicketRow(label=_("This order"), amount=rest.total),
                TicketRow(label=_("The new order"), amount=child.total),
                TicketRow(label=_("Together"), amount=order.total, kind="total"),
            ),
            (
                _("Delivery and taxes are shared by the worth of the goods, to the cent."),
                _("Nothing is paid or given back."),
                _("Both are packed, sent, refunded and canceled by themselves."),
            ),
        )

    def act(self, order: Order, form: UnitsForm) -> str:
        """Split."""
        child = split_off(number=order.number, asked=self._asked(form))
        return _("The order is split. The new one is %(number)s.") % {"number": child.number}

    def _asked(self, form: UnitsForm) -> SplitAsked:
        asked = form.cleaned_data
        return SplitAsked(
            items=form.items(), version=asked["version"], reason=asked["reason"], key=f"admin:{asked['key']}"
        )


def _is_presale(line: OrderLine) -> bool:
    return line.releases_on is not None and not line.qty_shipped and not line.qty_canceled


class AgainView(UnitsScreen):
    """Units that had left are sent once more, free of charge."""

    permission = "reship_order"
    heading = gettext_lazy("Send goods of %(number)s again")
    question = gettext_lazy("How many units of each line are sent again?")
    button = gettext_lazy("Send again")

    def choices(self, order: Order) -> list[tuple[OrderLine, int]]:
        """What has left."""
        lines = order.lines.prefetch_related("parts").order_by("position")
        return [(line, line.qty_shipped) for line in lines if line.requires_shipping and line.qty_shipped]

    def preview(self, order: Order, form: UnitsForm) -> tuple[Sequence[TicketRow], Sequence[str]]:
        """What will be made."""
        units_to_send_again(order, form.items())
        return (), (
            _("A new order is made that costs nothing, and its goods are taken from stock."),
            _("Customs are told what the goods are worth."),
        )

    def act(self, order: Order, form: UnitsForm) -> str:
        """Send again."""
        asked = form.cleaned_data
        child = send_again(number=order.number, items=form.items(), reason=asked["reason"], key=f"admin:{asked['key']}")
        return _("The goods are sent again as order %(number)s.") % {"number": child.number}


class PlaceView(UnitsScreen):
    """Units leave from another warehouse."""

    permission = "split_order"
    heading = gettext_lazy("Send goods of %(number)s from another warehouse")
    question = gettext_lazy("How many units of each line leave from there?")
    button = gettext_lazy("Move them")

    def choices(self, order: Order) -> list[tuple[OrderLine, int]]:
        """What is planned and not being packed."""
        return movable(order)

    def form(self, order: Order, data: Any = None) -> UnitsForm:
        """With the warehouses there are."""
        return PlaceForm(
            order, self.choices(order), data, places=warehouse_choices(), overrules=has_decision(order.number)
        )

    def preview(self, order: Order, form: UnitsForm) -> tuple[Sequence[TicketRow], Sequence[str]]:
        """Where they go: moved once, and taken back."""
        with transaction.atomic():
            self.act(order, form)
            transaction.set_rollback(True)
        place = dict(warehouse_choices()).get(form.cleaned_data["place"], "")
        return (), (
            _("The units are set aside in %(place)s and leave from there.") % {"place": place},
            _("What they had in their warehouse can be sold again. Nothing is paid or given back."),
        )

    def act(self, order: Order, form: UnitsForm) -> str:
        """Move."""
        asked = form.cleaned_data
        move_units(
            number=order.number,
            items=form.items(),
            warehouse_code=asked["place"],
            version=asked["version"],
            reason=asked.get("reason", ""),
        )
        return _("The units leave from another warehouse now.")


class MergeView(ChangeScreen):
    """Another order of the customer comes in."""

    permission = "split_order"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The customer's other orders, each with what speaks against it."""
        order = self.order()
        return self._page(order, MergeForm(order))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Preview or confirm."""
        order = self.order()
        form = MergeForm(order, request.POST)
        if not form.is_valid():
            return self._page(order, form, status=422)
        other = Order.objects.filter(number=form.cleaned_data["other"], email_hash=order.email_hash).first()
        reasons = why_not_merge(order, other) if other is not None else (_("There is no such order."),)
        if other is None or reasons:
            for reason in reasons:
                form.add_error(None, reason)
            return self._page(order, form, status=422)
        if request.POST.get("step") != "confirm":
            return self._preview(order, other, form)
        if order.version != form.cleaned_data["version"]:
            return self.moved(order, form)
        try:
            merge_orders(
                number=order.number,
                other=other.number,
                reason=form.cleaned_data["reason"],
                key=f"admin:{form.cleaned_data['key']}",
            )
        except DomainError as reason:
            form.add_error(None, str(reason))
            return self._page(order, form, status=422)
        messages.success(request, _("Order %(number)s is part of this order now.") % {"number": other.number})
        return self.back()

    def _page(self, order: Order, form: MergeForm, *, status: int = 200) -> HttpResponse:
        others = Order.objects.filter(
            email_hash=order.email_hash, lifecycle__in=[Lifecycle.PENDING_PAYMENT, Lifecycle.CONFIRMED]
        ).exclude(pk=order.pk)
        found = [(other, why_not_merge(order, other)) for other in others.order_by("-placed_at")[:MOST]]
        return screen(
            self.request,
            "admin/orders/change_merge.html",
            status=status,
            title=_("Merge into %(number)s") % {"number": order.number},
            order=order,
            form=form,
            others=found,
        )

    def _preview(self, order: Order, other: Order, form: MergeForm) -> HttpResponse:
        amounts = (
            TicketRow(label=order.number, amount=order.total),
            TicketRow(label=other.number, amount=other.total),
            TicketRow(label=_("Together"), amount=order.total + other.total, kind="total"),
        )
        sentences = [
            _("Goods, parcels, taxes and payments of both become this order; the other one is closed."),
            _("Nothing is paid or given back."),
        ]
        return screen(
            self.request,
            "admin/orders/change_units_preview.html",
            title=_("Merge into %(number)s") % {"number": order.number},
            button=_("Merge the orders"),
            order=order,
            form=form,
            chosen=[(line, line.quantity) for line in other.lines.order_by("position")],
            amounts=amounts,
            shown=None,
            sentences=sentences,
            refusal="",
        )
