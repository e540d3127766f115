"""What scanners type: one thing has many spellings, and two things never share one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.floor.codes import MOST, check_digit, is_same, is_trade_number, read_scan, tote_of

EAN = "4006381333931"
digits = st.text("0123456789", min_size=12, max_size=12)


@pytest.mark.parametrize(
    ("typed", "code", "pieces"),
    [
        (EAN, EAN, 1),
        (f"  {EAN}\r", EAN, 1),
        (f"]E0{EAN}", EAN, 1),
        (f"12*{EAN}", EAN, 12),
        (f"3 x {EAN}", EAN, 3),
        (f"0*{EAN}", f"0*{EAN}", 1),
        (f"010{EAN}", f"0{EAN}", 1),
        (f"(01)0{EAN}(10)LOT7", f"0{EAN}", 1),
        (f"\x1d010{EAN}", f"0{EAN}", 1),
        ("MUG-BLUE", "MUG-BLUE", 1),
        ("12X-MUG", "12X-MUG", 1),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", EAN, 1),
        ("４００６３８１３３３９３１", EAN, 1),
        ("۲*MUG-BLUE", "MUG-BLUE", 2),
        ("", "", 1),
    ],
)
def test_a_scan_is_read_whatever_its_scanner_puts_around_it(typed: str, code: str, pieces: int) -> None:
    scan = read_scan(typed)
    assert (scan.code, scan.pieces) == (code, pieces)


@pytest.mark.parametrize(
    ("code", "same"),
    [(EAN, True), (f"0{EAN}", True), ("mug-blue", True), ("4006381333930", False), ("", False), ("MUG", False)],
)
def test_goods_are_known_by_trade_number_or_article_number(code: str, same: bool) -> None:
    assert is_same(code, sku="MUG-BLUE", gtin=EAN) is same


def test_goods_without_a_trade_number_are_not_known_by_zeros() -> None:
    assert not is_same("00000000", sku="MUG-BLUE", gtin="")
    assert not is_same("00000000", sku="MUG-BLUE", gtin=EAN)


def test_an_american_code_is_the_european_one_with_a_zero() -> None:
    assert is_same("036000291452", sku="X", gtin="0036000291452")
    assert is_same("0036000291452", sku="X", gtin="036000291452")


@given(digits)
def test_every_number_with_its_check_digit_is_a_trade_number_and_with_no_other(body: str) -> None:
    last = check_digit(body)
    assert is_trade_number(f"{body}{last}")
    assert not any(is_trade_number(f"{body}{other}") for other in range(10) if other != last)


@given(digits, digits)
def test_two_trade_numbers_are_the_same_only_when_their_digits_are(one: str, other: str) -> None:
    first, second = f"{one}{check_digit(one)}", f"{other}{check_digit(other)}"
    assert is_same(first, sku="", gtin=second) is (first.lstrip("0") == second.lstrip("0"))


@given(st.text(max_size=80))
def test_nothing_that_can_be_typed_breaks_the_reading(typed: str) -> None:
    scan = read_scan(typed)
    assert 0 < scan.pieces <= MOST
    tote_of(typed)


@pytest.mark.parametrize(
    ("typed", "tote"), [("PW-12/3", ("PW-12", 3)), (" pw-12/3 ", ("PW-12", 3)), ("PW-12", None), ("MER-1/x", None)]
)
def test_a_tote_is_named_by_its_wave(typed: str, tote: tuple[str, int] | None) -> None:
    assert tote_of(typed) == tote
