"""Values of exchange rates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Self

PERCENT = Decimal(100)


@dataclass(frozen=True)
class Quoted:
    """One cell of a published table: on this day one unit of the table's base was `rate` units of `quote`."""

    on: date
    quote: str
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class FxPolicy:
    """How a market deals with exchange rates. `source` empty: any. `max_age_days` none: any age."""

    source: str = ""
    max_age_days: int | None = None
    markup_percent: Decimal = Decimal(0)
    dead_band_percent: Decimal = Decimal(0)
    lock_minutes: int = 30


@dataclass(frozen=True, kw_only=True)
class RateFact:
    """One unit of `base` is `rate` units of `quote`; a cross rate is not rounded. The mark-up is not inside it."""

    base: str
    quote: str
    rate: Decimal
    on: date
    source: str
    markup_percent: Decimal = Decimal(0)

    @property
    def with_markup(self) -> Decimal:
        """The rate a proposed price is made with."""
        return self.rate * (1 + self.markup_percent / PERCENT)


@dataclass(frozen=True, kw_only=True)
class LockedRate:
    """The rate a checkout keeps until `until`, and as it is stored with the checkout."""

    fact: RateFact
    until: datetime

    @classmethod
    def begun(cls, fact: RateFact, *, at: datetime, policy: FxPolicy) -> Self:
        """The lock of a checkout that starts at `at`."""
        return cls(fact=fact, until=at + timedelta(minutes=policy.lock_minutes))

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self | None:
        """What was stored; none when nothing was."""
        if not stored:
            return None
        fact = RateFact(
            base=stored["base"],
            quote=stored["quote"],
            rate=Decimal(stored["rate"]),
            on=date.fromisoformat(stored["on"]),
            source=stored["source"],
            markup_percent=Decimal(stored["markup_percent"]),
        )
        return cls(fact=fact, until=datetime.fromisoformat(stored["until"]))

    def as_json(self) -> dict[str, str]:
        """Texts only: nothing of the rate is lost."""
        fact = self.fact
        return {
            "base": fact.base,
            "quote": fact.quote,
            "rate": str(fact.rate),
            "on": fact.on.isoformat(),
            "source": fact.source,
            "markup_percent": str(fact.markup_percent),
            "until": self.until.isoformat(),
        }

    def holds_at(self, moment: datetime, *, base: str, quote: str) -> bool:
        """Whether it is still good, for this very pair."""
        return moment <= self.until and (self.fact.base, self.fact.quote) == (base, quote)
