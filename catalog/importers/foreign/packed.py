"""Lists and pairs that systems pack into one cell."""

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from catalog.importers.cells import number
from catalog.importers.drafts import ImportedComponent, ImportedVariant
from catalog.importers.foreign.cells import Cells
from catalog.importers.formats import Row


def pairs(text: str) -> dict[str, str]:
    """`size=XS,color=Black` by name. A comma belongs to a value unless a name and `=` follow."""
    parts = re.split(r",(?=\s*[\w.-]+=)", text)
    return {name.strip(): value.strip() for name, found, value in (part.partition("=") for part in parts) if found}


def packed_rows(text: str) -> list[dict[str, str]]:
    """`sku=A,size=S|sku=B,size=M`: pairs, several times."""
    return [found for part in text.split("|") if (found := pairs(part))]


def named(code: str) -> str:
    """`style_bottom` in words."""
    words = code.replace("_", " ").strip()
    return (words[:1].upper() + words[1:])[:80]


def fixed_pieces(cells: Cells, code: str, offered: Iterable[Mapping[str, str]]) -> tuple[ImportedComponent, ...]:
    """The pieces of a set by `name`, `sku`, `default` and quantity; of several under one name the preset one."""
    chosen: dict[str, Mapping[str, str]] = {}
    has_choice = False
    for piece in offered:
        place = piece.get("name", "")
        has_choice |= place in chosen
        if piece.get("sku") and (place not in chosen or _is_preset(piece) > _is_preset(chosen[place])):
            chosen[place] = piece
    if has_choice:
        cells.note(code, _("A set has fixed pieces here: of those to choose from, the preset ones were taken."))
    if len(chosen) < 2:
        cells.wrong(code, _("A set has at least two pieces."))
    return tuple(ImportedComponent(sku=piece["sku"], quantity=_count(piece)) for piece in chosen.values())


def as_set(cells: Cells, variant: ImportedVariant) -> ImportedVariant:
    """The one variant of a set, with the pieces of the field `bundle`. Its stock is that of the pieces."""
    components = fixed_pieces(cells, "bundle", packed_rows(cells.text("bundle")))
    if variant.price is None:
        cells.note("price", _("The set has no price of its own; it comes in as a draft."))
    return replace(variant, components=components, quantity=None)


def read_variations(
    cells: Cells,
    variations: Sequence[Mapping[str, str]],
    found: Mapping[str, Sequence[Row]],
    read: Callable[[Cells, dict[str, str], int], ImportedVariant],
) -> list[ImportedVariant]:
    """The variants a product names with `sku` and option values; those that are not in the file are noted."""
    variants = []
    for position, each in enumerate(variations):
        rows = found.get(each.get("sku", ""))
        if not rows:
            cells.note("variations", _("The variant “%(sku)s” is not in the file.") % {"sku": each.get("sku", "")})
            continue
        values = {named(code): value[:80] for code, value in each.items() if code != "sku"}
        variants.append(read(Cells(rows[0], cells.problems, cells.notes), values, position))
    if not variants:
        cells.wrong("variations", _("The product has no variations in the file."))
    return variants


def variants_of(
    cells: Cells,
    kind: str,
    variations: Sequence[Mapping[str, str]],
    found: Mapping[str, Sequence[Row]],
    read: Callable[[Cells, dict[str, str], int], ImportedVariant],
) -> list[ImportedVariant]:
    """The variants of a product of this kind: none for a list of others, those it names, or its only one."""
    if kind == "grouped":
        return []
    if kind == "configurable":
        return read_variations(cells, variations, found, read)
    variant = read(cells, {}, 0)
    return [as_set(cells, variant) if kind == "bundle" else variant]


def refuse_without_basics(cells: Cells, kind: str, kinds: Container[str]) -> None:
    """Raise `RowsRefused` for a product without SKU or name, or of a kind nobody can read."""
    if not cells.text("sku"):
        cells.wrong("sku", _("The SKU is missing."))
    if not cells.text("name"):
        cells.wrong("name", _("The product has no name."))
    if kind not in kinds:
        cells.wrong("type", _("“%(kind)s” is not a kind of product that can be read.") % {"kind": kind})
    cells.refuse()


def _is_preset(piece: Mapping[str, str]) -> bool:
    return piece.get("default") == "1"


def _count(piece: Mapping[str, str]) -> int:
    found = number(piece.get("default_qty") or piece.get("qty") or "1")
    return int(found) if found and found >= 1 else 1
