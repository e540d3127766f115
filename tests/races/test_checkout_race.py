"""300 buyers, 100 pieces: exactly 100 paid orders. And what happens to the same crowd without the guard."""

from collections import Counter
from dataclasses import replace
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from cart.models import Cart, CartLine
from catalog.models import Variant
from checkout.actions import complete_checkout
from checkout.entry import Entry
from core.errors import DomainError
from core.integrity import registered, run
from inventory.models import StockItem
from markets.types import MarketContext
from orders.models import Lifecycle, Order, PaymentState
from payments.models import Payment, SandboxCharge
from tests.factories.cart import item_in, open_shop, quote_of
from tests.factories.checkout import seen, typed
from tests.factories.orders import pay
from tests.journeys.shopping import HIDDEN, Shopper
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def crowd(market: MarketContext, item: Variant, *, buyers: int) -> list[tuple[Cart, Entry]]:
    """So many shoppers who all have looked at the checkout page while everything was there, one piece each."""
    now = timezone.now()
    carts = Cart.objects.bulk_create(Cart(market=market.code, touched_at=now) for _ in range(buyers))
    CartLine.objects.bulk_create(CartLine(cart=cart, variant=item, quantity=1) for cart in carts)
    page = seen(typed(market), carts[0], market)
    assert quote_of(carts[0], market).can_be_ordered
    return [(cart, replace(page, form_key=uuid4())) for cart in carts]


def buy(market: MarketContext, shopper: tuple[Cart, Entry]) -> str:
    """Press the button; pay when there is an order. Returns what became of it."""
    cart, entry = shopper
    try:
        placed = complete_checkout(cart_id=cart.pk, entry=entry, market=market, user_id=None, prefix="TST")
    except DomainError as refusal:
        return refusal.code
    pay(Order.objects.get(number=placed.number))
    return "bought"


def test_a_hundred_pieces_make_exactly_a_hundred_paid_orders() -> None:
    market = open_shop()
    item = item_in(market, stock=100)

    ends = Counter(all_at_once(lambda shopper: buy(market, shopper), crowd(market, item, buyers=300)))

    assert ends["bought"] == 100
    assert set(ends) <= {"bought", "OUT_OF_STOCK", "QUOTE_MOVED", "QUOTE_NOT_ORDERABLE"}
    assert Order.objects.filter(lifecycle=Lifecycle.CONFIRMED, payment_state=PaymentState.PAID).count() == 100
    assert Order.objects.count() == Payment.objects.filter(state="captured").count() == 100
    stock = StockItem.objects.get()
    assert (stock.on_hand, stock.allocated, stock.reserved, stock.available) == (100, 100, 0, 0)
    assert [finding for finding in run(registered()) if finding.count and finding.check.code != "Q02"] == []


def test_control_the_same_crowd_oversells_when_the_guard_is_lifted() -> None:
    """The losers lose because of the guard: told that it may sell short without end, the shop sells to them too."""
    market = open_shop()
    item = item_in(market, stock=10)
    StockItem.objects.update(backorder_limit=10**6)

    def order_only(shopper: tuple[Cart, Entry]) -> str:
        cart, entry = shopper
        return complete_checkout(cart_id=cart.pk, entry=entry, market=market, user_id=None, prefix="TST").number

    numbers = all_at_once(order_only, crowd(market, item, buyers=36))

    assert len(set(numbers)) == 36 > 10
    assert StockItem.objects.get().allocated == 36


BARE = "CREATE TABLE bare_stock AS SELECT id, on_hand, allocated, reserved, safety_stock FROM inventory_stockitem"
LOOK = "SELECT on_hand - allocated - reserved - safety_stock FROM bare_stock"
TAKE = "UPDATE bare_stock SET reserved = reserved + 1"
GUARD = " WHERE on_hand - allocated - reserved - safety_stock >= 1"


@pytest.mark.parametrize("is_guarded", [True, False])
def test_control_looking_first_is_not_enough_without_the_guard(is_guarded: bool) -> None:
    """On a copy of the table without checks: look, then take. Only the condition inside the update holds."""
    market = open_shop()
    item_in(market, stock=4)
    with connection.cursor() as cursor:
        cursor.execute(BARE)
    both_looked = Barrier(12)

    def take(_buyer: int) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(LOOK)
            may = cursor.fetchone()[0] >= 1
            both_looked.wait(timeout=30)
            if may:
                cursor.execute(TAKE + (GUARD if is_guarded else ""))
                may = cursor.rowcount == 1
        return may

    try:
        sold = sum(all_at_once(take, range(12)))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bare_stock")

    assert (sold == 4) is is_guarded
    assert (sold > 4) is not is_guarded


def test_one_cart_completed_many_times_at_once_is_one_order() -> None:
    market = open_shop()
    item = item_in(market, stock=100)
    [(cart, entry)] = crowd(market, item, buyers=1)
    tabs = [replace(entry, form_key=uuid4()) if tab % 2 else entry for tab in range(24)]

    def press(tab: Entry) -> str:
        return complete_checkout(cart_id=cart.pk, entry=tab, market=market, user_id=None, prefix="TST").number

    numbers = set(all_at_once(press, tabs))

    assert len(numbers) == 1
    assert Order.objects.count() == 1
    assert StockItem.objects.get().allocated == 1


def test_the_order_button_pressed_in_parallel_gives_everybody_the_same_answer() -> None:
    market = open_shop()
    shopper = Shopper()
    shopper.add(item_in(market), 1)
    form = shopper.form()
    shown = shopper.post("checkout/delivery/", **form)
    form.update(dict(HIDDEN.findall(shown.text)))

    def press(_tab: int) -> tuple[int, str]:
        tab = Shopper()
        tab.client.cookies = shopper.client.cookies
        answer = tab.post("checkout/", **form, action="place")
        return answer.status, answer.location

    answers = set(all_at_once(press, range(24)))

    assert Order.objects.count() == 1
    assert Payment.objects.count() == 1
    assert {status for status, _ in answers} == {303}
    assert {place for _, place in answers} == {f"/sandbox/pay/{SandboxCharge.objects.get().token}/"}
