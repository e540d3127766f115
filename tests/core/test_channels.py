"""Three channels behind one promise: what is wanted leaves once, by the channels asked for, and trouble is survived."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from smtplib import SMTPRecipientsRefused
from threading import Thread
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from core.models import AuditEntry, ChannelState, Message, MessageWish, PushSubscription
from core.notifications import deliver_due, send
from core.notifications.breaker import TRIP_AFTER
from core.notifications.channels import ChannelTrouble, NobodyListens, ReceiverTrouble
from core.notifications.kinds import ASKED, NECESSARY, Kind, register
from core.notifications.retrying import open_channel, retry_messages
from core.notifications.wishes import WishRefused, listen, person_of, say_wish, stop_listening, wishes_of
from core.outbox import RETRY_AFTER
from core.privacy import Subject, erase_person, export_person

READER = "Reader@example.com"
SECRET = "whsec_" + "c2VjcmV0LW9mLXRoZS10ZXN0cy1vbmx5"
EVERYWHERE = ("email", "sms", "push")
WORDS = {
    "headline": "Your parcel is near",
    "short": "Your parcel comes today.",
    "sentences": ["It comes today."],
    "order_url": "http://shop.example/o/1/",
}

register(
    Kind(name="test_step", title="A step", template="step", channels=EVERYWHERE, is_urgent=True),
    Kind(name="test_calm", title="A calm step", template="step", channels=EVERYWHERE),
    Kind(name="test_wish", title="Asked for", template="step", topic=ASKED),
    Kind(name="test_brief", title="Brief", template="step", is_urgent=True, useful_for=timedelta(hours=1)),
)


class Recording:
    """A channel that keeps what it was given, or refuses as it is told. In place of a provider, not of our code."""

    name: ClassVar[str] = "push"
    rings: ClassVar[bool] = True
    taken: ClassVar[list[Message]] = []
    refusing: ClassVar[list[Exception]] = []
    in_transaction: ClassVar[list[bool]] = []

    def is_ready(self) -> bool:
        return True

    def deliver(self, message: Message) -> None:
        self.in_transaction.append(connection.in_atomic_block)
        if self.refusing:
            raise self.refusing[0]
        self.taken.append(message)


class RecordingSms(Recording):
    """The same for text messages, with lists of its own."""

    name: ClassVar[str] = "sms"
    taken: ClassVar[list[Message]] = []
    refusing: ClassVar[list[Exception]] = []


class RefusingForGood(BaseEmailBackend):
    """A mail server that knows no such address."""

    def send_messages(self, email_messages: object) -> int:
        raise SMTPRecipientsRefused({READER: (550, b"no such user")})


@pytest.fixture
def recorded(settings: Any) -> Iterator[None]:
    settings.MESSAGE_CHANNELS = {
        "email": "core.notifications.email.EmailChannel",
        "sms": f"{__name__}.RecordingSms",
        "push": f"{__name__}.Recording",
    }
    for channel in (Recording, RecordingSms):
        channel.taken.clear()
        channel.refusing.clear()
        channel.in_transaction.clear()
    yield
    Recording.refusing.clear()
    RecordingSms.refusing.clear()


def write(kind: str = "test_step", key: str = "k", **more: str) -> Message | None:
    given = {"phone": "+493012345678", "zone": "UTC", **more}
    return send(kind, to=READER, language="en", dedupe_key=key, context=WORDS, **given)


def browser(reference: str = "", endpoint: str = "https://push.example.net/1") -> PushSubscription:
    return listen(
        email=READER, endpoint=endpoint, p256dh="B" * 87, auth="A" * 22, said="Tell me here.", reference=reference
    )


@pytest.mark.django_db
def test_only_mail_leaves_until_somebody_asks_for_more(recorded: None) -> None:
    write()
    assert list(Message.objects.values_list("channel", flat=True)) == ["email"]

    say_wish(email=READER.upper(), topic=NECESSARY, channel="sms", is_wanted=True, said="Text me.")
    browser()
    write(key="k2")

    found = Message.objects.filter(dedupe_key__endswith="k2").values_list("channel", "recipient")
    assert sorted(found) == [("email", READER), ("push", "push.example.net"), ("sms", "+493012345678")]
    assert MessageWish.objects.get().said == "Text me."


@pytest.mark.django_db
def test_every_channel_is_written_for_once(recorded: None) -> None:
    say_wish(email=READER, topic=NECESSARY, channel="sms", is_wanted=True)
    browser(), browser(reference="M-1")  # one browser that agreed to all and to one order
    for _again in range(3):
        write(reference="M-1")
    while deliver_due():
        pass

    assert Message.objects.count() == 3
    assert (len(mail.outbox), len(Recording.taken), len(RecordingSms.taken)) == (1, 1, 1)


@pytest.mark.django_db
def test_a_browser_that_follows_one_order_hears_of_no_other(recorded: None) -> None:
    browser(reference="M-1")
    write(reference="M-2")
    assert not Message.objects.filter(channel="push").exists()


@pytest.mark.django_db
def test_mail_of_a_topic_can_be_refused_unless_it_is_necessary(recorded: None) -> None:
    say_wish(email=READER, topic=ASKED, channel="email", is_wanted=False)
    assert write("test_wish") is None
    with pytest.raises(WishRefused):
        say_wish(email=READER, topic=NECESSARY, channel="email", is_wanted=False)
    assert write("test_step") is not None


@pytest.mark.django_db
def test_a_wish_said_twice_is_one_and_the_newest_counts(recorded: None) -> None:
    for wanted in (True, True, False):
        say_wish(email=READER, topic=NECESSARY, channel="sms", is_wanted=wanted)
    assert wishes_of(READER) == {(NECESSARY, "sms"): False}
    assert AuditEntry.objects.filter(action="core.say_wish").count() == 2


@pytest.mark.django_db
def test_what_is_not_urgent_waits_for_the_morning_there_and_mail_does_not(
    recorded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = timezone.now().replace(hour=23, minute=30)
    monkeypatch.setattr("core.notifications.writing.timezone.now", lambda: night)
    browser()
    write("test_calm", key="calm")
    write("test_step", key="urgent")

    due = dict(Message.objects.values_list("dedupe_key", "next_attempt_at"))
    waits = {key.split(":")[0] + ":" + key.split(":")[-1] for key, at in due.items() if at > night}
    assert waits == {"push:calm"}


@pytest.mark.django_db
def test_what_nobody_needs_any_more_is_not_sent(recorded: None) -> None:
    message = write("test_brief")
    Message.objects.update(useful_until=timezone.now() - timedelta(seconds=1))
    deliver_due()
    assert message is not None
    message.refresh_from_db()
    assert (message.state, len(mail.outbox)) == ("dropped", 0)


@pytest.mark.django_db
def test_a_browser_that_is_gone_drops_its_message_and_troubles_nobody(recorded: None) -> None:
    browser()
    write()
    Recording.refusing.append(NobodyListens("410"))
    deliver_due()
    assert Message.objects.get(channel="push").state == "dropped"
    assert not ChannelState.objects.exclude(failures=0).exists()


@pytest.mark.django_db
def test_a_channel_in_trouble_rests_and_the_others_go_on(recorded: None) -> None:
    browser()
    Recording.refusing.append(ChannelTrouble("away"))
    for number in range(TRIP_AFTER + 3):
        write(key=f"k{number}")
    deliver_due(limit=100)

    assert len(mail.outbox) == TRIP_AFTER + 3
    pushes = Message.objects.filter(channel="push")
    assert pushes.filter(attempts=1).count() == TRIP_AFTER
    assert pushes.filter(attempts=0, state="waiting").count() == 3  # they lost no try by the rest
    state = ChannelState.objects.get(channel="push")
    assert state.failures == TRIP_AFTER
    assert state.open_until is not None
    assert state.open_until > timezone.now()


@pytest.mark.django_db
def test_nobody_brings_a_channel_to_rest_with_addresses_of_their_own(recorded: None) -> None:
    browser()
    Recording.refusing.append(ReceiverTrouble("500"))
    for number in range(TRIP_AFTER + 3):
        write(key=f"k{number}")
    deliver_due(limit=100)
    assert Message.objects.filter(channel="push", attempts=1, state="waiting").count() == TRIP_AFTER + 3
    assert not ChannelState.objects.filter(open_until__isnull=False).exists()


@pytest.mark.django_db
def test_after_a_rest_one_message_asks_for_all(recorded: None) -> None:
    browser()
    Recording.refusing.append(ChannelTrouble("away"))
    ChannelState.objects.create(channel="push", failures=TRIP_AFTER, open_until=timezone.now() - timedelta(seconds=1))
    for number in range(3):
        write(key=f"k{number}")
    deliver_due(limit=100)
    assert Message.objects.filter(channel="push", attempts=1).count() == 1

    Recording.refusing.clear()
    open_channel("push")
    Message.objects.filter(channel="push").update(next_attempt_at=timezone.now())
    deliver_due(limit=100)
    assert len(Recording.taken) == 3


@pytest.mark.django_db
def test_a_day_of_trouble_is_survived_and_then_everything_leaves_once(recorded: None) -> None:
    say_wish(email=READER, topic=NECESSARY, channel="sms", is_wanted=True)
    write()
    RecordingSms.refusing.append(ChannelTrouble("away"))
    for _try in range(len(RETRY_AFTER)):
        Message.objects.update(next_attempt_at=timezone.now())
        ChannelState.objects.update(open_until=None)
        deliver_due()
    message = Message.objects.get(channel="sms")
    assert (message.state, message.attempts) == ("waiting", len(RETRY_AFTER))

    RecordingSms.refusing.clear()
    Message.objects.update(next_attempt_at=timezone.now())
    ChannelState.objects.update(open_until=None)
    deliver_due()
    deliver_due()
    assert (len(RecordingSms.taken), len(mail.outbox)) == (1, 1)


@pytest.mark.django_db
def test_what_failed_for_good_is_seen_and_sent_again_by_an_operator(settings: Any) -> None:
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.RefusingForGood"
    message = write()
    assert message is not None
    deliver_due()
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", 1)

    settings.EMAIL_BACKEND = backend
    assert (retry_messages([message.pk]), deliver_due(), retry_messages([message.pk])) == (1, 1, 0)
    assert len(mail.outbox) == 1
    assert AuditEntry.objects.filter(action="core.retry_messages").count() == 1


@pytest.mark.django_db
def test_a_mail_handed_over_twice_has_one_identifier(settings: Any) -> None:
    write()
    deliver_due()
    Message.objects.update(state="waiting", next_attempt_at=timezone.now())  # the worker died before it wrote it down
    deliver_due()
    first, second = (one.extra_headers["Message-ID"] for one in mail.outbox)
    assert first == second


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_any_channel_is_asked(recorded: None) -> None:
    browser()
    write()
    deliver_due()
    assert Recording.in_transaction == [False]


@pytest.mark.django_db
def test_a_person_gets_and_takes_away_what_they_said(recorded: None) -> None:
    say_wish(email=READER, topic=NECESSARY, channel="sms", is_wanted=True, said="Text me.")
    browser()
    write()
    subject = Subject(emails=frozenset({READER.lower()}))
    assert {"core.MessageWish", "core.PushSubscription", "core.Message"} <= set(export_person(subject))

    erase_person(subject)
    assert not MessageWish.objects.exists()
    assert not PushSubscription.objects.exists()
    assert not Message.objects.filter(person=person_of(READER)).exists()


@pytest.mark.django_db
def test_a_browser_agrees_again_and_takes_it_back(recorded: None) -> None:
    first, second = browser(), browser()
    assert first.pk == second.pk
    assert stop_listening(email=READER, endpoint="https://push.example.net/1") == 1
    write()
    assert not Message.objects.filter(channel="push").exists()
    assert browser().pk != first.pk


class Gateway(BaseHTTPRequestHandler):
    """A gateway for text messages on loopback: checks the signature as its contract says."""

    bodies: ClassVar[list[dict[str, Any]]] = []
    status: ClassVar[int] = 202

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Webhook(SECRET).verify(body, dict(self.headers.items()) | {k.lower(): v for k, v in self.headers.items()})
        self.bodies.append(json.loads(body))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def gateway(settings: Any) -> Iterator[type[Gateway]]:
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/sms"
    settings.SMS_GATEWAY_SECRET = SECRET
    Gateway.bodies.clear()
    Gateway.status = 202
    yield Gateway
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "state"), [(202, "sent"), (422, "failed"), (401, "waiting"), (503, "waiting")])
def test_the_gateway_is_asked_with_a_signature_and_its_answer_understood(
    gateway: type[Gateway], status: int, state: str
) -> None:
    gateway.status = status
    say_wish(email=READER, topic=NECESSARY, channel="sms", is_wanted=True)
    write()
    deliver_due()

    assert [(one["id"], one["to"]) for one in gateway.bodies] == [("sms:k", "+493012345678")]
    assert Message.objects.get(channel="sms").state == state


@pytest.mark.django_db
def test_a_browser_cannot_send_the_shop_into_its_own_network(settings: Any) -> None:
    from core.notifications.push_envelope import new_key, point_of, to_text

    settings.VAPID_PRIVATE_KEY = to_text(new_key().private_numbers().private_value.to_bytes(32, "big"))
    settings.VAPID_CONTACT = "mailto:shop@example.com"
    row = browser(endpoint="https://127.0.0.1:1/push")
    PushSubscription.objects.update(p256dh=to_text(point_of(new_key())))
    write()
    deliver_due()

    row.refresh_from_db()
    assert Message.objects.get(channel="push").state == "failed"
    assert row.ended_at is not None
