"""The export as a job: a worker writes the file, staff fetch it, and after some days it is gone."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import override

from catalog.exporters.google.writing import write_google_feed
from catalog.exporters.running import facts_of, working_folder, write_table
from catalog.exporters.selection import Scope, Selection
from catalog.models import Product
from core.jobs import JobRun, start_job
from core.models import Job
from core.signing import new_secret

KIND = "export.catalogue"
FORMATS = ("csv", "xlsx", "google")
SUFFIXES = {"csv": "csv", "xlsx": "xlsx", "google": "xml"}


def start_export(
    *, products: "QuerySet[Product]", title: str, format_code: str, scope: Scope, reader: str = "en"
) -> Job:
    """Hand an export to a worker. Which products is settled now, so that the file holds what the list showed."""
    selection = Selection(products)
    ids = ContentFile(" ".join(map(str, selection.ids)).encode(), name="products.txt")
    params = {
        "format": format_code,
        "market": scope.market,
        "languages": list(scope.languages),
        "vocabulary": scope.has_vocabulary,
        "count": len(selection),
        "reader": reader,
    }
    return start_job(kind=KIND, title=title, params=params, file=ids)


class CatalogueExport:
    """The kind of job that writes a catalogue file. Params: see `start_export`; the job's file names the products."""

    def run(self, run: JobRun) -> Mapping[str, Any]:
        """Write the file whole; a run that was killed begins anew, for half a file is of no use."""
        params = run.job.params
        with run.job.file.open("rb") as file:
            ids = frozenset(map(int, file.read().split()))
        total = len(ids)

        def progress(done: int) -> None:
            run.advance(progress=done, total=total)

        progress(0)
        with override(params.get("reader", "en")), working_folder() as folder:
            path = folder / f"products.{SUFFIXES[params['format']]}"
            facts = self._write(path, params, ids, progress)
            name = f"exports/{run.job.pk}-{new_secret()}/products-{run.job.pk}.{SUFFIXES[params['format']]}"
            with path.open("rb") as content:
                return {**facts, "file": storages["private"].save(name, File(content)), "bytes": path.stat().st_size}

    @staticmethod
    def _write(path: Path, params: Mapping[str, Any], ids: frozenset[int], progress: Any) -> dict[str, Any]:
        if params["format"] == "google":
            language = params["languages"][0]
            feed = write_google_feed(path, market_code=params["market"], language=language, only=ids, progress=progress)
            return {"products": len(ids), "rows": feed.count, "left_out": dict(feed.left_out)}
        scope = Scope(
            market=params["market"], languages=tuple(params["languages"]), has_vocabulary=params["vocabulary"]
        )
        selection = Selection(Product.objects.filter(pk__in=ids))
        return facts_of(write_table(selection, scope, path, format_code=params["format"], progress=progress))


def is_kept(job: Job) -> bool:
    """Whether the job's file can still be fetched."""
    name = job.result.get("file", "")
    return bool(name) and storages["private"].exists(name)


def drop_old_exports() -> int:
    """Delete files of exports that ended longer ago than the settings keep them; returns how many."""
    limit = timezone.now() - timedelta(days=settings.EXPORT_DAYS)
    old = Job.objects.filter(kind=KIND, finished_at__lt=limit, finished_at__gte=limit - timedelta(days=60))
    dropped = 0
    for job in old.iterator():
        if is_kept(job):
            storages["private"].delete(job.result["file"])
            dropped += 1
    return dropped
