"""Measuring a market."""

from dataclasses import dataclass
from typing import Any

from markets.models import Market
from markets.readiness.registry import registered
from markets.readiness.types import AreaState

LISTED = 12
"""So many lacks of an area are named; the others are counted."""


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """A market against its bars."""

    market: str
    areas: tuple[AreaState, ...]

    @property
    def blocking(self) -> tuple[AreaState, ...]:
        """Areas below their bar."""
        return tuple(area for area in self.areas if not area.is_ready)

    @property
    def is_ready(self) -> bool:
        """Whether the market may open."""
        return not self.blocking

    @property
    def percent(self) -> int:
        """The mean over the areas, rounded down."""
        return sum(area.percent for area in self.areas) // len(self.areas) if self.areas else 100

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "market": self.market,
            "ready": self.is_ready,
            "areas": [
                {
                    "code": area.code,
                    "percent": area.percent,
                    "bar": area.bar,
                    "done": area.measure.done,
                    "total": area.measure.total,
                    "ready": area.is_ready,
                    "missing": [lack.sentence for lack in area.measure.lacks],
                    "more": area.measure.more,
                }
                for area in self.areas
            ],
        }


def readiness_of(market: Market) -> Readiness:
    """Every area of the market, open or closed, measured now."""
    bars = market.readiness_bars
    states = [
        AreaState(
            code=area.code,
            title=str(area.title),
            bar=_percent(bars.get(area.code), area.bar),
            measure=area.measure(market),
        )
        for area in registered()
    ]
    return Readiness(market=market.code, areas=tuple(states))


def _percent(wanted: object, usual: int) -> int:
    """The operator's bar where it is a percentage."""
    return wanted if isinstance(wanted, int) and 0 <= wanted <= 100 else usual
