"""The part of the tree that is open: nine queries, however many categories there are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Count, F
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language

from catalog.actions.categories import Visibility, visibility_of
from catalog.models import Category, Product
from catalog.models.translations import pick_text
from catalog.trees import Tree

AT_ONCE = 200
"""So many children of one category are shown before a link asks for more."""
MOST_ROWS = 800
"""With so many rows open, further branches stay closed."""
MOST_FOUND = 50
ALL_OPEN = 60
"""A tree of so few is shown unfolded until somebody folds it."""
EVERY = "all"
MOST_NAMED = 300
"""More open branches than this are written as `all`: addresses have an end."""


@dataclass(frozen=True)
class Node:
    """A category as the tree shows it."""

    pk: int
    code: str
    name: str
    visibility: Visibility


@dataclass(frozen=True)
class Rest:
    """What is left out of a long row: how many, which is the first of them, and where they are shown."""

    count: int
    first: int
    url: str


@dataclass
class Branch:
    """A row with those below it that are shown. `stamp` tells a move what the mover saw."""

    node: Node
    stamp: str
    url: str
    is_chosen: bool
    below: int
    products: int = 0
    is_open: bool = False
    toggle_url: str = ""
    branches: "list[Branch]" = field(default_factory=list)
    rest: Rest | None = None


@dataclass(frozen=True)
class Found:
    """A category that fits what was searched for, with where it stands."""

    node: Node
    path: str
    url: str


@dataclass(frozen=True)
class Forest:
    """Everything that is loaded once: names of all categories, and who is below whom."""

    tree: Tree
    nodes: Mapping[int, Node]

    def path(self, pk: int) -> tuple[Node, ...]:
        """Those above, from the top."""
        return tuple(self.nodes[each] for each in self.tree.above(pk))


@dataclass(frozen=True, kw_only=True)
class TreePage:
    """The screen: either the open part of the tree, or what was found in it."""

    total: int
    branches: Sequence[Branch]
    rest: Rest | None
    open: str
    q: str
    found: Sequence[Found]
    found_all: int
    chosen: int | None
    unfold_url: str
    fold_url: str


def load_forest() -> Forest:
    """All categories in their order. One query."""
    language = get_language()
    rows = Category.objects.order_by("position", "pk").values_list(
        "pk", "parent_id", "code", "name", "i18n", "active", "in_menu"
    )
    nodes, parents = {}, []
    for pk, parent, code, name, i18n, active, in_menu in rows:
        shown = pick_text(name, i18n, "name", language)
        nodes[pk] = Node(pk, code, shown, visibility_of(active=active, in_menu=in_menu))
        parents.append((pk, parent))
    return Forest(Tree.of(parents), nodes)


class Fold:
    """Which branches are open and how far, as the address says: `open=3.17`, `more=3-400`."""

    def __init__(self, forest: Forest, asked: QueryDict, chosen: int | None) -> None:
        self.forest, self.chosen = forest, chosen
        self.branching = {pk for pk in forest.tree.children if pk is not None}
        words = asked.get("open", EVERY if len(forest.nodes) <= ALL_OPEN else "")
        named = {int(each) for each in words.split(".") if each.isdecimal()} & self.branching
        self.open = set(self.branching) if words == EVERY else named
        self.open |= set(forest.tree.above(chosen)) if chosen else set()
        self.limits = dict(_limit(each) for each in asked.getlist("more") if _limit(each)[1])
        self.left = MOST_ROWS
        self.screen = reverse("admin:catalog_tree")
        self.as_it_is = self.query(self.open, self.limits)

    def branches(self, parent: int | None) -> tuple[list[Branch], Rest | None]:
        """The rows below one, and what is left out there."""
        tree = self.forest.tree
        row = tree.children.get(parent, ())
        limit = self.limits.get(parent or 0, AT_ONCE)
        if self.chosen in row:
            limit = max(limit, row.index(self.chosen) + 1)
        found = [self.one(pk) for pk in row[:limit]]
        if len(found) == len(row):
            return found, None
        more = {**self.limits, parent or 0: limit + AT_ONCE}
        return found, Rest(len(row) - len(found), row[len(found)], self.url(self.chosen, self.query(self.open, more)))

    def url(self, at: int | None, query: str = "") -> str:
        """The address of the screen, with as much open as now unless the query says otherwise."""
        return f"{self.screen}{f'{at}/' if at else ''}?{query or self.as_it_is}"

    def query(self, opened: Collection[int], limits: Mapping[int, int]) -> str:
        """What the address says about open branches and long rows."""
        asked = [("open", self.written(opened)), *(("more", f"{pk}-{count}") for pk, count in limits.items())]
        return urlencode(asked)

    def _toggled(self, pk: int) -> str:
        return self.url(self.chosen, self.query(self.open ^ {pk}, self.limits))

    def written(self, opened: Collection[int]) -> str:
        """Open branches as the address says them."""
        return EVERY if len(opened) > MOST_NAMED else ".".join(map(str, sorted(opened)))

    def one(self, pk: int) -> Branch:
        """A row with those below it that are shown."""
        tree = self.forest.tree
        self.left -= 1
        has_children = bool(tree.children.get(pk))
        branch = Branch(
            node=self.forest.nodes[pk],
            stamp=tree.stamp(pk),
            url=self.url(pk),
            is_chosen=pk == self.chosen,
            below=len(tree.children.get(pk, ())),
            is_open=has_children and pk in self.open and self.left > 0,
            toggle_url=f"{self._toggled(pk)}#c-{pk}" if has_children else "",
        )
        if branch.is_open:
            branch.branches, branch.rest = self.branches(pk)
        return branch


def tree_page(forest: Forest, asked: QueryDict, chosen: int | None = None) -> TreePage:
    """The screen for an address. Three queries besides the forest's one."""
    fold = Fold(forest, asked, chosen)
    q = asked.get("q", "").strip()[:80]
    branches, rest = ([], None) if q else fold.branches(None)
    _count_products(branches)
    found = [pk for pk, node in forest.nodes.items() if _fits(node, q)] if q else []
    return TreePage(
        total=len(forest.nodes),
        branches=branches,
        rest=rest,
        open=fold.written(fold.open),
        q=q,
        found=[_found(forest, pk, fold) for pk in found[:MOST_FOUND]],
        found_all=len(found),
        chosen=chosen,
        unfold_url=fold.url(None, f"open={EVERY}") if len(forest.nodes) <= MOST_ROWS else "",
        fold_url=fold.url(None, "open="),
    )


def one_branch(forest: Forest, asked: QueryDict, pk: int) -> Branch:
    """A single open branch, for a script that puts it into the page."""
    fold = Fold(forest, asked, None)
    fold.open.add(pk)
    branch = fold.one(pk)
    _count_products([branch])
    return branch


def _found(forest: Forest, pk: int, fold: Fold) -> Found:
    path = " › ".join(node.name for node in forest.path(pk))
    return Found(forest.nodes[pk], path, fold.url(pk))


def _fits(node: Node, q: str) -> bool:
    return q.casefold() in node.name.casefold() or q.casefold() in node.code


def _limit(words: str) -> tuple[int, int]:
    parent, _, count = words.partition("-")
    return (int(parent), int(count)) if parent.isdecimal() and count.isdecimal() else (0, 0)


def _count_products(branches: Sequence[Branch]) -> None:
    """How many products stand right in each shown category, as their main one or beside it. Two queries."""
    shown = list(branches)
    for each in shown:
        shown += each.branches
    ids = [branch.node.pk for branch in shown]
    if not ids:
        return
    main = (
        Product.objects.filter(primary_category__in=ids).order_by().values("primary_category").annotate(n=Count("pk"))
    )
    beside = (
        Product.categories.through.objects.filter(category__in=ids)
        .exclude(product__primary_category=F("category"))
        .order_by()
        .values("category")
        .annotate(n=Count("pk"))
    )
    counts: dict[int, int] = {row["primary_category"]: row["n"] for row in main}
    for row in beside:
        counts[row["category"]] = counts.get(row["category"], 0) + row["n"]
    for branch in shown:
        branch.products = counts.get(branch.node.pk, 0)
