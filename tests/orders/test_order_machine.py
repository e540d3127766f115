"""Orders, payments, parcels, refunds, changes, returns and exchanges in any sequence, with messages lost and doubled.

Hypothesis drives the shop's own actions against the sandbox, whose books are the oracle. After every step the deferred
constraints of the database hold and `check_integrity` finds nothing; at the end of an example everything is settled.
`ORDER_EXAMPLES` sets how many sequences are tried (200 unless told, always the same ones; nightly 2,000 others).
"""

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from config import env
from inventory.models import StockItem
from payments.models import SandboxCharge
from tests.orders.machine.altering import Altering
from tests.orders.machine.buying import Buying
from tests.orders.machine.returning import Returning
from tests.orders.machine.shop import Shop, open_for_examples
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db

ALWAYS = 200
EXAMPLES = int(env.text("ORDER_EXAMPLES", str(ALWAYS)))
PARTS = 4
"""Processes share the examples: each part draws its own."""
STEPS = 10


@shared_world
def shop() -> Shop:
    return open_for_examples()


class OrderMachine(Buying, Altering, Returning):
    """One shop, a few orders, and everybody who can do something to them."""


@pytest.mark.parametrize("part", range(PARTS))
def test_any_sequence_of_deeds_keeps_money_goods_and_books_together(shop: Shop, part: int) -> None:
    OrderMachine.shop = shop
    machine = type("OrderMachine", (OrderMachine,), {})
    run_state_machine_as_test(
        machine if EXAMPLES > ALWAYS else seed(part)(machine),
        settings=settings(
            max_examples=max(1, EXAMPLES // PARTS),
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_machine_finds_a_refund_that_is_booked_twice(shop: Shop) -> None:
    """The control: money given back at the provider without the shop's knowledge is found by the oracle."""
    OrderMachine.shop = shop
    machine = OrderMachine()
    machine.place([(0, 1)])
    machine.begin_to_pay(0, "succeed")
    machine.come_back(0)
    SandboxCharge.objects.filter(payment_ref__in=[one.ref for one in machine._own_payments()]).update(refunded_minor=1)

    with pytest.raises(AssertionError):
        machine.teardown()


def test_the_machine_finds_goods_that_are_promised_twice(shop: Shop) -> None:
    """The control of what is asked after every step."""
    OrderMachine.shop = shop
    machine = OrderMachine()
    machine.begin([2])
    machine.all_is_sound()
    StockItem.objects.update(allocated=0)

    with pytest.raises(AssertionError):
        machine.all_is_sound()
    machine.numbers.clear()
    machine.teardown()
