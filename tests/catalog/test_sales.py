"""What sold: told by orders, counted per market over ninety days, read by listings and the search."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import actions
from catalog.actions.sales import COUNTED_FOR
from catalog.derived.terms import derive_terms
from catalog.listing.matching import Listing, Scope, first_of
from catalog.listing.selection import Selection
from catalog.listing.vocabulary import Vocabulary
from catalog.models import ListingState, Popularity, Product, SoldPieces
from catalog.queries import bestsellers, listing_page, search_page
from core.outbox import drain
from markets.queries import market_by_code
from orders.actions import cancel_order, refund_order
from payments.actions import submit_due_refunds
from tests.factories.cart import item_in, open_shop
from tests.factories.catalog import make_product, many_products
from tests.factories.markets import small_world
from tests.factories.orders import paid_order

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def de():
    small_world("de", "jp")
    return market_by_code("de", language="de")


def sell(product, pieces, *, order="MER-1", market="de", days_ago=1):
    actions.note_sold(
        order_ref=order, market_code=market, sold_at=NOW - timedelta(days=days_ago), pieces={product.pk: pieces}
    )


def in_order(market, sort="featured"):
    return Listing(Scope(market.id), Selection(sort=sort), Vocabulary(())).page().product_ids


def sold():
    return {(row.product_id, row.market.code): row.sold for row in Popularity.objects.select_related("market")}


def test_what_sold_comes_first_among_products_with_the_same_place(de):
    first, second, third = many_products(3)
    put_first = make_product("chosen", prices={"de": "9.00"}, draft={"featured_rank": 1})
    sell(second, 5, order="A")
    sell(first, 7, order="B")
    assert actions.count_sales() == 2
    assert in_order(de) == (put_first.pk, first.pk, second.pk, third.pk)
    assert in_order(de, "bestselling") == (first.pk, second.pk, put_first.pk, third.pk)
    assert [card.product_id for card in bestsellers(de, 2)] == [first.pk, second.pk]


def test_every_market_has_bestsellers_of_its_own(de):
    cup, pot = (make_product(code) for code in ("cup", "pot"))
    sell(cup, 3, market="jp")
    sell(pot, 1, order="B", market="de")
    actions.count_sales()
    jp = market_by_code("jp", language="ja")
    assert in_order(de, "bestselling") == (pot.pk, cup.pk)
    assert in_order(jp, "bestselling") == (cup.pk, pot.pk)


def test_being_told_twice_changes_nothing_and_the_last_word_wins(de):
    cup, pot = (make_product(code) for code in ("cup", "pot"))
    for _ in range(2):
        actions.note_sold(order_ref="A", market_code="de", sold_at=NOW, pieces={cup.pk: 2, pot.pk: 1})
    assert SoldPieces.objects.count() == 2
    actions.note_sold(order_ref="A", market_code="de", sold_at=NOW, pieces={cup.pk: 1, pot.pk: 0, 999_999: 4})
    assert list(SoldPieces.objects.values_list("product_id", "pieces")) == [(cup.pk, 1)]


def test_counting_again_writes_nothing(de):
    sell(make_product("cup"), 3)
    assert actions.count_sales() == 1
    before = ListingState.objects.get().written
    assert actions.count_sales() == 0
    assert ListingState.objects.get().written == before
    call_command("listings_verify", verbosity=0)


def test_after_ninety_days_a_sale_no_longer_counts_and_is_forgotten(de):
    cup = make_product("cup")
    sell(cup, 3, days_ago=80)
    actions.count_sales()
    assert sold() == {(cup.pk, "de"): 3}
    assert actions.count_sales(at=NOW + timedelta(days=11)) == 1
    assert sold() == {}
    assert not SoldPieces.objects.exists()
    call_command("listings_verify", verbosity=0)


def test_a_product_derived_again_keeps_its_place(de):
    cup, pot = (make_product(code) for code in ("cup", "pot"))
    sell(cup, 3)
    actions.count_sales()
    actions.refresh_derived(product_ids=[cup.pk, pot.pk])
    assert in_order(de) == (cup.pk, pot.pk)


def test_the_search_puts_what_sells_before_its_equals(de):
    for number in range(3):
        make_product(f"cup-{number}", names={"en": "Cup", "de": "Tasse"})
    ids = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    derive_terms()
    sell(Product.objects.get(pk=ids[2]), 400)
    actions.count_sales()
    found = search_page(de, {"q": ["Tasse"]})
    assert [card.product_id for card in found.cards] == [ids[2], ids[0], ids[1]]


def test_the_way_to_sort_is_offered(de):
    many_products(2, category="kitchen")
    page = listing_page(de, "kitchen", {"sort": ["bestselling"]})
    assert [option.key for option in page.sorts if option.selected] == ["bestselling"]


ORDERS = st.lists(
    st.tuples(
        st.integers(0, 5),  # order
        st.integers(0, 3),  # product
        st.sampled_from(["de", "jp"]),
        st.integers(-2, 100),  # days ago
        st.integers(0, 300),  # pieces
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=ORDERS)
def test_counts_and_order_are_those_of_a_plain_count(de, told):
    if not Product.objects.exists():
        many_products(4)
    products = list(Product.objects.order_by("pk"))
    SoldPieces.objects.all().delete()
    last = {}
    for order, place, market, days, pieces in told:
        facts = {products[place].pk: pieces}
        at = NOW - timedelta(days=days)
        actions.note_sold(order_ref=f"O-{order}", market_code=market, sold_at=at, pieces=facts)
        last[order] = (products[place].pk, market, at, pieces)
    expected: Counter[tuple[int, str]] = Counter()
    for pk, market, at, pieces in last.values():
        if pieces and NOW - COUNTED_FOR < at <= NOW:
            expected[pk, market] += pieces
    actions.count_sales(at=NOW)
    assert sold() == dict(expected)
    plain = sorted(products, key=lambda one: (-expected[one.pk, "de"], -one.pk))
    assert first_of(de.id, "bestselling", 10) == tuple(one.pk for one in plain)
    call_command("listings_verify", verbosity=0)


def test_a_paid_order_counts_until_it_is_canceled_or_comes_back():
    market = open_shop()
    cup, pot = item_in(market), item_in(market)
    order = paid_order(market, (cup, 3), (pot, 1))
    drain(limit=100)
    assert dict(SoldPieces.objects.values_list("product_id", "pieces")) == {cup.product_id: 3, pot.product_id: 1}
    order.lines.filter(variant=cup).update(qty_canceled=1)
    refund_order(number=order.number, lines=[], shipping=True, reason="Late", key="k")
    drain(limit=100)
    submit_due_refunds()
    drain(limit=100)
    assert dict(SoldPieces.objects.values_list("product_id", "pieces")) == {cup.product_id: 2, pot.product_id: 1}
    cancel_order(number=order.number, reason="not wanted")
    drain(limit=100)
    assert not SoldPieces.objects.exists()
