"""Files of documents: made once, then the same bytes for ever, for those who may have them."""

import hashlib
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from core.models import Message
from core.outbox import drain
from orders.actions import document_files, grant_access
from orders.actions.document_files import read_document, render_document, render_due_documents
from orders.documents.refusals import DocumentDamaged
from orders.models import Document, DocumentFile, Order
from tests.admin.people import operator
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order
from tests.journeys.shopping import Shopper

pytestmark = pytest.mark.django_db


def bought(count: int = 1) -> list[Order]:
    market = open_shop()
    orders = [paid_order(market, (item_in(market), 2)) for _ in range(count)]
    drain(limit=100)
    return orders


def fetch(order: Order, document: str, *, by: Order | None = None) -> Any:
    """Ask for a document with the link of an order, its own unless said otherwise."""
    token = grant_access(number=(by or order).number)
    return Client().get(f"/de/en/orders/{order.number}/{token}/documents/{document}/")


def test_the_file_is_made_once_with_its_checksum() -> None:
    bought()

    assert render_due_documents() == 1
    assert render_due_documents() == 0
    file = DocumentFile.objects.get()
    with file.pdf.open("rb") as stored:
        pdf = stored.read()
    assert (file.size, file.sha256) == (len(pdf), hashlib.sha256(pdf).hexdigest())
    assert read_document(file.document) == pdf


def test_asking_again_gives_the_same_bytes_whatever_changed_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    [order] = bought()
    first = fetch(order, "invoice")
    monkeypatch.setattr(document_files, "pdf_of", lambda _sheet: b"%PDF another")
    render_document(document_id=Document.objects.get().pk)

    again = fetch(order, Document.objects.get().number)
    assert first.status_code == again.status_code == 200
    assert first.content == again.content


def test_a_finished_file_cannot_be_written_over() -> None:
    bought()
    render_due_documents()
    with pytest.raises(DatabaseError), transaction.atomic():
        DocumentFile.objects.update(sha256="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        DocumentFile.objects.all().delete()


def test_bytes_that_were_altered_are_given_to_nobody() -> None:
    [order] = bought()
    render_due_documents()
    file = DocumentFile.objects.get()
    file.pdf.storage.delete(file.pdf.name)
    file.pdf.storage.save(file.pdf.name, ContentFile(b"%PDF forged"))

    with pytest.raises(DocumentDamaged):
        read_document(file.document)
    assert fetch(order, "invoice").status_code == 303


def test_what_cannot_be_rendered_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    bought()

    def fail(_sheet: object) -> bytes:
        raise OSError("no font")

    monkeypatch.setattr(document_files, "pdf_of", fail)
    assert render_due_documents() == 0
    file = DocumentFile.objects.get()
    assert (file.state, file.attempts, "no font" in file.last_error) == ("waiting", 1, True)
    monkeypatch.undo()
    assert render_due_documents() == 0
    DocumentFile.objects.update(next_try_at=timezone.now() - timedelta(minutes=1))
    assert render_due_documents() == 1


def test_the_order_page_and_the_mail_lead_to_the_invoice() -> None:
    [order] = bought()
    document = Document.objects.get()
    page = Shopper().get(f"orders/{order.number}/{grant_access(number=order.number)}/")
    link = re.search(rf'href="([^"]+/documents/{document.number}/)"', page.text)
    mail = Message.objects.get(kind="order_confirmed")
    mailed = re.search(r"https?://[^/\s]+(/\S+/documents/invoice/)", mail.text)

    assert link
    assert mailed
    for url in (link[1], mailed[1]):
        answer = Client().get(url)
        assert answer["Content-Type"] == "application/pdf"
        assert "no-store" in answer["Cache-Control"]
        assert answer.content.startswith(b"%PDF")


def test_a_link_opens_the_documents_of_its_own_order_alone() -> None:
    mine, theirs = bought(2)
    their_number = Document.objects.get(order=theirs).number

    assert fetch(mine, "invoice", by=theirs).status_code == 404
    assert fetch(mine, their_number).status_code == 303
    assert fetch(theirs, their_number).status_code == 200


def test_operators_with_the_permission_read_it_and_print_several_together() -> None:
    orders = bought(2)
    document = Document.objects.latest("pk")
    url = f"/admin/orders/{document.order.number}/documents/{document.number}/"
    allowed = operator("orders.view_order", "orders.view_document")

    assert operator("orders.view_order").get(url).status_code == 403
    assert allowed.get(url).content.startswith(b"%PDF")
    printed = allowed.post("/admin/orders/documents/print/", {"order": [one.number for one in orders]})
    assert len(PdfReader(io.BytesIO(printed.content)).pages) == 2
    assert operator("orders.view_order").post("/admin/orders/documents/print/", {}).status_code == 403
    assert document.number in allowed.get(f"/admin/orders/{document.order.number}/").content.decode()
    assert url in allowed.get("/admin/orders/document/").content.decode()
