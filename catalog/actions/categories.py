"""The category tree: made, moved, shown, hidden, emptied out. Addresses never break."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from modeltrans.conf import get_default_language

from catalog.actions.tree import category_order, check_above, lock_tree
from catalog.actions.vocabulary import put_category
from catalog.cache import forget_on_commit
from catalog.errors import CategoryInUse, CategoryRefused, ChangedMeanwhile, MediaProblem
from catalog.events import ShelvesChanged
from catalog.models import Category, CategoryFacet, MediaAsset, Product, Route
from catalog.references import references_to
from catalog.slugs import slug_of
from catalog.sql import execute
from catalog.translating.noting import forget_texts
from catalog.trees import Place, Tree
from core import audit
from core.events import publish

LONGEST_CODE = 80
LONGEST_NAME = 120
RENUMBER = """
UPDATE catalog_category c SET position = wanted.position
FROM unnest(%s::bigint[], %s::int[]) AS wanted(id, position)
WHERE c.id = wanted.id AND c.position IS DISTINCT FROM wanted.position
"""


class Visibility(StrEnum):
    """How far shoppers see a category."""

    MENU = "menu"
    ADDRESS = "address"
    HIDDEN = "hidden"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What a move touched: categories below that came along, and products that are listed elsewhere from now on."""

    changed_parent: bool
    categories: int
    products: int


@dataclass(frozen=True, kw_only=True)
class Deleted:
    """A category that is gone, and where its addresses lead: to the one above it, or nowhere."""

    addresses: int
    parent_id: int | None


def products_in(category_ids: list[int]) -> "Q":
    """Which products stand in one of these categories, as their main one or beside it."""
    also = Product.categories.through.objects.filter(category_id__in=category_ids).values("product_id")
    return Q(primary_category_id__in=category_ids) | Q(pk__in=also)


@transaction.atomic
def move_category(*, category_id: int, to: Place, seen: str) -> Moved:
    """Bring a category, with all below it, to a place. Its addresses stay; listings follow by a worker.

    `seen` is the stamp of where it stood (`Tree.stamp`). Raises `ChangedMeanwhile` when somebody moved it or its
    neighbours, or the place is gone, and `CategoryCycle` for a place below itself.
    """
    tree = lock_tree()
    if category_id not in tree.parents or tree.stamp(category_id) != seen:
        raise ChangedMeanwhile
    below = tree.below(category_id)
    _check_place(tree, category_id, to)
    before = tree.parents[category_id]
    if to.before_id == category_id:
        to = Place(parent_id=to.parent_id, before_id=tree.neighbours(category_id)[1])
    order = tree.order_at(category_id, to)
    changed_parent = before != to.parent_id
    if not changed_parent and order == list(tree.beside(category_id)):
        return Moved(changed_parent=False, categories=len(below), products=0)
    if changed_parent:
        Category.objects.filter(pk=category_id).update(parent_id=to.parent_id)
    execute(RENUMBER, [order, list(range(len(order)))])
    told = {"from": before, "to": to.parent_id, "position": order.index(category_id)}
    audit.record("catalog.move_category", f"{Category._meta.label}:{category_id}", data=told)
    forget_on_commit()
    if changed_parent:
        publish(ShelvesChanged(category_ids=(category_id, *below)))
    products = Product.objects.filter(products_in([category_id, *below])).count() if changed_parent else 0
    return Moved(changed_parent=changed_parent, categories=len(below), products=products)


def relist_below(*, category_id: int) -> None:
    """List the products of a category and of all below it anew; part of the transaction that moved it."""
    publish(ShelvesChanged(category_ids=(category_id, *category_order().below(category_id))))


@transaction.atomic
def create_category(*, name: str, parent_id: int | None, code: str = "") -> Category:
    """A category at the end of its parent's, named in the shop's own language; a code is made from the name.

    Raises `CategoryRefused` for a missing or long name and for a code that is taken.
    """
    tree = lock_tree()
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise CategoryRefused({"name": _("Write a name of at most %(most)d characters.") % {"most": LONGEST_NAME}})
    if parent_id is not None and parent_id not in tree.parents:
        raise ChangedMeanwhile
    last = Category.objects.filter(parent_id=parent_id).aggregate(last=Max("position"))["last"]
    parent = Category.objects.values_list("code", flat=True).get(pk=parent_id) if parent_id is not None else None
    category = put_category(
        code=_free_code(name, code),
        texts={"name": {get_default_language(): name}},
        parent=parent,
        position=0 if last is None else last + 1,
    )
    audit.record("catalog.create_category", category, data={"name": name, "parent": parent_id})
    return category


@transaction.atomic
def set_category_visibility(*, category_id: int, visibility: Visibility) -> bool:
    """Show it in the menu, at its address only, or not at all. True when that is new."""
    category = _locked(category_id)
    before = visibility_of(active=category.active, in_menu=category.in_menu)
    if before is visibility:
        return False
    category.active = visibility is not Visibility.HIDDEN
    category.in_menu = visibility is Visibility.MENU
    category.save(update_fields=["active", "in_menu"])
    told = {"before": before.value, "after": visibility.value}
    audit.record("catalog.set_category_visibility", category, data=told)
    forget_on_commit()
    return True


@transaction.atomic
def set_category_picture(*, category_id: int, code: str) -> bool:
    """The picture with this code stands for the category; no code, no picture. Raises `MediaProblem`."""
    category = _locked(category_id)
    asset = MediaAsset.objects.filter(code=code, kind=MediaAsset.Kind.IMAGE).first() if code else None
    if code and asset is None:
        raise MediaProblem(_("There is no picture with this code."))
    if category.picture_id == (asset.pk if asset else None):
        return False
    category.picture = asset
    category.save(update_fields=["picture"])
    audit.record("catalog.set_category_picture", category, data={"picture": code})
    forget_on_commit()
    return True


@transaction.atomic
def delete_category(*, category_id: int) -> Deleted:
    """Delete an empty category. Its addresses lead to the one above it from now on; at the top they end.

    Raises `CategoryInUse` with everything that still refers to it.
    """
    lock_tree()
    category = _locked(category_id)
    uses = uses_of(category)
    if uses:
        raise CategoryInUse(uses)
    routes = Route.objects.filter(category=category)
    count = routes.count()
    if category.parent_id is None:
        routes.delete()
    else:
        routes.update(current=False, category_id=category.parent_id)
    CategoryFacet.objects.filter(category=category).delete()
    told = {"code": category.code, "name": category.name, "parent": category.parent_id, "addresses": count}
    audit.record("catalog.delete_category", category, data=told)
    forget_texts(Category._meta.label_lower, [category.pk])
    deleted = Deleted(addresses=count, parent_id=category.parent_id)
    category.delete()
    forget_on_commit()
    return deleted


def uses_of(category: Category) -> list[tuple[str, int]]:
    """What refers to a category besides its addresses and filters: (what it is called, how many)."""
    return list(references_to(category, but=(Route, CategoryFacet)))


def visibility_of(*, active: bool, in_menu: bool) -> Visibility:
    """The two columns as one word."""
    if not active:
        return Visibility.HIDDEN
    return Visibility.MENU if in_menu else Visibility.ADDRESS


def _locked(category_id: int) -> Category:
    category = Category.objects.select_for_update(of=("self",)).filter(pk=category_id).first()
    if category is None:
        raise ChangedMeanwhile
    return category


def _check_place(tree: Tree, category_id: int, to: Place) -> None:
    check_above(tree, category_id, to.parent_id)
    if to.parent_id is not None and to.parent_id not in tree.parents:
        raise ChangedMeanwhile
    if to.before_id is not None and to.before_id not in tree.children.get(to.parent_id, ()):
        raise ChangedMeanwhile


def _free_code(name: str, code: str) -> str:
    wanted = slug_of(code)
    if code.strip():
        if not wanted or len(wanted) > LONGEST_CODE:
            raise CategoryRefused({"code": _("A code has letters, digits and hyphens, at most 80 of them.")})
        if Category.objects.filter(code=wanted).exists():
            raise CategoryRefused({"code": _("Another category has this code.")})
        return wanted
    base = (slug_of(name) or "category")[: LONGEST_CODE - 6]
    taken = set(Category.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(each for each in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if each not in taken)
