"""Sets of places as whole numbers: place n belongs to a set when bit n is one. Pure.

Whole numbers have any length, and "and", "or" and counting ones run over sixty bits at a time: what takes a database
seconds for a hundred thousand products takes these some ten microseconds per question. Long ones are numbers of GMP
(`whole`), which are used like Python's own but count their ones seven times as fast.

Each product has places for its variants and, right above them, one of its own. Numbers (prices, sorting keys) are
kept digit by digit: `digits[3]` is the set of places whose number has a one at binary digit 3. Comparing, the
smallest n, the lowest and the highest then take one pass over the digits, however many places there are.
"""

from collections.abc import Iterable, Sequence
from typing import cast

from gmpy2 import mpz, xmpz

Digits = Sequence[int]
"""Sets per binary digit, the lowest digit first."""
_answered = [(0, 0)]
"""The set that `_others` was last asked about, with its answer: one pair, so that threads never mix two."""


def whole(number: int) -> int:
    """The same number, kept by GMP. What is worked out with it is kept so, too.

    Turning a long number takes longer than twenty questions: a set is turned once, when it is read.
    """
    return cast(int, mpz(number))


def products_with(variants: int, own: int) -> int:
    """The own places of the products that have at least one of these variants.

    One addition does it for all of them: below each own place everything is one, so that a variant found there
    makes the sum carry into the own place, and never further.
    """
    if not variants:
        return 0
    return (variants + _others(own)) & own


def _others(own: int) -> int:
    """Every place up to the last own one that is not itself an own place. The latest answer is kept."""
    known, others = _answered[0]
    if known is not own:
        others = own ^ ((whole(1) << own.bit_length()) - 1)
        _answered[0] = own, others
    return others


def below(found: int, digits: Digits, bound: int) -> int:
    """Those whose number is less than `bound`. The rounder the bound, the fewer digits are looked at."""
    if bound <= 0:
        return 0
    if bound.bit_length() > len(digits):
        return found
    less, equal = 0, found
    last = (bound & -bound).bit_length() - 1
    for at in range(len(digits) - 1, last - 1, -1):
        if bound >> at & 1:
            ones = equal & digits[at]
            less |= equal ^ ones
            equal = ones
        elif digits[at]:
            equal ^= equal & digits[at]
        if not equal:
            break
    return less


def between(found: int, digits: Digits, low: int | None, high: int | None) -> int:
    """Those whose number lies between the bounds, both included; no bound is no limit."""
    if high is not None:
        found = below(found, digits, high + 1)
    if low is not None:
        found ^= below(found, digits, low)
    return found


def parted(found: int, digits: Digits, edges: list[int]) -> list[int]:
    """The set in parts: those below the first edge, those between each edge and the next, those from the last on.

    Edges rise or stay. Parts are split digit by digit together, so that many edges cost little more than one.
    """
    if not edges:
        return [found]
    if not found or not digits:
        inside = sum(edge <= 0 for edge in edges)
        return [found if at == inside else 0 for at in range(len(edges) + 1)]
    half = 1 << len(digits) - 1
    ones = found & digits[-1]
    early = parted(found ^ ones if ones else found, digits[:-1], [edge for edge in edges if edge < half])
    late = parted(ones, digits[:-1], [edge - half for edge in edges if edge > half])
    here = edges.count(half)
    middle = [early[-1], *[0] * (here - 1), late[0]] if here else [early[-1] | late[0]]
    return [*early[:-1], *middle, *late[1:]]


def lowest(found: int, digits: Digits) -> int:
    """The smallest number of a set that is not empty."""
    number = 0
    for at in range(len(digits) - 1, -1, -1):
        ones = found & digits[at]
        if not ones:
            continue
        zeros = found ^ ones
        if zeros:
            found = zeros
        else:
            number |= 1 << at
    return number


def highest(found: int, digits: Digits) -> int:
    """The largest number of a set that is not empty."""
    number = 0
    for at in range(len(digits) - 1, -1, -1):
        ones = found & digits[at]
        if ones:
            found = ones
            number |= 1 << at
    return number


def differ(found: int, digits: Digits) -> bool:
    """Whether a set has more than one number."""
    return any(ones not in (0, found) for ones in (found & digit for digit in digits if digit))


def first(found: int, count: int, keys: Iterable[tuple[Digits, bool]]) -> int:
    """The first `count` of a set in order of several keys: (digits, whether the largest comes first).

    The keys together must tell all places apart. Any page of a list costs the same, the last like the first.
    """
    if count <= 0:
        return 0
    if count >= found.bit_count():
        return found
    taken = 0
    for digits, is_descending in keys:
        for at in range(len(digits) - 1, -1, -1):
            ones = found & digits[at]
            early, late = (ones, found ^ ones) if is_descending else (found ^ ones, ones)
            if not early or not late:
                continue
            here = early.bit_count()
            if here <= count:
                taken, count, found = taken | early, count - here, late
                if not count:
                    return taken
            else:
                found = early
    return taken | found


def places(found: int) -> list[int]:
    """The places of a set in rising order."""
    return list(xmpz(found).iter_set())


def of_places(wanted: Iterable[int]) -> int:
    """The set of these places."""
    found = xmpz(0)
    for place in sorted(wanted, reverse=True):  # the highest first: the number takes its room once
        found[place] = 1
    return cast(int, mpz(found))


def of_ranges(ranges: Sequence[tuple[int, int]]) -> int:
    """The set of all places from each first up to, and without, each last. Ranges do not overlap."""
    return of_places(last for _first, last in ranges) - of_places(first for first, _last in ranges)
