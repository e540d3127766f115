"""What a return leaves behind: a conversation about a repair, and nothing of a person who was erased."""

import pytest
from django.core.files.storage import storages

from core.models import Message
from core.outbox import drain
from core.privacy import Subject
from orders.actions.returns_receiving import inspect_unit
from orders.actions.tickets import Question, open_ticket
from orders.models import OrderAttachment, ReturnRequest, Ticket, TicketMessage
from orders.privacy import erase, export
from orders.returning.files import Sent, attach, put_away
from tests.factories.cart import item_in, open_shop
from tests.orders.returns.world import arrived, asked, delivered_order, photo, verdict

pytestmark = pytest.mark.django_db


def test_what_is_repaired_gets_a_conversation_that_waits_for_us() -> None:
    market = open_shop()
    order = delivered_order(market, (item_in(market), 1))
    request = arrived(order, 1, reason="defective")
    line = request.lines.get()
    inspect_unit(return_number=request.number, line_id=line.pk, verdict=verdict(fate="repair", condition="faulty"))
    drain(limit=100)

    ticket = Ticket.objects.get()
    assert (ticket.category, ticket.state, ticket.return_request) == ("repair", "open", request)
    assert order.lines.get().qty_returned == 0
    assert Message.objects.filter(kind="ticket_news", text__contains="being repaired").count() == 1


def test_an_erasure_takes_words_photos_and_files_and_an_export_holds_what_was_said() -> None:
    market = open_shop()
    order = delivered_order(market, (item_in(market), 1))
    request = asked(order, 1)
    ReturnRequest.objects.update(note="My neighbour saw it", tracking="JJD 1")
    question = Question(key="k", category="other", subject="About my neighbour", body="She has it.")
    open_ticket(number=order.number, question=question)
    with put_away([Sent(called="face.jpg", content=photo().read())]) as files:
        attach(order, files, to=request)
    stored = OrderAttachment.objects.get().stored
    subject = Subject(emails=frozenset({order.email}), orders=frozenset({order.number}))

    told = export(subject)
    assert [row["body"] for row in told["orders.TicketMessage"]] == ["She has it."]
    erase(subject)

    request.refresh_from_db()
    assert (request.note, request.tracking) == ("", "")
    assert Ticket.objects.get().subject == TicketMessage.objects.get().body == ""
    assert not OrderAttachment.objects.exists()
    assert not storages["private"].exists(stored)
