"""Sets of places: what whole numbers say must be what plain lists say."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from catalog.listing import bits
from catalog.listing.index import pack, unpack

PLACES = st.sets(st.integers(0, 300))
NUMBERS = st.lists(st.integers(0, 500), min_size=1, max_size=120)


def digits_of(numbers):
    return [bits.of_places(at for at, number in enumerate(numbers) if number >> digit & 1) for digit in range(9)]


@given(PLACES)
def test_places_come_back(wanted):
    found = bits.of_places(wanted)
    assert bits.places(found) == sorted(wanted)
    assert found.bit_count() == len(wanted)
    assert unpack(pack(found)) == found


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=40), st.data())
def test_a_product_counts_once_however_many_of_its_variants_are_found(sizes, data):
    """Ranges have variants, gaps before them, and sometimes no variant at all."""
    place, owners, own = 0, {}, set()
    for variants, gap in sizes:
        place += gap
        for variant in range(place, place + variants):
            owners[variant] = place + variants
        place += variants
        own.add(place)
        place += 1
    found = data.draw(st.sets(st.sampled_from(sorted(owners)))) if owners else set()
    answer = bits.places(bits.products_with(bits.of_places(found), bits.of_places(own)))
    assert answer == sorted({owners[variant] for variant in found})


@given(NUMBERS, st.integers(-5, 600) | st.none(), st.integers(-5, 600) | st.none(), st.data())
def test_bounds_and_extremes(numbers, low, high, data):
    among = data.draw(st.sets(st.integers(0, len(numbers) - 1), min_size=1))
    found, digits = bits.of_places(among), digits_of(numbers)
    expected = [
        at for at in sorted(among) if (low is None or numbers[at] >= low) and (high is None or numbers[at] <= high)
    ]
    assert bits.places(bits.between(found, digits, low, high)) == expected
    assert bits.differ(found, digits) == (len({numbers[at] for at in among}) > 1)
    assert bits.lowest(found, digits) == min(numbers[at] for at in among)
    assert bits.highest(found, digits) == max(numbers[at] for at in among)


@given(NUMBERS, st.lists(st.integers(0, 600), max_size=12).map(sorted))
def test_parts_between_edges(numbers, edges):
    found = bits.of_places(range(len(numbers)))
    parts = [bits.places(part) for part in bits.parted(found, digits_of(numbers), edges)]
    ends = [-1, *edges, 1000]
    assert parts == [[at for at, number in enumerate(numbers) if low <= number < high] for low, high in pairwise(ends)]


@given(NUMBERS, st.integers(0, 130), st.booleans(), st.data())
def test_the_first_so_many_in_an_order(numbers, count, is_descending, data):
    among = data.draw(st.sets(st.integers(0, len(numbers) - 1)))
    own = digits_of(range(len(numbers)))
    ordered = sorted(among, key=lambda at: (-numbers[at] if is_descending else numbers[at], -at))
    keys = [(digits_of(numbers), is_descending), (own, True)]
    assert bits.places(bits.first(bits.of_places(among), count, keys)) == sorted(ordered[:count])


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 9)), max_size=20))
def test_ranges(steps):
    place = 0
    ranges: list[tuple[int, int]] = []
    expected: list[int] = []
    for gap, size in steps:
        first = place + gap
        place = first + size
        ranges.append((first, place))
        expected += range(first, place)
    assert bits.places(bits.of_ranges(ranges)) == expected
