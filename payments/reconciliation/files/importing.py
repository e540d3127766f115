"""One file: recognised, read as a whole or refused as a whole, stored once, matched."""

import hashlib
from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.errors import DomainError
from core.http import refuse_open_transaction
from payments.models import StatementRead
from payments.reconciliation.files import generic, paypal, stripe
from payments.reconciliation.files.cells import (
    MOST_PROBLEMS,
    BadCell,
    Parsed,
    Row,
    RowProblem,
    lines_of,
    missing_columns,
    named,
)
from payments.reconciliation.matching import match_waiting
from payments.reconciliation.reading import AT_ONCE, finish_read, keep_entries
from payments.types import ProviderEntry

MOST_BYTES = 20 * 1024 * 1024
Numbered = Iterable[tuple[int, Row]]


class FileRefused(DomainError):
    """Nothing of the file was stored; `problems` say in which lines and why."""

    code = "STATEMENT_FILE_REFUSED"
    message = gettext_lazy("The file was not imported. Nothing of it was stored.")

    def __init__(self, problems: tuple[RowProblem, ...]) -> None:
        self.problems = problems
        super().__init__()


def import_file(*, provider: str, name: str, content: bytes, mapping: generic.Mapping | None = None) -> StatementRead:
    """Store the rows of a provider's file and match them. The same file again changes nothing.

    Stripe's and PayPal's own reports are recognised by their headings, everything else is read with
    `mapping`. Call it with no transaction open. Raises `FileRefused`.
    """
    refuse_open_transaction()
    parsed = parse_file(content, mapping or generic.Mapping())
    if parsed.problems:
        raise FileRefused(parsed.problems)
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        read = StatementRead.objects.create(provider=provider, source="file", name=name[:200], digest=digest)
        entries = parsed.entries
        for start in range(0, len(entries), AT_ONCE):
            keep_entries(read=read, entries=entries[start : start + AT_ONCE])
        finish_read(read)
        audit.record("payments.import_statement", read, data={"file": name, "provider": provider, "rows": read.seen})
    match_waiting(provider=provider)
    return read


def parse_file(content: bytes, mapping: generic.Mapping) -> Parsed:
    """The rows of a file, or every line that cannot be read."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused(1, _("The file is not written in UTF-8."))
    lines = list(lines_of(text))
    if not lines:
        return _refused(1, _("The file is empty."))
    settlement = next((cells for _line, cells in lines if paypal.is_this(cells)), None)
    if settlement is not None:
        return _parse(settlement, _bodies(lines, settlement), paypal.COLUMNS, paypal.entry_of)
    heading = lines[0][1]
    rows = ((line, named(heading, cells)) for line, cells in lines[1:])
    if stripe.is_this(heading):
        return _parse(heading, rows, stripe.COLUMNS, stripe.entry_of)
    return _parse(heading, rows, mapping.needs, lambda row: generic.entry_of(row, mapping))


def _bodies(lines: Iterable[tuple[int, list[str]]], heading: list[str]) -> Numbered:
    return ((line, named(heading, cells)) for line, cells in lines if cells[0] == paypal.BODY)


def _parse(heading: list[str], rows: Numbered, wanted: tuple[str, ...], read: Callable[[Row], ProviderEntry]) -> Parsed:
    problems = list(missing_columns(heading, wanted))
    if problems:
        return Parsed(problems=tuple(problems))
    entries: dict[str, ProviderEntry] = {}
    for line, row in rows:
        try:
            entry = read(row)
            _check(entry, entries)
        except BadCell as trouble:
            problems.append(RowProblem(line=line, column=trouble.column, message=trouble.message))
            if len(problems) >= MOST_PROBLEMS:
                break
        else:
            entries[entry.entry_id] = entry
    if not problems and not entries:
        return _refused(1, _("The file has a heading and no rows."))
    return Parsed(problems=tuple(problems)) if problems else Parsed(entries=tuple(entries.values()))


def _check(entry: ProviderEntry, before: dict[str, ProviderEntry]) -> None:
    if entry.net != entry.amount - entry.fee:
        raise BadCell("net", _("The net amount is not the amount less the fee."))
    if before.get(entry.entry_id, entry) != entry:
        raise BadCell("id", _("“%(value)s” stands in the file twice and differs.") % {"value": entry.entry_id})


def _refused(line: int, message: str) -> Parsed:
    return Parsed(problems=(RowProblem(line=line, column="", message=message),))
