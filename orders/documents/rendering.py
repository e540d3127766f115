"""Sheets made into PDF/A-3 by typst, offline, with the fonts of this folder. Pure: the same sheet, the same page."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings

HERE = Path(__file__).parent
TEMPLATES = {name: HERE / f"{name}.typ" for name in ("paper", "goods", "customs")}
"""Invoices and credit notes; papers about parcels; the posts' customs forms. A sheet names its own, else the first."""
FONTS = HERE / "fonts"
STANDARD: Literal["a-3b"] = "a-3b"
"""PDF/A-3 for every document: it lasts as long as it must be kept, and may carry the structured invoice."""


def pdf_of(sheet: Mapping[str, Any]) -> bytes:
    """The document as PDF. Raises `typst.TypstError` for a sheet the template cannot print."""
    made: bytes = typst.compile(
        str(TEMPLATES[sheet.get("template", "paper")]),
        root=str(HERE),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
        pdf_standards=[STANDARD],
    )
    return made


def pictures_of(sheet: Mapping[str, Any], *, ppi: float = 96.0) -> Sequence[bytes]:
    """The pages as PNG, for looking at."""
    made: Any = typst.compile(
        str(TEMPLATES[sheet.get("template", "paper")]),
        root=str(HERE),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="png",
        ppi=ppi,
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
    )
    return made if isinstance(made, list) else [made]


def _fonts() -> list[str]:
    return [str(FONTS), *settings.DOCUMENT_FONTS]
