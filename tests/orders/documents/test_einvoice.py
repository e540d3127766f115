"""Electronic invoices hold before others' rules: the schema and the schematron of EN 16931, both from elsewhere."""

import io
from datetime import date
from typing import Any

import facturx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from core.money import to_minor
from core.outbox import drain
from markets.models import BuyerTaxId
from orders.actions import refund_order
from orders.actions.document_files import read_or_render, render_due_documents
from orders.documents.einvoice import NotStructured, xml_of
from orders.documents.validating import broken_rules, must_be_valid
from orders.models import Document, Order, OrderHold
from orders.types import RefundWish
from payments.actions import submit_due_refunds
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order
from tests.orders.documents.papers import extra, facts_of, goods, group

NAMES = {"ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"}
BERLIN = {"street": "Kastanienallee 41", "postal_code": "10435", "city": "Berlin"}
PARIS = {"street": "1 rue de la Paix", "postal_code": "75002", "city": "Paris"}
DAY = date(2026, 11, 22)


def business(facts: dict[str, Any], *, country: str = "DE") -> dict[str, Any]:
    number, parts = {"DE": ("DE136695976", BERLIN), "FR": ("FR40303265045", PARIS)}[country]
    facts["buyer"] |= {"name": "Test GmbH", "tax_id": number, "tax_id_country": country, "parts": parts,
                       "ship_parts": parts}  # fmt: skip
    return {**facts, "is_electronic": True}


def said(xml: bytes, path: str) -> list[str]:
    return [one.text or "" for one in etree.fromstring(xml).iterfind(f".//{path}", NAMES)]


def net_line(at: int, *, quantity: int, gross: int, rate: int) -> dict[str, Any]:
    tax = gross - (gross * 200 + 100 + rate) // (2 * (100 + rate))
    return goods(at, f"Thing {at}", quantity=quantity, unit=gross // quantity, tax=tax) | {
        "shown": gross,
        "net": gross - tax,
    }


lines = st.lists(st.tuples(st.integers(1, 50), st.integers(1, 10**6), st.sampled_from([7, 19])), min_size=1, max_size=6)


@given(sold=lines, shipping=st.integers(0, 2000))
@settings(max_examples=25, deadline=None)
def test_whatever_was_sold_the_file_keeps_the_rules_and_the_cents(
    sold: list[tuple[int, int, int]], shipping: int
) -> None:
    positions = [net_line(at, quantity=n, gross=gross, rate=rate) for at, (n, gross, rate) in enumerate(sold, 1)]
    at = {one["key"]: int(rate == 7) for one, (_n, _gross, rate) in zip(positions, sold, strict=True)}
    tax = shipping * 19 // 119
    positions.append(extra("shipping", net=shipping - tax, tax=tax))
    facts = business(facts_of(positions=positions, at=at, groups=[group("DE"), group("DE", "0.07", reason="reduced")]))

    xml = xml_of(facts, number="INV-2026-000001", issued_on=DAY)

    facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931")
    assert broken_rules(xml) == []
    total = sum(one["net"] + one["tax"] for one in positions)
    assert said(xml, "ram:GrandTotalAmount") == [f"{total // 100}.{total % 100:02}"]


def test_goods_to_another_member_state_are_category_k() -> None:
    free = goods(1, "Kettle", quantity=2, unit=5000, tax=0)
    made = facts_of(country="FR", positions=[free], groups=[group("FR", "0", reason="reverse_charge")])
    xml = xml_of(business(made, country="FR"), number="INV-2026-000001", issued_on=DAY)

    must_be_valid(xml)
    assert set(said(xml, "ram:CategoryCode")) == {"K"}
    assert said(xml, "ram:ExemptionReasonCode") == ["VATEX-EU-IC"]


def test_a_credit_note_is_a_381_that_names_its_invoice() -> None:
    facts = business(facts_of(positions=[goods(1, "Kettle", quantity=1, unit=11900, tax=1900)]))
    facts["corrects"] = {"number": "INV-2026-000001", "issued_on": "2026-11-20", "reason": "Broken"}
    xml = xml_of(facts, number="CN-2026-000001", issued_on=DAY)

    must_be_valid(xml)
    assert b"<ram:TypeCode>381</ram:TypeCode>" in xml
    assert said(xml, "ram:InvoiceReferencedDocument/ram:IssuerAssignedID") == ["INV-2026-000001"]


def test_the_control_a_file_that_does_not_add_up_breaks_rules() -> None:
    facts = business(facts_of(positions=[goods(1, "Kettle", quantity=1, unit=11900, tax=1900)]))
    xml = (
        xml_of(facts, number="INV-2026-000001", issued_on=DAY)
        .replace(b">100.00</ram:LineTotalAmount></ram:Specified", b">90.00</ram:LineTotalAmount></ram:Specified")
        .replace(b"<ram:GrandTotalAmount>119.00", b"<ram:GrandTotalAmount>150.00")
    )

    with pytest.raises(NotStructured):
        must_be_valid(xml)


def bought_by_a_business() -> Order:
    market = open_shop()
    order = paid_order(market, (item_in(market, price="33.33"), 3))
    BuyerTaxId.objects.create(
        reference=order.number, country="DE", kind="vat", number="DE136695976", status="valid",
        checked_at=order.placed_at,
    )  # fmt: skip
    return order


@pytest.mark.django_db
def test_a_business_of_the_union_finds_its_invoice_inside_the_pdf() -> None:
    order = bought_by_a_business()
    drain(limit=100)
    assert render_due_documents() == 1

    document = Document.objects.get()
    pdf = read_or_render(document)
    name, xml = facturx.get_xml_from_pdf(io.BytesIO(pdf))
    assert name == "factur-x.xml"
    assert xml.decode() == document.file.xml
    assert broken_rules(xml) == []
    total = to_minor(order.total)
    assert said(xml, "ram:GrandTotalAmount") == [f"{total // 100}.{total % 100:02}"]
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf


@pytest.mark.django_db
def test_its_credit_note_is_electronic_as_well() -> None:
    order = bought_by_a_business()
    wish = RefundWish(line_id=order.lines.get().pk, quantity=1)
    refund_order(number=order.number, lines=[wish], shipping=True, reason="Broken", key="t")
    drain(limit=100)
    submit_due_refunds()
    drain(limit=100)
    render_due_documents()

    note = Document.objects.get(kind="credit_note")
    assert note.file.xml_error == ""
    assert broken_rules(note.file.xml.encode()) == []


@pytest.mark.django_db
def test_a_number_that_no_register_confirmed_makes_a_consumers_invoice() -> None:
    order = bought_by_a_business()
    BuyerTaxId.objects.update(status="unavailable")
    drain(limit=100)
    render_due_documents()

    document = Document.objects.get(order=order)
    assert document.file.xml == ""
    assert "DE136695976 " not in str(document.sheet["buyer"])


@pytest.mark.django_db
def test_what_breaks_the_rules_is_told_to_a_person_and_the_pdf_is_there() -> None:
    order = bought_by_a_business()
    order.addresses["ship"]["country"] = ""
    Order.objects.filter(pk=order.pk).update(addresses=order.addresses)
    drain(limit=100)
    render_due_documents()

    document = Document.objects.get()
    assert document.file.state == "ready"
    assert document.file.xml_error
    assert OrderHold.objects.get().key.startswith("document-xml:")
    assert read_or_render(document).startswith(b"%PDF")
