"""Packing slips and commercial invoices as the words that are printed. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.languages import direction, html_language
from core.money import from_minor
from markets.formatting import format_date, format_number
from orders.documents.barcodes import code128
from orders.documents.rules import LETTER
from orders.documents.sheet import ARABIC, END, LTR, Heading, turned
from orders.documents.shipping.shares import totals
from orders.documents.wording import languages, word

CUSTOMS_LANGUAGE = "en"
"""What every customs office reads; the reader's own language stands beside it."""

TURNS = {*ARABIC, "\u200f"}
"""What is written from the right, and the mark that says so."""


class Words:
    """Labels in one language and, beside it, in a second one. Pure."""

    def __init__(self, language: str, second: str = "") -> None:
        self.language = language if language in languages() else CUSTOMS_LANGUAGE
        self.second = second if second in languages() and second != self.language else ""

    def label(self, key: str, **told: str) -> list[str]:
        """The words, and the same in the second language; empty where there is none."""
        second = word(key, self.second, **told) if self.second else ""
        return [word(key, self.language, **told), turned(second, self.second) if second else ""]

    def own(self, value: str) -> str:
        """Latin letters and digits keep their order inside a line that is written from the right.

        A day in Arabic has digits alone and marks that say how they run; it is left as it is.
        """
        is_turned = direction(self.language) == "rtl" and not any(letter in TURNS for letter in value)
        return f"{LTR}{value}{END}" if is_turned and value else value


def packing_sheet(facts: Mapping[str, Any], heading: Heading, *, enclosed: Sequence[str] = ()) -> dict[str, Any]:
    """A packing slip in the customer's language. It names no amounts."""
    words = Words(heading.language)
    position, parcels = facts["place"]
    meta = [
        ("order", facts["order"]),
        ("date", format_date(heading.issued_on, words.language, facts["ship_country"], style="medium")),
        ("parcel", f"{position} / {parcels}" if position else str(facts["parcel"])),
        ("delivery_method", facts["delivery"]),
        ("carrier", facts["carrier"]),
    ]
    notes = [[f"{word('enclosed', words.language)}: {', '.join(enclosed)}", ""]] if enclosed else []
    if facts["return_days"]:
        notes.append(words.label("returns_until", days=format_number(facts["return_days"], words.language)))
    return {
        **_frame(facts, heading, words, title="packing_slip", code=facts["order"]),
        "blocks": [{"label": words.label("ship_to"), "lines": [words.own(one) for one in facts["ship_lines"]]}],
        "meta": _meta(words, meta),
        "columns": [
            {"label": words.label(key), "is_number": key == "quantity"}
            for key in ("item_number", "description", "quantity")
        ],
        "rows": [_packed(one, words) for one in facts["goods"]],
        "sums": [],
        "notes": notes,
        "signature": ["", ""],
        "footer": [],
    }


def commercial_sheet(facts: Mapping[str, Any], heading: Heading) -> dict[str, Any]:
    """A commercial invoice for customs, in English and in the reader's language."""
    words = Words(CUSTOMS_LANGUAGE, heading.language)
    _pieces, grams, value = totals(facts["goods"])
    keys = ("description", "hs_code", "origin", "quantity", "net_weight", "unit_value", "value")
    numbers = ("quantity", "net_weight", "unit_value", "value")
    sums = [("goods_value", value, False), ("freight", facts["freight"], False)]
    return {
        **_frame(facts, heading, words, title="commercial_invoice", code=heading.number),
        "blocks": [
            {"label": words.label("exporter"), "lines": _party(facts["seller"])},
            {"label": words.label("consignee"), "lines": _party(facts["consignee"])},
        ],
        "meta": _meta(words, _customs_meta(facts, heading, words, grams)),
        "columns": [{"label": words.label(key), "is_number": key in numbers} for key in keys],
        "rows": [_declared(one, facts["currency"]) for one in facts["goods"]],
        "sums": [
            {"label": words.label(key), "amount": amount_of(minor, facts["currency"]), "is_total": strong}
            for key, minor, strong in [*sums, ("total_value", value + facts["freight"], True)]
        ],
        "notes": [words.label("certified")],
        "signature": words.label("signature"),
        "footer": [f"{country} {number}" for country, number in facts["seller"]["numbers"]],
    }


def amount_of(minor: int, currency: str) -> str:
    """An amount for customs: the code of the currency, so that no dollar is taken for another, and a point."""
    return f"{currency} {from_minor(minor, currency).amount:,f}"


def kilograms(grams: int) -> str:
    """A weight in kilograms, to the gram."""
    return f"{Decimal(grams) / 1000:.3f} kg"


def _customs_meta(facts: Mapping[str, Any], heading: Heading, words: Words, grams: int) -> list[tuple[str, str]]:
    invoice = facts["invoice"]
    scheme = f"{facts['scheme']} {facts['scheme_number']}" if facts["scheme"] else ""
    return [
        ("number", heading.number),
        ("date", format_date(heading.issued_on, words.language, "", style="medium")),
        ("order", facts["order"]),
        ("invoice_of_sale", f"{invoice['number']} · {invoice['issued_on']}" if invoice else ""),
        ("export_reason", word("sale_of_goods", words.language)),
        ("terms", f"{facts['terms']} {facts['consignee']['country']}"),
        ("import_scheme", scheme),
        ("carrier", facts["carrier"]),
        ("tracking", ", ".join(facts["tracking"])),
        ("net_weight", kilograms(grams)),
        ("gross_weight", kilograms(max(grams, facts["gross_grams"])) if facts["gross_grams"] else ""),
        ("currency", facts["currency"]),
    ]


def _frame(facts: Mapping[str, Any], heading: Heading, words: Words, *, title: str, code: str) -> dict[str, Any]:
    return {
        "template": "goods",
        "language": html_language(words.language),
        "direction": direction(words.language),
        "paper": "us-letter" if facts["ships_from"] in LETTER else "a4",
        "brand": heading.brand,
        "issued_on": heading.issued_on.isoformat(),
        "number": heading.number,
        "title": words.label(title),
        "page": word("page", words.language),
        "barcode": code128(code),
        "barcode_words": code,
    }


def _meta(words: Words, rows: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"label": words.label(key), "value": words.own(value)} for key, value in rows if value]


def _party(party: Mapping[str, Any]) -> list[str]:
    lines = list(party["lines"])
    name = [] if party["name"] in lines else [party["name"]]
    return [*name, *lines, *(one for one in (party["phone"], party["email"]) if one)]


def _packed(one: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    contents = f"{word('contains', words.language)}: {', '.join(one['contents'])}" if one["contents"] else ""
    details = [detail for detail in (words.own(one["options"]), contents) if detail]
    return [
        {"text": words.own(one["sku"]), "details": []},
        {"text": one["name"], "details": details},
        {"text": format_number(one["quantity"], words.language), "details": []},
    ]


def _declared(one: Mapping[str, Any], currency: str) -> list[dict[str, Any]]:
    unit = from_minor(one["value"], currency).amount / one["quantity"]
    cells = (
        one["description"],
        one["hs_code"],
        one["origin"],
        str(one["quantity"]),
        kilograms(one["grams"]),
        f"{currency} {unit:,.4f}",
        amount_of(one["value"], currency),
    )
    details = ([one["sku"]], *([[]] * (len(cells) - 1)))
    return [{"text": text, "details": more} for text, more in zip(cells, details, strict=True)]
