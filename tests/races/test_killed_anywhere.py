"""The process dies before or after any commit between "order now" and "refunded"; a new one finishes the work.

Only what was committed can survive a death, so the moments around commits (ours and the sandbox's, which stands for the
provider's) are all the moments there are. Each is tried in a forked process that ends as `kill -9` ends one. Then the
shopper and the workers do everything again, as they would, with the same keys; nothing may be lost or doubled.
`KILL_EVERY=1` tries every moment; `make test` tries every fifth, before and after commits in turn.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.db.models import Q
from django.utils import timezone

from catalog.models import Variant
from checkout.actions import Way, complete_checkout, pay_order
from checkout.entry import Entry
from checkout.risk import Person
from config import env
from core.integrity import registered, run
from core.models import OutboxMessage
from core.money import to_minor
from core.outbox import drain
from inventory.models import StockItem
from markets.types import MarketContext
from orders.actions import refund_order, ship_fulfillment
from orders.models import Lifecycle, Order, OrderRefund, PaymentState
from orders.types import RefundWish
from payments.actions import process_inbox, refresh_payment, submit_due_refunds
from payments.models import Payment, PaymentEvent, Refund, SandboxCharge, SandboxMovement, SandboxWebhook
from payments.providers.sandbox import delivery
from tests.factories.cart import cart_with, item_in, open_shop
from tests.factories.checkout import seen, typed
from tests.factories.payments import choose_at_sandbox

pytestmark = pytest.mark.django_db(transaction=True)

EVERY = int(env.text("KILL_EVERY", "5"))
KILLED = 137
FINISHED = 0
WAY = Way(return_url="http://testserver/back/", cancel_url="http://testserver/stop/", person=Person(visitor="shopper"))
STOCK = 10_000


@dataclass(frozen=True)
class Purchase:
    """What a shopper is about to do: the cart, the filled form with its key, and the keys of what follows."""

    market: MarketContext
    cart_id: UUID
    entry: Entry
    pay_key: str
    refund_key: str


def purchase_of(market: MarketContext, item: Variant) -> Purchase:
    cart = cart_with(market, (item, 2))
    entry = seen(typed(market), cart, market)
    return Purchase(market, cart.pk, entry, uuid4().hex, uuid4().hex)


def buy_and_refund(purchase: Purchase) -> Order:
    """The whole way, each step as often as it likes: order, pay, be told, send, refund a piece."""
    placed = complete_checkout(
        cart_id=purchase.cart_id, entry=purchase.entry, market=purchase.market, user_id=None, prefix="TST"
    )
    pay_order(number=placed.number, method="card", key=purchase.pay_key, market=purchase.market, way=WAY)
    payment = Payment.objects.get(order_ref=placed.number)
    choose_at_sandbox(payment, "succeed")
    delivery.deliver_due()
    process_inbox()
    refresh_payment(payment_ref=payment.ref, source="return")
    drain(limit=200)
    order = Order.objects.get(number=placed.number)
    refund_order(
        number=order.number,
        lines=[RefundWish(line_id=order.lines.get().pk, quantity=1)],
        shipping=False,
        reason="Chipped",
        key=purchase.refund_key,
    )
    drain(limit=200)
    submit_due_refunds()
    delivery.deliver_due()
    process_inbox()
    drain(limit=200)
    return Order.objects.get(number=placed.number)


def a_minute_later() -> None:
    """What a dead process had taken for a while is free again."""
    now = timezone.now()
    Refund.objects.update(next_attempt_at=now)
    PaymentEvent.objects.filter(processed_at=None).update(next_attempt_at=now)
    SandboxWebhook.objects.filter(delivered_at=None).update(due_at=now)
    OutboxMessage.objects.filter(~Q(state="done")).update(next_attempt_at=now)


def forget_inherited_session() -> None:
    """In a child: never speak on the parent's line, whose far end would not notice that the child is dead.

    A thread in which a browser's driver runs keeps its connections apart from those it had opened before. The child has
    no driver, finds the older ones and would use them. (psycopg2 lets go of them without ending the parent's session.)
    """
    with suppress(AttributeError):
        del connections[connection.alias]


def dies_at(moment: int, act: Callable[[], object]) -> tuple[int, int]:
    """Run `act` in a process that dies around its commit number `moment // 2`; (how it ended, commits seen)."""
    reading, writing = os.pipe()
    connections.close_all()
    child = os.fork()
    if not child:
        _live_until(moment, act, writing)
    os.close(writing)
    with os.fdopen(reading) as said:
        commits = said.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), int(commits or 0)


def _live_until(moment: int, act: Callable[[], object], writing: int) -> None:
    """In the child; never returns."""
    seen_so_far = 0
    forget_inherited_session()

    def commit(really: Callable[[], None]) -> None:
        nonlocal seen_so_far
        if seen_so_far * 2 == moment:
            os._exit(KILLED)
        really()
        if seen_so_far * 2 + 1 == moment:
            os._exit(KILLED)
        seen_so_far += 1

    try:
        connection.ensure_connection()
        connection._commit = partial(commit, connection._commit)
        act()
        os.write(writing, str(seen_so_far).encode())
        os._exit(FINISHED)
    except BaseException as error:  # noqa: BLE001 (whatever it is, this process must not go on as a second pytest)
        print(repr(error), file=sys.stderr)
        os._exit(1)


def test_a_death_at_any_moment_of_buying_and_refunding_loses_and_doubles_nothing() -> None:
    market = open_shop()
    item = item_in(market, price="19.99", stock=STOCK)
    ended, commits = dies_at(-1, partial(buy_and_refund, purchase_of(market, item)))
    assert (ended, commits > 12) == (FINISHED, True)
    moments = range(0, 2 * commits, EVERY)

    for moment in moments:
        purchase = purchase_of(market, item)
        ended, _ = dies_at(moment, partial(buy_and_refund, purchase))
        assert ended in (KILLED, FINISHED), moment
        a_minute_later()
        order = buy_and_refund(purchase)
        assert (order.lifecycle, order.payment_state) == (Lifecycle.CONFIRMED, PaymentState.PARTLY_REFUNDED), moment
        charge = SandboxCharge.objects.get(order_ref=order.number)
        refund = OrderRefund.objects.get(order=order)
        assert (charge.captured_minor, charge.refunded_minor) == (to_minor(order.total), to_minor(refund.amount))
        assert [row.kind for row in SandboxMovement.objects.filter(charge=charge).order_by("pk")] == [
            "capture",
            "refund",
        ]

    orders = Order.objects.count()
    assert orders == len(moments) + 1
    assert StockItem.objects.get().allocated == 2 * orders
    assert [(found.check.code, found.examples) for found in run(registered()) if found.count] == []
    for parcel in Order.objects.latest("pk").fulfillments.all():
        ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL")
    assert StockItem.objects.get().on_hand == STOCK - 2


def test_the_process_that_dies_has_a_session_of_its_own() -> None:
    """Also where a browser's driver runs, beside which the session from before it stays open."""
    with ThreadPoolExecutor(1) as thread:  # where no other test's driver has run
        thread.submit(_dies_beside_a_driver).result()


def _dies_beside_a_driver() -> None:
    before = session_number()
    loop = asyncio.new_event_loop()
    asyncio._set_running_loop(loop)
    beside = session_number()
    ended, _ = dies_at(-1, lambda: none_of({before, beside}))
    connections.close_all()
    asyncio._set_running_loop(None)
    loop.close()
    assert (before != beside, ended, session_number()) == (True, FINISHED, before)
    connections.close_all()


def session_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def none_of(sessions: set[int]) -> None:
    assert session_number() not in sessions


def test_the_sweep_notices_a_step_that_forgets_its_key() -> None:
    """The control: somebody who does not keep the key of the refund refunds twice when they are killed after it."""
    market = open_shop()
    item = item_in(market, price="19.99", stock=STOCK)
    purchase = purchase_of(market, item)
    buy_and_refund(purchase)
    forgetful = Purchase(purchase.market, purchase.cart_id, purchase.entry, purchase.pay_key, uuid4().hex)

    order = buy_and_refund(forgetful)

    assert OrderRefund.objects.filter(order=order).count() == 2
