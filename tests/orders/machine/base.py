"""What every part of the machine stands on: one example, its orders, and what must be true of them."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import ClassVar

from django.db import connection, transaction
from django.db.models import F
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from core.errors import DomainError
from core.money import to_minor
from orders.models import Lifecycle, Order, OrderLine, OrderReceipt
from payments.models import CreditAccount, Payment, SandboxCharge
from tests.orders.machine.shop import OF_TIME, Shop, on_the_shelf, settle_everything, should_be_on_the_shelf
from tests.soundness import broken

MOST_ORDERS = 5
Which = st.integers(0, 11)
Units = st.integers(1, 3)


class Example(RuleBasedStateMachine):
    """One example: some of the shop's orders, and those that come from them, until all is rolled back."""

    shop: ClassVar[Shop]

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example._from_testcase = True  # as Django's own test cases mark theirs
        self.example.__enter__()
        self.numbers: list[str] = []
        self.steps = 0
        self.has_placed = False

    @initialize(chosen=st.lists(Which, min_size=1, max_size=3))
    def begin(self, chosen: list[int]) -> None:
        for which in chosen:
            self._know(self.shop.orders[which % len(self.shop.orders)])

    def teardown(self) -> None:
        try:
            if self.numbers:
                settle_everything(self._own_payments())
                self.all_is_sound()
                self.nothing_is_left_over()
        finally:
            connection.set_rollback(True)
            self.example.__exit__(None, None, None)

    @invariant()
    def all_is_sound(self) -> None:
        """Of deferred constraints and of every integrity check, after every step."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert broken(*OF_TIME) == []

    def nothing_is_left_over(self) -> None:
        """When everything is settled: the provider's books, the shelves, and money nobody is owed."""
        charges = {charge.payment_ref: charge for charge in SandboxCharge.objects.all()}
        for payment in Payment.objects.filter(ref__in=charges):
            charge = charges[payment.ref]
            assert (payment.captured_minor, payment.refunded_minor) == (charge.captured_minor, charge.refunded_minor)
        ended = OrderReceipt.objects.filter(order__lifecycle__in=[Lifecycle.CANCELED, Lifecycle.EXPIRED])
        for row in ended.select_related("order"):
            assert to_minor(row.received) <= to_minor(row.refunded) + to_minor(row.disputed), row.order.number
        assert not CreditAccount.objects.filter(kind="exchange").exclude(balance_minor=0).exists()
        for variant in self.shop.items:
            assert on_the_shelf(variant) == should_be_on_the_shelf(variant)

    def _know(self, *numbers: str) -> None:
        """Orders that are acted on from now on."""
        self.numbers += [number for number in numbers if number not in self.numbers]

    def _try(self, act: Callable[[], object]) -> None:
        """The shop may say no; then nothing has changed, which the checks would notice."""
        with suppress(DomainError):
            act()

    def _order(self, which: int) -> Order:
        return Order.objects.get(number=self.numbers[which % len(self.numbers)])

    def _line(self, order: Order, which: int) -> OrderLine | None:
        """One of its lines; an order whose goods went into another one has none."""
        lines = list(order.lines.order_by("position"))
        return lines[which % len(lines)] if lines else None

    def _line_sent(self, which: int) -> OrderLine | None:
        """A line of any of the orders with units that were sent and are not back."""
        lines = OrderLine.objects.filter(order__number__in=self.numbers, qty_shipped__gt=F("qty_returned"))
        found = list(lines.select_related("order").order_by("pk"))
        return found[which % len(found)] if found else None

    def _payments(self, which: int) -> list[Payment]:
        """All payments of one order that reached the sandbox."""
        rows = Payment.objects.of_order(self._order(which).number)
        return list(rows.exclude(provider_ref="").exclude(provider="credit").order_by("pk"))

    def _own_payments(self) -> Iterable[Payment]:
        rows = Payment.objects.filter(order_ref__in=self.numbers)
        return list(rows.exclude(provider_ref="").exclude(provider="credit"))

    def _key(self) -> str:
        self.steps += 1
        return f"machine-{self.steps}"
