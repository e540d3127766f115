"""What the team writes: for itself, for the customer to read, or sent to them; each once."""

import pytest

from core.models import Message
from core.outbox import drain
from orders.actions import add_note, write_to_customer
from orders.errors import ReasonMissing
from orders.models import Order, OrderEvent
from tests.admin.people import operator, text
from tests.admin.worlds import unpaid_order
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
KEY = "7c8a5c5e-0000-4000-8000-000000000201"


@shared_world
def order() -> Order:
    return unpaid_order()


def test_what_is_written_to_the_customer_is_sent_once_and_stays_in_their_history(order: Order) -> None:
    write_to_customer(number=order.number, note="  Your parcel leaves on Monday. ")
    drain(limit=100)
    drain(limit=100)

    message = Message.objects.get(kind="order_written")
    assert (message.recipient, message.language) == (order.email, order.language)
    assert "Your parcel leaves on Monday." in message.text
    event = order.events.get(kind="note")
    assert (event.note, event.visibility) == ("Your parcel leaves on Monday.", "customer")


def test_a_note_for_the_team_is_sent_to_nobody(order: Order) -> None:
    add_note(number=order.number, note="Difficult.")
    with pytest.raises(ReasonMissing):
        write_to_customer(number=order.number, note=" ")
    drain(limit=100)

    assert not Message.objects.filter(kind="order_written").exists()
    assert list(OrderEvent.objects.filter(kind="note").values_list("visibility", flat=True)) == ["internal"]


def test_the_form_sends_when_it_is_told_so(order: Order) -> None:
    browser = operator("orders.view_order", "orders.note_order")
    address = f"/admin/orders/{order.number}/"

    for _repeat in range(2):
        browser.post(f"{address}notes/", {"key": KEY, "note": "On its way.", "by_mail": "on"})
    drain(limit=100)

    assert Message.objects.filter(kind="order_written").count() == 1
    assert "Sent to the customer by email." in text(browser.get(address))
