"""The formats an import can read, by code, and which of them a file is."""

from collections.abc import Sequence
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from catalog.importers.errors import FileRefused
from catalog.importers.formats import NO, Head, ImportFormat


@cache
def import_formats() -> dict[str, ImportFormat]:
    """Every format by its code, in the order of the settings."""
    made: list[ImportFormat] = [import_string(path)() for path in settings.IMPORT_FORMATS]
    return {known.code: known for known in made}


def import_format(code: str) -> ImportFormat:
    """Raises `FileRefused` for a code nobody knows."""
    found = import_formats().get(code)
    if found is None:
        raise FileRefused(_("The format “%(code)s” is not known.") % {"code": code})
    return found


def detect_format(heads: Sequence[Head]) -> ImportFormat | None:
    """The format that is most sure of the file; nothing when none recognises it. The first of equals wins.

    A file can be looked at in several ways: a list in JSON is records to one format and a document to another.
    """
    ranked = [
        (max((known.recognises(head) for head in heads), default=NO), known) for known in import_formats().values()
    ]
    best = max((sure for sure, _known in ranked), default=NO)
    return next((known for sure, known in ranked if sure == best), None) if best > NO else None
