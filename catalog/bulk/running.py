"""Runs as jobs: in batches, with progress, resumable and cancellable."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.bulk.batches import BATCH, Planned, Work, change, look, take_back, work_of
from catalog.models import BulkChange
from core import audit
from core.jobs import JobRun
from core.models import JobError

SAMPLES = 50


class BulkChangeJob:
    """Changes the rows of a run; a dry run only says what would be. Params: `run`, `reader`."""

    def run(self, run: JobRun) -> Mapping[str, Any]:
        """Batch by batch; a killed run goes on behind its last batch and changes no row twice."""
        with override(run.job.params.get("reader", "en")):
            work = work_of(int(run.job.params["run"]))
            counts = Counter(run.checkpoint.get("counts", {}))
            samples: list[list[Any]] = run.checkpoint.get("samples", [])
            for start in range(run.checkpoint.get("at", 0), work.run.total, BATCH):
                ids = work.ids(start, start + BATCH)
                planned = look(work, ids) if run.job.is_dry_run else change(work, ids)
                counts.update(counted(planned))
                samples += [[one.label, one.old, one.new] for one in planned if one.is_change][: SAMPLES - len(samples)]
                end = min(start + BATCH, work.run.total)
                checkpoint = {"at": end, "counts": dict(counts), "samples": samples}
                errors = [_error(run, work, start + at, one) for at, one in enumerate(planned) if one.refused]
                run.advance(progress=end, total=work.run.total, checkpoint=checkpoint, errors=errors)
            if not run.job.is_dry_run:
                audit.record("catalog.finish_bulk_run", work.run, data=dict(counts))
            return {"counts": dict(counts), "samples": samples}


class BulkUndoJob:
    """Takes a run back. Params: `run`, `reader`."""

    def run(self, run: JobRun) -> Mapping[str, Any]:
        """Batch by batch, in the order of the changes; what was looked at is not looked at again."""
        with override(run.job.params.get("reader", "en")):
            work = work_of(int(run.job.params["run"]))
            changes = BulkChange.objects.filter(run=work.run).order_by("pk")
            total = changes.count()
            counts = Counter(run.checkpoint.get("counts", {}))
            last, seen = run.checkpoint.get("last", 0), run.checkpoint.get("seen", 0)
            while batch := list(changes.filter(pk__gt=last)[:BATCH]):
                counts.update(take_back(work, batch))
                last, seen = batch[-1].pk, seen + len(batch)
                checkpoint = {"last": last, "seen": seen, "counts": dict(counts)}
                run.advance(progress=seen, total=total, checkpoint=checkpoint)
            audit.record("catalog.finish_bulk_undo", work.run, data=dict(counts))
            return {"counts": dict(counts)}


def counted(planned: Sequence[Planned]) -> dict[str, int]:
    """Rows by what becomes of them."""
    refused = sum(1 for one in planned if one.refused)
    changed = sum(1 for one in planned if one.is_change)
    return {"changed": changed, "unchanged": len(planned) - changed - refused, "refused": refused}


def _error(run: JobRun, work: Work, at: int, one: Planned) -> JobError:
    return run.error(line=at + 1, column=_("Row"), value=f"{one.label} ({one.pk})", message=one.refused)
