"""An export of orders: written at once while it is short, else by a worker; its file is kept for some days."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from core import audit
from core.jobs import JobRun, start_job
from core.models import Job
from core.signing import new_secret
from orders.desk_errors import ColumnsMissing, NothingChosen, TooManyChosen
from orders.exporting.columns import Column, columns_of, read_for
from orders.exporting.tables import EXCEL_ROWS, write_csv, write_xlsx
from orders.models import Order

KIND = "orders.export"
KINDS = (KIND, "orders.papers")
"""Jobs whose files are dropped after some days: exports, and papers that were bound together."""
AT_ONCE = 500
"""Orders that are written while the person waits."""
BATCH = 500
KEPT_MONTHS = timedelta(days=60)


def export_at_once(*, order_ids: Sequence[int], columns: Sequence[str], format_code: str) -> bytes:
    """The file of a short export. Raises `NothingChosen`, `ColumnsMissing`."""
    chosen = _chosen(order_ids, columns, format_code)
    facts = {"orders": len(order_ids), "columns": [one.code for one in chosen]}
    audit.record("orders.export", Order._meta.label, data=facts)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"orders.{format_code}"
        _write(path, chosen, _orders(order_ids, chosen))
        return path.read_bytes()


def start_export(*, order_ids: Sequence[int], columns: Sequence[str], format_code: str) -> Job:
    """Hand an export to a worker; which orders is settled now. Raises `NothingChosen`, `ColumnsMissing`,
    `TooManyChosen`."""
    chosen = _chosen(order_ids, columns, format_code)
    params = {
        "format": format_code,
        "columns": [one.code for one in chosen],
        "count": len(order_ids),
        "reader": get_language() or "en",
    }
    ids = ContentFile(" ".join(map(str, order_ids)).encode(), name="orders.txt")
    return start_job(kind=KIND, title=_("Export of orders"), params=params, file=ids)


class OrderExport:
    """The kind of job that writes orders. Params: see `start_export`; the job's file names the orders."""

    def run(self, run: JobRun) -> Mapping[str, Any]:
        """Write the file whole; a run that was killed begins anew, for half a file is of no use."""
        params = run.job.params
        with run.job.file.open("rb") as file:
            ids = list(map(int, file.read().split()))
        chosen = columns_of(params["columns"])
        run.advance(progress=0, total=len(ids))
        suffix = params["format"]
        with override(params["reader"]), tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"orders.{suffix}"
            rows = _write(path, chosen, _told(run, _orders(ids, chosen), len(ids)))
            name = f"exports/{run.job.pk}-{new_secret()}/orders-{run.job.pk}.{suffix}"
            with path.open("rb") as content:
                stored = storages["private"].save(name, File(content))
            return {"rows": rows, "file": stored, "bytes": path.stat().st_size}


def _told(run: JobRun, orders: Iterator[Order], total: int) -> Iterator[Order]:
    for count, order in enumerate(orders, start=1):
        yield order
        if count % BATCH == 0:
            run.advance(progress=count, total=total)


def _chosen(order_ids: Sequence[int], columns: Sequence[str], format_code: str) -> tuple[Column, ...]:
    chosen = columns_of(columns)
    if not order_ids:
        raise NothingChosen
    if not chosen:
        raise ColumnsMissing
    if format_code == "xlsx" and len(order_ids) > EXCEL_ROWS:
        raise TooManyChosen(most=EXCEL_ROWS)
    return chosen


def _orders(ids: Sequence[int], columns: Sequence[Column]) -> Iterator[Order]:
    """The orders in the order of their keys in the list; some at a time, each time in as many queries."""
    for start in range(0, len(ids), BATCH):
        wanted = ids[start : start + BATCH]
        found = {order.pk: order for order in read_for(Order.objects.filter(pk__in=wanted), columns)}
        yield from (found[pk] for pk in wanted if pk in found)


def _write(path: Path, columns: Sequence[Column], orders: Iterator[Order]) -> int:
    if path.suffix == ".xlsx":
        return write_xlsx(path, columns, orders)
    with path.open("wb") as file:
        return write_csv(file, columns, orders)


def is_kept(job: Job) -> bool:
    """Whether the job's file can still be fetched."""
    name = job.result.get("file", "")
    return bool(name) and storages["private"].exists(name)


def drop_old_exports() -> int:
    """Delete files of exports that ended longer ago than the settings keep them; returns how many."""
    limit = timezone.now() - timedelta(days=settings.EXPORT_DAYS)
    old = Job.objects.filter(kind__in=KINDS, finished_at__lt=limit, finished_at__gte=limit - KEPT_MONTHS)
    dropped = 0
    for job in old.iterator():
        if is_kept(job):
            storages["private"].delete(job.result["file"])
            dropped += 1
    return dropped
