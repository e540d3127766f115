"""The rules and thresholds as they stand: what the shop started with, and what operators have set since."""

from dataclasses import replace

from payments.models import RiskRule, RiskThreshold
from payments.risk.rules import RULES, Rule, Thresholds


def rules_now() -> tuple[Rule, ...]:
    """Every rule, in the order of `RULES`."""
    rows = {row.code: row for row in RiskRule.objects.all()}
    return tuple(_as_set(rule, rows.get(rule.code)) for rule in RULES)


def _as_set(rule: Rule, row: RiskRule | None) -> Rule:
    if row is None:
        return rule
    return replace(rule, at_least=row.at_least, points=row.points, is_on=row.is_on)


def thresholds_now() -> Thresholds:
    """From how many points on something is done."""
    row = RiskThreshold.objects.first()
    return Thresholds() if row is None else Thresholds(strong=row.strong, hold=row.hold, refuse=row.refuse)
