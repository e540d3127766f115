"""Carts: what goes in, what is said, what stays."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cart.actions import (
    add_line,
    change_quantity,
    merge_carts,
    move_to_cart,
    open_cart,
    remove_line,
    save_for_later,
)
from cart.errors import CartGone
from cart.models import Cart, CartLine, CartState
from cart.queries import cart_badge, cart_page, open_cart_of
from catalog.actions import set_prices
from catalog.actions.prices import NewPrice
from catalog.models import PriceList
from core.money import Money
from markets.types import MarketContext
from members.models import User
from tests.factories.cart import cart_with, item_in, open_shop, quote_of
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def market() -> MarketContext:
    return open_shop()


def test_adding_beyond_the_stock_sets_the_most_and_says_so(market: MarketContext) -> None:
    item = item_in(market, stock=3)
    cart = open_cart(market=market, user_id=None)

    result = add_line(cart_id=cart.pk, market=market, variant_id=item.pk, quantity=5)

    assert result.quantity == 3
    assert [problem.code for problem in result.problems] == ["STOCK_SHORT"]
    assert "3" in result.problems[0].message


def test_adding_the_same_again_adds_up(market: MarketContext) -> None:
    item = item_in(market)
    cart = cart_with(market, (item, 2), (item, 3))

    assert [line.quantity for line in cart.lines.all()] == [5]


def test_a_purchase_limit_holds_over_several_additions(market: MarketContext) -> None:
    item = item_in(market, variant={"purchase_limit": 2})
    cart = cart_with(market, (item, 1))

    result = add_line(cart_id=cart.pk, market=market, variant_id=item.pk, quantity=2)

    assert (result.quantity, result.problems[0].code) == (2, "PURCHASE_LIMIT")


def test_what_the_market_does_not_sell_is_not_added(market: MarketContext) -> None:
    item = item_in(market)
    PriceList.objects.update(status="archived")
    cart = open_cart(market=market, user_id=None)

    result = add_line(cart_id=cart.pk, market=market, variant_id=item.pk, quantity=1)

    assert result.line_id is None
    assert result.problems[0].code == "NOT_SELLABLE"
    assert not cart.lines.exists()


def test_an_unknown_variant_is_not_added(market: MarketContext) -> None:
    cart = open_cart(market=market, user_id=None)

    assert add_line(cart_id=cart.pk, market=market, variant_id=10**9, quantity=1).line_id is None


def test_a_price_that_moved_since_is_said_on_the_line(market: MarketContext) -> None:
    item = item_in(market, price="20.00")
    cart = cart_with(market, (item, 1))
    price_list = PriceList.objects.get()
    set_prices(price_list_id=price_list.pk, prices=[NewPrice(variant_id=item.pk, amount=Money("22.00", "EUR"))])

    [line] = quote_of(cart, market).lines

    assert line.unit_list == Money("22.00", "EUR")
    assert [problem.code for problem in line.problems] == ["PRICE_CHANGED"]


def test_stock_that_sold_out_since_blocks_the_line_but_keeps_it(market: MarketContext) -> None:
    item = item_in(market, stock=1)
    cart = cart_with(market, (item, 1))
    from inventory.models import StockItem

    StockItem.objects.update(on_hand=0)

    [line] = quote_of(cart, market).lines

    assert [problem.code for problem in line.problems] == ["SOLD_OUT"]
    assert cart.lines.count() == 1


def test_changing_to_zero_removes(market: MarketContext) -> None:
    cart = cart_with(market, (item_in(market), 2))

    change_quantity(cart_id=cart.pk, market=market, line_id=cart.lines.get().pk, quantity=0)

    assert not cart.lines.exists()


def test_removing_what_is_gone_is_no_trouble(market: MarketContext) -> None:
    cart = open_cart(market=market, user_id=None)

    assert remove_line(cart_id=cart.pk, line_id=123).problems == ()


def test_another_carts_line_cannot_be_changed(market: MarketContext) -> None:
    mine, theirs = open_cart(market=market, user_id=None), cart_with(market, (item_in(market), 2))
    line_id = theirs.lines.get().pk

    assert change_quantity(cart_id=mine.pk, market=market, line_id=line_id, quantity=9).problems[0].code == "LINE_GONE"
    remove_line(cart_id=mine.pk, line_id=line_id)

    assert theirs.lines.get().quantity == 2


def test_saving_for_later_and_back(market: MarketContext) -> None:
    cart = cart_with(market, (item_in(market), 2))
    line_id = cart.lines.get().pk

    save_for_later(cart_id=cart.pk, line_id=line_id)
    page = cart_page(cart=cart, market=market)
    assert page.quote.is_empty
    assert [kept.quantity for kept in page.saved] == [2]

    move_to_cart(cart_id=cart.pk, line_id=line_id)
    assert quote_of(cart, market).item_count == 2


def test_a_cart_that_was_ordered_takes_nothing_more(market: MarketContext) -> None:
    item = item_in(market)
    cart = open_cart(market=market, user_id=None)
    Cart.objects.update(state=CartState.ORDERED)

    with pytest.raises(CartGone):
        add_line(cart_id=cart.pk, market=market, variant_id=item.pk, quantity=1)

    assert not CartLine.objects.exists()


def test_signing_in_joins_the_carts_without_doubling(market: MarketContext) -> None:
    one, two = item_in(market), item_in(market)
    user = User.objects.create_user("member@example.com")
    mine = cart_with(market, (one, 3), user_id=user.pk)
    guest = cart_with(market, (one, 2), (two, 1))

    for _ in range(2):
        joined = merge_carts(guest_cart_id=guest.pk, user_id=user.pk, market=market)

    assert joined.pk == mine.pk
    assert {line.variant_id: line.quantity for line in mine.lines.all()} == {one.pk: 3, two.pk: 1}
    guest.refresh_from_db()
    assert guest.state == CartState.MERGED


def test_somebody_elses_cart_is_not_taken_over_at_sign_in(market: MarketContext) -> None:
    owner, thief = User.objects.create_user("owner@example.com"), User.objects.create_user("thief@example.com")
    theirs = cart_with(market, (item_in(market), 1), user_id=owner.pk)

    mine = merge_carts(guest_cart_id=theirs.pk, user_id=thief.pk, market=market)

    assert mine.pk != theirs.pk
    theirs.refresh_from_db()
    assert theirs.user_id == owner.pk


def test_a_members_cart_is_not_opened_by_its_id_alone(market: MarketContext) -> None:
    user = User.objects.create_user("member@example.com")
    cart = cart_with(market, (item_in(market), 1), user_id=user.pk)

    assert open_cart_of(cart_id=cart.pk, user_id=None) is None
    assert cart_badge(cart_id=cart.pk, user_id=None, market=market).count == 0


def test_an_old_guest_cart_is_not_opened(market: MarketContext) -> None:
    cart = cart_with(market, (item_in(market), 1))
    Cart.objects.update(touched_at=timezone.now() - timedelta(days=61))

    assert open_cart_of(cart_id=cart.pk, user_id=None) is None
    assert open_cart_of(cart_id=uuid4(), user_id=None) is None


@pytest.mark.parametrize("quantity", [0, 1000])
def test_the_database_itself_refuses_impossible_quantities(market: MarketContext, quantity: int) -> None:
    cart = cart_with(market, (item_in(market), 1))

    with pytest.raises(IntegrityError), transaction.atomic():
        cart.lines.update(quantity=quantity)
