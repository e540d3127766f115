"""Reasons in sentences, for operators who ask why something leaves from there."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.money import format_money, from_minor
from inventory.models import AllocationRule


def reason_sentence(kept: Mapping[str, Any], currency: str) -> str:
    """A reason as it is kept, in the reader's language. A code nobody knows any more is said as it is."""
    code, facts = kept["code"], kept["facts"]
    match code:
        case "rule":
            return _("The rule “%(rule)s” decided.") % {"rule": rule_name(facts["kind"])}
        case "dearer":
            told = {"amount": _amount(facts["amount"], currency), "part": cost_name(facts["mostly"])}
            return _("It costs %(amount)s less, mostly for: %(part)s.") % told
        case "late":
            told = {"amount": _amount(facts["amount"], currency)}
            return _("It arrives later than it could. That was counted as %(amount)s.") % told
        case "several":
            return _several(int(facts["parcels"]))
        case "duty_unknown":
            return _duty_unknown(int(facts["pieces"]))
        case _:
            return _plain().get(str(code), str(code))


def _plain() -> dict[str, str]:
    return {
        "market_order": _("Both cost the same. The market's order of warehouses decided."),
        "only_way": _("No other warehouse or group of warehouses has everything and reaches the address."),
        "other_duty_unknown": _("The duty of the other way is not known."),
        "planned": _("This is what was planned."),
    }


def _several(count: int) -> str:
    told = ngettext("It leaves from %(count)d warehouse.", "It leaves from %(count)d warehouses.", count)
    return told % {"count": count}


def _duty_unknown(count: int) -> str:
    told = ngettext("The duty of %(count)d piece is not known.", "The duty of %(count)d pieces is not known.", count)
    return told % {"count": count}


def beaten_sentence(kept: Mapping[str, Any], currency: str) -> str:
    """What spoke against a plan that was not chosen."""
    code, facts = kept["code"], kept["facts"]
    if code == "dearer":
        return _("%(amount)s dearer, mostly for: %(part)s.") % {
            "amount": _amount(facts["amount"], currency),
            "part": cost_name(facts["mostly"]),
        }
    if code == "rule":
        return _("The rule “%(rule)s” speaks against it.") % {"rule": rule_name(facts["kind"])}
    if code == "other_duty_unknown":
        return _("Its duty is not known.")
    return reason_sentence(kept, currency)


def rule_name(kind: str) -> str:
    """A rule by its name."""
    return str(dict(AllocationRule.Kind.choices).get(kind, kind))


def cost_name(part: str) -> str:
    """A kind of cost by its name."""
    names = {
        "freight": _("freight"),
        "split": _("further parcels"),
        "duty": _("duty"),
        "late": _("later arrival"),
        "scarcity": _("last pieces"),
    }
    return names.get(part, part)


def _amount(minor: str, currency: str) -> str:
    return format_money(from_minor(int(minor), currency), get_language() or "en")
