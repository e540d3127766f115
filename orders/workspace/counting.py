"""How many rows several lists hold, in one query that stops counting where nobody needs to know exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

MOST = 1_000


@dataclass(frozen=True)
class Count:
    """So many; or more than that."""

    number: int
    is_more: bool = False


def counts_of(lists: Sequence[QuerySet[Any]], *, most: int = MOST) -> tuple[Count, ...]:
    """The number of rows of each list, in their order; `most` with `is_more` for longer ones."""
    parts: list[str] = []
    values: list[Any] = []
    for rows in lists:
        try:
            statement, params = rows.order_by().values("pk")[: most + 1].query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({statement}) counted)")  # noqa: S608 (the ORM wrote it)
        values += params
    if not parts:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        found = cursor.fetchone()
    return tuple(Count(min(number, most), is_more=number > most) for number in found or ())
