"""Returns as the customer sees them: two screens, a page that says what comes next, every step mailed."""

import re
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.models import Message
from core.money import to_minor
from core.outbox import drain
from markets.queries import market_by_code
from orders.actions.returns import approve_return, note_return_sent, reject_return
from orders.models import AftersalesPolicy, Fulfillment, Order, OrderAttachment, ReturnRequest
from tests.factories.cart import item_in, open_shop
from tests.factories.checkout import EMAIL
from tests.factories.orders import paid_order
from tests.journeys.shopping import Shopper
from tests.orders.returns.world import ADDRESS, asked, check, delivered_order, link_to, photo, send
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def order() -> Order:
    market = open_shop()
    return delivered_order(market, *[(item_in(market, names={"en": name}), 2) for name in ("Kettle", "Tea cup")])


def line(order: Order, position: int = 1) -> int:
    return order.lines.get(position=position).pk


def test_a_return_takes_two_screens_shows_the_refund_and_ends_on_a_page_that_can_be_reloaded(order: Order) -> None:
    shopper, link = Shopper(), link_to(order, "returns/")
    first = shopper.get(link).text
    assert "You can return goods until" in first
    second = check(shopper, link, reason="not_liked", **{f"units_{line(order)}": 1})
    assert to_minor(order.lines.get(position=1).unit_final) == 2000
    assert "1 × Kettle" in second.text
    assert re.search(r"You get back</dt><dd>\s*(<\w+[^>]*>)?€20", second.text)

    answer = send(shopper, link, note="It drips.", **{f"units_{line(order)}": 1})

    page = shopper.follow(answer.location)
    request = ReturnRequest.objects.get()
    order.refresh_from_db()
    assert (request.state, request.reason, request.note) == ("requested", "not_liked", "It drips.")
    assert [(row.order_line_id, row.quantity) for row in request.lines.all()] == [(line(order), 1)]
    assert order.aftersales_state == "open"
    for words in ("We have your return request", request.number, "Return asked for", "It drips."):
        assert words in page.text
    assert request.number in shopper.get(link_to(order)).text or "We have your return request" in page.text


def test_the_same_form_sent_twice_is_one_return_and_one_mail(order: Order) -> None:
    shopper, link = Shopper(), link_to(order, "returns/")
    shown = check(shopper, link, reason="damaged", **{f"units_{line(order)}": 2})
    form = dict(re.findall(r'<input type="hidden" name="([a-z_0-9]+)" value="([^"]*)"', shown.text))

    answers = [shopper.post(link, **form, step="send", resolution="refund") for _ in range(2)]
    drain(limit=100)

    assert answers[0].location.split("/")[-2] == answers[1].location.split("/")[-2]
    assert ReturnRequest.objects.count() == 1
    assert Message.objects.filter(kind="return_news").count() == 1


def test_mistakes_are_named_and_nothing_is_written(order: Order) -> None:
    shopper, link = Shopper(), link_to(order, "returns/")
    nothing = check(shopper, link, reason="")
    too_many = check(shopper, link, reason="not_liked", **{f"units_{line(order)}": 3})

    assert nothing.status == too_many.status == 422
    assert "<title>Error:" in nothing.text
    for field in ("goods", "reason"):
        assert f'href="#return-{field}"' in nothing.text
    assert not ReturnRequest.objects.exists()


def test_units_that_are_coming_back_cannot_be_asked_back_again(order: Order) -> None:
    asked(order, 2, 0)
    page = Shopper().get(link_to(order, "returns/")).text
    assert "All of this is coming back already." in page
    assert check(Shopper(), link_to(order, "returns/"), reason="damaged", **{f"units_{line(order)}": 1}).status == 422


def test_what_cannot_come_back_is_named_with_the_reason(order: Order) -> None:
    order.lines.filter(position=2).update(return_exception="hygiene")
    shopper, link = Shopper(), link_to(order, "returns/")

    assert "This is a hygiene product." in shopper.get(link).text
    assert check(shopper, link, reason="not_liked", **{f"units_{line(order, 2)}": 1}).status == 422
    assert check(shopper, link, reason="defective", **{f"units_{line(order, 2)}": 1}).status == 200


def test_after_the_period_only_faults_come_back_at_the_shops_cost(order: Order) -> None:
    Fulfillment.objects.update(delivered_at=timezone.now() - timedelta(days=60))
    shopper, link = Shopper(), link_to(order, "returns/")

    assert "ended on" in shopper.get(link).text
    assert check(shopper, link, reason="not_liked", **{f"units_{line(order)}": 1}).status == 422
    second = check(shopper, link, reason="defective", **{f"units_{line(order)}": 1})
    assert "We pay for the way back" in second.text
    send(shopper, link, reason="defective", **{f"units_{line(order)}": 1})
    assert ReturnRequest.objects.get().way_back == "shop"


def test_goods_that_have_not_left_cannot_be_returned() -> None:
    market = market_by_code("de")
    order = paid_order(market, (item_in(market), 1))
    page = Shopper().get(link_to(order, "returns/")).text
    assert "This has not left our warehouse yet." in page
    assert "Return goods" not in Shopper().get(link_to(order)).text.split("<footer")[0]


def test_photos_are_written_anew_and_anything_else_is_refused(order: Order) -> None:
    shopper, link = Shopper(), link_to(order, "returns/")
    drawing = SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml")
    refused = send(shopper, link, reason="damaged", photos=[drawing], **{f"units_{line(order)}": 1})
    assert refused.status == 422
    assert "Send photos as JPEG, PNG or WebP" in refused.text
    assert not OrderAttachment.objects.exists()
    assert not ReturnRequest.objects.exists()

    answer = send(shopper, link, reason="damaged", photos=[photo("private-name.jpg")], **{f"units_{line(order)}": 1})

    row = OrderAttachment.objects.get()
    kept = storages["private"].open(row.stored).read()
    assert row.called == "photo-1.jpg"
    assert b"taken at home" not in kept
    link_of_file = re.search(r'href="([^"]+/files/\d+/)"', shopper.follow(answer.location).text)
    assert link_of_file is not None
    response = shopper.client.get(link_of_file[1])
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content) == kept


def test_the_customer_takes_a_return_back_until_the_goods_are_on_their_way(order: Order) -> None:
    shopper = Shopper()
    request = asked(order, 1)
    link = link_to(order, f"returns/{request.number}/")
    assert "I keep the goods after all" in shopper.get(link).text
    shopper.post(link, do="cancel")
    request.refresh_from_db()
    order.refresh_from_db()
    assert (request.state, order.aftersales_state) == ("canceled", "none")

    second = asked(order, 2, key="form-2")
    approve_return(return_number=second.number)
    note_return_sent(number=order.number, return_number=second.number, tracking="JJD 1")
    link = link_to(order, f"returns/{second.number}/")
    assert "I keep the goods after all" not in shopper.get(link).text
    shopper.post(link, do="cancel")
    second.refresh_from_db()
    assert second.state == "approved"


def test_an_agreed_return_says_where_to_send_it_until_when_and_takes_the_parcel_number(order: Order) -> None:
    AftersalesPolicy.objects.create(market="de", agrees_at_once=True, instructions={"en": "Use the old box."})
    shopper = Shopper()
    answer = send(shopper, link_to(order, "returns/"), **{f"units_{line(order)}": 1})
    page = shopper.follow(answer.location).text
    drain(limit=100)

    request = ReturnRequest.objects.get()
    assert request.state == "approved"
    assert request.send_by == timezone.now().date() + timedelta(days=14)
    mail = Message.objects.filter(kind="return_news").latest("pk")
    for words in (*ADDRESS, "Use the old box."):
        assert words in page
        assert words in mail.text
    assert mail.recipient == EMAIL
    shopper.post(answer.location.split("/de/en/")[1], do="sent", tracking="JJD 0003")
    request.refresh_from_db()
    assert request.tracking == "JJD 0003"
    assert "JJD 0003" in shopper.follow(answer.location).text


def test_a_declined_return_says_why_on_its_page_and_by_mail(order: Order) -> None:
    request = asked(order, 1, reason="damaged")
    reject_return(return_number=request.number, reason="It fell after it had arrived.")
    drain(limit=100)
    page = Shopper().get(link_to(order, f"returns/{request.number}/")).text
    assert "We cannot take this back" in page
    assert "It fell after it had arrived." in page
    assert "It fell after it had arrived." in Message.objects.filter(kind="return_news").latest("pk").text


def test_mails_are_in_the_language_of_the_order_and_lead_to_the_return(order: Order) -> None:
    Order.objects.update(language="de")
    request = asked(order, 1)
    drain(limit=100)
    mail = Message.objects.get(kind="return_news")
    assert mail.language == "de"
    path = re.search(rf"(/de/de/orders/{order.number}/[^/]+/returns/{request.number}/)", mail.text)
    assert path is not None
    assert Shopper().follow(path[1]).status == 200


def test_returns_begin_at_the_foot_of_every_page_for_guests_by_number_and_email(order: Order) -> None:
    shopper = Shopper()
    assert 'href="/de/en/returns/"' in shopper.get("cart/").text
    wrong = shopper.post("returns/", number=order.number, email="stranger@example.com")
    unknown = shopper.post("returns/", number="MER-1", email=EMAIL)
    assert wrong.status == unknown.status == 404
    right = shopper.post("returns/", number=order.number, email=EMAIL)
    assert "What do you want to send back?" in shopper.follow(right.location).text


def test_a_line_of_the_order_leads_to_its_return_with_one_unit_chosen(order: Order) -> None:
    shopper = Shopper()
    page = shopper.get(link_to(order)).text
    found = re.search(r'href="([^"]+/returns/\?line=(\d+))"', page)
    assert found is not None
    chosen = shopper.follow(found[1]).text
    assert re.search(rf'name="units_{found[2]}">\s*<option value="0">0</option>\s*<option value="1" selected>', chosen)
