"""Reading the euro reference rates of the European Central Bank, daily and historical. Pure, one row at a time.

The files: CSV with a day per line and a currency per column (plain, `.gz`, `.zip`), newest day first, `N/A` where a
currency did not exist, an empty column at the end; and XML with a `Cube` per day. The daily CSV writes its day in
words. Everything is quoted against the euro, and for information only: never a rate of a bank.
"""

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, Final, cast

from defusedxml.ElementTree import iterparse

from markets.errors import RatesUnreadable
from markets.fx.types import Quoted

BASE: Final = "EUR"
SOURCE: Final = "ecb"
NOT_QUOTED = frozenset({"", "N/A"})
CODE = re.compile(r"^[A-Z]{3}$")
MOST_BYTES = 200 * 1024 * 1024
"""No published file unpacks to a tenth of this; a bomb does."""
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"


@contextmanager
def opened(path: Path) -> Iterator[Iterator[Quoted]]:
    """The cells of a file on disk, whatever its packing. Raises `OSError`, `RatesUnreadable` while they are read."""
    with path.open("rb") as file:
        yield cells(file)


def cells(file: IO[bytes]) -> Iterator[Quoted]:
    """Every quoted rate of the file, in its order, without holding more than a row. Raises `RatesUnreadable`."""
    try:
        with ExitStack() as stack:
            plain = _unpacked(file, stack)
            start = plain.peek(64)[:64].lstrip(b"\xef\xbb\xbf \r\n\t")
            yield from _of_xml(plain) if start.startswith(b"<") else _of_csv(plain)
    except (ValueError, EOFError, zipfile.BadZipFile, gzip.BadGzipFile, SyntaxError, InvalidOperation) as error:
        raise RatesUnreadable(reason=str(error)) from error


def _unpacked(file: IO[bytes], stack: ExitStack) -> io.BufferedReader:
    """The text inside, by what the file begins with, not by its name."""
    start = file.read(4)
    file.seek(0)
    if start == ZIP:
        archive = stack.enter_context(zipfile.ZipFile(file))
        names = [name for name in archive.namelist() if name.lower().endswith((".csv", ".xml"))]
        if len(names) != 1:
            raise RatesUnreadable(reason="the archive holds no table, or several")
        return io.BufferedReader(_Bounded(stack.enter_context(archive.open(names[0]))))
    if start[:2] == GZIP:
        return io.BufferedReader(_Bounded(stack.enter_context(cast(IO[bytes], gzip.open(file)))))
    return io.BufferedReader(_Bounded(file))


class _Bounded(io.RawIOBase):
    """A stream that ends with an error instead of filling the machine."""

    def __init__(self, inner: IO[bytes]) -> None:
        self.inner, self.left = inner, MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # the stub asks for any buffer
        found = self.inner.read(len(buffer))
        self.left -= len(found)
        if self.left < 0:
            raise RatesUnreadable(reason="the file is too large")
        buffer[: len(found)] = found
        return len(found)


def _of_csv(plain: io.BufferedReader) -> Iterator[Quoted]:
    rows = csv.reader(io.TextIOWrapper(plain, "utf-8-sig", newline=""))
    head = [name.strip() for name in next(rows, [])]
    codes = {place: name for place, name in enumerate(head) if CODE.match(name)}
    if not head or head[0] != "Date" or not codes:
        raise RatesUnreadable(reason="the first line does not name days and currencies")
    for row in rows:
        if not row or not row[0].strip():
            continue
        on = _day(row[0].strip())
        for place, code in codes.items():
            written = row[place].strip() if place < len(row) else ""
            if written not in NOT_QUOTED:
                yield Quoted(on, code, _rate(written))


def _of_xml(plain: io.BufferedReader) -> Iterator[Quoted]:
    on: date | None = None
    for event, element in iterparse(plain, events=("start", "end")):
        if element.tag.rpartition("}")[2] != "Cube":
            continue
        if event == "start" and element.get("time"):
            on = _day(element.get("time"))
        elif event == "start" and element.get("currency"):
            if on is None or not CODE.match(element.get("currency")):
                raise RatesUnreadable(reason="a rate stands outside a day")
            if element.get("rate", "") not in NOT_QUOTED:
                yield Quoted(on, element.get("currency"), _rate(element.get("rate")))
        elif event == "end":
            element.clear()


def _day(written: str) -> date:
    """`2025-12-31`, or `31 December 2025` as the daily CSV has it."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return datetime.strptime(written, "%d %B %Y").date()  # noqa: DTZ007 (a day, not a moment)


def _rate(written: str) -> Decimal:
    rate = Decimal(written)
    if not rate.is_finite() or rate <= 0:
        raise RatesUnreadable(reason=f"{written} is not a rate")
    return rate
