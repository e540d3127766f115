"""The facts of a document as the words that are printed, in its language and, where the law asks, in a second one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.languages import RIGHT_TO_LEFT, direction, html_language
from core.money import format_money, from_minor
from markets.formatting import format_date, format_number, format_percent
from markets.names import country_name
from orders.documents import amounts
from orders.documents.codes import saudi_code
from orders.documents.rules import TAXED
from orders.documents.wording import has_word, languages, tax_number_label, word

LTR, RTL, END = "\u2066", "\u2067", "\u2069"
"""Isolates: words in the other direction keep their own order inside a line."""
MARK = "※"
"""Beside goods at a reduced rate, as Japan asks."""
SENTENCES: Mapping[str, str] = {
    "export": "export",
    "exempt": "exempt",
    "not_registered": "not_collected",
    "no_import_tax": "not_collected",
    "below_threshold": "below_threshold",
    "on_delivery": "on_delivery",
}


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What a document knows only when it is issued."""

    number: str
    issued_on: date
    brand: str
    language: str


ARABIC = {chr(code) for code in (*range(0x0590, 0x0780), *range(0x08A0, 0x0900))}


def turned(words: str, language: str) -> str:
    """Words of a language that is written from the right, for a line that is not."""
    return f"{RTL}{words}{END}" if words and language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT else words


class Printer:
    """One document's facts with the ways to write them. Pure."""

    def __init__(self, facts: Mapping[str, Any], heading: Heading) -> None:
        self.facts = facts
        self.heading = heading
        self.language = heading.language
        demanded = facts["demanded_language"]
        known = demanded in languages() and demanded != self.language
        self.second = demanded if known else ""
        self.country = str(facts["buyer"]["country"])
        self.sign = -1 if facts.get("corrects") else 1

    def label(self, key: str, **told: str) -> list[str]:
        """The words, and the same in the demanded language; empty where that is the reader's own."""
        second = word(key, self.second, **told) if self.second else ""
        first = word(key, self.language, **told)
        return [first, turned(second, self.second) if second != first else ""]

    def own(self, value: str) -> str:
        """What stands in Latin letters or digits, such as an address or a number, in a line of its own order."""
        is_turned = direction(self.language) == "rtl" and not any(letter in ARABIC for letter in value)
        return f"{LTR}{value}{END}" if is_turned and value else value

    def money(self, minor: int, *, language: str = "") -> str:
        """An amount as the reader writes it; on a credit note what goes back has a minus."""
        amount = from_minor(self.sign * minor, self.facts["currency"])
        return format_money(amount, language or self.language, country=self.country)

    def day(self, iso: str, *, language: str = "") -> str:
        """A day in words."""
        return format_date(date.fromisoformat(iso), language or self.language, self.country, style="medium")

    def rate(self, group: Mapping[str, Any]) -> str:
        """A rate in percent; a dash where no tax is charged."""
        if group["reason"] not in TAXED:
            return "–"
        return format_percent(Decimal(group["rate"]), self.language, self.country)

    def place(self, country: str) -> str:
        """A country in words."""
        return country_name(country, self.language)


def sheet_of(facts: Mapping[str, Any], heading: Heading) -> dict[str, Any]:
    """Everything the template prints, as texts."""
    printer = Printer(facts, heading)
    is_credit = bool(facts.get("corrects"))
    title = facts["credit_title"] if is_credit else facts["title"]
    cells = amounts.from_json(facts["cells"])
    return {
        "language": html_language(heading.language),
        "direction": direction(heading.language),
        "paper": facts["paper"],
        "brand": heading.brand,
        "issued_on": heading.issued_on.isoformat(),
        "number": heading.number,
        "title": printer.label(title),
        "seller": facts["seller"]["name"],
        "sender": printer.own(" · ".join((facts["seller"]["name"], *facts["seller"]["lines"]))),
        "buyer": {"label": printer.label("bill_to"), "lines": _buyer(printer)},
        "delivered": _delivered(printer),
        "meta": _meta(printer),
        "columns": _columns(printer),
        "rows": [_row(printer, position, cells) for position in facts["positions"]],
        "sums": _sums(printer, cells),
        "taxes": _taxes(printer, cells),
        "notes": _notes(printer, cells),
        "footer": _footer(printer),
        "page": word("page", heading.language),
        "code": ""
        if facts.get("is_pro_forma")
        else saudi_code(facts, heading.issued_on, amounts.total(cells), sum(one.tax for one in cells)),
    }


def _with_country(printer: Printer, party: Mapping[str, Any]) -> list[str]:
    return _address(printer, party["lines"], party["country"])


def _address(printer: Printer, lines: Sequence[str], country: str) -> list[str]:
    """The lines and the country's name, which addresses of orders say already."""
    place = printer.place(country)
    return [*(printer.own(line) for line in lines if line != place), place]


def _buyer(printer: Printer) -> list[str]:
    buyer = printer.facts["buyer"]
    lines = _with_country(printer, buyer)
    if buyer["tax_id"]:
        label = tax_number_label(buyer["tax_id_country"], printer.language)
        lines.append(printer.own(f"{label} {buyer['tax_id']}"))
    return lines


def _delivered(printer: Printer) -> dict[str, Any] | None:
    buyer = printer.facts["buyer"]
    if not buyer["ship_lines"]:
        return None
    return {
        "label": printer.label("ship_to"),
        "lines": _address(printer, buyer["ship_lines"], buyer["ship_country"]),
    }


def _meta(printer: Printer) -> list[dict[str, Any]]:
    """The facts beside the address: label, second label, value."""
    facts, heading = printer.facts, printer.heading
    supply = facts["supply"]
    first, last = printer.day(supply["from"]), printer.day(supply["to"])
    rows = [
        ("number", heading.number),
        ("date", printer.day(heading.issued_on.isoformat())),
        ("order", facts["order"]),
        ("ordered_on", printer.day(facts["ordered_on"])),
    ]
    if facts.get("corrects"):
        corrects = facts["corrects"]
        rows.append(("corrects", f"{corrects['number']} · {printer.day(corrects['issued_on'])}"))
        rows.append(("reason", corrects["reason"]))
    else:
        if not facts.get("is_pro_forma"):
            rows.append(("paid_on", printer.day(facts["paid_on"])))
        key = "supply_expected" if supply["is_expected"] else "supply_date"
        rows.append((key, first if first == last else f"{first} – {last}"))
    rows.append(("currency", facts["currency"]))
    return [{"label": printer.label(key), "value": value} for key, value in rows if value]


def _columns(printer: Printer) -> dict[str, list[str]]:
    mode = "gross" if printer.facts["price_mode"] == "gross" else "net"
    has_tax = any(group["reason"] in TAXED for group in printer.facts["groups"])
    tail = f"_{mode}" if has_tax else ""
    keys = {"description": "description", "quantity": "quantity", "rate": "rate"}
    keys |= {"unit": f"unit_price{tail}", "amount": f"amount{tail}"}
    return {column: printer.label(key) for column, key in keys.items()}


def _row(printer: Printer, position: Mapping[str, Any], cells: Sequence[amounts.Cell]) -> dict[str, Any]:
    """One line of the table. Prices are shown as they were agreed: with tax inside, or without."""
    groups = printer.facts["groups"]
    mine = list(dict.fromkeys(cell.group for cell in cells if position["key"] in ("", cell.position)))
    reduced = any(groups[index]["reason"] == "reduced" for index in mine)
    is_marked = reduced and printer.facts["country"] == "JP"
    kind = position["kind"]
    name = position["name"] if kind == "goods" else _extra_name(printer, position)
    details = [" · ".join(one for one in (position.get("options", ""), position.get("sku", "")) if one)]
    if position.get("contents"):
        details.append(f"{word('contains', printer.language)}: {', '.join(position['contents'])}")
    if position.get("discount"):
        details.append(f"{word('discount', printer.language)}: {printer.money(-position['discount'])}")
    return {
        "name": f"{name} {MARK}" if is_marked else name,
        "details": [one for one in details if one],
        "quantity": format_number(position["quantity"], printer.language) if kind == "goods" else "",
        "unit": printer.money(position["unit"]) if position.get("unit") is not None and kind == "goods" else "",
        "rate": " + ".join(dict.fromkeys(printer.rate(groups[index]) for index in mine)),
        "amount": printer.money(_shown(printer, position)),
    }


def _extra_name(printer: Printer, position: Mapping[str, Any]) -> str:
    key = position["kind"] if has_word(position["kind"]) else "refund_of_sum"
    name = word(key, printer.language)
    return f"{name}: {position['name']}" if position.get("name") else name


def _shown(printer: Printer, position: Mapping[str, Any]) -> int:
    if "shown" in position:
        return int(position["shown"])
    tax = position["tax"] if printer.facts["price_mode"] == "gross" else 0
    return int(position["net"] + tax)


def _sums(printer: Printer, cells: Sequence[amounts.Cell]) -> list[dict[str, Any]]:
    net, tax = sum(cell.net for cell in cells), sum(cell.tax for cell in cells)
    last = "total_credit" if printer.facts.get("corrects") else "total"
    rows = [("net_total", net, False), ("tax_total", tax, False)] if tax else []
    return [
        {"label": printer.label(key), "amount": printer.money(minor), "is_total": strong}
        for key, minor, strong in [*rows, (last, net + tax, True)]
    ]


def _taxes(printer: Printer, cells: Sequence[amounts.Cell]) -> dict[str, Any]:
    """The sums per rate, as every country asks for them."""
    groups = printer.facts["groups"]
    rows = []
    for index, (net, tax) in amounts.by_group(cells).items():
        group = groups[index]
        rows.append([_tax_name(printer, group), printer.money(net), printer.money(tax), printer.money(net + tax)])
    return {
        "title": printer.label("tax_by_rate"),
        "head": [printer.label(key) for key in ("rate", "net", "tax", "gross")],
        "rows": rows,
    }


def _tax_name(printer: Printer, group: Mapping[str, Any]) -> str:
    place = printer.place(group["place"][:2])
    if group["reason"] not in TAXED:
        return f"{word('no_tax', printer.language)} ({place})"
    key = f"name_{group['label']}"
    name = word(key if has_word(key) else "name_vat", printer.language)
    mark = f" {MARK}" if group["reason"] == "reduced" and group["place"][:2] == "JP" else ""
    return f"{name} {printer.rate(group)} ({place}){mark}"


def _notes(printer: Printer, cells: Sequence[amounts.Cell]) -> list[list[str]]:
    """The sentences the law or the sale asks for, in both languages."""
    facts = printer.facts
    groups = [facts["groups"][index] for index in amounts.by_group(cells)]
    keys = [key for group in groups if (key := _sentence(group, facts))]
    notes = [printer.label(key) for key in dict.fromkeys(keys)]
    if facts["untaxed"]:
        notes.append([facts["untaxed"], ""])
    if any(group["scheme"].lower() == "oss" and group["reason"] in TAXED for group in groups):
        notes.append(printer.label("oss"))
    if facts["country"] == "JP" and any(group["reason"] == "reduced" for group in groups):
        notes.append(printer.label("reduced_mark", mark=MARK))
    if facts["local_tax"] and not facts.get("corrects"):
        notes.append(_local(printer, facts["local_tax"]))
    if facts.get("corrects"):
        notes.append(printer.label("returned"))
    elif facts.get("is_pro_forma"):
        notes.append(printer.label("not_an_invoice"))
    else:
        paid = [word("paid", one, date=printer.day(facts["paid_on"], language=one)) for one in _both(printer)]
        notes.append([paid[0], *(turned(one, printer.second) for one in paid[1:])])
    return [[*one, ""][:2] for one in notes]


def _both(printer: Printer) -> list[str]:
    return [one for one in (printer.language, printer.second) if one]


def _sentence(group: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    """Goods that a business has sent from one member state to another are exempt; what stays is reverse-charged."""
    if group["reason"] == "reverse_charge":
        return "intra_community" if crosses_union(facts) else "reverse_charge"
    return SENTENCES.get(group["reason"], "")


def crosses_union(facts: Mapping[str, Any]) -> bool:
    """Whether goods travel from one member state to a business in another, which is a supply exempt by Art. 138."""
    start = facts["ships_from"] or facts["seller"]["country"]
    travels = any(one.get("is_shipped") for one in facts["positions"])
    return bool(facts["is_electronic"] and travels and start != facts["buyer"]["ship_country"])


def _local(printer: Printer, told: Mapping[str, str]) -> list[str]:
    words = {**told, "date": printer.day(told["on"]), "base": printer.facts["currency"]}
    words.pop("on")
    return printer.label("local_tax", **words)


def _footer(printer: Printer) -> list[list[str]]:
    """Three columns: who and where, how to reach them, under which numbers."""
    seller = printer.facts["seller"]
    numbers = []
    for country, number in seller["numbers"]:
        own = printer.facts["number_label"] if country == printer.facts["country"] else ""
        label = own if own and "/" not in own and "," not in own else tax_number_label(country, printer.language)
        numbers.append(printer.own(f"{label} {number}"))
    if seller["tax_number"]:
        numbers.append(f"{word('tax_number', printer.language)} {printer.own(seller['tax_number'])}")
    if seller["register"]:
        numbers.append(f"{word('register', printer.language)}: {printer.own(seller['register'])}")
    return [
        [printer.own(seller["name"]), *_with_country(printer, seller)],
        [printer.own(one) for one in (seller["email"], seller["phone"]) if one],
        numbers,
    ]
