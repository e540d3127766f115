"""What other rules would have done to the orders of the last 90 days: decided again from what was measured."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from django.db.models.functions import Now

from payments.models import RiskDecision
from payments.risk.rules import SEVERITY, Measured, Moment, Outcome, Rule, Thresholds, assess, harder

REACH = timedelta(days=90)
CHUNK = 2000


class Decided(NamedTuple):
    """A decision that was made, as deciding again needs it."""

    order_ref: str
    moment: str
    may_refuse: bool
    measured: Measured


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Rules with their thresholds."""

    rules: tuple[Rule, ...]
    thresholds: Thresholds


@dataclass(frozen=True, kw_only=True)
class Preview:
    """`orders` were weighed in that time, `touched` would have ended otherwise; `moves` says from what to what."""

    orders: int
    touched: int
    moves: tuple[tuple[Outcome, Outcome, int], ...]


def preview_change(now: Policy, wanted: Policy) -> Preview:
    """The last 90 days under both."""
    rows = RiskDecision.objects.filter(decided_at__gt=Now() - REACH).order_by("pk")
    decided = rows.values_list("order_ref", "moment", "may_refuse", "measured").iterator(chunk_size=CHUNK)
    return compare((Decided(*row) for row in decided), now, wanted)


def compare(decided: Iterable[Decided], now: Policy, wanted: Policy) -> Preview:
    """Pure. An order counts once, by the hardest of its decisions."""
    ends: dict[str, tuple[Outcome, Outcome]] = {}
    for one in decided:
        before, after = ends.get(one.order_ref, ("allow", "allow"))
        ends[one.order_ref] = (harder(before, _outcome(one, now)), harder(after, _outcome(one, wanted)))
    moves = Counter(pair for pair in ends.values() if pair[0] != pair[1])
    return Preview(orders=len(ends), touched=moves.total(), moves=_in_order(moves))


def _outcome(one: Decided, policy: Policy) -> Outcome:
    moment: Moment = "after" if one.moment == "after" else "before"
    verdict = assess(one.measured, policy.rules, policy.thresholds, moment=moment, may_refuse=one.may_refuse)
    return verdict.outcome


def _in_order(moves: Counter[tuple[Outcome, Outcome]]) -> tuple[tuple[Outcome, Outcome, int], ...]:
    pairs: Sequence[tuple[Outcome, Outcome]] = sorted(
        moves, key=lambda pair: (-SEVERITY.index(pair[1]), SEVERITY.index(pair[0]))
    )
    return tuple((before, after, moves[before, after]) for before, after in pairs)
