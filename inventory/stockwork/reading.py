"""Lines that people paste or scan: a SKU or GTIN and pieces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from catalog.models import Variant

MOST_LINES = 500


@dataclass(frozen=True)
class ReadLines:
    """Pieces by variant, and a sentence for every line that could not be read."""

    pieces: Mapping[int, int]
    problems: Sequence[str] = field(default_factory=tuple)


def read_lines(text: str) -> ReadLines:
    """One variant per line: SKU or GTIN, then pieces after a space, comma, semicolon or tab; without pieces one.

    The same variant twice is added up. Two queries at most.
    """
    wanted: dict[str, int] = {}
    problems = []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        problems.append(_("More than %(most)d lines. Make several transfers.") % {"most": MOST_LINES})
    for line in lines[:MOST_LINES]:
        code, pieces = _split(line)
        if pieces is None:
            problems.append(_("%(line)s: no number of pieces.") % {"line": line[:80]})
        else:
            wanted[code] = wanted.get(code, 0) + pieces
    found = variants_called(wanted)
    problems += [_("Nothing is called %(code)s.") % {"code": code[:80]} for code in wanted if code not in found]
    pieces_by_variant: dict[int, int] = {}
    for code, count in wanted.items():
        if code in found:
            pieces_by_variant[found[code]] = pieces_by_variant.get(found[code], 0) + count
    return ReadLines(pieces_by_variant, tuple(problems))


def _split(line: str) -> tuple[str, int | None]:
    for mark in ("\t", ";", ",", " "):
        code, found, count = line.rpartition(mark)
        if found and count.strip().isdecimal():
            return code.strip(" \t;,"), int(count)
    return (line, 1) if " " not in line and "\t" not in line else (line, None)


def variants_called(codes: Mapping[str, int] | Sequence[str]) -> dict[str, int]:
    """Variants by SKU or GTIN as they were written, large or small. One query, by the index on upper case."""
    wanted = {code.upper() for code in codes}
    rows = Variant.objects.annotate(large=Upper("sku")).filter(
        Q(large__in=list(wanted)) | Q(gtin__in=[code for code in codes if code.isdecimal()])
    )
    known: dict[str, int] = {}
    for pk, sku, gtin in rows.order_by("-pk").values_list("pk", "sku", "gtin"):
        known |= {name.upper(): pk for name in (gtin, sku) if name}
    return {code: known[code.upper()] for code in codes if code.upper() in known}
