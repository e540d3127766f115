"""How long to wait before trying again. Long waits live in tables, never in the queue."""

from datetime import timedelta

LADDER = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 60, 300, 1200, 3600, 14400, 21600, 43200, 86400))


def wait_before(attempt: int) -> timedelta:
    """The wait before try number `attempt + 1`; the last step repeats."""
    return LADDER[min(max(attempt, 1), len(LADDER)) - 1]
