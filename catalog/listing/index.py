"""The listing index as this process holds it: rows of bits, read when first needed and followed piece by piece.

Every request asks which change was written last (one small query); what was written since is read and put in
place. So what is shown is what the database said a moment ago, and reading it costs nothing while nothing changes.
"""

import threading
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from catalog.listing.bits import whole
from catalog.models.listing import BLOCK_BITS, ListingBits
from catalog.sql import fetch

Kind = ListingBits.Kind
EVERYWHERE = 0
FEATURED, NEWEST, RATING, IDENTITY, SOLD = 1, 2, 3, 4, 5
"""Subjects of sorting keys. What sold is a key of each market, the others hold everywhere."""
MOST_CHANGES = 4000
"""With more changed pieces than this, reading anew what is needed is quicker."""

STATE = "SELECT epoch, written FROM catalog_listingstate"
CHANGED = """
SELECT market_id, kind, subject, value, block, bits FROM catalog_listingbits
WHERE written > %s ORDER BY written LIMIT %s
"""
FAMILIES = """
SELECT b.market_id, b.kind, b.subject, b.value, b.block, b.bits FROM catalog_listingbits b
JOIN unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[]) AS asked(market_id, kind, subject, value)
  ON asked.market_id = b.market_id AND asked.kind = b.kind AND asked.subject = b.subject
 AND (asked.value IS NULL OR asked.value = b.value)
"""


class Row(NamedTuple):
    """Names a row of bits, or with `value` None all rows of a subject."""

    market_id: int
    kind: str
    subject: int = 0
    value: int | None = 0

    def all(self) -> "Row":
        return Row(self.market_id, self.kind, self.subject, None)


def pack(bits: int) -> bytes:
    """A piece as it is stored: how many empty bytes lead, in two bytes, then the others."""
    if not bits:
        return b""
    skipped = ((bits & -bits).bit_length() - 1) // 8
    data = (bits >> skipped * 8).to_bytes((bits.bit_length() + 7) // 8 - skipped, "little")
    return skipped.to_bytes(2, "little") + data


def unpack(stored: bytes | memoryview) -> int:
    """The bits of a piece, the first place of its block at bit 0."""
    data = bytes(stored)
    return int.from_bytes(data[2:], "little") << 8 * int.from_bytes(data[:2], "little")


class View:
    """Rows of bits as they were at one moment."""

    def __init__(self, families: Mapping[Row, Mapping[int, int]], stamp: tuple[UUID | None, int]) -> None:
        self._families = families
        self.stamp = stamp
        """Changes with every change of the index."""

    def row(self, row: Row) -> int:
        """One row of bits; empty when nothing was ever written there."""
        for family in (row, row.all()):
            if family in self._families:
                return self._families[family].get(row.value or 0, 0)
        raise LookupError(f"{row} was not asked for")

    def values(self, row: Row) -> Mapping[int, int]:
        """All rows of a subject, by value."""
        return self._families[row.all()]

    def digits(self, row: Row) -> list[int]:
        """A number's digits, the lowest first."""
        known = self._families[row.all()]
        return [known.get(at, 0) for at in range(max(known, default=-1) + 1)]


class Index:
    """What one process knows. Its threads share it: sets never change, they are replaced."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._epoch: UUID | None = None
        self._written = -1
        self._families: dict[Row, dict[int, int]] = {}

    def forget(self) -> None:
        """Read everything anew when it is next asked for."""
        with self._lock:
            self._epoch, self._written = None, -1
            self._families.clear()

    def view(self, rows: Iterable[Row]) -> View:
        """These rows as of now: one small query, and others only for what changed or was never read here."""
        wanted = set(rows)
        with self._lock:
            self._refresh()
            missing = [row for row in wanted if row not in self._families and row.all() not in self._families]
            if missing:
                self._read(sorted(missing, key=str))
            families = {row if row in self._families else row.all() for row in wanted}
            return View({family: dict(self._families[family]) for family in families}, (self._epoch, self._written))

    def _refresh(self) -> None:
        state = fetch(STATE, ())
        epoch, written = state[0] if state else (None, -1)
        if epoch != self._epoch or written < self._written:
            self._families.clear()
        elif written > self._written and self._families:
            self._follow()
        self._epoch, self._written = epoch, written

    def _follow(self) -> None:
        changes = fetch(CHANGED, (self._written, MOST_CHANGES + 1))
        if len(changes) > MOST_CHANGES:
            self._families.clear()
            return
        for market_id, kind, subject, value, block, stored in changes:
            row = Row(market_id, kind, subject, value)
            for family in (row, row.all()):
                if family in self._families:
                    known = self._families[family]
                    known[value] = _replaced(known.get(value, 0), block, unpack(stored))

    def _read(self, missing: list[Row]) -> None:
        found: dict[Row, dict[int, dict[int, int]]] = {row: {} for row in missing}
        columns = [list(column) for column in zip(*missing, strict=True)]
        for market_id, kind, subject, value, block, stored in fetch(FAMILIES, columns):
            row = Row(market_id, kind, subject, value)
            pieces = found[row if row in found else row.all()]
            pieces.setdefault(value, {})[block] = unpack(stored)
        for row, values in found.items():
            self._families[row] = {value: _join(pieces) for value, pieces in values.items()}


def _join(pieces: Mapping[int, int]) -> int:
    size = BLOCK_BITS // 8
    data = bytearray((max(pieces) + 1) * size)
    for block, bits in pieces.items():
        data[block * size : (block + 1) * size] = bits.to_bytes(size, "little")
    return whole(int.from_bytes(data, "little"))


def _replaced(bits: int, block: int, piece: int) -> int:
    shift = block * BLOCK_BITS
    here = (bits >> shift) & ((1 << BLOCK_BITS) - 1)
    return whole(bits) ^ ((here ^ piece) << shift)


_index = Index()


def view_of(rows: Iterable[Row]) -> View:
    """Rows of the listing index as of now."""
    return _index.view(rows)


def forget() -> None:
    """For who read in a transaction what the same transaction had written, and then gave it up."""
    _index.forget()
