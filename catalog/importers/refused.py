"""What was refused: rows as they stood in the file, with the reason in a column of its own; else a list of reasons."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from catalog.importers.formats import Kind
from catalog.importers.outcomes import Outcome
from catalog.importers.preparing import how_of
from catalog.importers.reading.archives import temporary
from catalog.importers.reading.opening import records_in, table_in
from catalog.importers.reading.shapes import Content, Shape, content_of
from catalog.importers.reading.sheets import REASON_COLUMN
from catalog.importers.registry import import_format
from core.models import Job, JobError
from core.spreadsheets import guarded

EXCEL_LONGEST = 32_767
OUTSIDE_XML = {code: None for code in range(32) if code not in (9, 10, 13)}


@contextmanager
def refused_rows(job: Job) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The file's ending and its content piece by piece. A document or a ZIP has no rows: its products are listed."""
    if import_format(job.params["format"]).kind not in (Kind.TABLE, Kind.RECORDS):
        yield "csv", _written(_listed(job))
        return
    with refused_table(job) as told:
        yield told


@contextmanager
def refused_table(job: Job) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The same for any job whose file is a table or holds records, whatever they are about."""
    with job.file.open("rb") as file, content_of(file, job.file.name or "") as content:
        reasons = _reasons(job)
        if content.shape == Shape.WORKBOOK:
            with temporary() as made:
                yield "xlsx", _workbook(made, content, job, reasons)
        elif content.shape == Shape.TABLE:
            yield "csv", _text(content, job, reasons)
        else:
            yield "jsonl", _lines(content, job, reasons)


def has_refused_rows(job: Job) -> bool:
    """Whether there is such a file."""
    return job.items.filter(outcome=Outcome.REFUSED).exists()


def _reasons(job: Job) -> dict[int, str]:
    """What was said of each line of a refused product. A line nothing was said of names the one that is wrong."""
    said: dict[int, str] = {}
    for error in job.errors.filter(level=JobError.Level.REFUSED).iterator():
        sentence = f"{error.column}: {error.message}" if error.column else error.message
        said[error.line] = f"{said[error.line]} {sentence}" if error.line in said else sentence
    for lines in job.items.filter(outcome=Outcome.REFUSED).values_list("lines", flat=True).iterator():
        first = next((line for line in lines if line in said), None)
        for line in lines:
            if line not in said:
                said[line] = _("The product was refused because of line %(line)d.") % {"line": first or lines[0]}
    return said


def _rows(content: Content, job: Job, reasons: Mapping[int, str]) -> Iterator[Sequence[str]]:
    sheet = table_in(content, how_of(job.params))
    yield [*sheet.columns, REASON_COLUMN]
    for row in sheet.rows:
        if row.line in reasons:
            yield [*row.cells, reasons[row.line]]


def _listed(job: Job) -> Iterator[Sequence[str]]:
    """A row per reason: the product, where in the file, what stood there, why."""
    yield ["product", "place", "field", "value", REASON_COLUMN]
    for item in job.items.filter(outcome=Outcome.REFUSED).order_by("number").iterator():
        wrong = job.errors.filter(level=JobError.Level.REFUSED, line__in=item.lines).order_by("line", "pk")
        for error in wrong:
            yield [item.title, str(error.line), error.column, error.value, error.message]
        if not wrong:
            yield [item.title, str(min(item.lines, default="")), "", "", _("The product was refused.")]


def _text(content: Content, job: Job, reasons: Mapping[int, str]) -> Iterator[bytes]:
    return _written(_rows(content, job, reasons))


def _written(rows: Iterator[Sequence[str]]) -> Iterator[bytes]:
    """UTF-8 with a mark, so that every spreadsheet reads the letters right."""
    out = io.StringIO()
    table = csv.writer(out)
    yield b"\xef\xbb\xbf"
    for row in rows:
        table.writerow([guarded(cell) for cell in row])
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()


def _workbook(made: IO[bytes], content: Content, job: Job, reasons: Mapping[int, str]) -> Iterator[bytes]:
    """Every cell is text: no number is rounded and no formula begins."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as book:
        page = book.add_worksheet()
        for line, row in enumerate(_rows(content, job, reasons)):
            for place, cell in enumerate(row):
                page.write_string(line, place, guarded(cell).translate(OUTSIDE_XML)[:EXCEL_LONGEST])
    made.seek(0)
    while piece := made.read(65_536):
        yield piece


def _lines(content: Content, job: Job, reasons: Mapping[int, str]) -> Iterator[bytes]:
    for record in records_in(content, how_of(job.params)):
        if record.line in reasons:
            values = {**record.values, REASON_COLUMN: reasons[record.line]}
            yield json.dumps(values, ensure_ascii=False, default=_number).encode() + b"\n"


def _number(value: Any) -> Any:
    """Exact decimals as text: JSON's own numbers are rounded by whoever reads them next."""
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)
