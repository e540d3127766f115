"""When an order is changed its invoice is credited whole, and the order as it is now gets another one."""

import pytest

from core.money import Money
from core.outbox import drain
from markets.models import LegalEntity
from orders.actions import refund_order
from orders.actions.documents import follow_change, issue_due_documents, standing_invoice
from orders.models import Document, Order, OrderChange, OrderHold
from orders.types import RefundWish
from payments.actions import submit_due_refunds
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order
from tests.soundness import broken_checks

pytestmark = pytest.mark.django_db


def changed(*, refunded: int = 0) -> tuple[Order, OrderChange]:
    """A paid order of three pieces with its invoice, and a change of it; so many pieces were refunded before."""
    market = open_shop()
    order = paid_order(market, (item_in(market, price="20.00"), 3))
    drain(limit=100)
    line = order.lines.get()
    if refunded:
        wish = RefundWish(line_id=line.pk, quantity=refunded)
        refund_order(number=order.number, lines=[wish], shipping=False, reason="Broken", key="before")
        drain(limit=100)
        submit_due_refunds()
        drain(limit=100)
    change = OrderChange.objects.create(
        order=order, version=1, kind="edit", state="confirmed", delta_total=Money("-0.00", "EUR"), reason="Other cup"
    )
    order.refresh_from_db()
    return order, change


def total_of(order: Order) -> Money:
    """What documents say in all: invoices less credit notes."""
    rows = Document.objects.filter(order=order)
    signed = [row.total if row.kind == "invoice" else -row.total for row in rows]
    return sum(signed, Money("0", "EUR"))


def test_the_old_invoice_is_credited_and_the_new_one_stands() -> None:
    order, change = changed()
    first = standing_invoice(order)
    for _ in range(2):
        follow_change(number=order.number, change_id=change.pk)

    kinds = list(Document.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["invoice", "credit_note", "invoice"]
    note = Document.objects.get(kind="credit_note")
    assert first is not None
    assert (note.corrects, note.total, note.tax_total) == (first, first.total, first.tax_total)
    assert note.facts["corrects"]["reason"] == "Other cup"
    assert standing_invoice(order) == Document.objects.latest("pk")
    assert total_of(order) == order.total


def test_a_change_that_waits_for_facts_is_followed_when_they_are_there() -> None:
    order, change = changed()
    LegalEntity.objects.update(address={})
    assert follow_change(number=order.number, change_id=change.pk) is None
    assert Document.objects.count() == 1
    LegalEntity.objects.update(address={"street": "Musterstraße 1", "city": "Leipzig"})

    assert issue_due_documents() == 1
    assert Document.objects.count() == 3
    assert not OrderHold.objects.get().is_open


def test_what_was_refunded_before_is_credited_on_the_new_invoice_again() -> None:
    order, change = changed(refunded=1)
    before = total_of(order)
    follow_change(number=order.number, change_id=change.pk)

    kinds = list(Document.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["invoice", "credit_note", "credit_note", "invoice", "credit_note"]
    assert total_of(order) == before
    Order.objects.filter(pk=order.pk).update(paid_at="2026-01-01T00:00Z")
    assert broken_checks() & {"T03", "T04", "T30"} == set()


def test_a_later_refund_corrects_the_invoice_that_stands() -> None:
    order, change = changed()
    follow_change(number=order.number, change_id=change.pk)
    wish = RefundWish(line_id=order.lines.get().pk, quantity=3)
    refund_order(number=order.number, lines=[wish], shipping=True, reason="Broken", key="after")
    drain(limit=100)
    submit_due_refunds()
    drain(limit=100)

    assert Document.objects.latest("pk").corrects == Document.objects.filter(kind="invoice").latest("pk")
    assert total_of(order) == Money("0.00", "EUR")
