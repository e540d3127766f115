"""The structured invoice of EN 16931 (Factur-X, ZUGFeRD) of a document, built from its frozen facts. Pure.

Every line is priced for its whole quantity, so that nothing is rounded a second time: what is in the file is what was
charged, to the cent.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from drafthorse.models.accounting import ApplicableTradeTax
from drafthorse.models.document import Document
from drafthorse.models.note import IncludedNote
from drafthorse.models.party import TaxRegistration
from drafthorse.models.payment import PaymentTerms
from drafthorse.models.tradelines import LineItem

from core.money import from_minor
from orders.documents import amounts
from orders.documents.rules import TAXED
from orders.documents.sheet import crosses_union
from orders.documents.wording import word

GUIDELINE = "urn:cen.eu:en16931:2017"
INVOICE, CREDIT_NOTE = "380", "381"
PIECE = "C62"
EXEMPTIONS: Mapping[str, tuple[str, str]] = {
    "reverse_charge": ("AE", "VATEX-EU-AE"),
    "intra_community": ("K", "VATEX-EU-IC"),
    "export": ("G", "VATEX-EU-G"),
    "exempt": ("E", ""),
    "not_computed": ("E", ""),
}
"""Why there is no tax: category (UNCL 5305) and reason (VATEX)."""


class NotStructured(ValueError):
    """The facts cannot be said in EN 16931."""


def xml_of(facts: Mapping[str, Any], *, number: str, issued_on: date) -> bytes:
    """The invoice or credit note as CII. Raises `NotStructured`."""
    made = Document()
    made.context.guideline_parameter.id = GUIDELINE
    made.header.id = number
    made.header.type_code = CREDIT_NOTE if facts.get("corrects") else INVOICE
    made.header.issue_date_time = issued_on
    made.header.notes.add(IncludedNote(content=f"Order {facts['order']}"))
    _parties(made, facts)
    made.trade.agreement.buyer_order.issuer_assigned_id = facts["order"]
    made.trade.delivery.event.occurrence = _day(facts["supply"]["to"])
    if facts.get("corrects"):
        corrects = facts["corrects"]
        made.trade.settlement.invoice_referenced_document.issuer_assigned_id = corrects["number"]
        made.trade.settlement.invoice_referenced_document.issue_date_time = _day(corrects["issued_on"])
    cells = amounts.from_json(facts["cells"])
    for index, cell in enumerate(cells, start=1):
        made.trade.items.add(_line(facts, cell, index))
    _sums(made, facts, cells)
    written: bytes = made.serialize(schema=None)
    return written


def _parties(made: Document, facts: Mapping[str, Any]) -> None:
    seller, buyer = facts["seller"], facts["buyer"]
    sells, buys = made.trade.agreement.seller, made.trade.agreement.buyer
    sells.name, buys.name = seller["name"], buyer["name"]
    _address(sells.address, seller["parts"], seller["country"])
    _address(buys.address, buyer["parts"], buyer["country"])
    number = next((number for _country, number in seller["numbers"] if number), "")
    if not number:
        raise NotStructured("no tax number of the seller")
    sells.tax_registrations.add(TaxRegistration(id=("VA" if number[:2].isalpha() else "FC", number)))
    buys.tax_registrations.add(TaxRegistration(id=("VA", buyer["tax_id"])))
    ship = made.trade.delivery.ship_to
    ship.name = buyer["person"] or buyer["name"]
    _address(ship.address, buyer["ship_parts"], buyer["ship_country"])


def _address(address: Any, parts: Mapping[str, str], country: str) -> None:
    address.postcode = parts.get("postal_code", "")
    address.line_one = parts.get("street", "")
    if parts.get("extra"):
        address.line_two = parts["extra"]
    address.city_name = parts.get("city", "")
    address.country_id = country


def _line(facts: Mapping[str, Any], cell: amounts.Cell, index: int) -> LineItem:
    """One cell: a position at one rate. The price is that of all its pieces together."""
    position = _position(facts, cell)
    quantity = Decimal(position.get("quantity", 1))
    net = _amount(facts, cell.net)
    line = LineItem()
    line.document.line_id = str(index)
    line.product.name = position["name"] or word(position["kind"], "en")
    if position.get("sku"):
        line.product.seller_assigned_id = position["sku"]
    line.agreement.net.amount = net
    line.agreement.net.basis_quantity = (quantity, PIECE)
    line.delivery.billed_quantity = (quantity, PIECE)
    category, percent, _code = _category(facts, facts["groups"][cell.group])
    line.settlement.trade_tax.type_code = "VAT"
    line.settlement.trade_tax.category_code = category
    line.settlement.trade_tax.rate_applicable_percent = percent
    line.settlement.monetary_summation.total_amount = net
    return line


def _position(facts: Mapping[str, Any], cell: amounts.Cell) -> Mapping[str, Any]:
    found = next((one for one in facts["positions"] if one["key"] in ("", cell.position)), None)
    if found is None:
        return {"kind": cell.position.partition(":")[0], "name": "", "quantity": 1}
    position: Mapping[str, Any] = found
    return position if position["kind"] != "sum" else {"kind": "refund_of_sum", "name": "", "quantity": 1}


def _category(facts: Mapping[str, Any], group: Mapping[str, Any]) -> tuple[str, Decimal, str]:
    """Category, percent and reason of a group of tax. Raises `NotStructured` for taxes the union does not know."""
    percent = (Decimal(group["rate"]) * 100).normalize()
    if group["reason"] in TAXED:
        return ("S", percent, "") if percent else ("Z", Decimal(0), "")
    reason = group["reason"]
    if reason == "reverse_charge" and crosses_union(facts):
        reason = "intra_community"
    if reason not in EXEMPTIONS:
        raise NotStructured(f"no category for {reason}")
    category, code = EXEMPTIONS[reason]
    return category, Decimal(0), code


def _sums(made: Document, facts: Mapping[str, Any], cells: tuple[amounts.Cell, ...]) -> None:
    currency = facts["currency"]
    settlement = made.trade.settlement
    settlement.currency_code = currency
    by_kind: dict[tuple[str, Decimal, str], tuple[int, int, str]] = {}
    for index, (net, tax) in amounts.by_group(cells).items():
        group = facts["groups"][index]
        kind = _category(facts, group)
        before = by_kind.get(kind, (0, 0, ""))
        by_kind[kind] = (before[0] + net, before[1] + tax, group["reason"])
    for (category, percent, code), (net, tax, reason) in by_kind.items():
        settlement.trade_tax.add(_tax(facts, category, percent, code, (net, tax), reason))
    settlement.terms.add(PaymentTerms(description=word("paid", "en", date=facts["paid_on"])))
    net, tax = sum(cell.net for cell in cells), sum(cell.tax for cell in cells)
    totals = settlement.monetary_summation
    totals.line_total = totals.tax_basis_total = _amount(facts, net)
    totals.tax_total = (_amount(facts, tax), currency)
    totals.grand_total = totals.prepaid_total = _amount(facts, net + tax)
    totals.due_amount = _amount(facts, 0)


def _tax(
    facts: Mapping[str, Any], category: str, percent: Decimal, code: str, sums: tuple[int, int], reason: str
) -> ApplicableTradeTax:
    trade_tax = ApplicableTradeTax()
    trade_tax.calculated_amount = _amount(facts, sums[1])
    trade_tax.type_code = "VAT"
    trade_tax.basis_amount = _amount(facts, sums[0])
    trade_tax.category_code = category
    trade_tax.rate_applicable_percent = percent
    if category not in ("S", "Z"):
        key = "intra_community" if category == "K" else reason
        told = facts["untaxed"] if reason == "not_computed" else word(key, "en")
        trade_tax.exemption_reason = told or word("not_collected", "en")
        if code:
            trade_tax.exemption_reason_code = code
    return trade_tax


def _amount(facts: Mapping[str, Any], minor: int) -> Decimal:
    return from_minor(minor, facts["currency"]).amount


def _day(iso: str) -> datetime:
    return datetime.combine(date.fromisoformat(iso), datetime.min.time())
