"""One category beside the tree: where it stands, what it is called in every language, what may be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from modeltrans.conf import get_available_languages, get_default_language, get_fallback_chain

from catalog.actions.categories import Visibility, products_in, uses_of, visibility_of
from catalog.actions.category_words import names_of, slugs_of, words_stamp
from catalog.models import Category, CategoryFacet, Product
from catalog.pictures import FIELDS, picture_of
from catalog.trees import Step
from catalog.types import Picture
from catalog.workspace.tree.rows import Forest, Node
from core.languages import babel_locale
from markets.names import language_name

MOST_PARENTS = 300
"""Up to so many categories the new parent is chosen from a list; beyond, its code is typed."""


@dataclass(frozen=True, kw_only=True)
class WordsRow:
    """Name and slug in one language, as stored or as typed, with what is wrong with them."""

    language: str
    label: str
    is_rtl: bool
    is_own: bool
    name: str
    slug: str
    fallback: str
    name_error: str
    slug_error: str
    stored_name: str
    stored_slug: str


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Everything beside the tree about one category."""

    pk: int
    code: str
    name: str
    path: Sequence[Node]
    visibility: Visibility
    stamp: str
    words_stamp: str
    words: Sequence[WordsRow]
    steps: Mapping[str, bool]
    parents: Sequence[tuple[str, str]]
    categories: int
    products: int
    uses: Sequence[tuple[str, int]]
    facets: Sequence[str]
    facets_of: str
    picture: Picture | None
    picture_code: str


@dataclass(frozen=True, kw_only=True)
class TypedWords:
    """What somebody typed and what is wrong with it: shown again instead of what is stored."""

    names: Mapping[str, str]
    slugs: Mapping[str, str]
    seen: str
    problems: Mapping[str, str]

    @property
    def is_late(self) -> bool:
        """Whether somebody else was faster: then what is stored is shown beside what was typed."""
        return not self.problems


def languages() -> list[str]:
    """The shop's own first."""
    own = get_default_language()
    return [own, *(code for code in get_available_languages() if code != own)]


def panel_of(forest: Forest, category: Category, typed: TypedWords | None = None) -> Panel:
    """The panel of a category. About fifteen queries, however large the tree is."""
    tree, language = forest.tree, get_language()
    inside = [category.pk, *tree.below(category.pk)]
    stored = names_of(category), slugs_of(category)
    facets, owner = _facets(forest, category)
    picture = category.picture
    return Panel(
        pk=category.pk,
        code=category.code,
        name=category.text("name", language),
        path=forest.path(category.pk),
        visibility=visibility_of(active=category.active, in_menu=category.in_menu),
        stamp=tree.stamp(category.pk),
        words_stamp=typed.seen if typed else words_stamp(*stored),
        words=_words(category, *stored, typed),
        steps={step.value: tree.after(category.pk, step) is not None for step in Step},
        parents=_parents(forest, set(inside)),
        categories=len(inside) - 1,
        products=Product.objects.filter(products_in(inside)).count(),
        uses=uses_of(category),
        facets=facets,
        facets_of=owner,
        picture=picture_of({name: getattr(picture, name) for name in FIELDS}, language) if picture else None,
        picture_code=picture.code if picture else "",
    )


def _words(
    category: Category, names: Mapping[str, str], slugs: Mapping[str, str], typed: TypedWords | None
) -> list[WordsRow]:
    problems = typed.problems if typed else {}
    shown_names, shown_slugs = (typed.names, typed.slugs) if typed else (names, slugs)
    return [
        WordsRow(
            language=language,
            label=language_name(language, get_language()),
            is_rtl=babel_locale(language).text_direction == "rtl",
            is_own=language == get_default_language(),
            name=shown_names.get(language, ""),
            slug=shown_slugs.get(language, ""),
            fallback=_fallback(names, language),
            name_error=problems.get(f"name-{language}", ""),
            slug_error=problems.get(f"slug-{language}", ""),
            stored_name=_stored(names, typed.names, language) if typed and typed.is_late else "",
            stored_slug=_stored(slugs, typed.slugs, language) if typed and typed.is_late else "",
        )
        for language in languages()
    ]


def _stored(stored: Mapping[str, str], typed: Mapping[str, str], language: str) -> str:
    """What is stored, where it is not what was typed."""
    words = stored.get(language, "")
    return words if words != typed.get(language, "").strip() else ""


def _fallback(names: Mapping[str, str], language: str) -> str:
    """What shoppers of this language read while it has no name of its own."""
    chain = (*get_fallback_chain(language), get_default_language())
    return next((names[code] for code in chain if names.get(code)), "")


def _parents(forest: Forest, without: set[int]) -> list[tuple[str, str]]:
    """Codes and indented names of those it can be moved below; nothing when they are too many for a list."""
    if len(forest.nodes) > MOST_PARENTS:
        return []
    found: list[tuple[str, str]] = []

    def walk(parent: int | None, depth: int) -> None:
        for pk in forest.tree.children.get(parent, ()):
            if pk not in without:
                node = forest.nodes[pk]
                found.append((node.code, f"{'— ' * depth}{node.name}"))
                walk(pk, depth + 1)

    walk(None, 0)
    return found


def _facets(forest: Forest, category: Category) -> tuple[list[str], str]:
    """The filters it shows, and the name of the category above it they come from, if they are not its own."""
    near = [category.pk, *reversed(forest.tree.above(category.pk))]
    rows = CategoryFacet.objects.filter(category__in=near).select_related("facet__option_type", "facet__attribute")
    by_category: dict[int, list[str]] = {}
    for row in rows:
        named = row.facet.attribute or row.facet.option_type
        label = named.text("name", get_language()) if named else row.facet.get_kind_display()
        by_category.setdefault(row.category_id, []).append(label)
    owner = next((pk for pk in near if pk in by_category), None)
    if owner is None:
        return [], ""
    return by_category[owner], "" if owner == category.pk else forest.nodes[owner].name
