"""The operators' screen for splitting an order by seller: who gets which goods, what each costs, then the deed."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cart.types import TicketRow
from core.errors import DomainError
from core.money import Money
from orders.actions.changing_sellers import SellersAsked, split_by_seller
from orders.changes.errors import OrderMoved
from orders.changes.forms import SeenForm
from orders.changes.screens import ChangeScreen
from orders.changes.sellers import parts_by_seller
from orders.changes.standing import standing_of
from orders.models import Order, OrderLine
from orders.workspace.views import screen


@dataclass(frozen=True, kw_only=True)
class SellerGoods:
    """What a seller's own order would hold; `total` is known once it was tried."""

    seller: str
    lines: tuple[OrderLine, ...]
    stays: bool
    total: Money | None = None


class SplitBySellerView(ChangeScreen):
    """Each seller's goods become an order of that seller."""

    permission = "split_order"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Who sells what."""
        order = self.order()
        return self._page(order, SeenForm(order))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Preview, change or confirm."""
        order = self.order()
        form = SeenForm(order, request.POST)
        step = request.POST.get("step")
        if step == "change" or not form.is_valid():
            return self._page(order, form, status=200 if step == "change" else 422)
        if step != "confirm":
            return self._preview(order, form)
        try:
            orders = split_by_seller(number=order.number, asked=_asked(form))
        except OrderMoved:
            return self.moved(order, form)
        except DomainError as reason:
            form.add_error(None, str(reason))
            return self._page(self.order(), form, status=422)
        numbers = ", ".join(one.number for one in orders)
        messages.success(request, _("Each seller has an order now: %(numbers)s.") % {"numbers": numbers})
        return self.back()

    def _page(self, order: Order, form: SeenForm, *, status: int = 200) -> HttpResponse:
        try:
            parts = parts_by_seller(order, standing_of(order))
        except DomainError as reason:
            form.add_error(None, str(reason)) if form.is_bound else None
            parts, refusal = (), str(reason)
        else:
            refusal = ""
        goods = [
            SellerGoods(seller=part.seller.name, lines=tuple(one.line for one in part.lines), stays=at == 0)
            for at, part in enumerate(parts)
        ]
        return screen(
            self.request,
            "admin/orders/change_sellers.html",
            status=status,
            title=_("Split %(number)s by seller") % {"number": order.number},
            order=order,
            form=form,
            goods=goods,
            refusal="" if form.is_bound else refusal,
            can_split=len(goods) > 1,
        )

    def _preview(self, order: Order, form: SeenForm) -> HttpResponse:
        """Split once, and taken back."""
        try:
            with transaction.atomic():
                orders = [
                    (one.seller_name, one.total, list(one.lines.order_by("position")))
                    for one in Order.objects.filter(
                        pk__in=[done.pk for done in split_by_seller(number=order.number, asked=_asked(form))]
                    ).order_by("pk")
                ]
                transaction.set_rollback(True)
        except OrderMoved:
            return self.moved(order, form)
        except DomainError as reason:
            form.add_error(None, str(reason))
            return self._page(order, form, status=422)
        rows = [TicketRow(label=seller, amount=total) for seller, total, _lines in orders]
        return screen(
            self.request,
            "admin/orders/change_units_preview.html",
            title=_("Split %(number)s by seller") % {"number": order.number},
            button=_("Split the order"),
            order=order,
            form=form,
            chosen=[(line, line.quantity) for _seller, _total, lines in orders[1:] for line in lines],
            amounts=(*rows, TicketRow(label=_("Together"), amount=order.total, kind="total")),
            shown=None,
            sentences=(
                ngettext(
                    "%(count)d order is made beside this one, of another seller.",
                    "%(count)d orders are made beside this one, each of another seller.",
                    len(orders) - 1,
                )
                % {"count": len(orders) - 1},
                _("Delivery and taxes are shared by the worth of the goods, to the cent."),
                _("Nothing is paid or given back."),
                _("Each seller's invoices have that seller's name and numbers; what was invoiced before is credited."),
            ),
            refusal="",
        )


def _asked(form: SeenForm) -> SellersAsked:
    asked = form.cleaned_data
    return SellersAsked(version=asked["version"], reason=asked["reason"], key=f"admin:{asked['key']}")
