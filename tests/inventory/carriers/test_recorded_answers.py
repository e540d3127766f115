"""Every recorded answer becomes events in our words; codes nobody knows are kept as unknown and raise nothing."""

import csv
from pathlib import Path

import pytest

from inventory.carriers.canonical import Canonical
from inventory.carriers.readers import READERS as BY_PROVIDER
from inventory.carriers.types import Tracking
from inventory.carriers.vocabulary import Words, shipped_rows
from tests.inventory.carriers.recorded import EASYPOST, READERS, TRACKING, answer

pytestmark = pytest.mark.skipif(not TRACKING.is_dir(), reason="the recorded answers are not here")


def read(provider: str, path: Path) -> tuple[Tracking, ...]:
    payload = answer(path)
    if provider == "sendle":
        payload["tracking_number"] = "S-1"
    return BY_PROVIDER[provider](payload, Words(provider, shipped_rows()))


def codes(found: Tracking) -> list[str]:
    return [event.code for event in found.events]


def test_there_is_a_reader_for_every_recorded_answer() -> None:
    assert {path.name for path in TRACKING.glob("*.json")} == set(READERS)


@pytest.mark.parametrize(("name", "provider"), sorted(READERS.items()))
def test_every_recorded_answer_is_understood(name: str, provider: str) -> None:
    found = [one for one in read(provider, TRACKING / name) if one.events]
    assert found
    for one in found:
        assert one.number
        assert [event.at for event in one.events] == sorted(event.at for event in one.events)
        assert set(codes(one)) <= set(Canonical.values)
        assert all(event.at.tzinfo for event in one.events)


@pytest.mark.parametrize(
    ("name", "last", "contains"),
    [
        ("australiapost_tracking_response.json", "in_transit", {"info_received", "picked_up"}),
        ("gls_tracking_response.json", "picked_up", {"info_received"}),
        ("hermes_tracking_response.json", "delivered", {"info_received", "in_transit", "out_for_delivery"}),
        ("kdniao_track_response.json", "delivered", {"picked_up", "in_transit", "out_for_delivery"}),
        (
            "laposte_tracking_response.json",
            "delivered",
            {"info_received", "picked_up", "export_departed", "arrived_destination_country"},
        ),
        ("mydhl_tracking_response.json", "delivered", {"picked_up", "in_transit"}),
        ("sendle_tracking_response.json", "delivered", {"picked_up", "in_transit", "out_for_delivery"}),
        ("ups_tracking_response.json", "delivered", {"label_created"}),
        ("usps_tracking_responses.json", "delivered", {"label_created", "picked_up", "in_transit"}),
        ("fedex_tracking_response.json", "picked_up", set()),
    ],
)
def test_a_recorded_way_ends_where_it_ended(name: str, last: str, contains: set[str]) -> None:
    found = max(read(READERS[name], TRACKING / name), key=lambda one: len(one.events))
    assert codes(found)[-1] == last or last in codes(found)[-2:]
    assert contains <= set(codes(found))
    assert Canonical.UNKNOWN not in codes(found)


def test_a_number_the_carrier_does_not_know_says_nothing() -> None:
    found = {one.number: one for one in read("auspost", TRACKING / "australiapost_tracking_response.json")}
    assert "7XX1000" not in found
    assert len(found) == 2


def test_chinese_times_are_those_of_china() -> None:
    (found,) = read("kdniao", TRACKING / "kdniao_track_response.json")
    assert {str(event.at.tzinfo) for event in found.events} == {"Asia/Shanghai"}
    assert len(found.events) == 10


@pytest.mark.parametrize(
    ("table", "provider", "column"),
    [
        ("mydhl_status_codes.csv", "mydhl", "Status"),
        ("dhl_parcel_de_event_codes.csv", "dhl", "ice_event_code"),
    ],
)
def test_every_code_of_the_carriers_own_tables_is_taken(table: str, provider: str, column: str) -> None:
    with (TRACKING / table).open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    assert len(rows) > 100
    for row in rows:
        said = row.get("Description") or row.get("ice_event_name") or ""
        payload = {
            "mydhl": {
                "shipments": [
                    {
                        "shipmentTrackingNumber": "1",
                        "events": [
                            {"date": "2026-11-01", "time": "10:00:00", "typeCode": row[column], "description": said}
                        ],
                    }
                ]
            },
            "dhl": {
                "shipments": [
                    {
                        "id": "1",
                        "events": [
                            {"timestamp": "2026-11-01T10:00:00Z", "statusCode": row[column], "description": said}
                        ],
                    }
                ]
            },
        }[provider]
        (found,) = BY_PROVIDER[provider](payload, Words(provider, shipped_rows()))
        (event,) = found.events
        assert event.code in Canonical.values
        assert event.carrier_code


@pytest.mark.skipif(not EASYPOST.is_dir(), reason="the recorded answers are not here")
def test_all_answers_of_easypost_are_read_and_its_trackers_understood() -> None:
    understood = 0
    for path in sorted(EASYPOST.glob("*.json")):
        found = read("easypost", path)
        understood += sum(len(one.events) for one in found)
        assert all(event.code in Canonical.values for one in found for event in one.events)
    assert understood > 0
    (one,) = read("easypost", EASYPOST / "trackers_trackers-retrieve.json")
    assert (one.number, one.carrier, codes(one)) == ("EZ1000000001", "USPS", ["label_created", "label_created"])
