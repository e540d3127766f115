"""From facts to state: a pure fold that gives the same answer in whatever order facts arrived.

Facts form a lattice: captured beats everything before it, a closed payment beats an authorised one, an
authorised one beats a failed one, failure beats waiting. A fact that does not fit what was agreed is not
counted but named as a doubt, and money in doubt never counts as paid.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

MONEY_KINDS = frozenset({"captured", "refunded", "disputed", "dispute_reversed"})


@dataclass(frozen=True)
class Agreed:
    """What the payment is about, as we stored it before anybody was charged."""

    amount: int
    currency: str
    provider_ref: str
    manual_capture: bool
    in_parts: bool = False
    """Bank transfers: what comes counts towards the amount, in as many parts as it comes."""


@dataclass(frozen=True)
class StoredFact:
    """A recorded fact, as the fold needs it. `booked`: it is on the ledger already and stays counted."""

    pk: int
    kind: str
    fact_ref: str
    amount: int
    currency: str
    provider_ref: str
    code: str = ""
    booked: bool = False


@dataclass(frozen=True)
class Doubt:
    """A fact that does not fit, and why."""

    fact: StoredFact
    kind: str


@dataclass
class Folded:
    """What all facts together say. `counted` are the money facts that count, in order of arrival."""

    state: str = "created"
    authorized: int = 0
    captured: int = 0
    refunded: int = 0
    disputed: int = 0
    failure_code: str = ""
    counted: list[StoredFact] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def fold(agreed: Agreed, facts: Sequence[StoredFact]) -> Folded:
    """Everything the facts say about one payment."""
    result = Folded()
    in_order = sorted(facts, key=lambda fact: (not fact.booked, fact.pk))
    accepted = {fact.fact_ref for fact in facts if fact.kind == "accepted"}
    for fact in _of(in_order, "authorized"):
        _fold_authorized(agreed, fact, accepted, result)
    for fact in _of(in_order, "captured"):
        _fold_captured(agreed, fact, accepted, result)
    for fact in _of(in_order, "disputed", "dispute_reversed"):
        _fold_dispute(agreed, fact, result)
    for fact in _of(in_order, "refunded"):
        _fold_refunded(agreed, fact, result)
    result.state = _state(result, facts)
    if result.state in ("failed", "canceled"):
        result.failure_code = next((fact.code for fact in _of(in_order, result.state) if fact.code), result.state)
    return result


def _of(facts: Iterable[StoredFact], *kinds: str) -> list[StoredFact]:
    return [fact for fact in facts if fact.kind in kinds]


def _misfit(agreed: Agreed, fact: StoredFact) -> str:
    """Why a fact cannot be about this payment at all; empty when it can."""
    if fact.currency != agreed.currency:
        return "currency_mismatch"
    if agreed.provider_ref and fact.provider_ref and fact.provider_ref != agreed.provider_ref:
        return "reference_mismatch"
    return ""


def _fold_authorized(agreed: Agreed, fact: StoredFact, accepted: set[str], result: Folded) -> None:
    misfit = _misfit(agreed, fact) or ("" if fact.amount == agreed.amount else "amount_mismatch")
    if misfit and fact.fact_ref not in accepted:
        result.doubts.append(Doubt(fact, misfit))
        return
    result.authorized = max(result.authorized, fact.amount)


def _fold_captured(agreed: Agreed, fact: StoredFact, accepted: set[str], result: Folded) -> None:
    misfit = _misfit(agreed, fact)
    if not misfit and fact.fact_ref in accepted:
        result.captured += fact.amount
        result.authorized = max(result.authorized, result.captured)
        result.counted.append(fact)
        return
    if not misfit and not (agreed.manual_capture or agreed.in_parts) and fact.amount != agreed.amount:
        misfit = "amount_mismatch"
    if not misfit and result.captured + fact.amount > agreed.amount:
        misfit = "surplus" if agreed.in_parts else "excess"
    if misfit and not fact.booked:
        result.doubts.append(Doubt(fact, misfit))
        return
    result.captured += fact.amount
    result.counted.append(fact)


def _fold_dispute(agreed: Agreed, fact: StoredFact, result: Folded) -> None:
    misfit = _misfit(agreed, fact)
    change = fact.amount if fact.kind == "disputed" else -fact.amount
    if not misfit and not 0 <= result.disputed + change <= result.captured:
        misfit = "excess"
    if misfit and not fact.booked:
        result.doubts.append(Doubt(fact, misfit))
        return
    result.disputed += change
    result.counted.append(fact)


def _fold_refunded(agreed: Agreed, fact: StoredFact, result: Folded) -> None:
    misfit = _misfit(agreed, fact)
    room = result.captured - result.refunded - result.disputed
    if not misfit and fact.amount > room:
        misfit = "refund_excess"
    if misfit and not fact.booked:
        result.doubts.append(Doubt(fact, misfit))
        return
    result.refunded += fact.amount
    result.counted.append(fact)


def _state(result: Folded, facts: Sequence[StoredFact]) -> str:
    if result.captured:
        return _state_with_money(result)
    if any(doubt.fact.kind in ("captured", "authorized") for doubt in result.doubts):
        return "held"
    kinds = {fact.kind for fact in facts}
    if "canceled" in kinds:
        return "canceled"
    if result.authorized:
        return "authorized"
    return next((state for state in ("failed", "processing", "action_required") if state in kinds), "created")


def _state_with_money(result: Folded) -> str:
    if result.disputed:
        return "disputed"
    if result.refunded >= result.captured:
        return "refunded"
    return "partly_refunded" if result.refunded else "captured"
