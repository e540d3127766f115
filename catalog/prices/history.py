"""The prior price of a reduction. Pure.

Directive 98/6/EC article 6a as read in CJEU C-330/23: a reduction is announced against the lowest price of
the 30 days before it began, promotions included, and its percentage is computed from that price. A reduction
that deepens step by step without a break counts as one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal

WINDOW = timedelta(days=30)


@dataclass(frozen=True)
class Shown:
    """A price everybody saw from `start` until `end` (None: still)."""

    amount: Decimal
    reduced: bool
    start: datetime
    end: datetime | None = None


def reduction_began(history: Sequence[Shown]) -> datetime | None:
    """When the running reduction began; None when the latest price is no reduction. Oldest first."""
    began = None
    following: Shown | None = None
    for shown in reversed(history):
        gap = following is not None and shown.end != following.start
        if not shown.reduced or gap:
            break
        began, following = shown.start, shown
    return began


def prior_low(history: Sequence[Shown]) -> Decimal | None:
    """The lowest price of the 30 days before the running reduction began.

    A product that has been shown for less counts from its publication. None without a reduction or a past.
    """
    began = reduction_began(history)
    if began is None:
        return None
    opens = began - WINDOW
    before = [shown.amount for shown in history if shown.start < began and (shown.end is None or shown.end > opens)]
    return min(before, default=None)


def percent_off(now: Decimal, prior: Decimal) -> int | None:
    """Whole percents below the prior price, rounded down; None when there is nothing to announce."""
    if prior <= 0 or now >= prior:
        return None
    percent = int(((prior - now) * 100 / prior).to_integral_value(rounding=ROUND_FLOOR))
    return percent or None
