"""How many members of a set have each value, remembered while neither the set nor the value's bits change.

A change of stock or price replaces the few rows of bits it touches; counts of all others stay known.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TypeVar, cast

from catalog.listing.bits import products_with

T = TypeVar("T")
MOST_KEPT = 256


class Tally:
    """Counts of one set: of products, or of variants that count by their products."""

    def __init__(self, found: int) -> None:
        self.found = found
        self._known: dict[object, tuple[int, int]] = {}
        self._made: dict[object, tuple[tuple[int, ...], object]] = {}

    def products(self, name: object, bits: int) -> int:
        """How many products of the set have this value; `name` is what the value is remembered by."""
        known = self._known.get(name)
        if known is None or known[0] is not bits:
            known = self._known[name] = bits, (self.found & bits).bit_count()
        return known[1]

    def products_of_variants(self, name: object, bits: int, own: int) -> int:
        """How many products have a variant in the set that has this value."""
        known = self._known.get(name)
        if known is None or known[0] is not bits:
            known = self._known[name] = bits, products_with(self.found & bits, own).bit_count()
        return known[1]

    def remembered(self, name: object, digits: tuple[int, ...], make: Callable[[], T]) -> T:
        """What was made for the set from these digits, made anew when one of them has changed."""
        known = self._made.get(name)
        if known is None or known[0] != digits:
            known = self._made[name] = digits, make()
        return cast(T, known[1])


class Tallies:
    """The tallies asked for lately, shared by the threads of a process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[int, object], Tally] = OrderedDict()

    def of(self, found: int, beside: object = None) -> Tally:
        """The tally of a set. `beside` is what else its counts depend on."""
        key = found, beside
        with self._lock:
            tally = self._kept.pop(key, None) or Tally(found)
            self._kept[key] = tally
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return tally

    def forget(self) -> None:
        """Count everything anew."""
        with self._lock:
            self._kept.clear()


tallies = Tallies()
