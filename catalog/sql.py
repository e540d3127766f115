"""Statements that the ORM cannot say. Texts are constants; values are always parameters."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db import connection


def fetch(statement: str, asked: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return cast(list[tuple[Any, ...]], cursor.fetchall())


def execute(statement: str, asked: Mapping[str, Any] | Sequence[Any]) -> None:
    """Run a statement that returns nothing."""
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
