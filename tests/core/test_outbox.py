"""Events reach their handlers: inside at once, after through the outbox, none lost and none done twice."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from config.reactions import REACTIONS
from core import outbox
from core.events import Event, NotInTransaction, Reaction, bind, from_payload, publish, to_payload
from core.models import OutboxMessage, Sequence
from core.money import Money
from core.sequences import take_number

pytestmark = pytest.mark.django_db

heard: list[tuple[str, uuid.UUID | None]] = []


@dataclass(frozen=True, kw_only=True)
class SomethingHappened(Event):
    """Carries one value of every kind."""

    name: str
    amount: Money
    rate: Decimal
    day: date
    ids: tuple[int, ...]
    note: str | None = None


def inside(event: SomethingHappened) -> None:
    heard.append((f"inside {event.name}", None))


def after(event: SomethingHappened) -> None:
    heard.append((f"after {event.name}", outbox.current_delivery().event_id))


def counting(event: SomethingHappened) -> None:
    take_number("counting")


def failing(event: SomethingHappened) -> None:
    take_number("failing")
    raise ConnectionError("nobody there")


def something(name: str = "rain") -> SomethingHappened:
    return SomethingHappened(
        name=name, amount=Money("12.30", "EUR"), rate=Decimal("0.190"), day=date(2026, 11, 22), ids=(3, 5)
    )


@pytest.fixture(autouse=True)
def _our_reactions() -> Iterator[None]:
    heard.clear()
    yield
    bind(REACTIONS)


def test_an_event_survives_the_way_to_the_worker_unchanged() -> None:
    bind({SomethingHappened: Reaction()})
    event = something()
    assert from_payload("tests.SomethingHappened", to_payload(event)) == event


def test_a_newer_event_is_read_by_an_older_worker() -> None:
    bind({SomethingHappened: Reaction()})
    payload = to_payload(something()) | {"added_later": 7}
    assert from_payload("tests.SomethingHappened", payload) == something()


@pytest.mark.django_db(transaction=True)
def test_announcing_outside_a_transaction_is_refused() -> None:
    bind({SomethingHappened: Reaction(after=(after,))})
    with pytest.raises(NotInTransaction):
        publish(something())


def test_inside_handlers_run_at_once_and_after_handlers_wait() -> None:
    bind({SomethingHappened: Reaction(inside=(inside,), after=(after,))})
    event_id = publish(something())
    assert heard == [("inside rain", None)]
    assert outbox.drain() == 1
    assert heard[-1] == ("after rain", event_id)
    assert outbox.drain() == 0


def announced_in_vain() -> None:
    with transaction.atomic():
        publish(something())
        raise ZeroDivisionError


def test_a_rolled_back_cause_has_no_consequences() -> None:
    bind({SomethingHappened: Reaction(after=(after,))})
    with pytest.raises(ZeroDivisionError):
        announced_in_vain()
    assert outbox.drain() == 0
    assert heard == []


def test_a_failing_handler_leaves_nothing_behind_and_is_tried_again_later() -> None:
    bind({SomethingHappened: Reaction(after=(failing, after))})
    publish(something())
    assert outbox.drain() == 2
    message = OutboxMessage.objects.get(handler__endswith=".failing")
    assert (message.state, message.attempts) == ("waiting", 1)
    assert "nobody there" in message.last_error
    assert message.next_attempt_at > timezone.now()
    assert not Sequence.objects.filter(series="failing").exists()
    assert [name for name, _ in heard] == ["after rain"]


def test_after_the_last_attempt_a_message_is_given_up_and_can_be_revived() -> None:
    bind({SomethingHappened: Reaction(after=(failing,))})
    publish(something())
    OutboxMessage.objects.update(attempts=len(outbox.RETRY_AFTER))
    outbox.drain()
    message = OutboxMessage.objects.get()
    assert message.state == "dead"
    assert outbox.retry_now([message.pk]) == 1
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("waiting", 0)


def test_the_handlers_effects_and_the_mark_that_it_ran_are_one() -> None:
    bind({SomethingHappened: Reaction(after=(counting,))})
    publish(something())
    outbox.drain()
    outbox.drain()
    assert Sequence.objects.get(series="counting").last == 1
    assert OutboxMessage.objects.get().state == "done"
