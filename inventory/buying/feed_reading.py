"""What suppliers say of their stock, read from files and messages: pure.

A file is CSV (comma, semicolon, tab or bar; UTF-8, with or without its mark, or Windows-1252) with a heading. Its
columns are named by the feed's mapping. A message is JSON:

    {"told_at": "2026-11-22T08:00:00Z", "items": [{"sku": "A-1", "quantity": 12, "lead_days": 5}]}

Numbers count pieces. "10+" and ">10" are read as 10: what is promised has to be there. What cannot be read is a problem
of its row, not of the file.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from core.spreadsheets import plain
from inventory.buying.errors import FeedUnreadable

MOST_ROWS = 100_000
MOST_PIECES = 1_000_000
MOST_DAYS = 1000
MOST_PROBLEMS = 50
AHEAD = timedelta(minutes=5)
"""Clocks differ by so much; a message from further in the future is wrong."""
SKU, QUANTITY, LEAD, TOLD = "sku", "quantity", "lead_days", "told_at"
_PIECES = re.compile(r"[><≥~+\s]*(\d{1,9})(?:[.,]0+)?[+\s]*")


@dataclass(frozen=True)
class Told:
    """One article and what the supplier has of it."""

    sku: str
    quantity: int
    lead_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Message:
    """All of it: rows, the moment they are true for (nothing when it was not said), and what could not be read."""

    rows: tuple[Told, ...]
    told_at: datetime | None
    problems: tuple[str, ...]


def read_csv(content: bytes, mapping: Mapping[str, str]) -> Message:
    """A file. Raises `FeedUnreadable` when it is no such table as a whole."""
    reader = csv.DictReader(io.StringIO(text_of(content)), delimiter=delimiter_of(content))
    columns = {name: mapping.get(name) or name for name in (SKU, QUANTITY, LEAD, TOLD)}
    heading = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = heading
    missing = [columns[name] for name in (SKU, QUANTITY) if columns[name] not in heading]
    if missing:
        raise FeedUnreadable(_("The file has no column %(names)s.") % {"names": ", ".join(missing)})
    return _message(
        {name: plain((row.get(column) or "").strip()) for name, column in columns.items()} for row in _rows(reader)
    )


def _rows(reader: "csv.DictReader[str]") -> Iterator[dict[str, str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise FeedUnreadable(_("The file is no CSV file.")) from error


def read_json(content: bytes) -> Message:
    """A message. Raises `FeedUnreadable`."""
    try:
        told = json.loads(content)
        items = told["items"]
        told_at = told[TOLD]
    except (ValueError, KeyError, TypeError) as error:
        raise FeedUnreadable(_("The message is not as agreed: it needs told_at and items.")) from error
    if not isinstance(items, list) or not all(isinstance(row, dict) for row in items):
        raise FeedUnreadable(_("The message is not as agreed: items is a list of objects."))
    return _message({**{name: _word(row.get(name)) for name in (SKU, QUANTITY, LEAD)}, TOLD: told_at} for row in items)


def _word(value: Any) -> str:
    return "" if value is None or isinstance(value, bool | list | dict) else str(value).strip()


def _message(rows: Iterator[Mapping[str, str]]) -> Message:
    found: dict[str, Told] = {}
    problems: list[str] = []
    moments = []
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise FeedUnreadable(_("More than %(most)d rows are too many for one message.") % {"most": MOST_ROWS})
        if row[TOLD]:
            moments.append(_moment(row[TOLD]))
        told = _told(row)
        if isinstance(told, str):
            problems.append(_("Row %(number)d: %(why)s") % {"number": number, "why": told})
        else:
            found[told.sku] = told
    return Message(
        rows=tuple(found.values()), told_at=min(moments, default=None), problems=tuple(problems[:MOST_PROBLEMS])
    )


def _told(row: Mapping[str, str]) -> Told | str:
    """The row, or why it cannot be read."""
    if not row[SKU] or len(row[SKU]) > 80:
        return _("it has no article number.")
    pieces = _PIECES.fullmatch(row[QUANTITY])
    if pieces is None or int(pieces[1]) > MOST_PIECES:
        return _("“%(text)s” is no number of pieces.") % {"text": row[QUANTITY][:40]}
    if not row[LEAD]:
        return Told(row[SKU], int(pieces[1]))
    if not row[LEAD].isdecimal() or int(row[LEAD]) > MOST_DAYS:
        return _("“%(text)s” is no number of days.") % {"text": row[LEAD][:40]}
    return Told(row[SKU], int(pieces[1]), int(row[LEAD]))


def _moment(text: Any) -> datetime:
    """A moment with its time zone. Raises `FeedUnreadable`, also for one in the future."""
    try:
        found = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        found = None
    if found is None or timezone.is_naive(found):
        raise FeedUnreadable(_("told_at is a date and time with its time zone, like 2026-11-22T08:00:00Z."))
    if found > timezone.now() + AHEAD:
        raise FeedUnreadable(_("told_at lies in the future."))
    return found


def text_of(content: bytes) -> str:
    """The letters of a file: UTF-8, with or without its mark, or Windows-1252. Raises `FeedUnreadable`."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FeedUnreadable(_("The letters of the file cannot be read. Save it as UTF-8."))


def delimiter_of(content: bytes) -> str:
    """What stands between the cells: the mark that the heading holds most of."""
    heading = text_of(content).partition("\n")[0]
    marks: Sequence[str] = (",", ";", "\t", "|")
    return max(marks, key=heading.count)
