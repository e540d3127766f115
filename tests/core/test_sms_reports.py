"""The gateway reports back: what arrived, what could not, and who wants no more text messages."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from core.models import AuditEntry, Message
from core.notifications import send
from core.notifications.kinds import NECESSARY, PROGRESS
from core.notifications.wishes import person_of, say_wish, wishes_of

pytestmark = pytest.mark.django_db
SECRET = "whsec_" + "c2VjcmV0LW9mLXRoZS10ZXN0cy1vbmx5"
READER, PHONE = "reader@example.com", "+493012345678"
WORDS = {"headline": "H", "short": "S", "sentences": ["One."], "order_url": "http://shop.example/o/1/"}


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> None:
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1/sms"
    settings.SMS_GATEWAY_SECRET = SECRET


def tell(told: object, *, secret: str = SECRET, age: timedelta = timedelta(0), body: str = "") -> HttpResponse:
    text, now = body or json.dumps(told), timezone.now() - age
    headers = {
        "webhook-id": "r-1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("r-1", now, text),
    }
    client = Client(enforce_csrf_checks=True)
    return client.post("/messages/sms/", text, content_type="application/json", headers=headers)  # type: ignore[return-value]


def texted(key: str = "sms:k", state: str = "sent", email: str = READER) -> Message:
    return Message.objects.create(
        dedupe_key=key, kind="order_shipped", channel="sms", recipient=PHONE, person=person_of(email),
        language="de", text="T", state=state,
    )  # fmt: skip


def test_an_arrival_is_noted_and_nothing_told_later_takes_it_back() -> None:
    message = texted()
    for state in ("delivered", "delivered", "failed"):
        assert tell({"type": "receipt", "id": "sms:k", "state": state}).status_code == 204
    message.refresh_from_db()
    assert (message.state, message.arrived_at is not None) == ("sent", True)


def test_a_text_message_that_could_not_arrive_is_shown_as_failed_with_the_reason() -> None:
    message = texted()
    tell({"type": "receipt", "id": "sms:k", "state": "failed", "reason": "number not in use"})
    message.refresh_from_db()
    assert (message.state, message.last_error) == ("failed", "number not in use")


def test_a_receipt_touches_no_mail_and_nothing_that_was_not_sent() -> None:
    mail = Message.objects.create(dedupe_key="m", kind="x", recipient=READER, language="de", text="T", state="sent")
    waiting = texted("sms:w", state="waiting")
    for key in ("m", "sms:w", "sms:unknown"):
        assert tell({"type": "receipt", "id": key, "state": "failed"}).status_code == 204
    mail.refresh_from_db()
    waiting.refresh_from_db()
    assert (mail.state, waiting.state) == ("sent", "waiting")


@pytest.mark.parametrize("text", ["STOP", " stop. ", "Stopp", "ENDE", "arrêt", "停止", "إيقاف"])
def test_stop_ends_text_messages_to_the_number_and_mail_goes_on(text: str) -> None:
    for topic in (NECESSARY, PROGRESS):
        say_wish(email=READER, topic=topic, channel="sms", is_wanted=True, said="Text me.")
    texted()
    waiting = texted("sms:w", state="waiting")
    assert tell({"type": "reply", "from": "+49 30 12345678", "text": text}).status_code == 204

    waiting.refresh_from_db()
    assert waiting.state == "dropped"
    assert not wishes_of(READER)[(NECESSARY, "sms")]
    send("payment_failed", to=READER, language="en", dedupe_key="k2", context=WORDS, phone=PHONE)
    assert list(Message.objects.filter(dedupe_key__endswith="k2").values_list("channel", flat=True)) == ["email"]
    assert AuditEntry.objects.filter(action="core.hear_stop").count() == 1


def test_other_answers_and_other_numbers_end_nothing() -> None:
    say_wish(email=READER, topic=NECESSARY, channel="sms", is_wanted=True)
    texted()
    tell({"type": "reply", "from": PHONE, "text": "When does it stop here?"})
    tell({"type": "reply", "from": "+4930999", "text": "STOP"})
    assert wishes_of(READER) == {(NECESSARY, "sms"): True}


def test_what_the_gateway_did_not_sign_is_not_heard(settings: Any) -> None:
    message = texted()
    told = {"type": "receipt", "id": "sms:k", "state": "failed"}
    assert tell(told, secret="whsec_" + "b3RoZXItc2VjcmV0LW9mLXRlc3Rz").status_code == 401
    assert tell(told, age=timedelta(minutes=6)).status_code == 401
    assert Client().post("/messages/sms/", json.dumps(told), content_type="application/json").status_code == 401
    settings.SMS_GATEWAY_SECRET = ""
    assert Client().post("/messages/sms/", json.dumps(told), content_type="application/json").status_code == 404
    message.refresh_from_db()
    assert message.state == "sent"


@pytest.mark.parametrize("body", ["no json", "[]", '{"type": "x"}', '{"type": "receipt", "state": "x"}'])
def test_a_report_that_is_none_is_refused(body: str) -> None:
    assert tell({}, body=body).status_code == 400


def test_a_report_that_is_too_long_is_not_read() -> None:
    assert tell({}, body=json.dumps({"type": "reply", "text": "x" * 20000})).status_code == 413
