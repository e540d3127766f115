"""What the columns of a file mean: by their titles, or as somebody said for the last file with the same titles."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from catalog.importers.formats import ColumnFormat, normal
from catalog.models import ColumnMapping


def fingerprint(columns: Iterable[str]) -> str:
    """A hash of the titles; their order, capitals and spaces do not matter."""
    titles = sorted({normal(column) for column in columns if column})
    return sha256("\n".join(titles).encode()).hexdigest()


def remembered_mapping(columns: Iterable[str]) -> ColumnMapping | None:
    """The mapping that was last used or changed for a file with these titles."""
    return ColumnMapping.objects.filter(fingerprint=fingerprint(columns)).order_by("-updated", "-pk").first()


def applied_mapping(stored: Mapping[str, str], columns: Iterable[str]) -> dict[str, str]:
    """A remembered mapping for the titles as this file writes them."""
    by_normal = {normal(title): code for title, code in stored.items()}
    return {title: by_normal[normal(title)] for title in columns if normal(title) in by_normal}


def own_words(mapping: Mapping[str, str], columns: Iterable[str], reading: ColumnFormat) -> dict[str, str]:
    """What a mapping says beyond what the titles say by themselves. Fields the format does not have are dropped."""
    known = {field.code for field in reading.fields}
    said: dict[str, str] = {}
    for title in columns:
        if title in mapping:
            own, code = reading.meaning_of(title) or "", mapping[title]
            if code != own and (not code or code in known):
                said[title] = code
    return said
