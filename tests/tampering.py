"""Plant faults the database would refuse, to prove that checks find them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def behind_the_databases_back() -> Iterator[None]:
    """Triggers and foreign keys look away; checks of single rows still hold. Inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        yield
        cursor.execute("SET LOCAL session_replication_role = 'origin'")
