"""The arithmetic of tax in minor units. Pure: exact until the one rounding that the market chose."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from core.money import allocate

MODES = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN, "up": ROUND_UP}
ONE = Decimal(1)


@dataclass(frozen=True)
class Rate:
    """A rate as arithmetic needs it: a fraction of the net price, or of the gross price (tax inside its own base)."""

    fraction: Decimal
    of_gross: bool = False

    def inside(self, gross: Decimal) -> Decimal:
        """The tax contained in `gross`, exact."""
        return gross * self.fraction if self.of_gross else gross * self.fraction / (ONE + self.fraction)

    def on_top(self, net: Decimal) -> Decimal:
        """The tax to add to `net`, exact."""
        return net * self.fraction / (ONE - self.fraction) if self.of_gross else net * self.fraction


@dataclass(frozen=True)
class Part:
    """One amount to be taxed: minor units, pieces, and its rate."""

    minor: int
    quantity: int
    rate: Rate


def whole(value: Decimal, mode: str) -> int:
    """`value` in whole minor units."""
    return int(value.quantize(ONE, rounding=MODES[mode]))


def taxes(parts: tuple[Part, ...], *, included: bool, level: str, mode: str) -> list[int]:
    """The tax of every part in minor units. At `document` level there is one rounding per rate, shared out exactly."""
    if level == "document":
        return _per_document(parts, included=included, mode=mode)
    one = _per_unit if level == "unit" else _per_line
    return [one(part, included=included, mode=mode) for part in parts]


def restate(minor: int, *, entered: Rate, destination: Rate, mode: str) -> int:
    """The gross price at the destination of a price entered with the tax of home: same net, other tax, one rounding."""
    net = Decimal(minor) - entered.inside(Decimal(minor))
    return whole(net + destination.on_top(net), mode)


def _exact(rate: Rate, *, included: bool) -> Callable[[Decimal], Decimal]:
    return rate.inside if included else rate.on_top


def _per_line(part: Part, *, included: bool, mode: str) -> int:
    return whole(_exact(part.rate, included=included)(Decimal(part.minor)), mode)


def _per_unit(part: Part, *, included: bool, mode: str) -> int:
    """Each piece is rounded by itself. A line that does not divide evenly has pieces that differ by one unit."""
    pieces = max(part.quantity, 1)
    small, larger = divmod(part.minor, pieces)
    exact = _exact(part.rate, included=included)
    return whole(exact(Decimal(small)), mode) * (pieces - larger) + whole(exact(Decimal(small + 1)), mode) * larger


def _per_document(parts: tuple[Part, ...], *, included: bool, mode: str) -> list[int]:
    found = [0] * len(parts)
    for rate in dict.fromkeys(part.rate for part in parts):
        places = [i for i, part in enumerate(parts) if part.rate == rate]
        weights = [parts[i].minor for i in places]
        total = whole(_exact(rate, included=included)(Decimal(sum(weights))), mode)
        for i, share in zip(places, allocate(total, weights), strict=True):
            found[i] = share
    return found
