"""Placing, paying, sending, refunding and canceling, with the messages about money lost, doubled and late."""

from functools import partial

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from core.errors import DomainError
from core.money import from_minor
from orders.actions import (
    cancel_order,
    deliver_fulfillment,
    expire_order,
    refund_order,
    ship_fulfillment,
    take_back_units,
)
from orders.actions.trail import money_facts
from orders.models import Order
from orders.types import RefundWish
from payments.actions import process_inbox, reconcile_undecided, refresh_payment, settle_payment, submit_due_refunds
from payments.models import Payment, SandboxCharge, SandboxWebhook
from payments.providers.sandbox import delivery, world
from tests.factories.orders import placed_order
from tests.factories.payments import choose_at_sandbox, fact, started
from tests.orders.machine.base import MOST_ORDERS, Example, Units, Which
from tests.orders.machine.shop import do_what_waits

BUTTONS = ("succeed", "succeed", "decline", "confirm", "confirm_yes", "confirm_no", "pending_succeed", "pending_fail")


def due_of(order: Order) -> int:
    """What a page would ask for: the rest; all of it again where nothing is due, which is a mistake worth trying."""
    facts = money_facts(order)
    return max(0, facts.total - facts.received) or facts.total


class Buying(Example):
    """Shoppers, providers, operators and workers around an order that nobody changes."""

    @precondition(lambda self: not self.has_placed and len(self.numbers) < MOST_ORDERS)
    @rule(wanted=st.lists(st.tuples(st.integers(0, 2), Units), min_size=1, max_size=2))
    def place(self, wanted: list[tuple[int, int]]) -> None:
        self.has_placed = True  # it costs as much as ten other deeds
        items = ((self.shop.items[which], units) for which, units in dict(wanted).items())
        self._try(lambda: self._know(placed_order(self.shop.market, *items).number))

    @precondition(lambda self: self.numbers)
    @rule(which=Which, button=st.sampled_from(["", *BUTTONS]))
    def begin_to_pay(self, which: int, button: str) -> None:
        order = self._order(which)
        try:
            payment = started(from_minor(due_of(order), order.currency), order=order.number)
        except DomainError:
            return
        if button:
            choose_at_sandbox(payment, button)

    @precondition(lambda self: self.numbers)
    @rule(which=Which, button=st.sampled_from(BUTTONS))
    def press(self, which: int, button: str) -> None:
        for payment in self._payments(which):
            choose_at_sandbox(payment, button)

    @precondition(lambda self: self.numbers)
    @rule(which=Which)
    def come_back(self, which: int) -> None:
        for payment in self._payments(which):
            refresh_payment(payment_ref=payment.ref, source="return")

    @precondition(lambda self: self.numbers)
    @rule(which=Which, copies=st.integers(1, 3))
    def a_message_comes(self, which: int, copies: int) -> None:
        """Any message ever sent about these orders, in any order, once or several times."""
        refs = [payment.ref for payment in self._own_payments()]
        messages = list(SandboxWebhook.objects.filter(charge__payment_ref__in=refs).order_by("pk"))
        for _ in range(copies if messages else 0):
            body = delivery.body_of(messages[which % len(messages)])
            assert delivery.post(body, "http://testserver") == 200
        process_inbox()

    @precondition(lambda self: self.numbers)
    @rule(which=Which, won=st.booleans())
    def a_bank_disputes(self, which: int, won: bool) -> None:
        for payment in self._payments(which)[:1]:
            if payment.refundable_minor < 1:
                continue
            kinds = ("disputed", "dispute_reversed") if won else ("disputed",)
            for kind in kinds:
                report = fact(payment, kind, payment.refundable, fact_ref=f"{kind}-{payment.disputed_minor}")
                settle_payment(payment_ref=payment.ref, fact=report)

    @precondition(lambda self: self.numbers)
    @rule(which=Which, expires=st.booleans())
    def end(self, which: int, expires: bool) -> None:
        number = self._order(which).number
        if expires:
            self._try(lambda: expire_order(number=number))
        else:
            self._try(lambda: cancel_order(number=number, reason="Asked for"))

    @precondition(lambda self: self.numbers)
    @rule(which=Which, line=Which, units=st.integers(0, 3), cents=st.integers(0, 500))
    def refund(self, which: int, line: int, units: int, cents: int) -> None:
        order = self._order(which)
        chosen = self._line(order, line)
        wishes = [RefundWish(line_id=chosen.pk, quantity=units)] if units and chosen else []
        money = from_minor(cents, order.currency)
        ask = partial(refund_order, number=order.number, lines=wishes, shipping=money, reason="Broken")
        self._try(partial(ask, key=self._key()))

    @precondition(lambda self: self.numbers)
    @rule(which=Which, line=Which, units=Units)
    def take_back(self, which: int, line: int, units: int) -> None:
        order = self._order(which)
        chosen = self._line(order, line)
        if chosen is not None:
            items = [RefundWish(line_id=chosen.pk, quantity=units)]
            take = partial(take_back_units, number=order.number, items=items, warehouse_code="LEJ")
            self._try(partial(take, cause=self._key()))

    @precondition(lambda self: self.numbers)
    @rule(which=Which, arrives=st.booleans())
    def send(self, which: int, arrives: bool) -> None:
        for parcel in self._order(which).fulfillments.order_by("position"):
            self._try(partial(ship_fulfillment, fulfillment_id=parcel.pk, carrier="DHL"))
            if arrives:
                self._try(partial(deliver_fulfillment, fulfillment_id=parcel.pk))

    @precondition(lambda self: self.numbers)
    @rule(what=st.sampled_from(["work", "work", "poll", "decide"]), repeat=st.integers(1, 2))
    def time_passes(self, what: str, repeat: int) -> None:
        """Workers work, the poller asks, or what a provider had still to decide is decided."""
        for _ in range(repeat):
            if what == "decide":
                SandboxCharge.objects.exclude(due_at=None).update(due_at=timezone.now())
                world.decide_due()
            elif what == "poll":
                Payment.objects.undecided().update(poll_after=timezone.now())
                reconcile_undecided()
            else:
                do_what_waits()
                submit_due_refunds()
