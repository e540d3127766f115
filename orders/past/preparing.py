"""Before orders are brought in: look at the file, recall how such files are read, let a person decide."""

from collections.abc import Mapping
from typing import IO, Any

from django.core.files.base import File
from django.utils.translation import gettext as _

from catalog.actions.mappings import remember_mapping
from catalog.importers.errors import FileRefused
from catalog.importers.formats import Kind
from catalog.importers.inspecting import Seen, look_at
from catalog.importers.mapping import applied_mapping, own_words, remembered_mapping
from catalog.importers.preparing import how_of
from catalog.importers.reading.opening import SHAPES
from core.jobs import prepare_job, queue_job
from core.models import Job
from markets.queries import market_by_code
from orders.past.formats import FORMATS, detected
from orders.past.running import KIND

REMEMBERED = "orders."
"""What stands before the format of a remembered mapping, so that no product is read by it."""


def prepare_orders(*, file: IO[bytes], name: str, params: Mapping[str, Any]) -> Job:
    """Store a file that waits for a decision. Raises `FileRefused` when nobody can read it; nothing is stored then."""
    settled = settle(look_orders(file, name, params), params)
    file.seek(0)
    title = _("Orders from %(file)s") % {"file": name}
    return prepare_job(kind=KIND, title=title, params=settled, file=File(file, name=name), dry_run=True)


def look_orders(file: IO[bytes], name: str, params: Mapping[str, Any]) -> Seen:
    """What the file shows. Raises `FileRefused` also for what is no table."""
    seen = look_at(file, name, how_of(params))
    if seen.shape not in SHAPES[Kind.TABLE]:
        raise FileRefused(_("Orders are read from tables: CSV or XLSX."))
    return seen


def settle(seen: Seen, params: Mapping[str, Any]) -> dict[str, Any]:
    """The params with a format, a currency, a zone, and the columns as remembered for such files."""
    settled = dict(params)
    known = remembered_mapping(seen.titles) if not settled.get("mapping") else None
    recalled = known.format.removeprefix(REMEMBERED) if known and known.format.startswith(REMEMBERED) else ""
    if not settled.get("format"):
        found = detected(seen.heads)
        settled["format"] = recalled or (found.code if found else "portolan")
        settled["is_guess"] = not recalled and found is None
    if known and recalled == settled["format"]:
        settled["mapping"] = own_words(applied_mapping(known.columns, seen.titles), seen.titles, FORMATS[recalled])
        settled["source"] = known.name
    market = market_by_code(settled["market"])
    return settled | {"currency": market.currency, "zone": market.timezone}


def decide_orders(*, job: Job, seen: Seen, params: Mapping[str, Any], dry_run: bool, remember_as: str) -> Job:
    """Hand the import to a worker as it was decided; its columns are remembered under a name when one is given."""
    if remember_as:
        reading, said = FORMATS[params["format"]], params.get("mapping") or {}
        remember_mapping(
            name=remember_as,
            format_code=f"{REMEMBERED}{params['format']}",
            columns=seen.titles,
            mapping={title: said.get(title, reading.meaning_of(title) or "") for title in seen.titles},
        )
    return queue_job(job_id=job.pk, params=params, dry_run=dry_run)
