"""A mail server that is down for a day: nothing is lost, operators see it, and every mail arrives exactly once.

The server is a real one on loopback, asked by Django's own SMTP backend. Time passes by moving the rows' times back.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import ChannelState, Message
from core.notifications import deliver_due, send
from core.notifications.breaker import TRIP_AFTER
from core.notifications.delivery import LEASE
from core.notifications.retrying import open_channel
from core.outbox import RETRY_AFTER, drain
from orders.models import Order
from tests.core.smtp_sink import AWAY, BUSY, FORGETFUL, FULL, OPEN, Sink
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order

pytestmark = pytest.mark.django_db
DAY = timedelta(hours=24)
WORDS = {"headline": "H", "short": "S", "sentences": ["One."], "order_url": "http://shop.example/o/1/"}


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with Sink() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER, settings.EMAIL_TIMEOUT = False, "", 5
        yield server


def write(*keys: str) -> None:
    for key in keys:
        send("order_expired", to=f"{key}@example.com", language="en", dedupe_key=key, context=WORDS)


def pass_by(time: timedelta) -> None:
    Message.objects.update(next_attempt_at=F("next_attempt_at") - time)
    ChannelState.objects.filter(open_until__isnull=False).update(open_until=F("open_until") - time)


def deliver_for(time: timedelta, *, step: timedelta = timedelta(minutes=10)) -> int:
    """Ask every ten minutes, as a worker that is awake asks, until so much time has passed; returns how often."""
    rounds = int(time / step)
    for _round in range(rounds):
        pass_by(step)
        deliver_due(limit=100)
    return rounds


def states() -> list[str]:
    return sorted(set(Message.objects.values_list("state", flat=True)))


@pytest.mark.parametrize("trouble", [AWAY, BUSY, FULL])
def test_after_a_day_without_a_mail_server_every_mail_arrives_exactly_once(sink: Sink, trouble: str) -> None:
    sink.mode = trouble
    keys = [f"key-{number}" for number in range(TRIP_AFTER + 4)]
    write(*keys)
    deliver_for(DAY)

    assert sink.taken == []
    assert states() == ["waiting"]
    state = ChannelState.objects.get(channel="email")
    assert state.failures > TRIP_AFTER
    assert state.last_error
    assert sink.asked < 24 * 60 / 10 + 2 * TRIP_AFTER  # a server in trouble is asked seldom, however much waits

    sink.mode = OPEN
    pass_by(timedelta(minutes=10))  # one rest, the longest there is
    deliver_due(limit=100)
    deliver_due(limit=100)

    assert states() == ["sent"]
    assert sorted(str(one["To"]) for one in sink.taken) == [f"{key}@example.com" for key in keys]
    assert len(set(sink.identifiers())) == len(keys)
    state.refresh_from_db()
    assert (state.failures, state.open_until) == (0, None)


def test_asking_whether_the_server_is_back_costs_a_mail_none_of_its_tries(sink: Sink) -> None:
    sink.mode = AWAY
    write("key")
    tomorrow = timezone.now() + timedelta(hours=20)
    Message.objects.update(attempts=9, next_attempt_at=tomorrow)
    ChannelState.objects.create(channel="email", failures=9, open_until=timezone.now() - timedelta(seconds=1))
    deliver_due()
    message = Message.objects.get()
    assert (sink.asked, message.attempts, message.next_attempt_at) == (1, 9, tomorrow)
    deliver_due()
    assert sink.asked == 1  # it rests again


def test_an_order_is_not_touched_by_it_and_its_confirmation_comes_later(sink: Sink) -> None:
    sink.mode = AWAY
    market = open_shop()
    order = paid_order(market, (item_in(market), 1))
    drain(limit=100)
    before = Order.objects.values("lifecycle", "version").get(pk=order.pk)
    deliver_for(DAY, step=timedelta(hours=1))
    assert Order.objects.values("lifecycle", "version").get(pk=order.pk) == before

    sink.mode = OPEN
    write("later")  # the first mail that gets through brings the one that waits for tomorrow with it
    deliver_due(limit=100)
    pass_by(timedelta(minutes=10))
    deliver_due(limit=100)
    assert sorted(str(one["To"]) for one in sink.taken) == sorted([order.email, "later@example.com"])
    assert order.number in sink.taken[0]["Subject"] + sink.taken[1]["Subject"]


def test_operators_see_the_trouble_and_end_the_wait(sink: Sink, admin_client: Client) -> None:
    sink.mode = BUSY
    write("key")
    deliver_for(DAY, step=timedelta(hours=1))
    page = admin_client.get(reverse("admin:core_channelstate_changelist")).content.decode()
    assert "SMTP" in page
    assert Message.objects.get().last_error

    Message.objects.update(next_attempt_at=timezone.now() + timedelta(hours=20))
    sink.mode = OPEN
    open_channel("email")
    deliver_due()
    assert len(sink.taken) == 1


def test_what_never_gets_through_ends_as_a_dead_letter_that_is_counted_and_sent_by_hand(
    sink: Sink, admin_client: Client
) -> None:
    sink.mode = FULL
    write("key")
    deliver_for(sum(RETRY_AFTER, timedelta()) + timedelta(hours=12), step=timedelta(hours=1))
    message = Message.objects.get()
    assert (message.state, message.attempts) == ("failed", len(RETRY_AFTER) + 1)

    sink.mode = OPEN
    ChannelState.objects.update(open_until=None)
    changelist = reverse("admin:core_message_changelist")
    admin_client.post(changelist, {"action": "retry", "_selected_action": [message.pk]})
    deliver_due()
    deliver_due()
    assert (states(), len(sink.taken)) == (["sent"], 1)


def test_a_server_that_takes_mail_and_forgets_to_say_so_gets_it_again_under_the_same_name(sink: Sink) -> None:
    """The one case in which a mail can leave twice: both carry one identifier, by which mailboxes know them as one."""
    sink.mode = FORGETFUL
    write("key")
    deliver_due()
    assert states() == ["waiting"]

    sink.mode = OPEN
    pass_by(RETRY_AFTER[0])
    deliver_due()
    assert states() == ["sent"]
    assert len(sink.taken) == 2
    assert len(set(sink.identifiers())) == 1


def test_a_worker_that_has_a_mail_in_hand_keeps_it_when_the_server_is_back(sink: Sink) -> None:
    """Bringing forward must not hand a leased mail to a second worker."""
    write("held", "free")
    Message.objects.filter(dedupe_key="held").update(attempts=1, next_attempt_at=timezone.now() + LEASE)
    ChannelState.objects.create(channel="email", failures=9, open_until=timezone.now() - timedelta(seconds=1))
    deliver_due(limit=100)
    assert [str(one["To"]) for one in sink.taken] == ["free@example.com"]
