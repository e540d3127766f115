"""Reading the central bank's files: every packing, broken ones, and what is not believed."""

import gzip
import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.errors import RatesUnreadable
from markets.fx import ecb
from markets.fx.ecb import cells
from markets.fx.judging import Verdict, is_jump, judge
from markets.fx.types import Quoted

CSV = "Date,USD,JPY,CYP,\n2025-12-31,1.175,184.09,N/A,\n2025-12-30,1.1757,183.48,N/A,\n"
DAILY = "Date, USD, JPY, \n31 December 2025, 1.1750, 184.09, \n"
XML = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject><Cube>
<Cube time="2025-12-31"><Cube currency="USD" rate="1.175"/><Cube currency="JPY" rate="184.09"/></Cube>
<Cube time="2025-12-30"><Cube currency="USD" rate="1.1757"/><Cube currency="JPY" rate="183.48"/></Cube>
</Cube></gesmes:Envelope>"""
LAST = [Quoted(date(2025, 12, 31), "USD", Decimal("1.175")), Quoted(date(2025, 12, 31), "JPY", Decimal("184.09"))]
BOTH = [
    *LAST,
    Quoted(date(2025, 12, 30), "USD", Decimal("1.1757")),
    Quoted(date(2025, 12, 30), "JPY", Decimal("183.48")),
]


def zipped(text: str, *names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names or ("eurofxref-hist.csv",):
            archive.writestr(name, text)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("packed", "found"),
    [
        (CSV.encode(), BOTH),
        (b"\xef\xbb\xbf" + CSV.encode(), BOTH),
        (gzip.compress(CSV.encode(), mtime=0), BOTH),
        (zipped(CSV), BOTH),
        (DAILY.encode(), LAST),
        (zipped(DAILY, "eurofxref.csv"), LAST),
        (XML.encode(), BOTH),
        (gzip.compress(XML.encode(), mtime=0), BOTH),
    ],
    ids=["csv", "csv with a mark", "gz", "zip", "daily csv", "daily zip", "xml", "packed xml"],
)
def test_every_packing_of_the_file_says_the_same(packed: bytes, found: list[Quoted]) -> None:
    assert list(cells(io.BytesIO(packed))) == found


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"<html><body>Maintenance</body></html>",
        b"Name,Price\nLamp,12\n",
        b"Date,USD,\n2025-12-31,-1.2,\n",
        b"Date,USD,\n2025-12-31,zero,\n",
        b"Date,USD,\nyesterday,1.2,\n",
        b"Date,USD,\n2025-12-31,Infinity,\n",
        gzip.compress(CSV.encode(), mtime=0)[:40],
        zipped(CSV, "one.csv", "two.csv"),
        XML.replace('<Cube time="2025-12-31">', "<Cube>").encode(),
        b'<!DOCTYPE a [<!ENTITY b "cccc">]><Cube time="2025-12-31"><Cube currency="USD" rate="&b;"/></Cube>',
    ],
)
def test_a_broken_file_is_refused(broken: bytes) -> None:
    try:
        found = list(cells(io.BytesIO(broken)))
    except RatesUnreadable:
        return
    assert found == []


def test_a_file_that_fills_the_machine_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ecb, "MOST_BYTES", 10_000)
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(b"Date,USD,\n" + b"2025-12-31,1.1,\n" * 100_000))
    with pytest.raises(RatesUnreadable), ecb.opened(bomb) as found:
        list(found)


def on(day: int, rate: str) -> Quoted:
    return Quoted(date(2025, 1, 1) + timedelta(days=day), "TRY", Decimal(rate))


def believed(*found: Quoted, known: Quoted | None = None) -> dict[int, bool]:
    verdicts = judge(found, {"TRY": known} if known else {})
    return {(one.cell.on - date(2025, 1, 1)).days: one.jumped_from is None for one in verdicts}


def test_in_the_past_a_move_is_believed_when_the_next_day_confirms_it() -> None:
    crash = (on(0, "1.00"), on(1, "1.02"), on(2, "1.40"), on(3, "1.38"))
    assert all(believed(*crash).values())
    assert believed(*reversed(crash)) == believed(*crash)


def test_in_the_past_a_day_that_stands_alone_is_in_doubt() -> None:
    slip = (on(0, "1.00"), on(1, "1.02"), on(2, "10.3"), on(3, "1.04"))
    assert believed(*slip) == {0: True, 1: True, 2: False, 3: True}
    assert believed(*reversed(slip)) == believed(*slip)


def test_the_newest_day_of_a_file_needs_the_day_before() -> None:
    assert believed(on(0, "1.00"), on(1, "1.12")) == {0: True, 1: False}
    assert believed(on(0, "1.00"), on(1, "1.01"), on(2, "1.12")) == {0: True, 1: True, 2: False}


def test_after_what_is_known_every_jump_waits_even_when_the_next_day_says_the_same() -> None:
    found = believed(on(3, "1.42"), on(2, "1.40"), on(1, "1.02"), known=on(0, "1.00"))
    assert found == {1: True, 2: False, 3: False}


def test_exactly_a_tenth_is_no_jump() -> None:
    assert not is_jump(Decimal("1.00"), Decimal("1.10"))
    assert not is_jump(Decimal("1.00"), Decimal("0.90"))
    assert is_jump(Decimal("1.00"), Decimal("1.1001"))


@given(st.lists(st.decimals("0.01", "1000", places=4), max_size=12), st.booleans())
def test_every_cell_gets_one_verdict_and_the_order_of_the_file_does_not_matter(
    rates: list[Decimal], is_known: bool
) -> None:
    found = [on(day + 1, str(rate)) for day, rate in enumerate(rates)]
    known = {"TRY": on(0, "1.00")} if is_known else {}

    def verdicts(order: list[Quoted]) -> list[Verdict]:
        return sorted(judge(order, known), key=lambda one: one.cell.on)

    assert [one.cell for one in verdicts(found)] == found
    rising = [(one.cell, one.jumped_from is None) for one in verdicts(found)]
    assert [(one.cell, one.jumped_from is None) for one in verdicts(found[::-1])] == rising
