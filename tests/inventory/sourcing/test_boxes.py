"""Cartons: nothing is lost, nothing is squeezed in, and volume weighs."""

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.sourcing.boxes import pack, sides_of
from inventory.sourcing.types import BoxSize, Good

SMALL = BoxSize(code="s", name="S", sides=(250, 150, 100), tare_g=100, max_weight_g=2000)
LARGE = BoxSize(code="l", name="L", sides=(400, 300, 200), tare_g=300, max_weight_g=9000)
BOXES = (LARGE, SMALL)
sizes = st.one_of(st.none(), st.tuples(*(st.integers(10, 450) for _side in range(3))))


def good(pk: int, sides: tuple[int, int, int] | None, weight_g: int = 100) -> Good:
    return Good(variant_id=pk, weight_g=weight_g, sides=sides_of(*sides) if sides else None)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(sizes, st.integers(1, 3000), st.integers(1, 4)), max_size=6))
def test_every_piece_is_packed_once_and_no_carton_is_too_heavy(
    rows: list[tuple[tuple[int, int, int] | None, int, int]],
) -> None:
    wanted = [(good(pk, sides, weight), count) for pk, (sides, weight, count) in enumerate(rows, start=1)]
    packed = pack(wanted, BOXES)
    counts: dict[int, int] = {}
    for one in packed:
        for pk, count in one.contents.items():
            counts[pk] = counts.get(pk, 0) + count
        limit = {box.code: box.max_weight_g for box in BOXES}.get(one.box_code)
        assert limit is None or one.weight_g <= limit
    assert counts == {one.variant_id: count for one, count in wanted}
    tares = {"s": 100, "l": 300, "": 0}
    goods = sum(one.weight_g * count for one, count in wanted)
    assert sum(one.weight_g for one in packed) == goods + sum(tares[one.box_code] for one in packed)


def test_the_smallest_carton_that_holds_it_is_taken() -> None:
    (one,) = pack([(good(1, (200, 100, 90)), 1)], BOXES)
    (both,) = pack([(good(1, (200, 100, 90)), 3)], BOXES)
    assert (one.box_code, both.box_code) == ("s", "l")


def test_a_long_thin_piece_does_not_fit_by_volume_alone() -> None:
    (one,) = pack([(good(1, (440, 10, 10)), 1)], BOXES)
    assert one.box_code == ""


def test_a_carton_is_charged_by_its_volume() -> None:
    """LOG-001: 40 × 30 × 20 cm, 3.2 kg with its carton, charged as 5 kg."""
    (one,) = pack([(good(1, (400, 300, 200), 2900), 1)], BOXES)
    assert (one.box_code, one.weight_g) == ("l", 3200)
    assert one.billed_g(divisor=5000, step_g=500) == 5000
    assert one.billed_g(divisor=6000, step_g=500) == 4000


def test_without_cartons_each_piece_travels_as_it_is() -> None:
    packed = pack([(good(1, (100, 100, 100)), 2), (good(2, None), 1)], ())
    assert [dict(one.contents) for one in packed] == [{1: 1}, {1: 1}, {2: 1}]
