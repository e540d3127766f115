"""Questions about an order: asked by its link, answered from the desk, read by nobody else."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from config.console.work import work_queue
from core.models import Message
from core.outbox import drain
from markets.queries import market_by_code
from members.models import User
from orders.actions.tickets import Question, assign_ticket, note_on_ticket, open_ticket, solve_ticket, write_to_ticket
from orders.models import CannedAnswer, Order, OrderAttachment, Ticket, TicketMessage
from orders.returning.files import Sent, attach, put_away
from orders.returning.ticket_views import MESSAGES_PER_HOUR
from tests.admin.people import operator, owner, text
from tests.factories.cart import item_in, open_shop
from tests.factories.checkout import EMAIL
from tests.journeys.shopping import Answer, Shopper
from tests.orders.returns.world import HIDDEN, asked, delivered_order, link_to, photo
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def order() -> Order:
    market = open_shop()
    return delivered_order(market, (item_in(market), 1))


def ticket_of(order: Order, **changes: str) -> Ticket:
    told = {"key": "k1", "category": "delivery", "subject": "Where is it?", "body": "It says delivered.", **changes}
    return open_ticket(number=order.number, question=Question(**told))


def ask(shopper: Shopper, link: str, **typed: object) -> Answer:
    hidden = dict(HIDDEN.findall(shopper.get(link).text))
    return shopper.post(link, **{**hidden, "category": "fault", "subject": "It drips", "body": "Look.", **typed})


def test_a_question_is_asked_answered_and_answered_again(order: Order) -> None:
    shopper, link = Shopper(), link_to(order, "questions/")
    assert "questions/" in shopper.get(link_to(order)).text
    asked_it = ask(shopper, link, files=[photo()])
    page = shopper.follow(asked_it.location).text
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.category, ticket.subject) == ("open", "fault", "It drips")
    assert Ticket.objects.filter(due_at__isnull=False).exists()
    assert "photo-1.jpg" in page
    assert {row.key: row.count for row in work_queue(User(is_superuser=True, is_active=True))}["tickets"] == 1

    browser = owner()
    desk = reverse("admin:workspace_ticket", args=[ticket.number])
    shown = text(browser.get(desk))
    key = re.search(r'answer/".*?name="key" value="([^"]+)"', shown, re.DOTALL)
    assert key is not None
    answer = {"key": key[1], "body": "Send us a photo of the lid."}
    assert browser.post(f"{desk}answer/", answer).status_code == 302
    browser.post(f"{desk}answer/", answer)
    drain(limit=100)
    ticket.refresh_from_db()
    assert ticket.state == "answered"
    assert not Ticket.objects.filter(due_at__isnull=False).exists()
    assert ticket.messages.count() == 2
    mail = Message.objects.filter(kind="ticket_news").latest("pk")
    assert (mail.recipient, "Send us a photo of the lid." in mail.text) == (EMAIL, True)
    path = re.search(rf"(/de/en/orders/{order.number}/[^/]+/questions/{ticket.number}/)", mail.text)
    assert path is not None
    talk = shopper.follow(path[1]).text
    assert "Send us a photo of the lid." in talk
    form = dict(HIDDEN.findall(talk))
    shopper.client.post(path[1], {**form, "body": "Here it is."})
    ticket.refresh_from_db()
    assert ticket.state == "open"
    assert ticket.due_at is not None


def test_what_operators_note_for_themselves_is_theirs(order: Order) -> None:
    ticket = ticket_of(order)
    with put_away([Sent(called="a", content=photo().read())]) as files:
        note_on_ticket(ticket_number=ticket.number, key="n1", body="A difficult customer.", files=files)
    drain(limit=100)
    row = OrderAttachment.objects.get()
    page = Shopper().get(link_to(order, f"questions/{ticket.number}/")).text
    assert "difficult" not in page
    assert Shopper().get(link_to(order, f"files/{row.pk}/")).status == 404
    assert not Message.objects.filter(text__contains="difficult").exists()
    assert "difficult" in text(owner().get(reverse("admin:workspace_ticket", args=[ticket.number])))


def test_mistakes_are_named_and_nothing_is_written(order: Order) -> None:
    answer = Shopper().post(link_to(order, "questions/"), category="", subject="", body="")
    assert answer.status == 422
    for field in ("category", "subject", "body"):
        assert f'href="#ask-{field}"' in answer.text
    assert not Ticket.objects.exists()


def test_nobody_floods_the_desk(order: Order) -> None:
    shopper, ticket = Shopper(), ticket_of(order)
    link = link_to(order, f"questions/{ticket.number}/")
    for _ in range(MESSAGES_PER_HOUR):
        shopper.post(link, body="Again")
    refused = shopper.post(link, body="Again")
    assert refused.status == 422
    assert "You wrote very often." in refused.text
    assert ticket.messages.count() == MESSAGES_PER_HOUR + 1


def test_a_solved_question_is_open_again_when_its_customer_writes(order: Order) -> None:
    ticket = ticket_of(order)
    solve_ticket(ticket_number=ticket.number)
    write_to_ticket(ticket_number=ticket.number, key="m", body="Not solved.", by_customer=True)
    ticket.refresh_from_db()
    assert ticket.state == "open"
    me = User.objects.create_user("me@example.com", "a-long-password", is_staff=True)
    assert assign_ticket(ticket_number=ticket.number, user_id=me.pk).assignee == me


def test_prepared_answers_begin_a_message_in_the_customers_language(order: Order) -> None:
    Order.objects.update(language="de")
    CannedAnswer.objects.create(code="sorry", category="delivery", texts={"de": "Das tut uns leid.", "en": "Sorry."})
    CannedAnswer.objects.create(code="no-words", texts={"en": "Only English."})
    ticket = ticket_of(order)
    desk = reverse("admin:workspace_ticket", args=[ticket.number])
    assert "no-words" not in text(owner().get(desk))
    assert "Das tut uns leid.</textarea>" in text(owner().get(f"{desk}?say=sorry"))


def test_who_may_read_and_answer(order: Order) -> None:
    ticket = ticket_of(order)
    desk = reverse("admin:workspace_ticket", args=[ticket.number])
    assert Client().get(desk).status_code == 302
    assert operator("orders.view_order").get(desk).status_code == 403
    reader = operator("orders.view_ticket")
    assert reader.get(desk).status_code == 200
    for deed in ("answer", "assign", "solve"):
        assert reader.post(f"{desk}{deed}/", {"body": "x"}).status_code == 403
    assert TicketMessage.objects.count() == 1


@pytest.mark.parametrize(
    "place", ["questions/", "questions/{ticket}/", "returns/", "returns/{number}/", "files/{file}/"]
)
def test_other_orders_links_and_no_link_open_nothing(order: Order, place: str) -> None:
    """Another customer holds a good link to another order."""
    request, ticket = asked(order, 1), ticket_of(order)
    with put_away([Sent(called="a", content=photo().read())]) as files:
        attach(order, files, to=request)
    market = market_by_code("de", language="en")
    other = delivered_order(market, (item_in(market), 1))
    rest = place.format(ticket=ticket.number, number=request.number, file=OrderAttachment.objects.get().pk)
    token = link_to(other).split("/")[2]
    shopper = Shopper()

    assert shopper.get(f"orders/{order.number}/{token}/{rest}").status == 404
    assert shopper.get(f"orders/{order.number}/{'x' * 32}/{rest}").status == 404
    if "{" in place:
        assert shopper.get(link_to(other, rest)).status == 404
        assert shopper.post(link_to(other, rest), do="cancel", body="x").status in (404, 405)
    assert shopper.client.get(shopper.path(link_to(order, rest))).status_code == 200


def test_members_find_their_returns_and_questions_and_nobody_elses(order: Order) -> None:
    request, ticket = asked(order, 1), ticket_of(order)
    me, stranger = (User.objects.create_user(f"{name}@example.com", "a-long-password") for name in ("me", "you"))
    Order.objects.filter(pk=order.pk).update(user=me)
    mine, theirs = Shopper(), Shopper()
    mine.client.force_login(me, backend="django.contrib.auth.backends.ModelBackend")
    theirs.client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")

    page = mine.get("returns/mine/").text
    assert request.number in page
    assert ticket.number in page
    assert request.number not in theirs.get("returns/mine/").text
    assert Shopper().get("returns/mine/").status == 302
    for place in ("returns", f"returns/{request.number}", f"questions/{ticket.number}"):
        opened = mine.get(f"orders/{order.number}/open/{place}/")
        assert mine.follow(opened.location).status == 200
        assert theirs.get(f"orders/{order.number}/open/{place}/").status == 404
