"""One query, its rows by the names of their columns."""

from collections.abc import Mapping
from typing import Any

from django.db import connection


def rows_of(query: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every row; callers aggregate, so that there are few whatever the number of orders."""
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
