"""Attributes of a product, from columns of their own and from the cell that holds many."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from catalog.importers.drafts import ImportedAttribute, ImportedChoice, ImportedDetail
from catalog.importers.portolan import cells
from catalog.importers.portolan.columns import Title
from catalog.importers.portolan.groups import Cells
from catalog.importers.portolan.words import DATA_TYPES

if TYPE_CHECKING:
    from catalog.importers.portolan.products import Table

At = Callable[[str], Cells]
MANY = "attributes"
ITEM = re.compile(r"([^=\[\]]+?)\s*(?:\[([^=\[\]]+)\])?\s*=\s*(.*)", re.DOTALL)


@dataclass(frozen=True)
class _Said:
    """What one cell says of one attribute."""

    here: Cells
    code: str
    name: str
    kind: str
    unit: str
    language: str
    text: str
    values: tuple[str, ...]


def read_details(titles: Sequence[Title], at: At, table: "Table") -> tuple[ImportedDetail, ...]:
    """The details a product's rows tell, in the order of the columns."""
    found: dict[str, ImportedDetail] = {}
    for said in [*_columns(titles, at, table), *_many(at, table)]:
        detail = _detail(said, _attribute(said, table))
        before = found.get(said.name)
        if before is not None and before.text is not None and detail.text is not None:
            detail = replace(before, text={**before.text, **detail.text})
        found[said.name] = detail
    return tuple(found.values())


def _columns(titles: Sequence[Title], at: At, table: "Table") -> Iterator[_Said]:
    for title in titles:
        here = at(title.code)
        if here.says(title.code):
            name, kind, unit = (part.strip() for part in (*title.parts[0].split(":", 2), "", "")[:3])
            language = title.parts[1] if len(title.parts) > 1 else table.setting.language
            text = here.text(title.code)
            yield _Said(here, title.code, name, kind.lower(), unit, language, text, cells.items(text))


def _many(at: At, table: "Table") -> Iterator[_Said]:
    here = at(MANY)
    found: dict[tuple[str, str], list[str]] = {}
    for item in cells.items(here.text(MANY)):
        taken = ITEM.fullmatch(item)
        if taken is not None:
            found.setdefault((taken[1].strip(), (taken[2] or "").lower()), []).append(taken[3])
    for (name, language), values in found.items():
        yield _Said(
            here, MANY, name, "", "", language or table.setting.language, values[0], tuple(values)
        )  # fmt: skip


def _attribute(said: _Said, table: "Table") -> ImportedAttribute:
    """As a row of the file defines it, else as the shop has it, else as the title says."""
    defined = table.words.attributes.get(said.name)
    if defined is not None:
        return defined
    known = table.data_types.get(said.name)
    if known:
        return ImportedAttribute(name=said.name, code=said.name, data_type=known)
    kind = said.kind if said.kind in DATA_TYPES else "enum" if len(said.values) > 1 else "text"
    return ImportedAttribute(name=said.name, data_type=kind, unit=said.unit)


def _detail(said: _Said, attribute: ImportedAttribute) -> ImportedDetail:
    bare = ImportedDetail(attribute=attribute)
    if not said.text:
        return bare
    try:
        if attribute.data_type == "enum":
            return replace(bare, choices=tuple(ImportedChoice(name=value) for value in said.values))
        if attribute.data_type == "number":
            return replace(bare, number=cells.decimal(said.text))
        if attribute.data_type == "bool":
            return replace(bare, flag=cells.yes_or_no(said.text))
        if attribute.data_type == "date":
            return replace(bare, day=cells.day(said.text))
    except ValueError as wrong:
        said.here.wrong(said.code, str(wrong))
    return replace(bare, text={said.language: said.text})
