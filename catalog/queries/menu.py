"""The tree of categories as menus, breadcrumbs and listings need it. In memory; no query when warm."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from catalog.addresses import category_path, current_slug
from catalog.cache import remembered
from catalog.models import Category
from catalog.models.translations import pick_text
from catalog.pictures import FIELDS, picture_of
from catalog.seo.languages import written_in
from catalog.types import Crumb, Link, MenuNode, Picture
from markets.types import MarketContext


@dataclass(frozen=True)
class Shelf:
    """A category in one market and language."""

    id: int
    parent_id: int | None
    code: str
    label: str
    description: str
    meta_title: str
    meta_description: str
    url: str
    in_menu: bool
    picture: Picture | None
    written_in: frozenset[str]


@dataclass(frozen=True)
class Shelves:
    """All active categories, parents before children, and the tree they make."""

    by_id: Mapping[int, Shelf]
    children: Mapping[int | None, tuple[Shelf, ...]]

    def path_to(self, category_id: int | None) -> tuple[Shelf, ...]:
        """The category and those above it, from the top."""
        path: list[Shelf] = []
        shelf = self.by_id.get(category_id or 0)
        while shelf is not None and shelf not in path:
            path.append(shelf)
            shelf = self.by_id.get(shelf.parent_id or 0)
        return tuple(reversed(path))


def shelves(market: MarketContext) -> Shelves:
    """The categories of a market in its language."""
    return remembered(("shelves", market.code, market.language), lambda: _load(market))


def category_tree(market: MarketContext) -> tuple[MenuNode, ...]:
    """First-level categories with those below them, as the menu shows them."""
    return remembered(("menu", market.code, market.language), lambda: tuple(_nodes(shelves(market), None)))


def crumbs_to(market: MarketContext, category_id: int | None) -> tuple[Crumb, ...]:
    """The way from the first page to a category, that included."""
    return tuple(Crumb(shelf.label, shelf.url) for shelf in shelves(market).path_to(category_id))


def first_level(market: MarketContext) -> tuple[Link, ...]:
    """Links to the first-level categories: the way on when nothing was found."""
    return links(shelves(market).children.get(None, ()))


def links(found: Iterable[Shelf]) -> tuple[Link, ...]:
    return tuple(Link(shelf.label, shelf.url) for shelf in found)


def _nodes(found: Shelves, parent: int | None) -> Iterator[MenuNode]:
    for shelf in found.children.get(parent, ()):
        if shelf.in_menu:
            below = tuple(_nodes(found, shelf.id))
            yield MenuNode(shelf.code, shelf.label, shelf.url, below, shelf.picture)


def _load(market: MarketContext) -> Shelves:
    rows = (
        Category.objects.filter(active=True)
        .order_by("position", "pk")
        .annotate(slug=current_slug("category", market.language))
        .values(
            "pk",
            "parent_id",
            "code",
            "name",
            "description",
            "meta_title",
            "meta_description",
            "in_menu",
            "slug",
            "i18n",
            "picture_id",
            **{f"picture_{name}": F(f"picture__{name}") for name in FIELDS},
        )
    )
    by_id = {row["pk"]: _shelf(market, row) for row in rows}
    children: dict[int | None, list[Shelf]] = {}
    for shelf in by_id.values():
        children.setdefault(shelf.parent_id, []).append(shelf)
    return Shelves(by_id, {parent: tuple(found) for parent, found in children.items()})


def _shelf(market: MarketContext, row: Mapping[str, Any]) -> Shelf:
    def words(field: str) -> str:
        return pick_text(row[field], row["i18n"], field, market.language)

    picture = None
    if row["picture_id"] is not None:
        asset = {name: row[f"picture_{name}"] for name in FIELDS}
        picture = picture_of(asset, market.language, fallback_alt=words("name"))
    return Shelf(
        id=row["pk"],
        parent_id=row["parent_id"],
        code=row["code"],
        label=words("name"),
        description=words("description"),
        meta_title=words("meta_title"),
        meta_description=words("meta_description"),
        url=category_path(market, row["slug"]),
        in_menu=row["in_menu"],
        picture=picture,
        written_in=written_in(row["name"], row["i18n"], "name"),
    )
