"""One import from file to report, for the commands and for jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markets.importing.comparing import Difference, RefusedLine, compare, write
from markets.importing.hs_tree import COLUMNS, OWN, compare_tree, write_tree
from markets.importing.reading import read_lines
from markets.importing.tables import FORMATS
from markets.reference.writing import Count

HS_CODES = "hs_codes"
EDITION = "2022"


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do in a dry run."""

    table: str
    is_dry_run: bool
    count: Count
    refused: Sequence[RefusedLine]
    differences: Sequence[Difference]


def import_table(*, table: str, content: bytes, name: str, as_of: date, dry_run: bool) -> ImportReport:
    """Bring a table to what a file says; changes hold from `as_of` on. Raises `TableFileRefused`.

    Lines that cannot be taken are reported, the others are written in one transaction.
    """
    if table == HS_CODES:
        tree = compare_tree(read_lines(content, name=name, columns=(*OWN, *COLUMNS)), version=EDITION)
        if not dry_run:
            write_tree(tree, source=name)
        return ImportReport(table, dry_run, tree.count, tree.refused, tree.differences)
    table_format = FORMATS[table]
    found = compare(table_format, read_lines(content, name=name, columns=table_format.columns), as_of=as_of)
    if not dry_run:
        write(found, source=name)
    return ImportReport(table, dry_run, found.count, found.refused, found.differences)
