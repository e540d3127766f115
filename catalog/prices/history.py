"""The prior price of a reduction. Pure.

Directive 98/6/EC article 6a as read in CJEU C-330/23: a reduction is announced against the lowest price of
the 30 days before it began, promotions included, and its percentage is computed from that price. A reduction
that deepens step by step without a break counts as one, where the market's rule says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal

WINDOW = timedelta(days=30)


@dataclass(frozen=True)
class PriorRule:
    """A market's reading of the rule: how far back, whether steps count as one, and what holds for new goods.

    `needs_past`: no reduction is announced before the whole window is on record.
    """

    window: timedelta = WINDOW
    is_progressive: bool = True
    needs_past: bool = False


@dataclass(frozen=True)
class Shown:
    """A price everybody saw from `start` until `end` (None: still)."""

    amount: Decimal
    reduced: bool
    start: datetime
    end: datetime | None = None


EU_RULE = PriorRule()


def reduction_began(history: Sequence[Shown], rule: PriorRule = EU_RULE) -> datetime | None:
    """When the running reduction began; None when the latest price is no reduction. Oldest first."""
    began = None
    following: Shown | None = None
    for shown in reversed(history):
        gap = following is not None and shown.end != following.start
        if not shown.reduced or gap or (following is not None and not rule.is_progressive):
            break
        began, following = shown.start, shown
    return began


def prior_low(history: Sequence[Shown], rule: PriorRule = EU_RULE) -> Decimal | None:
    """The lowest price of the window before the running reduction began.

    A product that has been shown for less counts from its publication, or not at all, as the market's rule says.
    None without a reduction or a past.
    """
    began = reduction_began(history, rule)
    return None if began is None else lowest_before(history, began, rule)


def lowest_before(history: Sequence[Shown], began: datetime, rule: PriorRule = EU_RULE) -> Decimal | None:
    """The lowest price shown within the window before `began`; None where the rule allows no comparison."""
    opens = began - rule.window
    earlier = [shown for shown in history if shown.start < began]
    if rule.needs_past and (not earlier or earlier[0].start > opens):
        return None
    return min((shown.amount for shown in earlier if shown.end is None or shown.end > opens), default=None)


def percent_off(now: Decimal, prior: Decimal) -> int | None:
    """Whole percents below the prior price, rounded down; None when there is nothing to announce."""
    if prior <= 0 or now >= prior:
        return None
    percent = int(((prior - now) * 100 / prior).to_integral_value(rounding=ROUND_FLOOR))
    return percent or None
