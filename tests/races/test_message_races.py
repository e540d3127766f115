"""Many workers, one mailbox: each message leaves once, and one asks for all after a rest. With what fails unlocked."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Barrier, Lock
from typing import Any, ClassVar

import pytest
from django.utils import timezone

from core.models import ChannelState, Message
from core.notifications import breaker, deliver_due, delivery, send
from core.notifications.breaker import TRIP_AFTER
from core.notifications.channels import ChannelTrouble
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4
WORDS = {"name": "Kettle", "options": "", "product_url": "http://shop.example/p/kettle/"}


class Counting:
    """A channel that counts what it is given; in place of a provider."""

    name: ClassVar[str] = "email"
    rings: ClassVar[bool] = False
    guard: ClassVar[Lock] = Lock()
    taken: ClassVar[list[int]] = []
    is_away: ClassVar[bool] = False

    def is_ready(self) -> bool:
        return True

    def deliver(self, message: Message) -> None:
        with self.guard:
            self.taken.append(message.pk)
        if self.is_away:
            raise ChannelTrouble("away")


@pytest.fixture(autouse=True)
def _counted(settings: Any) -> Iterator[None]:
    settings.MESSAGE_CHANNELS = {"email": f"{__name__}.Counting"}
    Counting.taken.clear()
    Counting.is_away = False
    yield
    Counting.is_away = False


def write(key: str) -> int:
    message = send("back_in_stock", to="a@example.com", language="en", dedupe_key=key, context=WORDS)
    assert message is not None
    return message.pk


def work(_worker: int) -> int:
    return deliver_due(limit=20)


def test_two_who_write_the_same_message_write_one() -> None:
    found = all_at_once(write, ["same"] * WORKERS, at_once=WORKERS)
    assert len(set(found)) == 1
    assert Message.objects.count() == 1


def test_each_message_is_handed_over_once_however_many_workers_there_are() -> None:
    written = [write(f"k{number}") for number in range(12)]
    all_at_once(work, list(range(WORKERS)), at_once=WORKERS)
    deliver_due()
    assert sorted(Counting.taken) == sorted(written)
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_without_the_lease_they_hand_it_over_several_times(monkeypatch: pytest.MonkeyPatch) -> None:
    write("k")
    both = Barrier(2)

    def unleased(now: datetime) -> tuple[Message, None] | None:
        message = Message.objects.filter(state="waiting", next_attempt_at__lte=now).first()
        both.wait(timeout=30)
        return (message, None) if message is not None else None

    monkeypatch.setattr(delivery, "_lease", unleased)
    all_at_once(lambda _worker: deliver_due(limit=1), [1, 2], at_once=2)
    assert len(Counting.taken) == 2


def rested() -> None:
    """A channel whose rest is over, with messages that wait for it."""
    for number in range(WORKERS):
        write(f"k{number}")
    ChannelState.objects.create(channel="email", failures=TRIP_AFTER, open_until=timezone.now() - timedelta(seconds=1))
    Counting.is_away = True


def test_after_a_rest_one_message_asks_for_all() -> None:
    rested()
    all_at_once(work, list(range(WORKERS)), at_once=WORKERS)
    assert len(Counting.taken) == 1
    assert Message.objects.filter(attempts=0).count() == WORKERS - 1


def test_one_that_waits_for_hours_asks_for_all_when_nothing_is_due() -> None:
    rested()
    later = timezone.now() + timedelta(hours=9)
    Message.objects.update(attempts=9, next_attempt_at=later)
    all_at_once(work, list(range(WORKERS)), at_once=WORKERS)
    assert len(Counting.taken) == 1
    assert set(Message.objects.values_list("attempts", "next_attempt_at")) == {(9, later)}

    Counting.is_away = False
    ChannelState.objects.update(open_until=timezone.now() - timedelta(seconds=1))
    all_at_once(work, list(range(WORKERS)), at_once=WORKERS)
    deliver_due(limit=20)
    assert sorted(Counting.taken[1:]) == sorted(Message.objects.values_list("pk", flat=True))


def test_without_the_lock_everybody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    rested()
    everybody = Barrier(WORKERS)

    def unlocked(_name: str, *, now: datetime) -> bool:
        everybody.wait(timeout=30)
        return True

    monkeypatch.setattr(breaker, "begin", unlocked)
    all_at_once(lambda _worker: deliver_due(limit=1), list(range(WORKERS)), at_once=WORKERS)
    assert len(Counting.taken) == WORKERS
