"""Orders, payments, parcels, refunds, changes, returns and exchanges in any sequence, with messages lost and doubled.

Hypothesis drives the shop's own actions against the sandbox, whose books are the oracle. After every step the deferred
constraints of the database hold and `check_integrity` finds nothing; at the end of an example everything is settled.
`ORDER_EXAMPLES` sets how many sequences are tried (200 unless told; nightly 2,000).
"""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from config import env
from inventory.models import StockItem
from payments.models import SandboxCharge
from tests.orders.machine.altering import Altering
from tests.orders.machine.buying import Buying
from tests.orders.machine.returning import Returning
from tests.orders.machine.shop import open_for_examples

EXAMPLES = int(env.text("ORDER_EXAMPLES", "200"))
STEPS = 10


class OrderMachine(Buying, Altering, Returning):
    """One shop, a few orders, and everybody who can do something to them."""


@pytest.mark.django_db
def test_any_sequence_of_deeds_keeps_money_goods_and_books_together() -> None:
    OrderMachine.shop = open_for_examples()
    run_state_machine_as_test(
        OrderMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=EXAMPLES <= 200,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_the_machine_finds_a_refund_that_is_booked_twice() -> None:
    """The control: money given back at the provider without the shop's knowledge is found by the oracle."""
    OrderMachine.shop = open_for_examples()
    machine = OrderMachine()
    machine.place([(0, 1)])
    machine.begin_to_pay(0, "succeed")
    machine.come_back(0)
    SandboxCharge.objects.filter(payment_ref__in=[one.ref for one in machine._own_payments()]).update(refunded_minor=1)

    with pytest.raises(AssertionError):
        machine.teardown()


@pytest.mark.django_db
def test_the_machine_finds_goods_that_are_promised_twice() -> None:
    """The control of what is asked after every step."""
    OrderMachine.shop = open_for_examples()
    machine = OrderMachine()
    machine.begin([2])
    machine.all_is_sound()
    StockItem.objects.update(allocated=0)

    with pytest.raises(AssertionError):
        machine.all_is_sound()
    machine.numbers.clear()
    machine.teardown()
