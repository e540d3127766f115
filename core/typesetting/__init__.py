"""Sheets made into PDF/A-3 by typst, offline, with the fonts of this folder. Pure: the same sheet, the same page."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
GOODS = HERE / "goods.typ"
"""A list of goods with two parties, facts beside them and sums: packing slips, customs invoices, purchase orders."""
STANDARD: Literal["a-3b"] = "a-3b"
"""PDF/A-3 for every document: it lasts as long as it must be kept, and may carry structured files."""


def pdf_of(template: Path, sheet: Mapping[str, Any]) -> bytes:
    """The sheet as PDF. Raises `typst.TypstError` for one the template cannot print."""
    made: bytes = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
        pdf_standards=[STANDARD],
    )
    return made


def pictures_of(template: Path, sheet: Mapping[str, Any], *, ppi: float = 96.0) -> Sequence[bytes]:
    """The pages as PNG, for looking at."""
    made: Any = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="png",
        ppi=ppi,
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
    )
    return made if isinstance(made, list) else [made]


def fonts() -> list[str]:
    """The folders of fonts: ours, and those of a shop that writes in other scripts."""
    return [str(FONTS), *settings.DOCUMENT_FONTS]
