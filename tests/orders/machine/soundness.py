"""Every integrity check as one prepared statement: planned once, so that it can be asked after every step."""

from collections.abc import Sequence

from django.db import connection

from core.integrity import Check

NAME = "everything_is_sound"


class Soundness:
    """The given checks, all in one question. As long as the database connection it was made on."""

    def __init__(self, checks: Sequence[Check]) -> None:
        self.sentences = {check.code: check.sentence for check in checks}
        asked = [
            f"SELECT '{check.code}', found.culprit::text FROM ({check.sql}) AS found(culprit)"  # noqa: S608 (our own)
            for check in checks
        ]
        with connection.cursor() as cursor:
            cursor.execute("SET jit = off")  # to compile this plan takes longer than to ask it
            cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = %s", [NAME])
            if cursor.fetchone():
                cursor.execute(f"DEALLOCATE {NAME}")
            cursor.execute(f"PREPARE {NAME} AS {' UNION ALL '.join(asked)}")

    def broken(self) -> list[tuple[str, str, str]]:
        """Code, sentence and culprit of everything that is wrong now."""
        with connection.cursor() as cursor:
            cursor.execute(f"EXECUTE {NAME}")
            return [(code, self.sentences[code], culprit) for code, culprit in cursor.fetchall()]
