"""One circuit breaker per channel: a provider that is away is asked seldom, and no message loses a try by it.

After `TRIP_AFTER` troubles in a row the channel rests, twice as long each time; then one message asks for all.
The state is a row, so that every worker knows, and operators see it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from core.models import ChannelState

TRIP_AFTER = 5
FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=10)
PROBE = timedelta(minutes=5)
"""How long one asks alone after a rest: longer than any provider takes to answer."""


def rest_after(failures: int) -> timedelta:
    """How long a channel rests after so many troubles in a row; nothing below `TRIP_AFTER`."""
    if failures < TRIP_AFTER:
        return timedelta(0)
    return min(FIRST_REST * (1 << min(failures - TRIP_AFTER, 20)), LONGEST_REST)


def usable(names: Iterable[str], *, now: datetime) -> list[str]:
    """The channels that do not rest."""
    resting = set(ChannelState.objects.filter(open_until__gt=now).values_list("channel", flat=True))
    return [name for name in names if name not in resting]


def after_rest(names: Iterable[str]) -> list[str]:
    """Those that had to rest and were not asked since."""
    rested = set(ChannelState.objects.filter(open_until__isnull=False).values_list("channel", flat=True))
    return [name for name in names if name in rested]


def begin(name: str, *, now: datetime) -> bool:
    """Whether a message may be tried now. After a rest only the first who asks may; the caller holds a transaction."""
    state = ChannelState.objects.select_for_update().filter(channel=name).first()
    if state is None or state.open_until is None:
        return True
    if state.open_until > now:
        return False
    state.open_until = now + PROBE
    state.save(update_fields=["open_until", "changed"])
    return True


def note_success(name: str) -> bool:
    """The provider answers: everything may leave again. True when it had rested before."""
    now = timezone.now()
    rested = ChannelState.objects.filter(channel=name, open_until__isnull=False).update(
        failures=0, open_until=None, last_error="", changed=now
    )
    if not rested:
        ChannelState.objects.filter(channel=name, failures__gt=0).update(failures=0, last_error="", changed=now)
    return bool(rested)


def note_trouble(name: str, error: str) -> None:
    """One more trouble in a row; the fifth opens the breaker."""
    now = timezone.now()
    with transaction.atomic():
        ChannelState.objects.get_or_create(channel=name)
        state = ChannelState.objects.select_for_update().get(channel=name)
        state.failures += 1
        rest = rest_after(state.failures)
        state.open_until = now + rest if rest else None
        state.last_error = error[:2000]
        state.save(update_fields=["failures", "open_until", "last_error", "changed"])


def close(name: str) -> None:
    """Ask again at once: an operator knows that the provider is back."""
    ChannelState.objects.filter(channel=name).update(failures=0, open_until=None, changed=timezone.now())
