"""Reads of decisions: why an order was let through, asked, held or refused."""

from dataclasses import dataclass
from datetime import datetime

from payments.models import RiskDecision
from payments.risk.words import outcome_label, reason

TONES = {"allow": "ok", "strong": "plain", "hold": "warn", "refuse": "bad"}
MOST = 20


@dataclass(frozen=True, kw_only=True)
class Why:
    """One rule that counted."""

    sentence: str
    points: int


@dataclass(frozen=True, kw_only=True)
class DecisionView:
    """One decision for operators, newest first."""

    at: datetime
    when: str
    outcome: str
    tone: str
    points: int
    method: str
    why: tuple[Why, ...]


def decisions_of(order_ref: str) -> tuple[DecisionView, ...]:
    """Every decision about the order, the last ones of many."""
    rows = RiskDecision.objects.filter(order_ref=order_ref).order_by("-pk")[:MOST]
    return tuple(_view(row) for row in rows)


def _view(row: RiskDecision) -> DecisionView:
    return DecisionView(
        at=row.decided_at,
        when=str(row.get_moment_display()),
        outcome=outcome_label(row.outcome),
        tone=TONES[row.outcome],
        points=row.points,
        method=row.method,
        why=tuple(
            Why(sentence=reason(signal["code"], int(signal["value"])), points=int(signal["points"]))
            for signal in row.signals
        ),
    )
