"""The rules that weigh a payment. Pure: what was measured goes in, a verdict with its reasons comes out.

A measure is a whole number under the name of its rule; what is not known is absent and never counts against anybody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Measured = Mapping[str, int]
Outcome = Literal["allow", "strong", "hold", "refuse"]
Family = Literal["velocity", "mismatch", "provider"]
Moment = Literal["before", "after"]

SEVERITY: tuple[Outcome, ...] = ("allow", "strong", "hold", "refuse")
"""From mildest to hardest."""
HARD: frozenset[Family] = frozenset({"velocity", "provider"})
"""What was done, or what a provider says. Only these can refuse anybody; odd facts alone end with a person at most."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`points` are added where the measure of the rule's name is `at_least` so much."""

    code: str
    family: Family
    at_least: int
    points: int
    is_on: bool = True

    def fires(self, measured: Measured) -> bool:
        """Whether it counts here. Nothing known is nothing said."""
        return self.is_on and self.points > 0 and measured.get(self.code, -1) >= self.at_least


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """From how many points on something is done."""

    strong: int = 30
    hold: int = 60
    refuse: int = 100


@dataclass(frozen=True, kw_only=True)
class Signal:
    """A rule that counted, with what was measured."""

    code: str
    value: int
    points: int


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is done, and everything that led to it."""

    outcome: Outcome
    points: int
    signals: tuple[Signal, ...]


RULES: tuple[Rule, ...] = (
    Rule(code="failed_visitor", family="velocity", at_least=5, points=25),
    Rule(code="failed_account", family="velocity", at_least=4, points=25),
    Rule(code="failed_card", family="velocity", at_least=3, points=35),
    Rule(code="failed_address", family="velocity", at_least=5, points=20),
    Rule(code="cards_of_visitor", family="velocity", at_least=3, points=40),
    Rule(code="gift_cards", family="velocity", at_least=5, points=35),
    Rule(code="bill_country", family="mismatch", at_least=1, points=10),
    Rule(code="card_country", family="mismatch", at_least=1, points=20),
    Rule(code="ip_country", family="mismatch", at_least=1, points=10),
    Rule(code="disposable", family="mismatch", at_least=1, points=15),
    Rule(code="first_high", family="mismatch", at_least=300, points=20),
    Rule(code="people_at_address", family="mismatch", at_least=4, points=20),
    Rule(code="provider_unprotected", family="provider", at_least=1, points=15),
    Rule(code="provider_elevated", family="provider", at_least=1, points=35),
    Rule(code="provider_highest", family="provider", at_least=1, points=70),
)
"""What a shop starts with. Odd facts together stay below a refusal, and one of them alone changes nothing."""

CODES: tuple[str, ...] = tuple(rule.code for rule in RULES)


def assess(
    measured: Measured, rules: Iterable[Rule], thresholds: Thresholds, *, moment: Moment, may_refuse: bool = True
) -> Verdict:
    """The verdict.

    A refusal needs tries or a provider's word worth at least the points of a hold. Where no other way of paying is
    left (`may_refuse` is false), or the money has come already (`after`), a person looks instead. 3-D Secure can be
    asked for only before.
    """
    fired = [rule for rule in rules if rule.fires(measured)]
    signals = tuple(Signal(code=rule.code, value=measured[rule.code], points=rule.points) for rule in fired)
    points = sum(rule.points for rule in fired)
    hard = sum(rule.points for rule in fired if rule.family in HARD)
    outcome = _outcome(points, hard, thresholds)
    if outcome == "refuse" and (moment == "after" or not may_refuse):
        outcome = "hold"
    if outcome == "strong" and moment == "after":
        outcome = "allow"
    return Verdict(outcome=outcome, points=points, signals=signals)


def _outcome(points: int, hard: int, thresholds: Thresholds) -> Outcome:
    if points >= thresholds.refuse and hard >= thresholds.hold:
        return "refuse"
    if points >= thresholds.hold:
        return "hold"
    return "strong" if points >= thresholds.strong else "allow"


def harder(one: Outcome, other: Outcome) -> Outcome:
    """The harder of two outcomes."""
    return max(one, other, key=SEVERITY.index)
