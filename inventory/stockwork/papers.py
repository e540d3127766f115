"""What the papers of stock work share: working papers, printed anew from the same rows and kept by nobody."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.barcodes import code128
from core.languages import direction, html_language
from core.typesetting import GOODS, pdf_of
from inventory.buying.papers import LETTER

Cell = dict[str, Any]


def paper(
    *, title: str, number: str, country: str, day: date, columns: Sequence[tuple[str, bool]], rows: list[list[Cell]]
) -> dict[str, Any]:
    """A sheet in the language of whoever prints it, with a barcode of its number, as core.typesetting wants it."""
    language = get_language() or "en"
    return {
        "language": html_language(language),
        "direction": direction(language),
        "paper": "us-letter" if country in LETTER else "a4",
        "brand": settings.SHOP_NAME,
        "issued_on": day.isoformat(),
        "number": number,
        "title": [title, ""],
        "page": _("Page {page} of {pages}"),
        "barcode": code128(number),
        "barcode_words": number,
        "blocks": [],
        "meta": [],
        "columns": [{"label": [label, ""], "is_number": is_number} for label, is_number in columns],
        "rows": rows,
        "sums": [],
        "notes": [],
        "signature": ["", ""],
        "footer": [],
    }


def block(label: str, lines: Sequence[str]) -> dict[str, Any]:
    """A few lines under a small title."""
    return {"label": [label, ""], "lines": list(lines)}


def facts(told: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """Facts beside the blocks; those nobody knows are left out."""
    return [{"label": [label, ""], "value": value} for label, value in told if value]


def cell(text: str, *details: str) -> Cell:
    """What stands in one field of a row, with small words below it."""
    return {"text": text, "details": [one for one in details if one]}


def pdf_answer(sheet: dict[str, Any]) -> HttpResponse:
    """The sheet as PDF, to be kept by nobody between. Raises `typst.TypstError`."""
    answer = HttpResponse(pdf_of(GOODS, sheet), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{sheet["number"]}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
