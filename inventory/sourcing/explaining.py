"""Why a plan won and what spoke against the others: codes and facts. Pure; `inventory.sourcing.words` says them."""

from collections.abc import Sequence

from inventory.sourcing.types import Candidate, Problem, Reason

PARTS = ("freight", "duty", "split", "late", "scarcity")


def reasons_for(problem: Problem, chosen: Candidate, others: Sequence[Candidate]) -> tuple[Reason, ...]:
    """What decided against the best of the others, and what is worth knowing besides."""
    found = [_decisive(problem, chosen, others[0])] if others else [Reason("only_way")]
    if len(chosen.consignments) > 1:
        found.append(Reason("several", (("parcels", str(len(chosen.consignments))),)))
    if chosen.unknown_duty:
        found.append(Reason("duty_unknown", (("pieces", str(chosen.unknown_duty)),)))
    if chosen.late:
        found.append(Reason("late", (("amount", str(chosen.late)),)))
    return tuple(found)


def beaten_by(problem: Problem, beaten: Candidate, chosen: Candidate) -> Reason:
    """The first thing that tells a plan from the chosen one."""
    return _decisive(problem, chosen, beaten)


def _decisive(problem: Problem, chosen: Candidate, other: Candidate) -> Reason:
    for rule, mine, theirs in zip(problem.rules, chosen.rules, other.rules, strict=True):
        if mine != theirs:
            return Reason("rule", (("kind", rule.kind), ("chosen", str(mine)), ("other", str(theirs))))
    if chosen.unknown_duty != other.unknown_duty:
        return Reason("other_duty_unknown", (("pieces", str(other.unknown_duty)),))
    if chosen.score != other.score:
        part = max(PARTS, key=lambda name: getattr(other, name) - getattr(chosen, name))
        difference = other.score - chosen.score
        return Reason("dearer", (("amount", str(difference)), ("mostly", part)))
    return Reason("market_order")
