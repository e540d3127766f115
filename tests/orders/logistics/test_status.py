"""What events come to does not depend on the order in which they are told, and nothing comes back from an end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.carriers.canonical import MAY_STILL_END, TERMINAL, Canonical
from orders.logistics.progress import Way, percent, stops
from orders.logistics.status import STATES, Said, parcel_state, standing
from orders.logistics.trouble import RULES, is_over, trouble_of
from orders.models import ExceptionKind, ParcelState

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
CODES = st.sampled_from(Canonical.values)
EVENTS = st.lists(CODES, max_size=12).map(
    lambda codes: [Said(code=code, at=BEGAN + timedelta(hours=index)) for index, code in enumerate(codes)]
)
WAY = Way(start="Niigata", goal="Leipzig", crosses=True, left_at=BEGAN, day=str)


def story(*codes: str) -> list[Said]:
    return [Said(code=code, at=BEGAN + timedelta(days=index), place="Somewhere") for index, code in enumerate(codes)]


@given(EVENTS, st.randoms())
def test_the_order_of_telling_does_not_matter(events: list[Said], dice) -> None:
    mixed = list(events)
    dice.shuffle(mixed)
    assert standing(mixed) == standing(events)


@given(EVENTS)
def test_more_is_never_less_than_an_end(events: list[Said]) -> None:
    """Once it has ended, later words change nothing, save another end after being lost or canceled."""
    for count in range(len(events)):
        before, after = standing(events[:count]), standing(events[: count + 1])
        if before is not None and before.code in TERMINAL:
            assert after is not None
            assert after == before or (before.code in MAY_STILL_END and after.code in TERMINAL)


@given(EVENTS)
def test_unknown_codes_move_nothing(events: list[Said]) -> None:
    known = [one for one in events if one.code != Canonical.UNKNOWN]
    assert standing(events) == standing(known)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["picked_up", "info_received"], "picked_up"),
        (["delivered", "out_for_delivery"], "delivered"),
        (["lost", "in_transit"], "lost"),
        (["lost", "delivered"], "delivered"),
        (["returned", "delivered"], "returned"),
        (["label_created", "unknown"], "label_created"),
        (["customs_in_progress", "customs_released"], "customs_released"),
    ],
)
def test_the_newest_that_counts_stands(codes: list[str], expected: str) -> None:
    found = standing(story(*codes))
    assert found is not None
    assert found.code == expected


def test_a_parcel_of_two_is_there_when_both_are() -> None:
    there, under_way = story("delivered")[0], story("in_transit")[0]
    assert parcel_state([there, there]) == ParcelState.DELIVERED
    assert parcel_state([there, under_way]) == ParcelState.IN_TRANSIT
    assert parcel_state([there, None]) is None
    assert parcel_state([]) is None


@given(EVENTS)
def test_the_way_always_has_one_place_where_the_parcel_is(events: list[Said]) -> None:
    found = stops(WAY, events)
    assert [stop.state for stop in found].count("here") == 1
    assert 0 <= percent(found) <= 100
    assert found[-1].label == "Leipzig"


@pytest.mark.parametrize(
    ("codes", "here"),
    [
        (["info_received"], 0),
        (["picked_up"], 1),
        (["picked_up", "export_departed"], 1),
        (["picked_up", "customs_in_progress"], 2),
        (["picked_up", "customs_in_progress", "customs_action_required"], 2),
        (["picked_up", "customs_in_progress", "delayed"], 2),
        (["picked_up", "customs_released", "out_for_delivery"], 3),
        (["picked_up", "out_for_delivery", "delivered"], 4),
    ],
)
def test_the_way_shows_where_it_is(codes: list[str], here: int) -> None:
    found = stops(WAY, story(*codes))
    assert [index for index, stop in enumerate(found) if stop.state == "here"] == [here]
    assert len(found) == 5


def test_every_trouble_has_a_rule_and_a_step() -> None:
    assert set(RULES) == set(ExceptionKind.values)
    assert all(rule.steps for rule in RULES.values())


@given(CODES)
def test_no_status_ends_the_trouble_it_is(code: str) -> None:
    kind = trouble_of(code)
    assert kind is None or not is_over(kind, code) or code in TERMINAL


def test_a_failed_delivery_for_the_address_is_trouble_with_the_address() -> None:
    assert trouble_of("delivery_failed", said="Bad address") == ExceptionKind.ADDRESS
    assert trouble_of("delivery_failed", said="Nobody at home") == ExceptionKind.FAILED


def test_every_status_moves_a_parcel_or_is_known_not_to() -> None:
    still = {"label_created", "info_received", "unknown"}
    assert set(STATES) == set(Canonical.values) - still
