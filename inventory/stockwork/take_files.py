"""Stock takes as files: the lists to count by, on paper or as a table, and counts that come back."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core.spreadsheets import plain
from inventory.models import StockTake, StockTakeLine
from inventory.stockwork.listing import MOST_PIECES, called, csv_answer
from inventory.stockwork.papers import block, cell, facts, paper, pdf_answer
from inventory.stockwork.take_pages import scope_words
from markets.formatting import format_date, format_number

COLUMNS = ("sku", "gtin", "shelf", "name", "expected", "counted", "difference")
MOST_BYTES = 2_000_000
MOST_PROBLEMS = 20


class FileRefused(ValueError):
    """The file cannot be used; nothing was entered. Its words are for the person."""


def count_list(take: StockTake) -> HttpResponse:
    """Every shelf of a stock take in walking order; a blind one does not say what is expected before its review."""
    shows = not take.is_blind or take.state in (StockTake.State.REVIEW, StockTake.State.BOOKED)
    return csv_answer(take.number, COLUMNS, _rows(take, shows))


def count_paper(take: StockTake) -> HttpResponse:
    """The shelves nobody has counted yet, in walking order, to be counted with a pencil."""
    return pdf_answer(count_sheet(take))


def count_sheet(take: StockTake) -> dict[str, Any]:
    """What is printed: shelf, goods, codes, and an empty field. What the books say is never on it."""
    language, place = get_language() or "en", take.warehouse
    lines = _walked(take).filter(counted__isnull=True)
    rows = [
        [
            cell(line.stock_item.shelf or "–"),
            cell(called(line.stock_item.variant)),
            cell(line.stock_item.variant.sku, line.stock_item.variant.gtin),
            cell("____"),
        ]
        for line in lines
    ]
    columns = (
        (pgettext("place in a warehouse", "Shelf"), False),
        (_("Goods"), False),
        (_("SKU or GTIN"), False),
        (pgettext("pieces", "Counted"), True),
    )
    day = timezone.localdate()
    sheet = paper(
        title=_("Count sheet"), number=take.number, country=place.country, day=day, columns=columns, rows=rows
    )
    sheet["blocks"] = [block(_("Warehouse"), [place.name_i18n]), block(_("What is counted"), [scope_words(take)])]
    sheet["meta"] = facts(
        (
            (_("Printed on"), format_date(day, language, place.country, style="medium")),
            (_("Shelves"), format_number(len(rows), language)),
        )
    )
    sheet["notes"] = [[_("Count a shelf in one go and write down when it was; enter it soon."), ""]]
    sheet["signature"] = [_("Counted by, on"), ""]
    return sheet


def _walked(take: StockTake) -> QuerySet[StockTakeLine]:
    return take.lines.select_related("stock_item__variant__product").order_by(
        "stock_item__shelf", "stock_item__variant__sku"
    )


def _rows(take: StockTake, shows: bool) -> Iterator[list[object]]:
    for line in _walked(take):
        variant = line.stock_item.variant
        counted = "" if line.counted is None else line.counted
        expected = line.expected_at_count if shows and line.expected_at_count is not None else ""
        difference = line.difference if shows and line.counted is not None else ""
        yield [variant.sku, variant.gtin, line.stock_item.shelf, called(variant), expected, counted, difference]


def read_counts(take: StockTake, content: bytes) -> dict[int, int]:
    """Counts by line of a file with the columns `sku` (or `gtin`) and `counted`; rows without a count are left out.

    All or nothing. Raises `FileRefused` naming the first rows that are wrong.
    """
    if len(content) > MOST_BYTES:
        raise FileRefused(_("This file is too large."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        raise FileRefused(_("This file is not written in UTF-8.")) from broken
    first = text.split("\n", 1)[0]
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    titles = {(title or "").strip().lower() for title in table.fieldnames or ()}
    if "counted" not in titles or not titles & {"sku", "gtin"}:
        raise FileRefused(_("The file needs the columns sku (or gtin) and counted."))
    return _read(take, table)


def _read(take: StockTake, table: "csv.DictReader[str]") -> dict[int, int]:
    known = take.lines.values_list("pk", "stock_item__variant__sku", "stock_item__variant__gtin")
    by_code = {code.upper(): pk for pk, sku, gtin in known for code in (gtin, sku) if code}
    counts: dict[int, int] = {}
    problems = []
    for number, raw in enumerate(table, start=2):
        row = {(key or "").strip().lower(): plain((value or "").strip()) for key, value in raw.items() if key}
        typed = row.get("counted", "")
        code = row.get("sku") or row.get("gtin") or ""
        pk = by_code.get(code.upper())
        if not typed:
            continue
        if pk is None:
            problems.append(
                _("Line %(line)d: %(code)s is not part of this stock take.") % {"line": number, "code": code}
            )
        elif not typed.isdecimal() or int(typed) > MOST_PIECES:
            problems.append(_("Line %(line)d: %(typed)s is no count.") % {"line": number, "typed": typed[:20]})
        elif counts.get(pk, int(typed)) != int(typed):
            problems.append(_("Line %(line)d: %(code)s is there twice.") % {"line": number, "code": code})
        else:
            counts[pk] = int(typed)
    if problems:
        raise FileRefused(" ".join(problems[:MOST_PROBLEMS]))
    if not counts:
        raise FileRefused(_("There is no count in this file."))
    return counts
