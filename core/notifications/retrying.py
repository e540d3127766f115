"""What operators do about messages that could not be sent."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Now

from core import audit
from core.models import Message
from core.notifications import breaker
from core.notifications.channels import PUSH
from core.notifications.delivery import bring_forward
from core.wakeups import wake_on_commit


def retry_messages(message_ids: Iterable[int]) -> int:
    """Bring failed messages back to the front, with all their tries; returns how many. Sent ones stay sent."""
    with transaction.atomic():
        rows = Message.objects.select_for_update(of=("self",)).filter(
            pk__in=list(message_ids), state=Message.State.FAILED
        )
        found = sorted(rows.exclude(channel=PUSH, subscription__isnull=True).values_list("pk", flat=True))
        if found:
            Message.objects.filter(pk__in=found).update(
                state=Message.State.WAITING, attempts=0, next_attempt_at=Now(), useful_until=None, last_error=""
            )
            audit.record("core.retry_messages", "messages", data={"messages": found})
            wake_on_commit("core.tasks.send_messages")
    return len(found)


def open_channel(channel: str) -> None:
    """Ask a resting channel again at once, with everything that waits because of it."""
    with transaction.atomic():
        breaker.close(channel)
        bring_forward(channel)
        audit.record("core.open_channel", channel)
        wake_on_commit("core.tasks.send_messages")
