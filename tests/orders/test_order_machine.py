"""Orders, payments, parcels, refunds and cancellations in any sequence, with messages lost, doubled and late.

Hypothesis drives the shop's own actions against the sandbox, whose books are the oracle. After every step the deferred
constraints of the database hold; at the end of an example everything is settled and `check_integrity` finds nothing.
`ORDER_EXAMPLES` sets how many sequences are tried (200 unless told; nightly 2,000).
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import ClassVar

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from catalog.models import Variant
from config import env
from core.errors import DomainError
from core.integrity import registered, run
from core.money import from_minor
from core.outbox import drain
from inventory.models import StockItem
from markets.types import MarketContext
from orders.actions import (
    cancel_order,
    deliver_fulfillment,
    expire_order,
    refund_order,
    ship_fulfillment,
    take_back_units,
)
from orders.models import Lifecycle, Order, OrderLine
from orders.types import RefundWish
from payments.actions import (
    process_inbox,
    reconcile_undecided,
    refresh_payment,
    settle_payment,
    submit_due_refunds,
)
from payments.models import Payment, SandboxCharge, SandboxWebhook
from payments.providers.sandbox import delivery, world
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import payment_for, placed_order
from tests.factories.payments import choose_at_sandbox, fact

EXAMPLES = int(env.text("ORDER_EXAMPLES", "200"))
STOCK = 12
MOST_ORDERS = 3
BUTTONS = ("succeed", "succeed", "decline", "confirm", "confirm_yes", "confirm_no", "pending_succeed", "pending_fail")
OF_TIME = frozenset({"Q01", "Q02", "Q03", "P07", "P09", "S04"})
"""Checks that only say how long something waits."""
Which = st.integers(0, 11)


class OrderMachine(RuleBasedStateMachine):
    """One shop, a few orders, and everybody who can do something to them."""

    market: ClassVar[MarketContext]
    items: ClassVar[Sequence[Variant]]

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example._from_testcase = True  # as Django's own test cases mark theirs
        self.example.__enter__()
        self.numbers: list[str] = []
        self.steps = 0

    def teardown(self) -> None:
        try:
            if self.numbers:
                settle_everything()
                self.all_is_sound()
        finally:
            connection.set_rollback(True)
            self.example.__exit__(None, None, None)

    # The shopper

    @precondition(lambda self: len(self.numbers) < MOST_ORDERS)
    @rule(wanted=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), min_size=1, max_size=3))
    def place(self, wanted: list[tuple[int, int]]) -> None:
        with suppress(DomainError):
            order = placed_order(self.market, *((self.items[which], units) for which, units in dict(wanted).items()))
            self.numbers.append(order.number)

    @precondition(lambda self: self.numbers)
    @rule(which=Which)
    def begin_to_pay(self, which: int) -> None:
        with suppress(DomainError):
            payment_for(self._order(which))

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

    # The world outside

    @precondition(lambda self: self.numbers)
    @rule(which=Which, copies=st.integers(1, 3))
    def a_message_comes(self, which: int, copies: int) -> None:
        """Any message ever sent, in any order, once or several times."""
        messages = list(SandboxWebhook.objects.select_related("charge").order_by("pk"))
        if not messages:
            return
        for _ in range(copies):
            assert delivery.post(delivery.body_of(messages[which % len(messages)]), "http://testserver") == 200
        process_inbox()

    @rule()
    def late_results_come(self) -> None:
        SandboxCharge.objects.exclude(due_at=None).update(due_at=timezone.now())
        world.decide_due()

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

    # The operator

    @precondition(lambda self: self.numbers)
    @rule(which=Which)
    def cancel(self, which: int) -> None:
        self._try(lambda: cancel_order(number=self._order(which).number, reason="Asked for"))

    @precondition(lambda self: self.numbers)
    @rule(which=Which)
    def expire(self, which: int) -> None:
        self._try(lambda: expire_order(number=self._order(which).number))

    @precondition(lambda self: self.numbers)
    @rule(which=Which, line=Which, units=st.integers(0, 4), cents=st.integers(0, 500))
    def refund(self, which: int, line: int, units: int, cents: int) -> None:
        order = self._order(which)
        wishes = [RefundWish(line_id=self._line(order, line).pk, quantity=units)] if units else []
        self._try(
            lambda: refund_order(
                number=order.number,
                lines=wishes,
                shipping=from_minor(cents, order.currency),
                reason="Broken",
                key=f"machine-{self._step()}",
            )
        )

    @precondition(lambda self: self.numbers)
    @rule(which=Which, line=Which, units=st.integers(1, 4))
    def take_back(self, which: int, line: int, units: int) -> None:
        order = self._order(which)
        wish = RefundWish(line_id=self._line(order, line).pk, quantity=units)
        self._try(
            lambda: take_back_units(
                number=order.number, items=[wish], warehouse_code="LEJ", cause=f"machine-{self._step()}"
            )
        )

    @precondition(lambda self: self.numbers)
    @rule(which=Which)
    def ship(self, which: int) -> None:
        for parcel in self._order(which).fulfillments.order_by("position"):
            self._try(lambda pk=parcel.pk: ship_fulfillment(fulfillment_id=pk, carrier="DHL"))

    @precondition(lambda self: self.numbers)
    @rule(which=Which)
    def arrive(self, which: int) -> None:
        for parcel in self._order(which).fulfillments.order_by("position"):
            self._try(lambda pk=parcel.pk: deliver_fulfillment(fulfillment_id=pk))

    # The workers

    @rule()
    def workers_work(self) -> None:
        drain(limit=500)
        submit_due_refunds()

    @rule()
    def the_poller_asks(self) -> None:
        Payment.objects.undecided().update(poll_after=timezone.now())
        reconcile_undecided()

    # What must be true

    @invariant()
    def deferred_constraints_hold(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def all_is_sound(self) -> None:
        broken = [
            (found.check.code, found.check.sentence, found.examples)
            for found in run(registered())
            if found.count and found.check.code not in OF_TIME
        ]
        assert broken == []
        for charge in SandboxCharge.objects.all():
            payment = Payment.objects.get(ref=charge.payment_ref)
            assert (payment.captured_minor, payment.refunded_minor) == (charge.captured_minor, charge.refunded_minor)
        for order in Order.objects.filter(lifecycle__in=[Lifecycle.CANCELED, Lifecycle.EXPIRED]):
            kept = [row for row in Payment.objects.of_order(order.number) if row.refundable_minor]
            assert kept == [], order.number
        for variant in self.items:
            rows = OrderLine.objects.filter(variant=variant)
            away = sum(row.qty_shipped - row.qty_returned for row in rows)
            assert StockItem.objects.get(variant=variant).on_hand == STOCK - away

    def _try(self, act: Callable[[], object]) -> None:
        """The shop may say no; then nothing has changed, which the checks would notice."""
        with suppress(DomainError):
            act()

    def _order(self, which: int) -> Order:
        return Order.objects.get(number=self.numbers[which % len(self.numbers)])

    def _line(self, order: Order, which: int) -> OrderLine:
        lines = list(order.lines.order_by("position"))
        return lines[which % len(lines)]

    def _payments(self, which: int) -> list[Payment]:
        """All payments of one order that reached the sandbox."""
        rows = Payment.objects.of_order(self._order(which).number)
        return list(rows.exclude(provider_ref="").order_by("pk"))

    def _step(self) -> int:
        self.steps += 1
        return self.steps


def settle_everything() -> None:
    """What workers would do in the end: every message delivered, every promise kept, every doubt asked about."""
    for _ in range(6):
        delivery.deliver_due(limit=1000)
        process_inbox(limit=1000)
        drain(limit=1000)
        submit_due_refunds(limit=1000)
        for payment in Payment.objects.exclude(provider_ref=""):
            refresh_payment(payment_ref=payment.ref)


@pytest.mark.django_db
def test_any_sequence_of_deeds_keeps_money_goods_and_books_together() -> None:
    OrderMachine.market = open_shop()
    OrderMachine.items = [item_in(OrderMachine.market, price=price, stock=STOCK) for price in ("3.33", "19.99", "7.01")]
    run_state_machine_as_test(
        OrderMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=14,
            deadline=None,
            derandomize=EXAMPLES <= 200,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_the_machine_finds_a_refund_that_is_booked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: money given back at the provider without the shop's knowledge is found by the oracle."""
    OrderMachine.market = open_shop()
    OrderMachine.items = [item_in(OrderMachine.market, price="3.33", stock=STOCK)] * 3
    machine = OrderMachine()
    machine.place([(0, 1)])
    machine.begin_to_pay(0)
    machine.press(0, "succeed")
    machine.come_back(0)
    SandboxCharge.objects.update(refunded_minor=1)

    with pytest.raises(AssertionError):
        machine.teardown()
