"""Every integrity check as one prepared statement: planned once per connection, so that any test can end with it."""

from typing import Any

from django.db import connection

from core.integrity import registered

NAME = "everything_is_sound"
_prepared: list[Any] = []
"""The connection that knows the statement."""


def broken(*but: str) -> list[tuple[str, str, str]]:
    """Code, sentence and culprit of everything that is wrong now, but for the checks of these codes.

    `Q02` is about the outbox, which tests drain when they like.
    """
    _prepare()
    sentences = {check.code: check.sentence for check in registered()}
    with connection.cursor() as cursor:
        cursor.execute(f"EXECUTE {NAME}")
        return [(code, sentences[code], culprit) for code, culprit in cursor.fetchall() if code not in but]


def broken_checks(*but: str) -> set[str]:
    """Which checks find something wrong."""
    return {code for code, _sentence, _culprit in broken(*but)}


def _prepare() -> None:
    connection.ensure_connection()
    line = connection.connection
    if _prepared == [line]:
        return
    asked = [
        f"SELECT '{check.code}', found.culprit::text FROM ({check.sql}) AS found(culprit)"  # noqa: S608 (our own)
        for check in registered()
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET jit = off")  # to compile this plan takes longer than to ask it
        cursor.execute(f"PREPARE {NAME} AS {' UNION ALL '.join(asked)}")
    _prepared[:] = [line]
