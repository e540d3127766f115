"""Leafing through orders: every order once, however they are placed and wherever one turns back."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.models import Order
from orders.workspace.leafing import EPOCH, Leaf, Place, leaf_of, read_place
from tests.admin.worlds import unpaid_order

MOMENTS = st.integers(min_value=0, max_value=9_999_999_999_999_999).map(lambda one: EPOCH + timedelta(microseconds=one))
MORNING = datetime(2026, 11, 1, 9, tzinfo=UTC)


@given(at=MOMENTS, pk=st.integers(min_value=0, max_value=2**63 - 1))
def test_a_place_is_read_as_it_was_written(at: datetime, pk: int) -> None:
    assert read_place(str(Place(at, pk))) == Place(at, pk)


@given(text=st.text(max_size=60))
def test_any_text_is_a_place_or_none(text: str) -> None:
    found = read_place(text)

    assert found is None or str(found).partition("-")[2].isdigit()


@pytest.mark.parametrize("text", ["", "-", "1-", "-1", "a-1", "1-b", "1-1-1", "¹-1", "9" * 30 + "-1", "1-" + "9" * 30])
def test_what_names_no_place_is_none(text: str) -> None:
    assert read_place(text) is None


def copies(count: int) -> list[int]:
    """Orders by key, oldest first; several of them at the same moment."""
    first = unpaid_order()
    made = [first.pk]
    Order.objects.filter(pk=first.pk).update(placed_at=MORNING)
    for number in range(1, count):
        first.pk, first.number = None, f"TST-COPY{number}"
        first.placed_at = MORNING + timedelta(minutes=number // 3)
        first.save(force_insert=True)
        made.append(first.pk)
    return made


def through(*, newest_first: bool, size: int) -> list[Leaf]:
    """Every page from the first to the last."""
    leaves = [leaf_of(Order.objects.all(), newest_first=newest_first, after=None, before=None, size=size)]
    while leaves[-1].after is not None:
        assert len(leaves) < 50
        leaves.append(
            leaf_of(Order.objects.all(), newest_first=newest_first, after=leaves[-1].after, before=None, size=size)
        )
    return leaves


def keys(leaf: Leaf) -> list[int]:
    return [order.pk for order in leaf.orders]


@pytest.mark.django_db
@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("size", [1, 2, 5, 10, 11])
def test_every_order_is_on_one_page_and_the_way_back_is_the_same(newest_first: bool, size: int) -> None:
    made = copies(10)
    wanted = made[::-1] if newest_first else made

    leaves = through(newest_first=newest_first, size=size)

    assert [key for leaf in leaves for key in keys(leaf)] == wanted
    assert leaves[0].before is None
    for earlier, later in pairwise(leaves):
        back = leaf_of(Order.objects.all(), newest_first=newest_first, after=None, before=later.before, size=size)
        assert keys(back) == keys(earlier)


@pytest.mark.django_db
def test_an_order_placed_meanwhile_moves_no_row_to_another_page() -> None:
    made = copies(6)
    first = leaf_of(Order.objects.all(), newest_first=True, after=None, before=None, size=3)
    latest = Order.objects.get(pk=made[-1])
    latest.pk, latest.number, latest.placed_at = None, "TST-NEW", MORNING + timedelta(days=1)
    latest.save(force_insert=True)

    second = leaf_of(Order.objects.all(), newest_first=True, after=first.after, before=None, size=3)

    assert keys(first) + keys(second) == made[::-1]


@pytest.mark.django_db
def test_behind_the_last_order_is_nothing() -> None:
    made = copies(2)
    oldest = Order.objects.get(pk=made[0])

    leaf = leaf_of(
        Order.objects.all(), newest_first=True, after=Place(oldest.placed_at, oldest.pk), before=None, size=3
    )

    assert leaf == Leaf(orders=(), before=None, after=None)
