"""Values of readiness."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from markets.models import Market


@dataclass(frozen=True, kw_only=True)
class Lack:
    """One thing that is missing, in a sentence, and the screen where it is put right."""

    sentence: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """`done` of `total` things are there; of nothing, everything is. `more` lacks are not listed."""

    done: int
    total: int
    lacks: tuple[Lack, ...] = ()
    more: int = 0


@dataclass(frozen=True, kw_only=True)
class Area:
    """One area: a stable code, its name, the percent it needs before opening, and who measures it.

    A bar of 0 is for things that are told and do not keep a market closed.
    """

    code: str
    title: str | Promise
    bar: int
    position: int
    measure: Callable[[Market], Measure]


@dataclass(frozen=True, kw_only=True)
class AreaState:
    """An area as it stands for a market."""

    code: str
    title: str
    bar: int
    measure: Measure

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all."""
        return self.measure.done * 100 // self.measure.total if self.measure.total else 100

    @property
    def is_ready(self) -> bool:
        """Whether it reaches its bar."""
        return self.percent >= self.bar

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing at all."""
        return self.measure.done >= self.measure.total
