"""Whatever carriers send, readers raise nothing; and every word of the reference table comes back as it says."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.carriers.canonical import GROUPS, TERMINAL, Canonical
from inventory.carriers.readers import READERS
from inventory.carriers.readers.building import tracking
from inventory.carriers.reading import day, moment, text
from inventory.carriers.sandbox.numbers import BEGAN, number_of, understood
from inventory.carriers.threepl.messages import parcel_news, stock_news
from inventory.carriers.types import Tracked
from inventory.carriers.vocabulary import FILE, Words, shipped_rows
from markets.reference.files import FOLDER

SEEDS: dict[str, Any] = {
    "17track": {
        "event": "TRACKING_UPDATED",
        "data": {
            "number": "N1",
            "track_info": {
                "latest_status": {"sub_status": "X"},
                "tracking": {
                    "providers": [
                        {"events": [{"time_utc": "2026-11-01T10:00:00Z", "sub_status": "X", "description": "?"}]}
                    ]
                },
            },
        },
    },
    "aftership": {
        "msg": {
            "tracking_number": "N1",
            "checkpoints": [{"checkpoint_time": "2026-11-01T10:00:00Z", "tag": "X", "subtag": "X"}],
        }
    },
    "auspost": {
        "tracking_results": [
            {
                "tracking_id": "N1",
                "trackable_items": [{"events": [{"date": "2026-11-01T10:00:00Z", "description": "X"}]}],
            }
        ]
    },
    "dhl": {"shipments": [{"id": "N1", "events": [{"timestamp": "2026-11-01T10:00:00Z", "statusCode": "X"}]}]},
    "easypost": {
        "object": "Tracker",
        "tracking_code": "N1",
        "tracking_details": [{"datetime": "2026-11-01T10:00:00Z", "status": "X", "status_detail": "X"}],
    },
    "fedex": {
        "output": {
            "completeTrackResults": [
                {
                    "trackingNumber": "N1",
                    "trackResults": [{"scanEvents": [{"date": "2026-11-01T10:00:00Z", "eventType": "X"}]}],
                }
            ]
        }
    },
    "gls": {"parcels": [{"unitno": "N1", "events": [{"code": "X", "eventDateTime": "2026-11-01T10:00:00Z"}]}]},
    "hermes": {"shipmentinfo": [{"shipmentID": "N1", "status": [{"code": "X", "timestamp": "2026-11-01T10:00:00Z"}]}]},
    "karrio": {"karrio": [{"tracking_number": "N1", "events": [{"date": "2026-11-01", "time": "10:00", "code": "X"}]}]},
    "kdniao": {"LogisticCode": "N1", "Traces": [{"AcceptTime": "2026-11-01 10:00:00", "Action": "X"}]},
    "laposte": {"shipment": {"idShip": "N1", "event": [{"code": "X", "date": "2026-11-01T10:00:00Z"}]}},
    "mydhl": {
        "shipments": [
            {
                "shipmentTrackingNumber": "N1",
                "events": [{"date": "2026-11-01", "time": "10:00:00", "typeCode": "X"}],
            }
        ]
    },
    "sendle": {
        "tracking_number": "N1",
        "state": "X",
        "tracking_events": [{"scan_time": "2026-11-01T10:00:00Z", "event_type": "X"}],
    },
    "ups": {
        "trackResponse": {
            "shipment": [
                {
                    "package": [
                        {
                            "trackingNumber": "N1",
                            "activity": [{"date": "20261101", "time": "100000", "status": {"type": "XX"}}],
                        }
                    ]
                }
            ]
        }
    },
    "usps": {"trackingNumber": "N1", "trackingEvents": [{"eventCode": "X", "GMTTimestamp": "2026-11-01T10:00:00Z"}]},
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def read(provider: str, payload: Any) -> Any:
    return READERS[provider](payload, Words(provider, shipped_rows()))


def with_code(payload: Any, code: str) -> Any:
    return json.loads(json.dumps(payload).replace('"X"', json.dumps(code)).replace('"XX"', json.dumps(code)))


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for key, one in inner for path in paths(one, (*here, key)))]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copied = value.copy()
    copied[path[0]] = put(value[path[0]], path[1:], new)
    return copied


def test_there_is_a_seed_for_every_reader() -> None:
    assert set(SEEDS) == set(READERS)


@pytest.mark.parametrize("provider", sorted(READERS))
def test_a_code_nobody_knows_is_unknown_and_kept(provider: str) -> None:
    (found,) = read(provider, with_code(SEEDS[provider], "QZ77-NEW"))
    assert found.number == "N1"
    assert found.events
    assert {event.code for event in found.events} == {Canonical.UNKNOWN}


@pytest.mark.parametrize("provider", sorted(READERS))
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_readers_raise_for_nothing(provider: str, data: st.DataObject) -> None:
    """Every part of an answer, also the whole of it, may be anything."""
    seed = with_code(SEEDS[provider], data.draw(st.text(max_size=80)))
    path = data.draw(st.sampled_from(paths(seed)))
    for found in read(provider, put(seed, path, data.draw(ANYTHING))):
        assert found.number
        for event in found.events:
            assert event.code in Canonical.values
            assert len(event.carrier_code) <= 60
            assert len(event.place) <= 120
            assert len(event.text) <= 300


@settings(max_examples=200, deadline=None)
@given(ANYTHING)
def test_other_warehouses_may_send_anything(payload: Any) -> None:
    parcel_news(payload)
    stock_news(payload)
    stock_news({"type": "stock.counted", "as_of": "2026-11-01T10:00:00Z", "stock": payload})


def test_every_row_of_the_reference_table_is_read_as_it_says() -> None:
    content = json.loads((FOLDER / FILE).read_text("utf-8"))
    assert set(content["canonical_statuses"]) == set(Canonical.values)
    assert set(content["terminal"]) == TERMINAL
    assert {status: group for group, ones in content["shopper_groups"].items() for status in ones} == dict(GROUPS)
    for row in content["rows"]:
        if row["provider"] == "17track":
            payload = with_code(SEEDS["17track"], row["code"])
        else:
            payload = json.loads(json.dumps(SEEDS["aftership"]))
            payload["msg"]["checkpoints"][0][row["level"]] = row["code"]
        (found,) = read(row["provider"], payload)
        assert {event.code for event in found.events} == {row["canonical"]}, row["code"]


def test_what_operators_taught_outranks_what_readers_know() -> None:
    taught = {**shipped_rows(), ("fedex", "code", "pu"): "delayed"}
    (found,) = READERS["fedex"](with_code(SEEDS["fedex"], "PU"), Words("fedex", taught))
    assert [event.code for event in found.events] == ["delayed"]


def test_of_one_moment_and_code_the_understood_one_is_kept() -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    events = [Tracked(code=code, carrier_code="A", at=at) for code in ("unknown", "in_transit")]
    assert [one.code for one in tracking("1", events).events] == ["in_transit"]


@given(st.text(max_size=40))
def test_moments_and_days_are_read_or_none(written: str) -> None:
    moment(written)
    day(written)
    assert "\n" not in text({"a": written}, "a")


@given(
    st.sampled_from(["DE", "JP", "US"]),
    st.sampled_from(["DE", "CN"]),
    st.integers(min_value=0, max_value=36_000_000),
    st.text(max_size=30),
    st.sampled_from("DCFRLQX"),
)
def test_sandbox_numbers_say_what_was_put_in(origin: str, country: str, minutes: int, key: str, story: str) -> None:
    moment_ = BEGAN + timedelta(minutes=minutes)
    found = understood(number_of(origin=origin, country=country, since=moment_, key=key, story=story))
    assert found is not None
    assert (found.origin, found.country, found.since, found.story) == (origin, country, moment_, story)
