"""Make the files of documents: outside any transaction, once each, tried again when it fails."""

import hashlib
import io
import logging
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import facturx
import typst
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from pypdf import PdfWriter
from pypdf.errors import PyPdfError

from orders.actions.holds import open_hold_on
from orders.actions.trail import lock_order
from orders.documents.einvoice import NotStructured, xml_of
from orders.documents.refusals import DocumentDamaged, DocumentNotReady
from orders.documents.rendering import pdf_of
from orders.documents.validating import LEVEL, must_be_valid
from orders.models import Document, DocumentFile, FileState, HoldKind

logger = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(hours=6)


def render_due_documents(*, limit: int = 50) -> int:
    """Make the files that wait, oldest first; returns how many were made. Call it with no transaction open."""
    due = DocumentFile.objects.filter(state=FileState.WAITING, next_try_at__lte=timezone.now()).order_by("next_try_at")
    return sum(render_document(document_id=pk) for pk in list(due.values_list("document_id", flat=True)[:limit]))


def render_document(*, document_id: int) -> bool:
    """Make the file of one document, if nobody has; whether it was made now. Two at once make one."""
    file = DocumentFile.objects.select_related("document__order").get(document_id=document_id)
    if file.state == FileState.READY:
        return False
    try:
        pdf, xml, error = _make(file.document)
        name = _store(file, pdf)
    except (typst.TypstError, PyPdfError, OSError) as failure:
        _try_later(file, failure)
        return False
    if not _keep(file, name=name, pdf=pdf, xml=xml, error=error):
        file.pdf.storage.delete(name)
        return False
    if error:
        _tell_operators(file.document, error)
    return True


def read_or_render(document: Document) -> bytes:
    """The bytes; whoever comes before the worker has it made at once. Raises as `read_document` does."""
    try:
        return read_document(document)
    except DocumentNotReady:
        render_document(document_id=document.pk)
        return read_document(document)


def read_together(documents: Sequence[Document]) -> bytes:
    """Several documents as one PDF for printing, in this order. Raises as `read_document` does."""
    writer = PdfWriter()
    for document in documents:
        writer.append(io.BytesIO(read_or_render(document)), import_outline=False)
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def read_document(document: Document) -> bytes:
    """The bytes as they were made. Raises `DocumentNotReady`, and `DocumentDamaged` when they are not the same."""
    file = DocumentFile.objects.filter(document=document, state=FileState.READY).first()
    if file is None:
        raise DocumentNotReady
    with file.pdf.open("rb") as stored:
        pdf: bytes = stored.read()
    if hashlib.sha256(pdf).hexdigest() != file.sha256:
        logger.error("the file of document %s was altered", document.number)
        raise DocumentDamaged
    return pdf


def _make(document: Document) -> tuple[bytes, str, str]:
    """PDF, structured invoice, and why there is none although there should be one."""
    pdf = pdf_of(document.sheet)
    if not document.facts["is_electronic"]:
        return pdf, "", ""
    try:
        xml = xml_of(document.facts, number=document.number, issued_on=document.issued_on)
        must_be_valid(xml)
    except NotStructured as refusal:
        return pdf, "", str(refusal)
    merged: bytes = facturx.generate_from_binary(
        pdf,
        xml,
        flavor="factur-x",
        level=LEVEL,
        check_xsd=False,
        lang=document.language,
        xmp_compression=False,
        pdf_metadata=_metadata(document, document.issued_on),
    )
    return merged, xml.decode(), ""


def _metadata(document: Document, day: date) -> dict[str, Any]:
    seller = document.facts["seller"]["name"]
    title = f"{document.title} {document.number}"
    return {"author": seller, "keywords": "Factur-X", "title": title, "subject": f"{title}, {day.isoformat()}"}


def _store(file: DocumentFile, pdf: bytes) -> str:
    wanted = file.pdf.field.generate_filename(file, f"{file.document.number}.pdf")
    return str(file.pdf.storage.save(wanted, ContentFile(pdf)))


def _keep(file: DocumentFile, *, name: str, pdf: bytes, xml: str, error: str) -> bool:
    """Only the first of two is kept."""
    waiting = DocumentFile.objects.filter(pk=file.pk, state=FileState.WAITING)
    now = timezone.now()
    return bool(
        waiting.update(
            state=FileState.READY,
            pdf=name,
            size=len(pdf),
            sha256=hashlib.sha256(pdf).hexdigest(),
            xml=xml,
            xml_error=error,
            last_error="",
            ready_at=now,
            updated=now,
        )
    )


def _try_later(file: DocumentFile, failure: Exception) -> None:
    logger.error("document %s cannot be rendered: %s", file.document.number, failure)
    wait = min(timedelta(minutes=2 ** min(file.attempts, 10)), LONGEST_WAIT)
    DocumentFile.objects.filter(pk=file.pk, state=FileState.WAITING).update(
        attempts=file.attempts + 1,
        last_error=f"{type(failure).__name__}: {failure}"[:2000],
        next_try_at=timezone.now() + wait,
        updated=timezone.now(),
    )


def _tell_operators(document: Document, error: str) -> None:
    """The buyer has the PDF; that it is no electronic invoice is a person's to solve."""
    with transaction.atomic():
        order = lock_order(document.order.number)
        open_hold_on(
            order,
            kind=HoldKind.COMPLIANCE,
            key=f"document-xml:{document.seller_id}:{document.number}",
            reason="The electronic invoice is not valid; the buyer has the PDF alone.",
            facts={"document": document.number, "rules": error[:500]},
        )
