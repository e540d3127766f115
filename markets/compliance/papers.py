"""Which papers the rules want with an order, read off what the order itself keeps of them. Pure; no table is asked.

Whoever writes or prints papers asks `papers_wanted(order.compliance_profile)`: the template and the heading of the
invoice, and what is enclosed with the goods.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy

from markets.compliance.demands import explained, words_in

NAMES: Mapping[str, str | Promise] = {
    "guarantee_notice": pgettext_lazy("paper with a parcel", "Notice on the legal guarantee"),
    "withdrawal_form": pgettext_lazy("paper with a parcel", "Withdrawal form"),
    "commercial_invoice": pgettext_lazy("paper with a parcel", "Commercial invoice"),
    "certificate_of_origin": pgettext_lazy("paper with a parcel", "Certificate of origin"),
    "safety_data_sheet": pgettext_lazy("paper with a parcel", "Safety data sheet"),
    "battery_declaration": pgettext_lazy("paper with a parcel", "Declaration on batteries"),
    "instructions": pgettext_lazy("paper with a parcel", "Instructions for use"),
    "declaration_of_conformity": pgettext_lazy("paper with a parcel", "Declaration of conformity"),
}
"""Papers we have words for; an operator's own are called by their code."""
CONFIRMED = frozenset({"S", "L", "D"})
"""Marks of rules that somebody has checked: supported by a source, run by a library, our own policy."""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper that goes with the goods. `lines` are the lines it is about, empty for the whole order."""

    document: str
    rule: str
    explanation: str
    is_confirmed: bool
    lines: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called, in the running language."""
        return str(NAMES.get(self.document, self.document))


@dataclass(frozen=True, kw_only=True)
class PapersWanted:
    """What the rules say of an order's papers. An empty `template` is the usual invoice."""

    template: str = ""
    template_rule: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)
    enclosed: tuple[Paper, ...] = ()

    def heading(self, language: str) -> str:
        """What stands above the invoice in a language; empty: the usual."""
        return words_in(self.headings, language)


def papers_wanted(profile: Mapping[str, Any]) -> PapersWanted:
    """From the profile stored with an order (`Demands.snapshot`). Rules without effect want nothing."""
    rules = [rule for rule in profile.get("rules", []) if not rule.get("beaten_by")]
    invoice = next((rule for rule in rules if rule["action"] == "invoice_template"), None)
    told = invoice["parameters"] if invoice else {}
    return PapersWanted(
        template=str(told.get("template", "")),
        template_rule=invoice["code"] if invoice else "",
        headings=told.get("heading", {}),
        enclosed=tuple(_enclosed(rules)),
    )


def _enclosed(rules: list[Mapping[str, Any]]) -> Iterator[Paper]:
    for rule in rules:
        if rule["action"] == "doc_attach":
            yield Paper(
                document=str(rule["parameters"]["document"]),
                rule=rule["code"],
                explanation=explained(rule["explanation"], rule["parameters"], get_language() or "en"),
                is_confirmed=rule["verification"] in CONFIRMED,
                lines=tuple(str(line) for line in rule.get("lines", ())),
            )
