"""From matches to what is demanded. Where two rules of one kind contradict each other, one wins by a fixed rule.

    return_days, order_button, invoice_template   the most urgent rule (return days: of equals, the longer period)
    age_check                                     the highest age
    invoice_requires_tax_id                       once is enough
    extra_consent, doc_attach, identity_number    all of them, each key once
    block_variant, hold                           all of them

Parameters: return_days {"days", "policy": {language: text}}, order_button {"words": {language: text}},
invoice_template {"template", "heading": {language: text}}, age_check {"age"}, extra_consent {"key", "words":
{language: text}}, doc_attach {"document"}, identity_number {"number", "required"}, block_variant and hold
{"words": {language: text}}. Of all: explanation {language: text}, which says what the row's own explanation says and
counts as long as its English is that one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from markets.compliance.types import Match, Rule

WINNERS = frozenset({"return_days", "order_button", "invoice_template"})
UNIONS: Mapping[str, str] = {"extra_consent": "key", "doc_attach": "document", "identity_number": "number"}
MOST = 3650
NEEDS: Mapping[str, tuple[str, ...]] = {
    "return_days": ("days",),
    "order_button": ("words",),
    "invoice_template": ("template",),
    "age_check": ("age",),
    "extra_consent": ("key", "words"),
    "doc_attach": ("document",),
    "identity_number": ("number",),
}


@dataclass(frozen=True, kw_only=True)
class Demands:
    """What a purchase has to fulfil. `matches` are all rules that fit, also those beaten by others."""

    matches: tuple[Match, ...] = ()

    def of(self, action: str) -> tuple[Match, ...]:
        """The effective matches of one action."""
        return tuple(match for match in self.matches if match.rule.action == action and match.counts)

    def value(self, action: str, name: str) -> Any:
        """A parameter of the one winner of an action, or none."""
        found = self.of(action)
        return found[0].rule.parameters.get(name) if found else None

    @property
    def return_days(self) -> int | None:
        """Days to return goods, when a rule says so."""
        return self.value("return_days", "days")  # type: ignore[no-any-return]  # checked by problems_of_rule

    @property
    def age(self) -> int | None:
        """The age to be confirmed."""
        return self.value("age_check", "age")  # type: ignore[no-any-return]  # the same

    @property
    def blocks(self) -> tuple[Match, ...]:
        """What forbids the purchase or some of its lines."""
        return self.of("block_variant")

    @property
    def holds(self) -> tuple[Match, ...]:
        """What stops the order until somebody has looked."""
        return self.of("hold")

    def snapshot(self) -> dict[str, Any]:
        """As it is stored with the order: every match with its rule as it read then, and why."""
        return {"rules": [snapshot_of(match) for match in self.matches]}


def demands_of(matches: Iterable[Match]) -> Demands:
    """Decide between contradicting matches; those are in their order already."""
    by_action: dict[str, list[Match]] = {}
    ordered = list(matches)
    for match in ordered:
        by_action.setdefault(match.rule.action, []).append(match)
    beaten: dict[str, str] = {}
    for action, found in by_action.items():
        beaten |= _beaten(action, found)
    return Demands(matches=tuple(replace(match, beaten_by=beaten.get(match.rule.code, "")) for match in ordered))


def problems_of_rule(action: str, parameters: Mapping[str, Any]) -> list[str]:
    """What is wrong with the parameters of an action, in sentences."""
    missing = [name for name in NEEDS.get(action, ()) if not _there(parameters, name)]
    found = [_("The parameter “%(name)s” is missing.") % {"name": name} for name in missing]
    found += [
        _("“%(name)s” is a whole number.") % {"name": name}
        for name in ("days", "age")
        if name in parameters and not (isinstance(parameters[name], int) and 0 <= parameters[name] <= MOST)
    ]
    for name in ("words", "heading", "policy", "explanation"):
        texts = parameters.get(name, {})
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            found.append(_("“%(name)s” holds a text per language.") % {"name": name})
    return found


def words_in(texts: object, language: str) -> str:
    """A text of a rule in a language, else in English, else whatever there is."""
    if not isinstance(texts, Mapping) or not texts:
        return ""
    return str(texts.get(language) or texts.get("en") or next(iter(texts.values())))


def explained(explanation: str, parameters: Mapping[str, Any], language: str) -> str:
    """Why a rule is there, in a language; as it was written where somebody rewrote it or it has no translation."""
    texts = parameters.get("explanation")
    if not isinstance(texts, Mapping) or texts.get("en") != explanation:
        return explanation
    return words_in(texts, language)


def snapshot_of(match: Match) -> dict[str, Any]:
    """One match for the order's record."""
    rule = match.rule
    return {
        "code": rule.code,
        "action": rule.action,
        "priority": rule.priority,
        "parameters": dict(rule.parameters),
        "explanation": rule.explanation,
        "verification": rule.verification,
        "why": list(match.why),
        "lines": list(match.lines),
        "beaten_by": match.beaten_by,
    }


def _beaten(action: str, found: Sequence[Match]) -> dict[str, str]:
    """Code of every match without effect, with the code of the one that stands in its place."""
    if action in UNIONS:
        return _each_once(found, lambda rule: rule.parameters.get(UNIONS[action]))
    if action in WINNERS or action == "invoice_requires_tax_id":
        return _all_but(_winner(action, found), found)
    if action == "age_check":
        return _all_but(max(found, key=lambda match: match.rule.parameters.get("age", 0)), found)
    return {}


def _winner(action: str, found: Sequence[Match]) -> Match:
    first = found[0]
    if action != "return_days":
        return first
    equals = [match for match in found if match.rule.priority == first.rule.priority]
    return max(equals, key=lambda match: match.rule.parameters.get("days", 0))


def _all_but(winner: Match, found: Sequence[Match]) -> dict[str, str]:
    return {match.rule.code: winner.rule.code for match in found if match is not winner}


def _each_once(found: Sequence[Match], key_of: Callable[[Rule], object]) -> dict[str, str]:
    first: dict[object, str] = {}
    beaten = {}
    for match in found:
        holder = first.setdefault(key_of(match.rule), match.rule.code)
        if holder != match.rule.code:
            beaten[match.rule.code] = holder
    return beaten


def _there(parameters: Mapping[str, Any], name: str) -> bool:
    return parameters.get(name) not in (None, "", {}, [])
