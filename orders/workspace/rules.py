"""The rules that fitted an order when it was placed, as they read then."""

from django.utils.translation import get_language

from markets.compliance.demands import explained
from markets.compliance.papers import CONFIRMED, papers_wanted
from markets.compliance.words import why_words
from markets.models import ComplianceAction
from orders.models import Order, OrderHold
from orders.workspace.types import PapersPanel, RuleRow
from orders.workspace.words import stored_sentence


def matched_rules(order: Order) -> tuple[RuleRow, ...]:
    """From the order's own record; the tables are not asked."""
    actions, language = dict(ComplianceAction.choices), get_language() or "en"
    return tuple(
        RuleRow(
            code=rule["code"],
            action=str(actions.get(rule["action"], rule["action"])),
            explanation=explained(rule["explanation"], rule["parameters"], language),
            why=why_words(rule["why"]),
            beaten_by=rule["beaten_by"],
            is_confirmed=rule["verification"] in CONFIRMED,
        )
        for rule in order.compliance_profile.get("rules", [])
    )


def hold_reason(order: Order, hold: OrderHold) -> str:
    """Why the order waits, in the reader's language: of a rule what it is for, else the stored sentence."""
    code = hold.key.removeprefix(f"rule:{order.number}:")
    rules = order.compliance_profile.get("rules", []) if code != hold.key else []
    rule = next((one for one in rules if one["code"] == code and one["explanation"] == hold.reason), None)
    if rule is None:
        return stored_sentence(hold.reason)
    return explained(rule["explanation"], rule["parameters"], get_language() or "en")


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
