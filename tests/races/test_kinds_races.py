"""Sets, pre-sales and licence keys under a crowd: nothing is sold twice. Each with a control without the guard."""

from collections import Counter
from dataclasses import replace
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cart.models import Cart, CartLine
from catalog.actions.downloads import add_keys, hand_out_keys
from catalog.errors import KeysGone
from catalog.models import LicenceKey, Variant
from checkout.actions import complete_checkout
from checkout.entry import Entry
from core.errors import DomainError
from core.integrity import registered, run
from inventory.models import StockItem
from markets.types import MarketContext
from orders.models import PresaleClaim
from tests.factories.cart import item_in, open_shop
from tests.factories.checkout import seen, typed
from tests.factories.kinds import download_in, presale_in, presale_of, set_in
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
Shopper = tuple[Cart, Entry]
LOOK = "SELECT id FROM bare_key WHERE given_to = 0 ORDER BY id LIMIT 1"
LOOK_AND_LOCK = LOOK + " FOR UPDATE SKIP LOCKED"


def shoppers(market: MarketContext, item: Variant, count: int, *, email: str = "") -> list[Shopper]:
    """So many who have all seen the checkout page with one piece in it, each with an address of their own."""
    now = timezone.now()
    carts = Cart.objects.bulk_create(Cart(market=market.code, touched_at=now) for _ in range(count))
    CartLine.objects.bulk_create(CartLine(cart=cart, variant=item, quantity=1) for cart in carts)
    page = seen(typed(market), carts[0], market)
    return [
        (cart, replace(page, form_key=uuid4(), email=email or f"buyer-{number}@example.com"))
        for number, cart in enumerate(carts)
    ]


def order(market: MarketContext, shopper: Shopper) -> str:
    cart, entry = shopper
    try:
        complete_checkout(cart_id=cart.pk, entry=entry, market=market, user_id=None, prefix="TST")
    except DomainError as refusal:
        return refusal.code
    return "ordered"


def stock_findings() -> list[str]:
    return [one.check.code for one in run(registered()) if one.count and one.check.code.startswith(("S", "O2"))]


def a_set_of_two(*, cups: int) -> tuple[MarketContext, Variant, Variant]:
    market = open_shop()
    cup, pot = item_in(market, stock=cups, code="cup"), item_in(market, stock=40, code="pot")
    return market, cup, set_in(market, (cup, 2, 1), (pot, 1, 1))


def test_sets_and_single_pieces_never_take_more_than_there_is() -> None:
    market, cup, the_set = a_set_of_two(cups=20)
    crowd = [*shoppers(market, the_set, 12), *shoppers(market, cup, 12)]

    ends = Counter(all_at_once(lambda one: order(market, one), crowd))

    row = StockItem.objects.get(variant=cup)
    assert (row.on_hand, row.reserved) == (20, 0)
    assert 19 <= row.allocated <= 20
    assert ends["ordered"] < 24
    assert stock_findings() == []


def test_control_the_same_crowd_takes_more_when_the_guard_of_the_component_is_lifted() -> None:
    market, cup, the_set = a_set_of_two(cups=20)
    crowd = [*shoppers(market, the_set, 12), *shoppers(market, cup, 12)]
    StockItem.objects.filter(variant=cup).update(backorder_limit=10**6)

    ends = Counter(all_at_once(lambda one: order(market, one), crowd))

    assert ends["ordered"] == 24
    assert StockItem.objects.get(variant=cup).allocated == 36 > 20


def test_a_pre_sale_sells_exactly_its_limit() -> None:
    market = open_shop()
    game = presale_in(market, most_in_all=7)

    ends = Counter(all_at_once(lambda one: order(market, one), shoppers(market, game, 24)))

    assert ends["ordered"] == presale_of(game).sold == PresaleClaim.objects.count() == 7
    assert stock_findings() == []


def test_one_customer_gets_no_more_than_each_may_however_fast_they_are() -> None:
    market = open_shop()
    game = presale_in(market, most_per_customer=2)
    crowd = shoppers(market, game, 12, email="one@example.com")

    ends = Counter(all_at_once(lambda one: order(market, one), crowd))

    assert ends == {"ordered": 2, "PRESALE_LIMIT_REACHED": 10}
    assert presale_of(game).sold == 2


@pytest.mark.parametrize("is_locked", [True, False])
def test_control_counting_first_is_not_enough_without_the_lock(is_locked: bool) -> None:
    """On bare tables: count what the customer has, then order. Only the lock on the pre-sale's row holds."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_presale AS SELECT 1 AS id")
        cursor.execute("CREATE TABLE bare_claim (quantity int)")
    all_counted = Barrier(12)

    def claim(_buyer: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if is_locked:
                cursor.execute("SELECT id FROM bare_presale FOR UPDATE")
            cursor.execute("SELECT count(*) FROM bare_claim")
            mine = cursor.fetchone()[0]
            if not is_locked:
                all_counted.wait(timeout=30)
            if mine < 2:
                cursor.execute("INSERT INTO bare_claim VALUES (1)")

    try:
        all_at_once(claim, range(12))
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM bare_claim")
            sold = cursor.fetchone()[0]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bare_presale, bare_claim")
    assert sold == (2 if is_locked else 12)


def test_each_key_is_handed_out_once() -> None:
    book = download_in(open_shop(), keys=True)
    add_keys(variant_id=book.pk, values=[f"KEY-{number:03}" for number in range(20)])

    def take(buyer: int) -> tuple[str, ...]:
        try:
            with transaction.atomic():
                return tuple(hand_out_keys(variant_id=book.pk, ref=f"TST-{buyer}/1", count=1))
        except KeysGone:
            return ()

    given = [key for keys in all_at_once(take, range(36)) for key in keys]

    assert len(given) == len(set(given)) == LicenceKey.objects.exclude(given_to="").count()
    assert len(given) == 20


@pytest.mark.parametrize("is_locked", [True, False])
def test_control_looking_for_a_free_key_first_gives_one_key_to_many(is_locked: bool) -> None:
    """On a bare table, all looking before anybody takes: only passing over locked rows keeps keys apart."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_key AS SELECT n AS id, 0 AS given_to FROM generate_series(1, 12) n")
    all_looked = Barrier(12)

    def take(_buyer: int) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LOOK_AND_LOCK if is_locked else LOOK)
            key = int(cursor.fetchone()[0])
            all_looked.wait(timeout=30)
            cursor.execute("UPDATE bare_key SET given_to = 1 WHERE id = %s", [key])
            return key

    try:
        given = all_at_once(take, range(12))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bare_key")
    assert len(set(given)) == (12 if is_locked else 1)
