"""Two moves, each fine alone, that would make a circle together: one is refused. And what happens without the lock."""

from threading import Barrier

import pytest

from catalog.actions import categories, put_category, vocabulary
from catalog.actions.categories import move_category
from catalog.actions.tree import category_order
from catalog.models import Category
from catalog.trees import Place, Tree
from core.errors import DomainError
from tests.factories.markets import small_world
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
Move = tuple[int, int, str]


@pytest.fixture
def crossing() -> list[Move]:
    """Each below the other, as two operators saw the tree."""
    small_world("de")
    first, second = (
        put_category(code=code, texts={"name": {"en": code}}, position=at).pk for at, code in enumerate("ab")
    )
    tree = category_order()
    return [(first, second, tree.stamp(first)), (second, first, tree.stamp(second))]


def drop(move: Move) -> str:
    category, parent, seen = move
    try:
        move_category(category_id=category, to=Place(parent_id=parent), seen=seen)
    except DomainError as refusal:
        return refusal.code
    return "moved"


def test_of_two_crossing_moves_one_is_refused(crossing: list[Move]) -> None:
    assert sorted(all_at_once(drop, crossing, at_once=2)) == ["CHANGED_MEANWHILE", "moved"]
    assert Category.objects.filter(parent=None).count() == 1


def test_without_the_lock_they_make_a_circle(crossing: list[Move], monkeypatch: pytest.MonkeyPatch) -> None:
    both = Barrier(2)

    def unlocked() -> Tree:
        tree = category_order()
        both.wait(timeout=30)
        return tree

    monkeypatch.setattr(categories, "lock_tree", unlocked)
    assert all_at_once(drop, crossing, at_once=2) == ["moved", "moved"]
    assert not Category.objects.filter(parent=None).exists()


@pytest.fixture
def branches() -> list[tuple[str, str]]:
    """Two branches, each to stand below a leaf of the other."""
    small_world("de")
    for code, parent in (("a", None), ("b", None), ("leaf-of-a", "a"), ("leaf-of-b", "b")):
        put_category(code=code, texts={"name": {"en": code}}, parent=parent)
    return [("a", "leaf-of-b"), ("b", "leaf-of-a")]


def bring(told: tuple[str, str]) -> str:
    """As a seed says it: this category below that one, whatever the tree looks like."""
    code, parent = told
    try:
        put_category(code=code, texts={"name": {"en": code}}, parent=parent)
    except DomainError as refusal:
        return refusal.code
    return "moved"


def test_of_two_crossing_parents_that_are_told_one_is_refused(branches: list[tuple[str, str]]) -> None:
    assert sorted(all_at_once(bring, branches, at_once=2)) == ["CATEGORY_CYCLE", "moved"]
    assert Category.objects.filter(parent=None).count() == 1


def test_without_the_lock_parents_that_are_told_make_a_circle(
    branches: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Barrier(2)

    def unlocked() -> Tree:
        tree = category_order()
        both.wait(timeout=30)
        return tree

    monkeypatch.setattr(vocabulary, "lock_tree", unlocked)
    assert all_at_once(bring, branches, at_once=2) == ["moved", "moved"]
    assert not Category.objects.filter(parent=None).exists()
