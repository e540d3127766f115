"""One at a time: a lock of the database that is held without holding a transaction open."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_CLASS = 0x5265636F  # the first of the two numbers of every such lock


@contextmanager
def turn(name: str) -> Iterator[bool]:
    """Whether it is our turn: nobody else is inside under this name. Given back by a lost connection as well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [_CLASS, name])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [_CLASS, name])
