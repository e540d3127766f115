"""Before an import runs: look at the file, remember how such files are read, let a person decide."""

from collections.abc import Mapping
from typing import IO, Any

from django.core.files.base import File
from django.utils.translation import gettext as _

from catalog.actions.mappings import remember_mapping
from catalog.importers.errors import FileRefused
from catalog.importers.formats import ImportFormat
from catalog.importers.inspecting import Seen, look_at
from catalog.importers.mapping import applied_mapping, own_words, remembered_mapping
from catalog.importers.reading.opening import How
from catalog.importers.registry import import_format, import_formats
from catalog.models import ColumnMapping
from core.jobs import prepare_job, queue_job
from core.models import Job

KIND = "import.catalogue"


def settle_params(seen: Seen, params: Mapping[str, Any]) -> dict[str, Any]:
    """The params with a format and a mapping where they were left open. Raises `FileRefused` for an unknown format.

    A remembered mapping says the format too: somebody said before what such a file is.
    """
    known = remembered_mapping(seen.titles) if seen.titles and not params.get("mapping") else None
    settled = dict(params)
    if not settled.get("format"):
        remembered = known.format if known and known.format in import_formats() else ""
        detected = seen.detected()
        settled["format"] = remembered or (detected.code if detected else "")
    if not settled["format"]:
        raise FileRefused(_("No format recognises this file. Choose the format yourself."))
    if known and known.format == settled["format"]:
        reading = import_format(settled["format"])
        settled["mapping"] = own_words(applied_mapping(known.columns, seen.titles), seen.titles, reading)
        settled["source"] = known.name
    return settled


def named_mapping(name: str, seen: Seen, reading: ImportFormat) -> dict[str, str]:
    """The mapping somebody saved under this name, for this file. Raises `FileRefused` when there is none."""
    known = ColumnMapping.objects.filter(name=name).first()
    if known is None:
        raise FileRefused(_("There is no column mapping “%(name)s”.") % {"name": name})
    return own_words(applied_mapping(known.columns, seen.titles), seen.titles, reading)


def prepare_import(*, file: IO[bytes], name: str, params: Mapping[str, Any]) -> Job:
    """Store a file that waits for a decision. Raises `FileRefused` when nobody can read it; nothing is stored then."""
    seen = look_at(file, name, how_of(params))
    file.seek(0)
    try:
        settled = settle_params(seen, params)
    except FileRefused:
        possible = seen.possible()
        if not possible:
            raise
        settled = {**params, "format": possible[0].code, "is_guess": True}
    title = _("Import %(file)s") % {"file": name}
    return prepare_job(kind=KIND, title=title, params=settled, file=File(file, name=name), dry_run=True)


def decide_import(
    *, job: Job, seen: Seen, params: Mapping[str, Any], dry_run: bool, remember_as: str = ""
) -> Job:  # fmt: skip
    """Hand the import to a worker as it was decided, and remember its columns under a name when one is given."""
    if remember_as and seen.titles:
        remember_mapping(
            name=remember_as,
            format_code=params["format"],
            columns=seen.titles,
            mapping=whole_mapping(seen, params),
        )
    return queue_job(job_id=job.pk, params=params, dry_run=dry_run)


def whole_mapping(seen: Seen, params: Mapping[str, Any]) -> dict[str, str]:
    """Every column's field, as it is read now: what a title means by itself may change with the shop's releases."""
    reading = import_format(params["format"])
    said = params.get("mapping") or {}
    return {title: said.get(title, reading.meaning_of(title) or "") for title in seen.titles}


def how_of(params: Mapping[str, Any]) -> How:
    """What a person said about the file."""
    return How(mapping=params.get("mapping") or {}, encoding=params.get("encoding", ""), sheet=params.get("sheet", ""))
