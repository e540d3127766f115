"""Reading table files: our own CSV, the tariff book of the United States, and rates by ZIP code as JSON."""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import PurePath
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from core.errors import DomainError
from markets.importing.cells import Cells
from markets.importing.comparing import RefusedLine

MOST_BYTES = 200_000_000
HTS = {"hts_code", "general_rate"}
EU_SUMMARY = {"origin", "avg_ad_valorem_duty_percent"}
TERM = re.compile(
    r"^(?:(?P<percent>[0-9.]+)\s*%|(?P<cents>[0-9.]+)\s*¢\s*/?\s*(?P<cent_unit>kg|each)"
    r"|\$\s*(?P<dollars>[0-9.]+)\s*/?\s*(?P<dollar_unit>kg|each))$"
)
UNITS = {"kg": "kg", "each": "piece"}
ZIP_PARTS = {"state_percent": "s", "county_percent": "co", "city_percent": "ci", "special_percent": "sp"}


class TableFileRefused(DomainError):
    """The file as a whole cannot be read as the table it is meant for."""

    code: ClassVar[str] = "TABLE_FILE_REFUSED"


def read_lines(content: bytes, *, name: str, columns: tuple[str, ...]) -> Iterator[Cells | RefusedLine]:
    """The lines of a file that is meant for a table with these columns. Raises `TableFileRefused`."""
    content = _unpacked(content, name)
    if PurePath(name.removesuffix(".gz")).suffix == ".json":
        yield from _zip_lines(content, name, columns)
        return
    reader = csv.DictReader(io.StringIO(_text(content)))
    headings = {(heading or "").strip().lower() for heading in reader.fieldnames or ()}
    reader.fieldnames = [(heading or "").strip().lower() for heading in reader.fieldnames or ()]
    if headings >= EU_SUMMARY:
        raise TableFileRefused(
            _("These are averages per country of origin. A tariff needs a rate for each goods code.")
        )
    of_book = headings >= HTS and "hs_prefix" in columns
    if not of_book and not headings & set(columns):
        raise TableFileRefused(
            _("The first line must name the columns. Expected: %(columns)s.") % {"columns": ", ".join(columns)}
        )
    for cells in reader:
        line = reader.line_num
        plain = {heading: value or "" for heading, value in cells.items() if isinstance(heading, str) and heading}
        if not any(plain.values()):
            continue
        yield _from_book(line, plain) if of_book else Cells(line, plain)


def _unpacked(content: bytes, name: str) -> bytes:
    if not name.endswith(".gz"):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            found = packed.read(MOST_BYTES + 1)
    except (OSError, EOFError) as trouble:
        raise TableFileRefused(_("This file is damaged: it cannot be unpacked.")) from trouble
    if len(found) > MOST_BYTES:
        raise TableFileRefused(_("This file is too large when unpacked."))
    return found


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        raise TableFileRefused(_("This file is not UTF-8 text.")) from trouble


def _from_book(line: int, cells: Mapping[str, str]) -> Cells | RefusedLine:
    """A line of the US tariff book: `6109.90.15`, `4.4¢/kg + 6%`."""
    told = cells["general_rate"].strip()
    found = {"destination": "US", "hs_prefix": cells["hts_code"], "kind": "mfn"}
    if told.lower() == "free":
        return Cells(line, found | {"rate_percent": "0"})
    for term in told.split("+"):
        match = TERM.match(term.strip())
        if match is None:
            return RefusedLine(line, "general_rate", told[:200], _("This rate cannot be read; enter it by hand."))
        found |= _term(match)
    return Cells(line, found)


def _term(match: re.Match[str]) -> dict[str, str]:
    if match["percent"]:
        return {"rate_percent": match["percent"]}
    unit = UNITS[match["cent_unit"] or match["dollar_unit"]]
    dollars = Decimal(match["cents"]) / 100 if match["cents"] else Decimal(match["dollars"])
    return {"specific_amount": str(dollars), "specific_currency": "USD", "specific_unit": unit}


def _zip_lines(content: bytes, name: str, columns: tuple[str, ...]) -> Iterator[Cells | RefusedLine]:
    """Rates by ZIP code: `{"90001": {"r": 0.1, "n": …, "s": …, "co": …, "ci": …, "sp": …}}`; `name` tells the state."""
    state = re.match(r"^([a-z]{2})[-_]", PurePath(name).name.lower())
    if "postal_code" not in columns or state is None:
        raise TableFileRefused(_("A JSON file holds rates by ZIP code, and its name begins with the state: ca-…json."))
    try:
        told: Any = json.loads(_text(content), parse_float=Decimal, parse_int=Decimal)
    except json.JSONDecodeError as trouble:
        raise TableFileRefused(_("This file is not JSON.")) from trouble
    if not isinstance(told, dict) or not all(isinstance(row, dict) and "r" in row for row in told.values()):
        raise TableFileRefused(_("This file does not hold rates by ZIP code."))
    for line, (code, row) in enumerate(told.items(), start=1):
        yield Cells(
            line,
            {
                "country": "US",
                "region": state.group(1),
                "postal_code": code,
                "name": str(row.get("n", "")),
                "rate_percent": _hundred(row["r"]),
                **{column: _hundred(row.get(short, 0)) for column, short in ZIP_PARTS.items()},
            },
        )


def _hundred(fraction: Any) -> str:
    return str(fraction * 100) if isinstance(fraction, Decimal) else str(Decimal(str(fraction)) * 100)
