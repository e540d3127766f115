"""Categories a file names: by code, by name, or by a path of either."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from modeltrans.conf import get_available_languages

from catalog.actions.tree import lock_tree
from catalog.actions.vocabulary import describe_category, put_category
from catalog.drafts import Words
from catalog.importers.apply.codes import code_of
from catalog.importers.apply.targets import Target
from catalog.importers.apply.vocabulary import Named
from catalog.importers.drafts import ImportedCategory, ImportedProduct
from catalog.models import Category


@dataclass
class Shelf:
    """What is known of a category: enough to find it by any of its names under its parent."""

    pk: int
    code: str
    parent_id: int | None
    names: frozenset[str] = field(default_factory=frozenset)


def category_named(target: Target, name: str) -> Named | None:
    """The category with this name, anywhere in the tree."""
    wanted = name.casefold().strip()
    found = next((shelf for shelf in _shelves(target).values() if wanted in shelf.names), None) if wanted else None
    return Named(found.pk, found.code) if found else None


def category(target: Target, told: ImportedCategory) -> Named | None:
    """The category at the end of the path; None when it is not there and the file does not want it made."""
    if told.above is not None:
        category(target, told.above)
    found: Named | None = target.memory("category").get(_path(told), lambda: _walk(target, told))
    if found is not None and told.is_definition:
        words = (tuple(sorted(told.names.items())), tuple(sorted(told.descriptions.items())))
        target.memory("category words").get((found.code, *words, told.position), lambda: _define(found, told))
    return found


def hold_tree_for(target: Target, told: Iterable[ImportedCategory]) -> None:
    """Lock the tree when the shop lacks one of these categories. Call before anything else of a transaction.

    Later would be too late: what was recorded until then holds the chain of the audit, which comes after the tree.
    """
    walked = target.memory("category")
    if any(each.create and not walked.knows(_path(each)) and _lacks(target, each) for each in told):
        lock_tree()
        tree = target.memory("tree")
        tree.touch("all")
        tree.forget_fresh()


def categories_of(imported: ImportedProduct) -> Iterator[ImportedCategory]:
    """Every category a product speaks of, with those above that it defines."""
    waiting = [imported.category, *(imported.further_categories or ())]
    while waiting:
        each = waiting.pop()
        if each is not None:
            yield each
            waiting.append(each.above)


def _path(told: ImportedCategory) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    return told.steps, told.codes, told.create


def _lacks(target: Target, told: ImportedCategory) -> bool:
    above: Shelf | None = None
    for at, step in enumerate(told.steps):
        code = told.codes[at] if at < len(told.codes) else ""
        above = _find(target, step, code, above, is_alone=len(told.steps) == 1)
        if above is None:
            return True
    return False


def _walk(target: Target, told: ImportedCategory) -> Named | None:
    above: Shelf | None = None
    for at, step in enumerate(told.steps):
        code = told.codes[at] if at < len(told.codes) else ""
        shelf = _find(target, step, code, above, is_alone=len(told.steps) == 1)
        if shelf is None:
            if not told.create:
                return None
            is_last = at == len(told.steps) - 1
            shelf = _make(target, step, code, above, told if is_last else None)
        above = shelf
    return Named(above.pk, above.code) if above else None


def _find(target: Target, step: str, code: str, above: Shelf | None, *, is_alone: bool) -> Shelf | None:
    shelves = _shelves(target)
    if code and code in shelves:
        return shelves[code]
    parent_id = above.pk if above else None
    by_code = shelves.get(step)
    if by_code is not None and (is_alone or by_code.parent_id == parent_id):
        return by_code
    name = step.casefold().strip()
    named = [shelf for shelf in shelves.values() if name in shelf.names]
    here = next((shelf for shelf in named if shelf.parent_id == parent_id), None)
    return here or (named[0] if is_alone and named else None)


def _make(target: Target, step: str, code: str, above: Shelf | None, told: ImportedCategory | None) -> Shelf:
    shelves = _shelves(target)
    names = dict(told.names) if told and told.names else {target.language: step[:120]}
    wanted = code or code_of(step)
    if wanted in shelves:
        wanted = code_of(f"{above.code if above else ''} {step}")
    row = Category.objects.filter(code=wanted).first() or put_category(
        code=wanted,
        texts={"name": names, "description": dict(told.descriptions) if told else {}},
        parent=above.code if above else None,
        position=(told.position if told and told.position is not None else len(shelves)),
    )
    # The tree is kept whole in one place: it is read again after a transaction that was taken back.
    target.memory("tree").touch("all")
    shelves[row.code] = _shelf(row)
    return shelves[row.code]


def _define(found: Named, told: ImportedCategory) -> bool:
    texts: dict[str, Words] = {"name": told.names, "description": told.descriptions}
    describe_category(code=found.code, texts=texts, position=told.position)
    return True


def _shelves(target: Target) -> dict[str, Shelf]:
    found: dict[str, Shelf] = target.memory("tree").get(
        "all", lambda: {row.code: _shelf(row) for row in Category.objects.order_by("pk")}
    )
    return found


def _shelf(row: Category) -> Shelf:
    names = {row.name, *(row.text("name", language) for language in get_available_languages())}
    return Shelf(row.pk, row.code, row.parent_id, frozenset(name.casefold().strip() for name in names if name))
