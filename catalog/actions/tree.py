"""The one lock of the category tree, and what is checked under it.

Two changes of parents that are fine alone can make a circle together, so whoever sets a parent holds the lock from
before reading the tree until the transaction ends. It comes before the chain of the audit: who records first and
then asks for the tree can wait in a circle.
"""

from django.db import connection

from catalog.errors import CategoryCycle
from catalog.models import Category
from catalog.trees import Tree

_TREE_LOCK = 0x54726565


def category_order() -> Tree:
    """The tree as it is. One query."""
    return Tree.of(Category.objects.order_by("position", "pk").values_list("pk", "parent_id"))


def lock_tree() -> Tree:
    """The tree, which nobody else changes until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])
    return category_order()


def check_above(tree: Tree, category_id: int, parent_id: int | None) -> None:
    """Raises `CategoryCycle` when the parent is the category itself or below it."""
    if parent_id is not None and (parent_id == category_id or parent_id in tree.below(category_id)):
        raise CategoryCycle
