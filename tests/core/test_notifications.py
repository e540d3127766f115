"""Messages leave once, after their transaction, and come back when the mail server was away."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone

from core.jobs import stalled_jobs
from core.models import Job, Message
from core.notifications import deliver_due, send

WORDS = {"name": "Kettle", "options": "", "product_url": "http://shop.example/p/kettle/"}
OPEN_TRANSACTIONS: list[bool] = []


class Unreachable(BaseEmailBackend):
    """A mail server that is away."""

    def send_messages(self, email_messages: object) -> int:
        raise ConnectionRefusedError


class Watching(BaseEmailBackend):
    """Notes whether rows stay locked while it is asked."""

    def send_messages(self, email_messages: object) -> int:
        OPEN_TRANSACTIONS.append(connection.in_atomic_block)
        return 1


def write(key: str = "k1") -> Message:
    message = send("back_in_stock", to="a@example.com", language="de", dedupe_key=key, context=WORDS)
    assert message is not None
    return message


@pytest.mark.django_db
def test_a_message_is_written_in_the_readers_language_and_sent_once() -> None:
    assert write().pk == write().pk
    assert (deliver_due(), deliver_due()) == (1, 0)
    assert len(mail.outbox) == 1
    message = Message.objects.get()
    assert (message.state, message.attempts, message.subject) == ("sent", 1, "Kettle ist wieder da")


@pytest.mark.django_db
def test_a_mail_server_that_is_away_is_tried_again_and_the_message_goes_out_once(settings: Any) -> None:
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Unreachable"
    write()
    assert (deliver_due(), deliver_due()) == (1, 0)
    message = Message.objects.get()
    assert (message.state, message.attempts, message.last_error) == ("waiting", 1, "ConnectionRefusedError: ")
    settings.EMAIL_BACKEND = backend
    Message.objects.update(next_attempt_at=timezone.now())
    assert (deliver_due(), deliver_due()) == (1, 0)
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_mail_server_is_asked(settings: Any) -> None:
    OPEN_TRANSACTIONS.clear()
    settings.EMAIL_BACKEND = f"{__name__}.Watching"
    write()
    deliver_due()
    assert OPEN_TRANSACTIONS == [False]


@pytest.mark.django_db
def test_a_job_nobody_heard_of_is_told_to_a_worker_again() -> None:
    forgotten = Job.objects.create(kind="x", title="x")
    Job.objects.filter(pk=forgotten.pk).update(updated=timezone.now() - timedelta(minutes=6))
    Job.objects.create(kind="x", title="just started")
    assert stalled_jobs() == [forgotten.pk]
