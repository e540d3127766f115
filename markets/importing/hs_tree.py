"""The tree of goods codes from a file. Codes are added and reworded, never taken away: old papers name them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from markets.importing.cells import Cells
from markets.importing.comparing import MOST_DIFFERENCES, Difference, RefusedLine
from markets.models import HsCode
from markets.reference.writing import Count

COLUMNS = ("hscode", "description", "parent", "level", "section")
OWN = ("code", "description", "section")
BY_LANGUAGE = "description:"


@dataclass
class Tree:
    """What a file would do to the tree of an edition."""

    version: str
    new: dict[str, HsCode] = field(default_factory=dict)
    reworded: dict[str, HsCode] = field(default_factory=dict)
    refused: list[RefusedLine] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    count: Count = field(default_factory=Count)


def compare_tree(lines: Iterable[Cells | RefusedLine], *, version: str) -> Tree:
    """Compare the lines with the tree of the edition. A code whose chapter or heading is unknown is refused."""
    tree = Tree(version)
    known = {row.code: row for row in HsCode.objects.filter(version=version)}
    read: dict[str, Cells] = {}
    for cells in lines:
        if isinstance(cells, RefusedLine):
            tree.refused.append(cells)
            continue
        code = re.sub(r"[.\s]", "", cells.text("code") or cells.text("hscode"))
        if not re.fullmatch(r"([0-9]{2}){1,5}", code):
            tree.refused.append(
                RefusedLine(cells.line, "code", code[:200], _("A goods code has 2, 4, 6, 8 or 10 digits."))
            )
        elif code in read:
            tree.refused.append(RefusedLine(cells.line, "code", code, _("This code stands in the file twice.")))
        elif not cells.text("description"):
            tree.refused.append(RefusedLine(cells.line, "description", "", _("This column must not be empty.")))
        else:
            read[code] = cells
    for code, cells in sorted(read.items(), key=lambda pair: (len(pair[0]), pair[0])):
        _take(tree, known, code, cells)
    tree.refused.sort(key=lambda one: one.line)
    return tree


def _take(tree: Tree, known: dict[str, HsCode], code: str, cells: Cells) -> None:
    words, section = cells.text("description"), cells.text("section", most=6)
    by_language = {
        heading.removeprefix(BY_LANGUAGE): value.strip()
        for heading, value in cells.cells.items()
        if heading.startswith(BY_LANGUAGE) and value.strip()
    }
    row = known.get(code)
    if row is None:
        above = next(
            (known.get(code[:digits]) for digits in range(len(code) - 2, 0, -2) if code[:digits] in known), None
        )
        if above is None and len(code) > 2:
            tree.refused.append(RefusedLine(cells.line, "code", code, _("The code above this one is not known.")))
            return
        row = HsCode(
            version=tree.version,
            code=code,
            parent=above,
            level=len(code),
            section=section or (above.section if above else ""),
            description=words,
            descriptions=by_language,
        )
        known[code] = tree.new[code] = row
        tree.count.created += 1
        _differ(tree, Difference("new", code, "", words))
        return
    merged = {**row.descriptions, **by_language}
    if row.description == words and row.descriptions == merged:
        tree.count.unchanged += 1
        return
    _differ(tree, Difference("corrected", code, row.description, words))
    row.description, row.descriptions = words, merged
    tree.reworded[code] = row
    tree.count.changed += 1


def _differ(tree: Tree, difference: Difference) -> None:
    if len(tree.differences) < MOST_DIFFERENCES:
        tree.differences.append(difference)


@transaction.atomic
def write_tree(tree: Tree, *, source: str) -> Count:
    """Write what was compared, parents before children."""
    for level in (2, 4, 6, 8, 10):
        rows = [row for row in tree.new.values() if row.level == level]
        for row in rows:
            row.parent = row.parent
        HsCode.objects.bulk_create(rows, batch_size=2000)
    HsCode.objects.bulk_update(tree.reworded.values(), ["description", "descriptions"], batch_size=500)
    audit.record(
        "customs_table.import",
        f"markets.HsCode:{tree.version}",
        data={"source": source, "refused": len(tree.refused), **vars(tree.count)},
    )
    return tree.count
