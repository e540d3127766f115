"""The rules that fitted an order when it was placed, as they read then."""

from markets.compliance.words import why_words
from markets.models import ComplianceAction
from orders.models import Order
from orders.workspace.types import RuleRow

CONFIRMED = frozenset({"S", "L", "D"})


def matched_rules(order: Order) -> tuple[RuleRow, ...]:
    """From the order's own record; the tables are not asked."""
    actions = dict(ComplianceAction.choices)
    return tuple(
        RuleRow(
            code=rule["code"],
            action=str(actions.get(rule["action"], rule["action"])),
            explanation=rule["explanation"],
            why=why_words(rule["why"]),
            beaten_by=rule["beaten_by"],
            is_confirmed=rule["verification"] in CONFIRMED,
        )
        for rule in order.compliance_profile.get("rules", [])
    )
