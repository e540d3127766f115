"""Papers for many orders: made by a worker one order after the other, then bound into one PDF."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils.translation import get_language, override

from core.jobs import JobRun, start_job
from core.models import Job
from core.signing import new_secret
from orders.actions.papers import issue_papers, read_papers_together
from orders.desk_errors import NothingChosen, TooManyChosen
from orders.models import PaperKind, ShippingPaper

KIND = "orders.papers"
AT_ONCE = 10
"""Orders whose papers are made while the person waits: a paper takes a tenth of a second."""
MOST = 500


def start_paper_run(*, numbers: Sequence[str], kind: PaperKind) -> Job:
    """Hand the papers of these orders to a worker. Raises `NothingChosen`, `TooManyChosen`."""
    chosen = list(dict.fromkeys(numbers))
    if not chosen:
        raise NothingChosen
    if len(chosen) > MOST:
        raise TooManyChosen(most=MOST)
    params = {"kind": kind.value, "numbers": chosen, "reader": get_language() or "en"}
    return start_job(kind=KIND, title=str(kind.label), params=params)


class PaperRun:
    """The kind of job that makes papers. Params: see `start_paper_run`.

    The checkpoint holds the keys of the papers so far; a run that was killed goes on behind the last order. Asking
    for a paper twice gives the same one, so nothing is made double.
    """

    def run(self, run: JobRun) -> Mapping[str, Any]:
        """Every paper that can be made, as one file. What refused is told, one row per order."""
        numbers, kind = run.job.params["numbers"], PaperKind(run.job.params["kind"])
        made: list[int] = list(run.checkpoint.get("papers", []))
        done = int(run.checkpoint.get("done", 0))
        with override(run.job.params["reader"]):
            for at, number in enumerate(numbers[done:], start=done + 1):
                found = issue_papers(numbers=[number], kind=kind)
                made += [paper.pk for paper in found.papers]
                refused = [run.error(line=at, column=order, message=why) for order, why in found.refused]
                state = {"papers": made, "done": at}
                run.advance(progress=at, total=len(numbers), checkpoint=state, errors=refused)
        return _bound(run.job, made)


def papers_of_run(keys: Sequence[int]) -> list[ShippingPaper]:
    """The papers in the order they were made. One query."""
    found = ShippingPaper.objects.defer("facts", "sheet").in_bulk(keys)
    return [found[key] for key in keys]


def _bound(job: Job, keys: Sequence[int]) -> Mapping[str, Any]:
    if not keys:
        return {"papers": 0}
    pdf = read_papers_together(papers_of_run(keys))
    name = f"exports/{job.pk}-{new_secret()}/papers-{job.pk}.pdf"
    return {"papers": len(keys), "bytes": len(pdf), "file": storages["private"].save(name, ContentFile(pdf))}
