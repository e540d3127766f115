"""Issue documents: an invoice when an order is paid, a credit note when a refund has gone back. Each once.

The number is drawn in the transaction that writes the document, so a number is never lost or given twice. What would
not be a lawful document is not issued: a person is asked for what is missing, and it is tried again.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import audit
from core.events import publish
from core.money import from_minor
from core.sequences import take_number
from core.wakeups import wake_on_commit
from orders.actions.holds import open_hold_on
from orders.actions.trail import lock_order, write_event
from orders.documents import amounts
from orders.documents.crediting import credit_facts, repeated_credit_facts, whole_credit_facts
from orders.documents.facts import invoice_facts, local_day
from orders.documents.refusals import DocumentRefused
from orders.documents.sheet import Heading, sheet_of
from orders.documents.wording import word
from orders.events import DocumentIssued
from orders.models import (
    Document,
    DocumentFile,
    DocumentKind,
    HoldKind,
    Order,
    OrderChange,
    OrderHold,
    OrderRefund,
    RefundState,
)

CHANGE_HOLD = "document:change-"
PREFIXES = {DocumentKind.INVOICE: "INV", DocumentKind.CREDIT_NOTE: "CN"}


def issue_invoice(*, number: str) -> Document | None:
    """The invoice of a paid order, issued now if there is none yet.

    None while the order is unpaid or facts are missing; then a hold says which, and is closed once it is issued.
    """
    with transaction.atomic():
        return _invoice(lock_order(number))


def follow_change(*, number: str, change_id: int) -> Document | None:
    """The invoice of a changed order: the one before is credited whole, and the order as it is now gets its own.

    What was refunded before is credited on the new one again, so that both sides stay what was paid and given back.
    Nothing happens while there is no invoice yet: then the first one is about the changed order.
    """
    with transaction.atomic():
        order = lock_order(number)
        change = OrderChange.objects.get(pk=change_id, order=order)
        found = Document.objects.filter(change=change, kind=DocumentKind.INVOICE).first()
        before = standing_invoice(order)
        if found is not None or before is None:
            return found
        try:
            with transaction.atomic():
                return _replace(order, before, change)
        except DocumentRefused as refusal:
            _ask_for(order, f"{CHANGE_HOLD}{change.pk}:", refusal)
            return None


def standing_invoice(order: Order) -> Document | None:
    """The invoice that counts: the latest one."""
    return Document.objects.filter(order=order, kind=DocumentKind.INVOICE).order_by("-pk").first()


def _replace(order: Order, before: Document, change: OrderChange) -> Document:
    reason = change.reason or word("order_changed", order.language)
    facts, note = invoice_facts(order), whole_credit_facts(before, reason=reason)
    if note is not None:
        _write(order, note, kind=DocumentKind.CREDIT_NOTE, corrects=before, change=change)
    invoice = _write(order, facts, kind=DocumentKind.INVOICE, change=change)
    refunds = [one.refund for one in order.documents.filter(refund__isnull=False).order_by("pk") if one.refund]
    if refunds:
        again = repeated_credit_facts(refunds, invoice, reason=word("refunded_before", order.language))
        _write(order, again, kind=DocumentKind.CREDIT_NOTE, corrects=invoice, change=change)
    return invoice


def issue_credit_note(*, refund_number: str) -> Document | None:
    """The credit note of a refund that has gone back, issued now if there is none yet, after its invoice.

    None for money that was never invoiced (`is_excess`), for a refund under way, and while facts are missing.
    """
    with transaction.atomic():
        number = OrderRefund.objects.values_list("order__number", flat=True).get(number=refund_number)
        order = lock_order(number)
        refund = OrderRefund.objects.get(number=refund_number)
        found = Document.objects.filter(refund=refund).first()
        if found is not None:
            return found
        if refund.is_excess or refund.state != RefundState.SUCCEEDED:
            return None
        invoice = _invoice(order)
        if invoice is None:
            return None
        try:
            facts = credit_facts(refund, invoice)
        except DocumentRefused as refusal:
            _ask_for(order, f"document:{refund.number}:", refusal)
            return None
        return _write(order, facts, kind=DocumentKind.CREDIT_NOTE, refund=refund, corrects=invoice)


def issue_due_documents(*, limit: int = 200) -> int:
    """Issue what should have been issued and was not, newest first; returns how many documents were written."""
    orders = Order.objects.filter(paid_at__isnull=False).exclude(documents__kind=DocumentKind.INVOICE)
    refunds = OrderRefund.objects.filter(
        state=RefundState.SUCCEEDED, is_excess=False, document__isnull=True, order__paid_at__isnull=False
    )
    numbers = list(orders.order_by("-paid_at").values_list("number", flat=True)[:limit])
    issued = [issue_invoice(number=number) for number in numbers]
    waiting = list(refunds.order_by("-pk").values_list("number", flat=True)[:limit])
    issued += [issue_credit_note(refund_number=number) for number in waiting]
    issued += [follow_change(number=number, change_id=pk) for number, pk in _refused_changes()]
    return sum(document is not None for document in issued)


def _refused_changes() -> list[tuple[str, int]]:
    """Changes whose invoice waits for facts: their holds say which."""
    holds = OrderHold.objects.filter(key__startswith=CHANGE_HOLD, resolved_at__isnull=True)
    return [
        (number, int(key.removeprefix(CHANGE_HOLD).partition(":")[0]))
        for number, key in holds.values_list("order__number", "key")
    ]


def series_key(*, seller_id: int, kind: str, series: str) -> str:
    """Under which name the numbers of a series are counted."""
    return f"document:{seller_id}:{kind}:{series}"


def _invoice(order: Order) -> Document | None:
    found = standing_invoice(order)
    if found is not None or order.paid_at is None:
        return found
    try:
        facts = invoice_facts(order)
    except DocumentRefused as refusal:
        _ask_for(order, f"document:{order.number}:", refusal)
        return None
    return _write(order, facts, kind=DocumentKind.INVOICE)


def _write(
    order: Order,
    facts: Mapping[str, Any],
    *,
    kind: DocumentKind,
    refund: OrderRefund | None = None,
    corrects: Document | None = None,
    change: OrderChange | None = None,
) -> Document:
    """The row with its number, its frozen facts and words. The caller holds the order's lock."""
    day = local_day(order)
    series = str(day.year)
    cells = amounts.from_json(facts["cells"])
    title = facts["credit_title" if corrects else "title"]
    sequence = take_number(series_key(seller_id=facts["seller_id"], kind=kind, series=series))
    number = f"{PREFIXES[kind]}-{series}-{sequence:06d}"
    document = Document.objects.create(
        kind=kind,
        seller_id=facts["seller_id"],
        series=series,
        sequence=sequence,
        number=number,
        order=order,
        refund=refund,
        corrects=corrects,
        change=change,
        title=word(title, order.language),
        language=order.language,
        country=facts["country"],
        issued_at=timezone.now(),
        issued_on=day,
        total=from_minor(amounts.total(cells), order.currency),
        tax_total=from_minor(sum(cell.tax for cell in cells), order.currency),
        taxes=_taxes(facts, cells),
        facts=facts,
        sheet=sheet_of(facts, _heading(number, day, order.language)),
    )
    DocumentFile.objects.create(document=document, next_try_at=timezone.now())
    _announce(order, document)
    return document


def _heading(number: str, day: date, language: str) -> Heading:
    return Heading(number=number, issued_on=day, brand=settings.SHOP_NAME, language=language)


def _taxes(facts: Mapping[str, Any], cells: tuple[amounts.Cell, ...]) -> list[dict[str, Any]]:
    sums = amounts.by_group(cells)
    return [{**facts["groups"][index], "net": net, "tax": tax} for index, (net, tax) in sums.items()]


def _announce(order: Order, document: Document) -> None:
    write_event(order, "document.issued", document=document.number, amount=str(document.total.amount))
    audit.record(
        "orders.issue_document",
        document,
        data={"number": document.number, "order": order.number, "total": str(document.total.amount)},
    )
    publish(DocumentIssued(number=order.number, document=document.number, kind=document.kind))
    about = order.number
    if document.refund or document.change:
        about = document.refund.number if document.refund else f"change-{document.change_id}"
    for hold in OrderHold.objects.filter(order=order, key__startswith=f"document:{about}:", resolved_at__isnull=True):
        hold.resolved_at, hold.resolved_by_id = timezone.now(), audit.current_actor().user_id
        hold.resolution = "The document was issued."
        hold.save(update_fields=["resolved_at", "resolved_by", "resolution", "updated"])
        write_event(order, "hold.resolved", note=hold.resolution, hold=hold.pk)
    wake_on_commit("orders.tasks.render_documents")


def _ask_for(order: Order, prefix: str, refusal: DocumentRefused) -> None:
    """One open hold per document that waits, saying what is missing."""
    holds = order.holds.filter(key__startswith=prefix)
    if any(hold.is_open for hold in holds):
        return
    open_hold_on(
        order,
        kind=HoldKind.COMPLIANCE,
        key=f"{prefix}{len(holds) + 1}",
        reason=str(refusal),
        facts={"missing": ", ".join(refusal.missing)},
    )
