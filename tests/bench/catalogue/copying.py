"""Many rows at once: COPY, with every column that is not named filled as the model would fill it."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connection, models
from django.utils import timezone

AT_ONCE = 20_000


def copy_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows whose values are those of `names`, in that order."""
    fields = [field for field in model._meta.concrete_fields if field.column is not None]
    named = {field.attname for field in fields} | {field.name for field in fields}
    unknown = set(names) - named
    if unknown:
        raise LookupError(f"{model.__name__} has no {sorted(unknown)}")
    fixed = {
        field.attname: _text(_default(field))
        for field in fields
        if field.attname not in names and field.name not in names and not _by_database(field)
    }
    ordered = [*names, *fixed]
    columns = ", ".join(f'"{model._meta.get_field(name).column}"' for name in ordered)
    tail = "\t".join(fixed.values())
    statement = f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'
    waiting = iter(rows)
    while chunk := list(islice(waiting, AT_ONCE)):
        lines = ("\t".join((*map(_text, row), tail) if tail or fixed else map(_text, row)) for row in chunk)
        with connection.cursor() as cursor:
            cursor.cursor.copy_expert(statement, io.StringIO("\n".join(lines) + "\n"))


@contextmanager
def unchecked() -> Iterator[None]:
    """Without looking at each row's references: all of them are made here, and a million looks take long."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def follow_ids(*tables: type[models.Model]) -> None:
    """Let the next row that the shop makes itself come after those that were written with their ids."""
    with connection.cursor() as cursor:
        for model in tables:
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608 (our own names)
            )


def _by_database(field: Any) -> bool:
    return bool(isinstance(field, models.AutoField | models.BigAutoField | models.CompositePrimaryKey))


def _default(field: Any) -> Any:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return timezone.now()
    return field.get_default()


def _text(value: Any) -> str:
    match value:
        case None:
            return "\\N"
        case bool():
            return "t" if value else "f"
        case str():
            return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
        case list() | tuple():
            return "{" + ",".join(f'"{one}"' if isinstance(one, str) else str(one) for one in value) + "}"
        case Mapping():
            return _text(json.dumps(value))
        case datetime() | date():
            return value.isoformat()
    return str(value)
