"""Orders that are changed after they were placed: other quantities, other goods, split, merged, sent again."""

from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from core.errors import DomainError
from orders.actions.changing import Asked, change_order, withdraw_change
from orders.actions.changing_merge import merge_orders
from orders.actions.changing_parts import CancelAsked, cancel_part, money_back, units_to_cancel
from orders.actions.changing_reship import send_again
from orders.actions.changing_sellers import SellersAsked, split_by_seller
from orders.actions.changing_split import SplitAsked, split_off
from orders.changes.pricing import project
from orders.changes.types import Added, Plan
from orders.models import ChangeState, Order, OrderChange
from orders.types import ShipItem
from payments.actions import refresh_payment, start_payment
from payments.actions.opening import open_difference
from tests.factories.payments import SITE, choose_at_sandbox
from tests.orders.machine.base import MOST_ORDERS, Example, Units, Which


class Altering(Example):
    """Operators who change orders as they were shown, and customers who pay what that costs."""

    @precondition(lambda self: self.numbers)
    @rule(which=Which, line=Which, quantity=st.integers(0, 4), added=st.none() | st.integers(0, 2))
    def edit(self, which: int, line: int, quantity: int, added: int | None) -> None:
        order = self._order(which)
        chosen = self._line(order, line)
        new = () if added is None else (Added(variant_id=self.shop.items[added].pk, quantity=1),)
        plan = Plan(quantities={chosen.pk: quantity} if chosen else {}, added=new)
        self._try(lambda: self._change(order, plan))

    @precondition(lambda self: self.numbers)
    @rule(which=Which, button=st.sampled_from(["succeed", "succeed", "decline", "confirm", "pending_succeed"]))
    def pay_for_a_change(self, which: int, button: str) -> None:
        change = self._waiting(which)
        if change is None:
            return
        order = change.order
        try:
            payment = open_difference(
                order_ref=order.number, amount=change.delta_total, provider="sandbox", method="card", key=self._key()
            )
            start_payment(
                payment_ref=payment.ref, email=order.email, market=order.market, language=order.language,
                return_url=SITE, cancel_url=SITE,
            )  # fmt: skip
        except DomainError:
            return
        choose_at_sandbox(payment, button)
        refresh_payment(payment_ref=payment.ref)

    @precondition(lambda self: self.numbers)
    @rule(which=Which)
    def give_a_change_up(self, which: int) -> None:
        change = self._waiting(which)
        if change is not None:
            self._try(partial(withdraw_change, number=change.order.number))

    @precondition(lambda self: self.numbers)
    @rule(which=Which, line=Which, units=Units)
    def cancel_some(self, which: int, line: int, units: int) -> None:
        order = self._order(which)
        items = self._items(order, line, units)
        self._try(lambda: self._cancel_some(order, items))

    @precondition(lambda self: self.numbers and len(self.numbers) < MOST_ORDERS)
    @rule(which=Which, line=Which, units=Units)
    def split(self, which: int, line: int, units: int) -> None:
        order = self._order(which)
        items = self._items(order, line, units)
        asked = SplitAsked(items=items, version=order.version, reason="Apart", key=self._key())
        self._try(lambda: self._know(split_off(number=order.number, asked=asked).number))

    @precondition(lambda self: self.numbers and len(self.numbers) < MOST_ORDERS)
    @rule(which=Which)
    def split_by_seller(self, which: int) -> None:
        order = self._order(which)
        asked = SellersAsked(version=order.version, reason="Each their own", key=self._key())
        self._try(lambda: self._know(*(one.number for one in split_by_seller(number=order.number, asked=asked))))

    @precondition(lambda self: len(self.numbers) > 1)
    @rule(which=Which, other=Which)
    def merge(self, which: int, other: int) -> None:
        one, two = self._order(which).number, self._order(other).number
        self._try(partial(merge_orders, number=one, other=two, reason="Together", key=self._key()))

    @precondition(lambda self: self.numbers and len(self.numbers) < MOST_ORDERS)
    @rule(which=Which, line=Which, units=Units)
    def send_once_more(self, which: int, line: int, units: int) -> None:
        order = self._order(which)
        again = partial(send_again, number=order.number, items=self._items(order, line, units), reason="It was lost")
        self._try(lambda: self._know(again(key=self._key()).number))

    def _waiting(self, which: int) -> OrderChange | None:
        """A change of any of the orders that waits for its payment."""
        waiting = OrderChange.objects.filter(order__number__in=self.numbers, state=ChangeState.REQUESTED)
        found = list(waiting.select_related("order").order_by("pk"))
        return found[which % len(found)] if found else None

    def _change(self, order: Order, plan: Plan) -> None:
        shown = project(order, plan).difference
        asked = Asked(version=order.version, shown=shown, reason="Asked for", key=self._key())
        change_order(number=order.number, plan=plan, asked=asked)

    def _cancel_some(self, order: Order, items: tuple[ShipItem, ...]) -> None:
        shown = money_back(order, units_to_cancel(order, items))
        asked = CancelAsked(items=items, version=order.version, shown=shown, reason="Too many", key=self._key())
        cancel_part(number=order.number, asked=asked)

    def _items(self, order: Order, line: int, units: int) -> tuple[ShipItem, ...]:
        chosen = self._line(order, line)
        return (ShipItem(line_id=chosen.pk, quantity=units),) if chosen else ()
