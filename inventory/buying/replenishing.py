"""When to order how much: pure arithmetic, no database.

The reorder point covers what is sold until a delivery comes, and a safety against the spread of it:
`d · L + z · σ · √L`, with the demand per day d, its spread per day σ, the lead time L in days and z from the service
level. An order fills up to what is also sold until the next order: the same over `L + R` days, R being the days between
orders. A safety stock that somebody has set is a floor of the safety.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil, sqrt
from statistics import NormalDist


@dataclass(frozen=True, kw_only=True)
class Levels:
    """From which stock on is ordered, and up to which."""

    reorder_point: int
    order_up_to: int


def safety_factor(service_level: Decimal) -> float:
    """How many spreads of safety a service level in percent asks for: 95 is 1.645."""
    return max(NormalDist().inv_cdf(int(service_level * 10) / 1000), 0.0)


def levels(
    *, mean: float, deviation: float, lead_days: int, review_days: int, factor: float, safety_stock: int = 0
) -> Levels:
    """The two levels of a shelf. Never below zero; the second is never below the first."""
    lead = max(lead_days, 1)
    long = lead + review_days
    return Levels(
        reorder_point=_covering(mean, deviation, lead, factor, safety_stock),
        order_up_to=max(
            _covering(mean, deviation, long, factor, safety_stock),
            _covering(mean, deviation, lead, factor, safety_stock),
        ),
    )


def _covering(mean: float, deviation: float, days: int, factor: float, safety_stock: int) -> int:
    return ceil(round(mean * days + max(factor * deviation * sqrt(days), safety_stock), 6))


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What a warehouse has of a variant, and what is coming. `trigger` and `filled_to` are in the same pieces."""

    on_hand: int
    promised: int
    held: int
    coming: int
    trigger: int
    filled_to: int

    @property
    def free(self) -> int:
        """What nobody has a claim on, below zero when more is promised than is there."""
        return self.on_hand - self.promised - self.held

    @property
    def position(self) -> int:
        """What there will be when everything has come that is on its way."""
        return self.free + self.coming

    @property
    def needs(self) -> int:
        """How many are to be had now; none while the position is above the trigger."""
        return max(self.filled_to - self.position, 0) if self.position <= self.trigger else 0

    @property
    def spare(self) -> int:
        """How many could be given away without missing them before the next delivery."""
        return max(min(self.free, self.position) - self.filled_to, 0)


def in_packs(needed: int, *, moq: int = 1, pack: int = 1) -> int:
    """The pieces to order for at least so many: whole packs, and no fewer than the supplier sells. None for none."""
    if needed <= 0:
        return 0
    return -(-max(needed, moq) // pack) * pack
