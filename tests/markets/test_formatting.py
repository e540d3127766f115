"""Dates and numbers as the reader writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from markets.formatting import (
    format_choice,
    format_date,
    format_day_range,
    format_moment,
    format_number,
    format_percent,
)

TUESDAY, WEDNESDAY, MONDAY = date(2026, 12, 1), date(2026, 12, 2), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("start", "end", "language", "country", "expected"),
    [
        (TUESDAY, WEDNESDAY, "en", "DE", "Tue 1 to Wed 2 Dec"),
        (MONDAY, WEDNESDAY, "en", "GB", "Mon 30 Nov to Wed 2 Dec"),
        (TUESDAY, TUESDAY, "en", "GB", "Tue 1 Dec"),
        (TUESDAY, WEDNESDAY, "en", "US", "Tue, Dec 1 to Wed, Dec 2"),
    ],
)
def test_a_range_names_the_month_once(start: date, end: date, language: str, country: str, expected: str) -> None:
    with translation.override(language):
        assert format_day_range(start, end, language, country) == expected


@pytest.mark.parametrize(
    ("language", "country", "expected"),
    [
        ("de", "DE", "1. Dezember 2026"),
        ("en", "DE", "1 December 2026"),
        ("en", "US", "December 1, 2026"),
        ("ja", "JP", "2026年12月1日"),
        ("ar", "AE", "1 ديسمبر 2026"),
    ],
)
def test_dates_follow_language_and_country(language: str, country: str, expected: str) -> None:
    assert format_date(TUESDAY, language, country) == expected


@pytest.mark.parametrize(
    ("language", "country", "expected"),
    [("de", "DE", "1.234.567,891"), ("de", "CH", "1’234’567.891"), ("ar", "AE", "1,234,567.891")],
)
def test_numbers_have_latin_digits_and_local_separators(language: str, country: str, expected: str) -> None:
    assert format_number(Decimal("1234567.891"), language, country) == expected


def test_percentages_show_what_they_are() -> None:
    shown = [format_percent(Decimal(one), "en") for one in ("0.19000", "0.08100", "0.14975", "0.2")]
    assert shown == ["19%", "8.1%", "14.975%", "20%"]


def test_a_moment_is_told_in_the_markets_time_zone() -> None:
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert format_moment(late, "de", timezone="Europe/Berlin", country="DE") == "01.12.2026, 00:30"


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "RFC or CURP"), ("de", "RFC oder CURP"), ("ja", "RFCまたはCURP"), ("ar", "RFC أو CURP")],
)
def test_names_of_which_any_will_do_are_listed_as_the_language_lists_them(language: str, told: str) -> None:
    assert format_choice(["RFC", "CURP"], language) == told
    assert format_choice(["CPF"], language) == "CPF"
