"""Make shipping papers: on demand, frozen with their file, and made anew only when what they say has changed."""

import hashlib
import io
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import typst
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override
from pypdf import PdfWriter

from core import audit
from core.errors import DomainError
from markets.compliance.papers import papers_wanted
from markets.customs import crosses_customs
from orders.actions.trail import lock_order
from orders.customs_gate import CustomsFactsMissing, lacking_for_customs
from orders.documents.facts import invoice_facts, local_day
from orders.documents.refusals import DocumentDamaged, DocumentNotReady, DocumentRefused
from orders.documents.rendering import pdf_of
from orders.documents.sheet import Heading, sheet_of
from orders.documents.shipping.customs_sheet import customs_form
from orders.documents.shipping.facts import customs_parcel_facts, packing_facts, worth_in_sdr
from orders.documents.shipping.shares import missing_for_customs, totals, why_not_cn22
from orders.documents.shipping.sheet import commercial_sheet, packing_sheet
from orders.errors import OrderUnknown
from orders.models import OF_ORDERS, OVER_BORDERS, Fulfillment, Order, PaperKind, ParcelState, ShippingPaper

logger = logging.getLogger(__name__)

PREFIXES: Mapping[str, str] = {
    PaperKind.PACKING_SLIP: "PS",
    PaperKind.PRO_FORMA: "PF",
    PaperKind.COMMERCIAL_INVOICE: "CI",
    PaperKind.CN22: "CN22",
    PaperKind.CN23: "CN23",
}
TRIES = 3


@dataclass(frozen=True, kw_only=True)
class PapersMade:
    """What a batch made, in the order it is printed, and what refused: (order number, why)."""

    papers: tuple[ShippingPaper, ...]
    refused: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class _Draft:
    """A paper that is not yet written."""

    order: Order
    parcel: Fulfillment | None
    kind: PaperKind
    version: int
    facts: dict[str, Any]
    fingerprint: str

    @property
    def number(self) -> str:
        place = f"-{self.parcel.position}" if self.parcel else ""
        return f"{PREFIXES[self.kind]}-{self.order.number}{place}-{self.version}"


def issue_paper(*, number: str, kind: PaperKind, parcel: int = 0) -> ShippingPaper:
    """The paper of a parcel (by its position), or of the order, with its file. Call it with no transaction open.

    The latest one while its facts are still true, else the next version. Raises `DocumentRefused` and
    `CustomsFactsMissing`, which name what is missing; `DocumentNotReady` when it cannot be printed.
    """
    for _attempt in range(TRIES):
        with transaction.atomic():
            found = _draft_or_latest(number, kind, parcel)
        if isinstance(found, ShippingPaper):
            return found
        written = _write(found)
        if written is not None:
            return written
    raise DocumentNotReady


def issue_papers(*, numbers: Iterable[str], kind: PaperKind) -> PapersMade:
    """One kind of paper for every parcel of these orders, or for the orders. One refusal stops no other."""
    papers: list[ShippingPaper] = []
    refused: list[tuple[str, str]] = []
    for number in dict.fromkeys(numbers):
        for position in _positions(number, kind):
            try:
                papers.append(issue_paper(number=number, kind=kind, parcel=position))
            except DomainError as refusal:
                refused.append((number, str(refusal)))
    return PapersMade(papers=tuple(papers), refused=tuple(refused))


def read_paper(paper: ShippingPaper) -> bytes:
    """The bytes as they were made. Raises `DocumentDamaged` when they are not the same."""
    with paper.pdf.open("rb") as stored:
        pdf: bytes = stored.read()
    if hashlib.sha256(pdf).hexdigest() != paper.sha256:
        logger.error("the file of paper %s was altered", paper.number)
        raise DocumentDamaged
    return pdf


def read_papers_together(papers: Sequence[ShippingPaper]) -> bytes:
    """Several papers as one PDF for printing, in this order. Raises as `read_paper` does."""
    writer = PdfWriter()
    for paper in papers:
        writer.append(io.BytesIO(read_paper(paper)), import_outline=False)
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def _positions(number: str, kind: PaperKind) -> list[int]:
    """Parcels to make a paper for; 0 is the order itself. Papers for customs are for parcels that cross a border."""
    if kind in OF_ORDERS:
        return [0]
    rows = Fulfillment.objects.filter(order__number=number).exclude(state=ParcelState.CANCELED)
    found = rows.order_by("position").values_list("position", "ships_from", "order__country")
    return [at for at, start, end in found if kind not in OVER_BORDERS or crosses_customs(start, end)]


def _draft_or_latest(number: str, kind: PaperKind, position: int) -> ShippingPaper | _Draft:
    order = lock_order(number)
    parcel = None
    if kind not in OF_ORDERS:
        rows = Fulfillment.objects.filter(order=order, position=position).exclude(state=ParcelState.CANCELED)
        parcel = rows.first()
        if parcel is None:
            raise OrderUnknown
    facts = _facts(order, parcel, kind)
    fingerprint = hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    latest = _latest(order, parcel, kind)
    if latest is not None and latest.fingerprint == fingerprint:
        return latest
    return _Draft(
        order=order,
        parcel=parcel,
        kind=kind,
        version=latest.version + 1 if latest else 1,
        facts=facts,
        fingerprint=fingerprint,
    )


def _latest(order: Order, parcel: Fulfillment | None, kind: PaperKind) -> ShippingPaper | None:
    return ShippingPaper.objects.filter(order=order, fulfillment=parcel, kind=kind).order_by("-version").first()


def _facts(order: Order, parcel: Fulfillment | None, kind: PaperKind) -> dict[str, Any]:
    if parcel is None:
        return _pro_forma_facts(order)
    if kind == PaperKind.PACKING_SLIP:
        facts = packing_facts(order, parcel)
        if not facts["goods"]:
            raise DocumentRefused("goods")
        return facts
    if not crosses_customs(parcel.ships_from, order.country):
        raise DocumentRefused("border")
    if lacking := lacking_for_customs(parcel, order):
        raise CustomsFactsMissing(lacking)
    facts = customs_parcel_facts(order, parcel)
    missing = missing_for_customs(facts)
    if kind == PaperKind.CN22:
        _pieces, grams, _value = totals(facts["goods"])
        heaviest = max(grams, facts["gross_grams"])
        missing += why_not_cn22(grams=heaviest, worth_sdr=worth_in_sdr(facts, order))
    if missing:
        raise DocumentRefused(*missing)
    return facts


def _pro_forma_facts(order: Order) -> dict[str, Any]:
    """What its invoice would say today; an order that is paid has its invoice."""
    if order.paid_at is not None:
        raise DocumentRefused("unpaid")
    facts = invoice_facts(order)
    return {**facts, "is_pro_forma": True, "title": "pro_forma", "paid_on": facts["ordered_on"]}


def _sheet(draft: _Draft, heading: Heading) -> dict[str, Any]:
    if draft.kind == PaperKind.PRO_FORMA:
        return sheet_of(draft.facts, heading)
    if draft.kind == PaperKind.COMMERCIAL_INVOICE:
        return commercial_sheet(draft.facts, heading)
    if draft.kind == PaperKind.PACKING_SLIP:
        with override(heading.language):
            enclosed = [paper.name for paper in papers_wanted(draft.order.compliance_profile).enclosed]
        return packing_sheet(draft.facts, heading, enclosed=enclosed)
    return customs_form(draft.facts, heading, form=draft.kind)


def _write(draft: _Draft) -> ShippingPaper | None:
    """The row with its file; none when somebody else was first, and then the file is taken away again."""
    heading = Heading(
        number=draft.number,
        issued_on=local_day(draft.order),
        brand=settings.SHOP_NAME,
        language=draft.order.language,
    )
    sheet = _sheet(draft, heading)
    pdf = _printed(sheet, draft.number)
    paper = ShippingPaper(
        kind=draft.kind,
        order=draft.order,
        fulfillment=draft.parcel,
        version=draft.version,
        number=draft.number,
        language=heading.language,
        issued_at=timezone.now(),
        issued_on=heading.issued_on,
        fingerprint=draft.fingerprint,
        facts=draft.facts,
        sheet=sheet,
        size=len(pdf),
        sha256=hashlib.sha256(pdf).hexdigest(),
    )
    wanted = paper.pdf.field.generate_filename(paper, f"{draft.number}.pdf")
    paper.pdf.name = str(paper.pdf.storage.save(wanted, ContentFile(pdf)))
    with transaction.atomic():
        lock_order(draft.order.number)
        latest = _latest(draft.order, draft.parcel, draft.kind)
        is_first = (latest.version if latest else 0) < draft.version
        if is_first:
            paper.save(force_insert=True)
            audit.record("orders.issue_paper", paper, data={"number": paper.number, "order": draft.order.number})
    if is_first:
        return paper
    paper.pdf.storage.delete(paper.pdf.name)
    return None


def _printed(sheet: Mapping[str, Any], number: str) -> bytes:
    """Raises `DocumentNotReady`."""
    try:
        return pdf_of(sheet)
    except typst.TypstError as failure:
        logger.exception("paper %s cannot be rendered", number)
        raise DocumentNotReady from failure
