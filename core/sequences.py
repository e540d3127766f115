"""Numbers for people: gap-free series, and order numbers that do not tell how many orders there are."""

from django.db import connection

from core.models import Sequence

_SPREAD = 7_368_787  # prime; coprime with the range below, so the mapping never repeats
_RANGE = 90_000_000
_FIRST = 10_000_000


class NumberOutsideTransaction(RuntimeError):
    """A gap-free number can only be taken in the transaction that writes the thing it numbers."""


def take_number(series: str) -> int:
    """The next number of `series`: 1, 2, 3 … without gaps, because it rolls back with its transaction."""
    if not connection.in_atomic_block:
        raise NumberOutsideTransaction(series)
    Sequence.objects.bulk_create([Sequence(series=series)], ignore_conflicts=True)
    sequence = Sequence.objects.lock().get(pk=series)
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return sequence.last


def spread_number(prefix: str) -> str:
    """A unique number such as `MER-48120394`, from a database sequence without waiting for other shoppers.

    Consecutive orders get numbers far apart: a competitor cannot count sales from two purchases.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('core_spread_number')")
        n = cursor.fetchone()[0]
    return f"{prefix}-{_FIRST + (n * _SPREAD) % _RANGE}"
