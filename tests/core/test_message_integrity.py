"""What the nightly check says about messages: what lies about, and a channel that has been silent for a day."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.integrity import registered, run
from core.models import ChannelState, Message

pytestmark = pytest.mark.django_db


def found() -> set[str]:
    checks = [check for check in registered() if check.code in ("Q04", "Q05", "Q06")]
    assert len(checks) == 3
    return {finding.check.code for finding in run(checks) if finding.count}


def message(**more: Any) -> Message:
    given = {"dedupe_key": "k", "kind": "x", "recipient": "a@example.com", "language": "de", "text": "T", **more}
    return Message.objects.create(**given)


def test_a_message_that_nobody_tries_is_found_and_one_whose_channel_rests_is_not() -> None:
    message(next_attempt_at=timezone.now() - timedelta(hours=2))
    assert found() == {"Q04"}
    ChannelState.objects.create(channel="email", failures=9, open_until=timezone.now() + timedelta(minutes=5))
    assert found() == set()


def test_a_channel_that_has_been_in_trouble_for_a_day_is_found() -> None:
    row = message(attempts=9, next_attempt_at=timezone.now() + timedelta(hours=9))
    ChannelState.objects.create(channel="email", failures=99, open_until=timezone.now())
    assert found() == set()
    Message.objects.filter(pk=row.pk).update(created=timezone.now() - timedelta(hours=25))
    assert found() == {"Q05"}


def test_a_message_that_was_sent_without_a_time_is_found() -> None:
    message(state="sent")
    assert found() == {"Q06"}
    Message.objects.update(sent_at=timezone.now())
    assert found() == set()
