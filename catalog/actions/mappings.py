"""Remember what the columns of a source mean."""

from collections.abc import Mapping

from django.db import transaction

from catalog.importers.mapping import fingerprint
from catalog.models import ColumnMapping
from core import audit


@transaction.atomic
def remember_mapping(*, name: str, format_code: str, columns: tuple[str, ...], mapping: Mapping[str, str]) -> None:
    """From now on files with these column titles are read like this. The same name again replaces what it said."""
    who = audit.current_actor().user_id
    wanted = {
        "format": format_code,
        "fingerprint": fingerprint(columns),
        "columns": dict(mapping),
        "changed_by_id": who,
    }
    row, _new = ColumnMapping.objects.update_or_create(name=name[:80], defaults=wanted)
    audit.record("catalog.remember_mapping", row, data={"format": format_code, "columns": dict(mapping)})


@transaction.atomic
def forget_mapping(*, mapping_id: int) -> None:
    """Files with these titles are read by their titles again."""
    row = ColumnMapping.objects.select_for_update().filter(pk=mapping_id).first()
    if row is not None:
        audit.record("catalog.forget_mapping", row, data={"name": row.name})
        row.delete()
