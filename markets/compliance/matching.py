"""Matching rules. Pure, and the same whatever the order of rows and lines."""

from collections.abc import Iterable

from markets.compliance.conditions import asks_for_goods, fits_goods, reasons
from markets.compliance.types import Match, Purchase, Rule


def match_rules(rules: Iterable[Rule], purchase: Purchase) -> tuple[Match, ...]:
    """Every rule that fits, the most urgent first: by priority, then the narrower place, then the code."""
    found = [match for rule in rules if (match := _match(rule, purchase)) is not None]
    return tuple(sorted(found, key=lambda match: order_of(match.rule)))


def order_of(rule: Rule) -> tuple[int, int, str]:
    """The place of a rule among others: a market's own rule comes before a country's, and that before everybody's."""
    narrow = 0 if rule.market else 1 if rule.country else 2
    return -rule.priority, narrow, rule.code


def _match(rule: Rule, purchase: Purchase) -> Match | None:
    why = []
    if rule.market:
        if rule.market != purchase.market:
            return None
        why.append(f"market {rule.market}")
    if rule.country:
        if rule.country != purchase.country:
            return None
        why.append(f"country {rule.country}")
    more = reasons(rule.condition, purchase)
    if more is None:
        return None
    lines: tuple[str, ...] = ()
    if asks_for_goods(rule.condition):
        lines = tuple(sorted({goods.key for goods in purchase.goods if fits_goods(rule.condition, goods)}))
        if not lines:
            return None
        more.append("goods")
    return Match(rule=rule, why=(*why, *more) or ("always",), lines=lines)
