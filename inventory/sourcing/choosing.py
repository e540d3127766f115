"""What each rule of a market counts against a warehouse. Pure. Less is better, and it only grows with the pieces."""

from collections.abc import Mapping
from datetime import date

from inventory.sourcing.types import Problem, Rule, Site

DEFAULT_RULES = (Rule("min_splits"), Rule("preferred"))
"""What decides in a market that has lanes and no rules of its own: what decides in one without lanes."""


def rule_weights(problem: Problem, sites: Mapping[str, Site]) -> tuple[Mapping[tuple[str, int], int], ...]:
    """For each rule what one piece of a variant from a warehouse counts. `min_splits` counts warehouses, not pieces."""
    shelves = [(row.warehouse_code, row.variant_id) for row in problem.rows if row.warehouse_code in sites]
    return tuple({key: _counts(rule, sites[key[0]], key, problem) for key in shelves} for rule in problem.rules)


def _counts(rule: Rule, site: Site, key: tuple[str, int], problem: Problem) -> int:
    match rule.kind:
        case "preferred" if rule.codes:
            return rule.codes.index(site.code) if site.code in rule.codes else len(rule.codes)
        case "preferred":
            return site.position
        case "same_country":
            return int(site.country != problem.country)
        case "bonded_first":
            return int(site.kind != "bonded")
        case "oldest_batch":
            return problem.ages.get(key, 0)
        case "avoid":
            return int(site.code in rule.codes)
        case _:
            return 0


def days_late(latest: date, reference: date | None) -> int:
    """By how many days a lane's last day is after the one that was promised, or after the soonest there is."""
    return max(0, (latest - reference).days) if reference is not None else 0
