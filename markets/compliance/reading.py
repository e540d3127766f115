"""The rules of a day out of the table, kept in memory; and the worth of goods in the currencies they compare in."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from markets.cache import remembered
from markets.compliance.conditions import currency_of
from markets.compliance.demands import Demands, demands_of
from markets.compliance.matching import match_rules
from markets.compliance.types import Purchase, Rule
from markets.errors import ExchangeRateMissing, ExchangeRateStale
from markets.fx.lookup import rate_on
from markets.models import ComplianceRule


def rules_on(day: date) -> tuple[Rule, ...]:
    """Every active rule of the day. No query when warm."""
    return remembered(("compliance", day), lambda: tuple(rule_of(row) for row in _rows(day)))


def demands_for(purchase: Purchase, *, currency: str, day: date) -> Demands:
    """What the rules of `day` demand. `currency` is that of the lines' values."""
    rules = rules_on(day)
    return demands_of(match_rules(rules, valued(purchase, rules, currency=currency, day=day)))


def valued(purchase: Purchase, rules: Iterable[Rule], *, currency: str, day: date) -> Purchase:
    """With the worth of its goods in every currency that a rule for its place compares in, unrounded."""
    total = sum((goods.value for goods in purchase.goods), start=Decimal(0))
    values = {currency: total}
    for wanted in {currency_of(rule.condition) for rule in rules if _is_there(rule, purchase)} - {"", currency}:
        try:
            values[wanted] = total * rate_on(currency, wanted, day, market=purchase.market).rate
        except (ExchangeRateMissing, ExchangeRateStale):
            continue  # a worth that is not known counts as inside, see `conditions`
    return replace(purchase, values=values)


def rule_of(row: ComplianceRule) -> Rule:
    """A row as the matcher reads it."""
    return Rule(
        code=row.code,
        action=row.action,
        market=row.market.code if row.market else "",
        country=row.country_id or "",
        priority=row.priority,
        condition=dict(row.condition),
        parameters=dict(row.parameters),
        explanation=row.explanation,
        verification=row.verification,
        row=row.pk,
    )


def _rows(day: date) -> Iterable[ComplianceRule]:
    return ComplianceRule.objects.on(day).filter(active=True).select_related("market").order_by("-priority", "code")


def _is_there(rule: Rule, purchase: Purchase) -> bool:
    return rule.market in ("", purchase.market) and rule.country in ("", purchase.country)
