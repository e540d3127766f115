"""Invoices and credit notes: once each, by gap-free numbers, agreeing with the order to the cent."""

import pytest
import time_machine
from django.db import DatabaseError, transaction

from core.models import Message, Sequence
from core.money import Money, to_minor
from core.outbox import drain
from markets.models import LegalEntity
from markets.queries import market_by_code
from orders.actions import cancel_order, refund_order
from orders.actions.documents import issue_credit_note, issue_due_documents, issue_invoice
from orders.models import Document, DocumentKind, Order, OrderHold, OrderRefund
from orders.types import RefundWish
from payments.actions import submit_due_refunds
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, placed_order
from tests.shared_world import shared_world
from tests.soundness import broken_checks

pytestmark = pytest.mark.django_db
WITHOUT = {"Q02"}


@shared_world
def order() -> Order:
    market = open_shop()
    return paid_order(market, (item_in(market, price="3.33"), 3))


def settle() -> None:
    """Let everything that was announced happen, refunds at the provider included."""
    drain(limit=200)
    submit_due_refunds()
    drain(limit=200)


def refund(order: Order, quantity: int, *, shipping: bool = False, key: str = "ticket") -> OrderRefund:
    wish = RefundWish(line_id=order.lines.get().pk, quantity=quantity)
    return refund_order(number=order.number, lines=[wish], shipping=shipping, reason="Broken", key=key)


def findings() -> set[str]:
    return broken_checks() - WITHOUT


def test_a_paid_order_gets_one_invoice_of_its_total(order: Order) -> None:
    settle()
    issue_invoice(number=order.number)

    invoice = Document.objects.get()
    assert (invoice.kind, invoice.total, invoice.tax_total) == ("invoice", order.total, order.tax_total)
    assert invoice.number == f"INV-{invoice.issued_on.year}-000001"
    assert sum(row["net"] + row["tax"] for row in invoice.taxes) == to_minor(order.total)
    assert invoice.file.state == "waiting"


def test_an_unpaid_order_gets_none() -> None:
    market = market_by_code("de")
    order = placed_order(market, (item_in(market), 1))

    assert issue_invoice(number=order.number) is None
    assert not Document.objects.exists()


def test_each_refund_gets_one_credit_note_and_together_they_sum_to_the_invoice(order: Order) -> None:
    for number in range(3):
        refund(order, 1, shipping=number == 2, key=f"t{number}")
        settle()
    issue_credit_note(refund_number=OrderRefund.objects.earliest("pk").number)

    invoice = Document.objects.get(kind="invoice")
    notes = list(Document.objects.filter(kind="credit_note").order_by("pk"))
    assert [note.number[-6:] for note in notes] == ["000001", "000002", "000003"]
    assert [note.corrects for note in notes] == [invoice] * 3
    mails = Message.objects.filter(kind="order_refunded").order_by("pk")
    assert all(f"/documents/{note.number}/" in mail.text for note, mail in zip(notes, mails, strict=True))
    for row in invoice.taxes:
        same = [one for note in notes for one in note.taxes if one["rate"] == row["rate"]]
        assert sum(one["net"] for one in same) == row["net"]
        assert sum(one["tax"] for one in same) == row["tax"]
    assert findings() == set()


def test_canceling_a_paid_order_credits_all_of_it(order: Order) -> None:
    settle()
    cancel_order(number=order.number, reason="Not needed")
    settle()

    note = Document.objects.get(kind="credit_note")
    assert (note.total, note.tax_total) == (order.total, order.tax_total)


def test_missing_facts_of_the_seller_refuse_ask_a_person_and_use_up_no_number(order: Order) -> None:
    LegalEntity.objects.update(address={}, tax_number="")
    LegalEntity.objects.get().registrations.update(number="")
    settle()
    issue_due_documents()

    assert not Document.objects.exists()
    assert not Sequence.objects.filter(series__startswith="document:").exists()
    hold = OrderHold.objects.get(order=order)
    assert hold.is_open
    assert set(hold.facts["missing"].split(", ")) == {"seller_address", "seller_tax_number"}


def test_the_hold_is_closed_and_the_invoice_issued_once_the_facts_are_there(order: Order) -> None:
    LegalEntity.objects.update(address={})
    settle()
    LegalEntity.objects.update(address={"street": "Musterstraße 1", "city": "Leipzig"})

    assert issue_due_documents() == 1
    assert Document.objects.get().order == order
    assert not OrderHold.objects.get().is_open


def test_an_order_that_does_not_add_up_is_not_invoiced(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(
        total=order.total + Money("1", "EUR"), items_total=order.items_total + Money("1", "EUR")
    )

    assert issue_invoice(number=order.number) is None
    assert OrderHold.objects.get().facts["missing"] == "sums"


@pytest.mark.usefixtures("order")
def test_issued_documents_never_change_and_never_go() -> None:
    settle()
    document = Document.objects.get()
    for deed in (lambda: Document.objects.update(number="X"), document.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()


def test_a_refused_number_leaves_no_gap(order: Order) -> None:
    with transaction.atomic():
        assert issue_invoice(number=order.number)
        transaction.set_rollback(True)
    settle()

    assert Document.objects.get().sequence == 1
    assert findings() == set()


def test_the_checks_find_an_order_that_was_not_invoiced_and_a_number_that_is_missing(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(paid_at="2026-01-01T00:00Z")
    assert "T04" in findings()
    settle()
    assert findings() == set()
    Sequence.objects.filter(series__startswith="document:").update(last=2)
    assert "T03" in findings()


def test_a_new_year_begins_a_new_series() -> None:
    market = market_by_code("de")
    orders = [paid_order(market, (item_in(market), 1)) for _ in range(2)]
    with time_machine.travel("2026-12-31T12:00:00Z"):
        issue_invoice(number=orders[0].number)
    with time_machine.travel("2027-01-02T12:00:00Z"):
        issue_invoice(number=orders[1].number)

    assert list(Document.objects.order_by("pk").values_list("number", flat=True)) == [
        "INV-2026-000001",
        "INV-2027-000001",
    ]


def test_a_refund_made_at_the_provider_lowers_the_price_of_everything_left(order: Order) -> None:
    settle()
    made = OrderRefund.objects.create(
        number=f"{order.number}-X1",
        key="outside:1",
        order=order,
        amount=Money("5.00", "EUR"),
        reason="Refunded at the payment provider.",
        state="succeeded",
    )

    note = issue_credit_note(refund_number=made.number)
    assert note is not None
    assert (note.kind, note.total) == (DocumentKind.CREDIT_NOTE, Money("5.00", "EUR"))
    assert 0 < note.tax_total.amount < 5


def test_money_that_was_never_due_gets_no_credit_note(order: Order) -> None:
    settle()
    made = OrderRefund.objects.create(
        number=f"{order.number}-X1",
        key="outside:1",
        order=order,
        amount=Money("5.00", "EUR"),
        reason="Too much",
        state="succeeded",
        is_excess=True,
    )

    assert issue_credit_note(refund_number=made.number) is None
