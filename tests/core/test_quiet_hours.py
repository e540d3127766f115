"""What is not urgent rings by day, in the time of whoever hears it; short messages fit their channel."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.notifications.breaker import FIRST_REST, LONGEST_REST, TRIP_AFTER, rest_after
from core.notifications.lengths import fit_bytes, fit_sms, sms_segments
from core.notifications.quiet import is_quiet, next_ringing, zone_of

ZONES = ["Europe/Berlin", "Asia/Tokyo", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]
ADDRESS = "https://shop.example/de/de/orders/M-1/abcdefghijklmnop/"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "zone", "rings"),
    [
        ("2026-11-22T12:00+00:00", "Europe/Berlin", "2026-11-22T12:00+00:00"),
        ("2026-11-22T20:00+00:00", "Europe/Berlin", "2026-11-23T07:00+00:00"),  # 21:00 there
        ("2026-11-22T19:59+00:00", "Europe/Berlin", "2026-11-22T19:59+00:00"),
        ("2026-11-22T06:59+00:00", "Europe/Berlin", "2026-11-22T07:00+00:00"),  # 7:59 there
        ("2026-11-22T12:00+00:00", "Asia/Tokyo", "2026-11-22T23:00+00:00"),  # 21:00 there
        ("2026-03-28T22:00+00:00", "Europe/Berlin", "2026-03-29T06:00+00:00"),  # clocks go forward in that night
        ("2026-10-24T21:00+00:00", "Europe/Berlin", "2026-10-25T07:00+00:00"),  # and back in that one
    ],
)
def test_night_is_where_the_reader_is(moment: str, zone: str, rings: str) -> None:
    assert next_ringing(at(moment), zone_of(zone)) == at(rings)


@given(minutes=st.integers(0, 3 * 366 * 24 * 60), zone=st.sampled_from(ZONES))
def test_it_always_rings_by_day_within_half_a_day(minutes: int, zone: str) -> None:
    now = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    rings = next_ringing(now, ZoneInfo(zone))
    assert not is_quiet(rings, ZoneInfo(zone))
    assert now <= rings <= now + timedelta(hours=12)
    assert next_ringing(rings, ZoneInfo(zone)) == rings


def test_a_zone_nobody_knows_is_that_of_the_world() -> None:
    assert [zone_of(name).key for name in ("", "Nowhere/None", "../etc/passwd")] == ["UTC"] * 3


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),  # two places each
        ("€" * 81, 2),
        ("注" * 70, 1),
        ("注" * 71, 2),
        ("😀" * 35, 1),  # two places of sixteen bits each
        ("😀" * 36, 2),
        ("", 1),
    ],
)
def test_text_messages_are_counted_as_they_are_billed(text: str, segments: int) -> None:
    assert sms_segments(text) == segments


@given(words=st.text(alphabet="aé注😀€ .", max_size=900))
def test_a_text_message_is_cut_before_its_address_never_in_it(words: str) -> None:
    fitted = fit_sms(f"{words} {ADDRESS}")
    assert fitted.endswith(ADDRESS)
    assert sms_segments(fitted) <= 3


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=300), most=st.integers(10, 200))
def test_bytes_are_cut_between_letters(text: str, most: int) -> None:
    fitted = fit_bytes(text, most)
    assert len(fitted.encode()) <= most
    assert fitted == text or fitted.endswith("…")


def test_a_channel_rests_longer_each_time_and_never_for_long() -> None:
    rests = [rest_after(failures) for failures in range(60)]
    assert rests[: TRIP_AFTER + 1] == [timedelta(0)] * TRIP_AFTER + [FIRST_REST]
    assert rests == sorted(rests)
    assert rests[-1] == LONGEST_REST
