"""The packing list of a transfer: on paper, which travels with the goods, and as a table."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from inventory.models import BatchMovement, Transfer, Warehouse
from inventory.stockwork.listing import csv_answer
from inventory.stockwork.papers import Cell, block, cell, facts, paper, pdf_answer
from inventory.stockwork.transfer_pages import LineRow, transfer_page
from inventory.stockwork.transfers import ship_key
from inventory.types import BatchPart
from markets.addresses import format_address
from markets.formatting import format_date, format_number


def packing_table(row: Transfer) -> HttpResponse:
    """What to pack, in the order one walks past the shelves, with the batches that expire first."""
    rows = (
        (
            line.shelf,
            line.sku,
            line.name,
            line.quantity,
            line.shipped,
            " ".join(f"{one.code or '-'}:{one.quantity}" for one in parts),
        )
        for line, parts in _lines(row)
    )
    return csv_answer(row.number, ("shelf", "sku", "name", "pieces", "packed", "batches"), rows)


def packing_paper(row: Transfer) -> HttpResponse:
    """The packing list as PDF."""
    return pdf_answer(packing_sheet(row))


def packing_sheet(row: Transfer) -> dict[str, Any]:
    """What is printed: what goes from where to where, and a place for counts."""
    language, country = get_language() or "en", row.from_warehouse.country
    lines = _lines(row)
    has_left = row.shipped_at is not None
    day = timezone.localdate(row.shipped_at or row.created)
    pieces = sum(line.shipped if has_left else line.quantity for line, _parts in lines)
    rows = [_row(line, parts, language, has_left=has_left) for line, parts in lines]
    sheet = paper(
        title=_("Packing list of a transfer"),
        number=row.number,
        country=country,
        day=day,
        columns=_columns(),
        rows=rows,
    )
    sheet["blocks"] = [
        block(pgettext("place", "From"), _house(row.from_warehouse)),
        block(pgettext("place", "To"), _house(row.to_warehouse)),
    ]
    sheet["meta"] = facts(
        (
            (_("Date"), format_date(day, language, country, style="medium")),
            (_("Expected until"), _day(row, language, country)),
            (_("Carrier"), row.carrier),
            (_("Tracking number"), row.tracking_no),
            (_("Variants"), format_number(len(lines), language)),
            (_("Pieces"), format_number(pieces, language)),
        )
    )
    sheet["notes"] = [[row.note, ""]] if row.note else []
    sheet["signature"] = [_("Date and signature of who received it"), ""]
    return sheet


def _columns() -> tuple[tuple[str, bool], ...]:
    return (
        (pgettext("place in a warehouse", "Shelf"), False),
        (_("Goods"), False),
        (_("Pieces"), True),
        (pgettext("pieces of a transfer", "Arrived"), True),
    )


def _row(line: LineRow, parts: Iterable[BatchPart], language: str, *, has_left: bool) -> list[Cell]:
    pieces = line.shipped if has_left else line.quantity
    return [
        cell(line.shelf or "–"),
        cell(line.name, line.sku, *(_batch(one, language) for one in parts)),
        cell(format_number(pieces, language)),
        cell("□"),
    ]


def _batch(part: BatchPart, language: str) -> str:
    words = [_("Batch %(code)s") % {"code": part.code} if part.code else _("Without a batch")]
    if part.expires_on:
        words.append(format_date(part.expires_on, language, "", style="medium"))
    return " · ".join([*words, f"{format_number(part.quantity, language)} ×"])


def _house(place: Warehouse) -> list[str]:
    written = format_address(place.address, place.country) if place.address else [place.city_i18n, place.country]
    return [place.name_i18n, *(str(one) for one in written)]


def _day(row: Transfer, language: str, country: str) -> str:
    return format_date(timezone.localdate(row.due_at), language, country, style="medium") if row.due_at else ""


def _lines(row: Transfer) -> list[tuple[LineRow, tuple[BatchPart, ...]]]:
    """The lines by shelf; each with the batches that left, or that are to be taken. Five queries."""
    lines = sorted(transfer_page(row).lines, key=lambda line: (line.shelf, line.sku))
    if row.shipped_at is None:
        return [(line, _to_take(line)) for line in lines]
    left = _left(row)
    return [(line, left.get(f"{row.number}/{line.pk}", ())) for line in lines]


def _to_take(line: LineRow) -> tuple[BatchPart, ...]:
    """First expired, first out, as the ledger will book it."""
    wanted, found = line.quantity, []
    for one in (batch for batch in line.batches if not batch.is_blocked):
        count = min(wanted, one.quantity)
        wanted -= count
        if count:
            found.append(BatchPart(quantity=count, code=one.code, expires_on=one.expires_on))
    return tuple(found)


def _left(row: Transfer) -> Mapping[str, tuple[BatchPart, ...]]:
    moved = BatchMovement.objects.filter(movement__op_key=ship_key(row.number)).order_by(
        "batch__expires_on", "batch__code"
    )
    found: defaultdict[str, list[BatchPart]] = defaultdict(list)
    for ref, code, expires_on, pieces in moved.values_list(
        "movement__line_ref", "batch__code", "batch__expires_on"
    ).annotate(pieces=Sum("quantity")):
        found[ref].append(BatchPart(quantity=-pieces, code=code, expires_on=expires_on))
    return {ref: tuple(parts) for ref, parts in found.items()}
