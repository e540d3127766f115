"""After a test on committed data: its rows go, from the tables that have any.

Django truncates all tables, three hundred of them, has every plan made anew, and writes the content types and
permissions again that were there before: half a second of work after a test that left a few rows.
"""

from __future__ import annotations

from django.db import connection
from django.test import TransactionTestCase

LASTING = ("auth_permission", "django_content_type", "django_migrations")
"""What the migrated database says of the code, and no test writes."""


def empty_quickly() -> None:
    """From now on, for every test that empties the database. Where the role may not set triggers aside, as before."""
    as_before = TransactionTestCase._fixture_teardown

    def empty(self: TransactionTestCase) -> None:
        if _may_set_triggers_aside():
            take_rows_out()
        else:
            as_before(self)

    TransactionTestCase._fixture_teardown = empty


def take_rows_out() -> None:
    """Without asking foreign keys, or the triggers that keep books from being rewritten."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND relname <> ALL(%s) AND pg_relation_size(oid) > 0",
            [list(LASTING)],
        )
        emptied = "".join(f"DELETE FROM {table};" for (table,) in cursor.fetchall())  # noqa: S608 (names of our tables)
        cursor.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {emptied} COMMIT")


def _may_set_triggers_aside() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        return bool(cursor.fetchone()[0])
