"""Pick lists and lists of hand-overs as they are printed, in the language of whoever prints them.

They are working papers, not documents of a law: nothing keeps them, and they are made anew from the same rows.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext, ngettext, pgettext

from core.languages import direction, html_language
from markets.formatting import format_date, format_number
from orders.documents.barcodes import code128
from orders.documents.rendering import pdf_of
from orders.documents.rules import LETTER
from orders.floor.pages import stops_of, tasks_of, tote_row
from orders.floor.types import Stop, ToteRow
from orders.models import Handover, HandoverParcel, PickWave


def pick_list_pdf(wave: PickWave, *, country: str) -> bytes:
    """The round of a wave: shelf, goods, how many into which tote. Raises `typst.TypstError`."""
    stops = stops_of(tasks_of(wave))
    totes = wave.parcels.filter(out_because="").select_related("fulfillment__order").prefetch_related("tasks")
    return pdf_of(pick_sheet(wave, stops, [tote_row(wave, row) for row in totes.order_by("tote")], country=country))


def pick_sheet(wave: PickWave, stops: Sequence[Stop], totes: Sequence[ToteRow], *, country: str) -> dict[str, Any]:
    """The same as the words that are printed."""
    count = sum(stop.quantity for stop in stops)
    pieces = ngettext("%(count)d piece", "%(count)d pieces", count) % {"count": count}
    columns = [
        (pgettext("place in a warehouse", "Shelf"), False),
        (gettext("Goods"), False),
        (gettext("Pieces"), True),
        (gettext("Tote: pieces"), False),
        (gettext("Done"), False),
    ]
    return {
        **_frame(country, title=gettext("Pick list"), number=wave.number, day=wave.created.date()),
        "blocks": [{"label": [gettext("Totes"), ""], "lines": [f"{one.tote}: {one.order}" for one in totes]}],
        "meta": [
            _fact(gettext("Warehouse"), wave.warehouse_name),
            _fact(gettext("Date"), format_date(wave.created.date(), _language(), country, style="medium")),
            _fact(gettext("Parcels"), str(len(totes))),
            _fact(gettext("Pieces"), pieces),
        ],
        "columns": [{"label": [label, ""], "is_number": is_number} for label, is_number in columns],
        "rows": [_stop_row(stop) for stop in stops],
        "signature": [gettext("Picked by"), ""],
    }


def handover_pdf(handover: Handover, *, country: str) -> bytes:
    """The list its driver signs. Raises `typst.TypstError`."""
    rows = handover.parcels.filter(state=HandoverParcel.State.LEFT).select_related("fulfillment__order")
    return pdf_of(handover_sheet(handover, list(rows.order_by("position")), country=country))


def handover_sheet(handover: Handover, rows: Sequence[HandoverParcel], *, country: str) -> dict[str, Any]:
    """The same as the words that are printed: what left, in which number, how heavy, and a line to sign on."""
    columns = [
        ("#", False),
        (pgettext("purchase", "Order"), False),
        (gettext("Tracking number"), False),
        (pgettext("of a parcel", "To"), False),
        (gettext("Weight"), True),
    ]
    heavy = _kilograms(sum(row.weight_g for row in rows))
    place = pgettext("place a parcel leaves", "From")
    return {
        **_frame(country, title=gettext("List of parcels handed over"), number=handover.number, day=handover.day),
        "blocks": [
            {"label": [gettext("Carrier"), ""], "lines": [handover.carrier]},
            {"label": [place, ""], "lines": [settings.SHOP_NAME, handover.warehouse_name]},
        ],
        "meta": [
            _fact(pgettext("of a list", "Number"), handover.number),
            _fact(gettext("Number of the carrier"), handover.carrier_number),
            _fact(gettext("Date"), format_date(handover.day, _language(), country, style="medium")),
            _fact(gettext("Parcels"), format_number(len(rows), _language())),
            _fact(gettext("Weight"), heavy),
        ],
        "columns": [{"label": [label, ""], "is_number": is_number} for label, is_number in columns],
        "rows": [_parcel_row(row) for row in rows],
        "notes": [[gettext("The parcels of this list were received in good order."), ""]],
        "signature": [gettext("Date, time, name and signature of the driver"), ""],
    }


def _frame(country: str, *, title: str, number: str, day: date) -> dict[str, Any]:
    return {
        "template": "goods",
        "language": html_language(_language()),
        "direction": direction(_language()),
        "paper": "us-letter" if country in LETTER else "a4",
        "brand": settings.SHOP_NAME,
        "issued_on": day.isoformat(),
        "number": number,
        "title": [title, ""],
        "page": gettext("Page {page} of {pages}"),
        "barcode": code128(number),
        "barcode_words": number,
        "sums": [],
        "notes": [],
        "footer": [],
    }


def _fact(label: str, value: str) -> dict[str, Any]:
    return {"label": [label, ""], "value": value or "–"}


def _stop_row(stop: Stop) -> list[dict[str, Any]]:
    totes = [f"{one.tote}: {one.quantity}" for one in stop.picks if one.quantity]
    batches = [f"{one.tote}: {', '.join(one.batches)}" for one in stop.picks if one.quantity and one.batches]
    details = [one for one in (stop.options_text, " · ".join(filter(None, (stop.sku, stop.gtin)))) if one]
    return [
        {"text": stop.shelf or "–", "details": []},
        {"text": stop.name, "details": details},
        {"text": str(stop.quantity), "details": []},
        {"text": "   ".join(totes), "details": batches},
        {"text": "□", "details": []},
    ]


def _parcel_row(row: HandoverParcel) -> list[dict[str, Any]]:
    order = row.fulfillment.order
    texts = (str(row.position), order.number, row.tracking_no or "–", order.country, _kilograms(row.weight_g))
    return [{"text": text, "details": []} for text in texts]


def _kilograms(grams: int) -> str:
    """A weight in the reader's figures; from left to right in every script, as a scale shows it."""
    return f"\u2066{format_number(Decimal(grams) / 1000, _language())} kg\u2069"


def _language() -> str:
    return get_language() or "en"
