"""Sheets made into PDF/A-3 by typst, each with its own template. Pure: the same sheet, the same page."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core import typesetting
from core.typesetting import FONTS, GOODS, STANDARD

__all__ = ["FONTS", "HERE", "STANDARD", "TEMPLATES", "pdf_of", "pictures_of"]

HERE = Path(__file__).parent
TEMPLATES = {"paper": HERE / "paper.typ", "goods": GOODS, "customs": HERE / "customs.typ"}
"""Invoices and credit notes; papers about parcels; the posts' customs forms. A sheet names its own, else the first."""


def pdf_of(sheet: Mapping[str, Any]) -> bytes:
    """The document as PDF. Raises `typst.TypstError` for a sheet the template cannot print."""
    return typesetting.pdf_of(TEMPLATES[sheet.get("template", "paper")], sheet)


def pictures_of(sheet: Mapping[str, Any], *, ppi: float = 96.0) -> Sequence[bytes]:
    """The pages as PNG, for looking at."""
    return typesetting.pictures_of(TEMPLATES[sheet.get("template", "paper")], sheet, ppi=ppi)
