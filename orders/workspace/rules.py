"""The rules that fitted an order when it was placed, as they read then."""

from django.utils.translation import get_language

from markets.compliance.papers import CONFIRMED, papers_wanted
from markets.compliance.words import why_words
from markets.models import ComplianceAction
from orders.models import Order
from orders.workspace.types import PapersPanel, RuleRow


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


def papers_panel(order: Order) -> PapersPanel | None:
    """What goes with the order on paper, by the same record; none where the rules want nothing."""
    wanted = papers_wanted(order.compliance_profile)
    if not (wanted.template or wanted.enclosed):
        return None
    return PapersPanel(
        template=wanted.template,
        heading=wanted.heading(get_language() or "en"),
        enclosed=wanted.enclosed,
    )
