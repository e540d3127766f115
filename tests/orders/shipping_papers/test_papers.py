"""Shipping papers: frozen with their file, refused with what is missing, printed together."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from catalog.models import Variant
from core.money import to_minor
from core.outbox import drain
from markets.actions import record_exchange_rate
from markets.models import LegalEntity
from orders.actions.papers import issue_paper, issue_papers, read_paper, read_papers_together
from orders.customs_gate import CustomsFactsMissing
from orders.documents.refusals import DocumentDamaged, DocumentRefused
from orders.models import Document, Fulfillment, Order, OrderHold, PaperKind, ShippingPaper
from tests.admin.people import operator, text
from tests.factories.cart import item_in, open_shop
from tests.factories.markets import CurrencyFactory
from tests.factories.orders import paid_order, parcel_of, placed_order
from tests.shared_world import kept

pytestmark = pytest.mark.django_db
READY = {"hs_code": "691200", "origin_country": "JP", "customs_description": "Ceramic coffee cup", "weight_g": 300}


@kept
def bought(quantity: int = 2, *, language: str = "") -> Order:
    market = open_shop()
    order = paid_order(market, (item_in(market, price="12.50"), quantity))
    if language:
        Order.objects.filter(pk=order.pk).update(language=language)
        order.refresh_from_db()
    return order


def from_abroad(**facts: object) -> Order:
    """A paid order whose parcel starts outside the customs union."""
    order = bought()
    Fulfillment.objects.filter(pk=parcel_of(order).pk).update(ships_from="CN")
    Variant.objects.update(**{**READY, **facts})
    order.lines.update(hs_code="", origin="", weight_g=300)
    return order


@pytest.mark.parametrize("language", ["de", "ja", "ar", "zh-hans", "en"])
def test_a_packing_slip_names_the_goods_and_no_amount(language: str) -> None:
    order = bought(language=language)
    paper = issue_paper(number=order.number, kind=PaperKind.PACKING_SLIP, parcel=1)

    line = order.lines.get()
    assert paper.number == f"PS-{order.number}-1-1"
    assert [one["sku"] for one in paper.facts["goods"]] == [line.sku]
    assert "value" not in str(paper.facts)
    pdf = read_paper(paper)
    assert pdf.startswith(b"%PDF")
    assert paper.size == len(pdf)
    assert order.number in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_asking_again_gives_the_same_paper_until_what_it_says_has_changed() -> None:
    order = bought()
    first = issue_paper(number=order.number, kind=PaperKind.PACKING_SLIP, parcel=1)
    assert issue_paper(number=order.number, kind=PaperKind.PACKING_SLIP, parcel=1) == first
    Order.objects.filter(pk=order.pk).update(delivery_name="Express")

    second = issue_paper(number=order.number, kind=PaperKind.PACKING_SLIP, parcel=1)
    assert (first.version, second.version) == (1, 2)
    assert read_paper(first) != read_paper(second)


def test_a_paper_never_changes_and_never_goes() -> None:
    paper = issue_paper(number=bought().number, kind=PaperKind.PACKING_SLIP, parcel=1)
    for deed in (lambda: ShippingPaper.objects.update(number="X"), paper.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()


def test_bytes_that_were_altered_are_given_to_nobody() -> None:
    paper = issue_paper(number=bought().number, kind=PaperKind.PACKING_SLIP, parcel=1)
    with paper.pdf.storage.open(paper.pdf.name, "wb") as stored:
        stored.write(b"%PDF something else")
    with pytest.raises(DocumentDamaged):
        read_paper(paper)


def test_a_commercial_invoice_tells_customs_what_the_order_froze() -> None:
    order = from_abroad()
    drain(limit=200)
    paper = issue_paper(number=order.number, kind=PaperKind.COMMERCIAL_INVOICE, parcel=1)

    (goods,) = paper.facts["goods"]
    assert (goods["hs_code"], goods["origin"], goods["grams"]) == ("691200", "JP", 600)
    assert goods["value"] == to_minor(order.lines.get().line_net)
    assert paper.facts["freight"] == sum(to_minor(row.base) for row in order.tax_lines.filter(owner="shipping"))
    assert paper.facts["invoice"]["number"] == Document.objects.get(order=order).number


@pytest.mark.parametrize("kind", [PaperKind.CN23, PaperKind.COMMERCIAL_INVOICE])
def test_goods_that_cannot_be_declared_refuse_and_are_named(kind: PaperKind) -> None:
    order = from_abroad(hs_code=None, customs_description="gift")
    with pytest.raises(CustomsFactsMissing) as refused:
        issue_paper(number=order.number, kind=kind, parcel=1)
    assert order.lines.get().sku in str(refused.value)
    assert not ShippingPaper.objects.exists()


def test_a_sender_without_address_is_refused() -> None:
    order = from_abroad()
    LegalEntity.objects.update(address={})
    with pytest.raises(DocumentRefused) as refused:
        issue_paper(number=order.number, kind=PaperKind.CN23, parcel=1)
    assert refused.value.missing == ("seller_address",)


def test_the_short_form_is_refused_while_no_rate_to_special_drawing_rights_is_known_and_the_long_one_is_not() -> None:
    order = from_abroad()
    with pytest.raises(DocumentRefused) as refused:
        issue_paper(number=order.number, kind=PaperKind.CN22, parcel=1)
    assert refused.value.missing == ("sdr_rate",)
    assert issue_paper(number=order.number, kind=PaperKind.CN23, parcel=1).number == f"CN23-{order.number}-1-1"


@pytest.mark.parametrize(("rate", "missing"), [("0.80", ()), ("50", ("cn22_value",))])
def test_with_a_rate_written_down_by_hand_the_short_form_is_for_parcels_of_little_value(
    rate: str, missing: tuple[str, ...]
) -> None:
    order = from_abroad()
    CurrencyFactory(code="XDR")
    record_exchange_rate(base="EUR", quote="XDR", rate=Decimal(rate), on=date(2026, 1, 2), source="manual")
    if missing:
        with pytest.raises(DocumentRefused) as refused:
            issue_paper(number=order.number, kind=PaperKind.CN22, parcel=1)
        assert refused.value.missing == missing
    else:
        paper = issue_paper(number=order.number, kind=PaperKind.CN22, parcel=1)
        assert paper.number == f"CN22-{order.number}-1-1"


def test_papers_for_customs_are_not_made_inside_the_customs_union() -> None:
    order = bought()
    with pytest.raises(DocumentRefused) as refused:
        issue_paper(number=order.number, kind=PaperKind.CN23, parcel=1)
    assert refused.value.missing == ("border",)
    assert issue_papers(numbers=[order.number], kind=PaperKind.CN23).papers == ()


def test_a_pro_forma_invoice_is_for_orders_that_are_not_paid_and_uses_no_number_of_the_invoices() -> None:
    market = open_shop()
    order = placed_order(market, (item_in(market), 1))
    paper = issue_paper(number=order.number, kind=PaperKind.PRO_FORMA)
    assert paper.number == f"PF-{order.number}-1"
    assert not Document.objects.exists()
    assert not OrderHold.objects.exists()
    assert "This is not an invoice" in str(paper.sheet["notes"])

    with pytest.raises(DocumentRefused) as refused:
        issue_paper(number=paid_order(market, (item_in(market), 1)).number, kind=PaperKind.PRO_FORMA)
    assert refused.value.missing == ("unpaid",)


def test_several_are_printed_as_one_and_refusals_are_told() -> None:
    market = open_shop()
    orders = [paid_order(market, (item_in(market), 1)) for _number in range(2)]
    made = issue_papers(numbers=[one.number for one in orders], kind=PaperKind.PACKING_SLIP)
    assert len(PdfReader(io.BytesIO(read_papers_together(made.papers))).pages) == 2
    assert made.refused == ()


def test_operators_make_and_open_papers_with_the_permissions_for_it() -> None:
    order = bought()
    url, asked = f"/admin/orders/{order.number}/papers/", {"kind": "packing_slip", "parcel": "1"}
    allowed = operator("orders.view_order", "orders.view_shippingpaper", "orders.issue_shippingpaper")

    assert operator("orders.view_order", "orders.view_shippingpaper").post(url, asked).status_code == 403
    answer = allowed.post(url, asked)
    paper = ShippingPaper.objects.get()
    assert answer.headers["Location"] == f"{url}{paper.number}/"
    assert allowed.get(f"{url}{paper.number}/").content.startswith(b"%PDF")
    assert operator("orders.view_order").get(f"{url}{paper.number}/").status_code == 403
    assert allowed.get(f"{url}PS-0-0-0/").status_code == 404
    assert paper.number in text(allowed.get(f"/admin/orders/{order.number}/"))
    printed = allowed.post("/admin/orders/papers/print/", {"order": [order.number], "kind": "packing_slip"})
    assert len(PdfReader(io.BytesIO(printed.content)).pages) == 1
    assert allowed.post(url, {"kind": "love_letter"}).status_code == 403
