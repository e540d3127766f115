"""Downloads of an import: remarks, differences, and the refused rows themselves. No cell can start a formula."""

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from catalog.importers.errors import FileRefused
from catalog.importers.refused import refused_rows
from config.console.imports import job_for
from config.console.outcomes import field_name
from core.models import Job
from core.spreadsheets import guarded

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson; charset=utf-8",
}


@require_GET
def job_errors(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything it said about rows, as CSV."""
    job = job_for(request, pk)
    titles = [_("Line"), _("Column"), _("Value"), _("What"), _("Reason")]
    return _download(f"import-{job.pk}-remarks.csv", _table(titles, _remarks(job)))


@require_GET
def job_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes in which product, field by field, as CSV."""
    job = job_for(request, pk)
    titles = [
        _("Product"),
        _("What"),
        pgettext("variant, list or language", "Where"),
        _("Field"),
        _("Before"),
        _("After"),
    ]
    return _download(f"import-{job.pk}-differences.csv", _table(titles, _differences(job)))


@require_GET
def job_refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows as they stood in the file, with the reason in a column."""
    job = job_for(request, pk)
    stack = ExitStack()
    try:
        ending, pieces = stack.enter_context(refused_rows(job))
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:console_job", args=[pk]))
    return _download(f"import-{job.pk}-refused.{ending}", _closing(stack, pieces))


def _download(name: str, pieces: Iterator[Any]) -> HttpResponse:
    response = StreamingHttpResponse(pieces, content_type=TYPES[name.rpartition(".")[2]])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response  # type: ignore[return-value]  # the stubs know no common class


def _closing(stack: ExitStack, pieces: Iterator[bytes]) -> Iterator[bytes]:
    with stack:
        yield from pieces


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _table(titles: list[str], rows: Iterator[list[str]]) -> Iterator[str]:
    table = csv.writer(_Echo())
    yield "\ufeff"
    yield table.writerow(titles)
    for row in rows:
        yield table.writerow([guarded(cell) for cell in row])


def _remarks(job: Job) -> Iterator[list[str]]:
    for row in job.errors.iterator(chunk_size=500):
        yield [str(row.line), row.column, row.value, row.get_level_display(), row.message]


def _differences(job: Job) -> Iterator[list[str]]:
    for item in job.items.filter(outcome__in=("created", "changed")).iterator(chunk_size=500):
        for where, field, old, new in item.changes or [("", "", "", "")]:
            yield [item.title, item.outcome, where, field_name(field) if field else "", old, new]
