"""How long to wait before a carrier is asked again. Long waits live in tables, never in the queue."""

from datetime import timedelta

LADDER = tuple(timedelta(seconds=seconds) for seconds in (15, 60, 300, 900, 3600, 4 * 3600, 12 * 3600))


def wait_before(attempt: int) -> timedelta:
    """The wait before try number `attempt + 1`; the last step repeats."""
    return LADDER[min(max(attempt, 1), len(LADDER)) - 1]
