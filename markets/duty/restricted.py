"""Restrictions in words: what a shopper is told about goods that may not, or not without more, go somewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from markets.cache import remembered
from markets.duty.facts import duty_facts_for
from markets.duty.restrictions import restrictions_on
from markets.duty.types import DutyFacts, Effect, RestrictionRow
from markets.models import RestrictionRule
from markets.names import country_name

LICENSE = "license:"
"""A flag `license:alcohol` says that the licence a rule on `alcohol` asks for is on file."""


@dataclass(frozen=True)
class Restriction:
    """A rule that speaks of the goods. `sentence` is for shoppers, empty when the rule is for operators alone."""

    rule_id: str
    effect: Effect
    sentence: str
    is_blocking: bool


def restrictions_for(
    *, country: str, hs_code: str, flags: Iterable[str], on: date, facts: DutyFacts | None = None
) -> tuple[Restriction, ...]:
    """What is to be said of goods on their way to a country, blocking rules first. No query when nothing fits."""
    worn = frozenset(flags)
    rows = restrictions_on(country=country, hs_code=hs_code, flags=worn, on=on, facts=facts or duty_facts_for(on))
    found = [_restriction(row, country, worn) for row in rows]
    return tuple(sorted(found, key=lambda one: not one.is_blocking))


def blocking_sentence(
    *, country: str, hs_code: str, flags: Iterable[str], on: date, facts: DutyFacts | None = None
) -> str:
    """Why the goods cannot be sent there; empty when they can."""
    found = restrictions_for(country=country, hs_code=hs_code, flags=flags, on=on, facts=facts)
    return next((one.sentence for one in found if one.is_blocking), "")


def _restriction(row: RestrictionRow, country: str, flags: frozenset[str]) -> Restriction:
    licensed = f"{LICENSE}{row.flag or row.hs_prefix}" in flags
    is_blocking = row.effect == "block" or (row.effect == "license" and not licensed)
    return Restriction(row.rule_id, row.effect, _sentence(row, country, is_blocking=is_blocking), is_blocking)


def _sentence(row: RestrictionRow, country: str, *, is_blocking: bool) -> str:
    language = get_language() or "en"
    own = _words().get(row.rule_id, {}).get(language) or (row.note if language.startswith("en") else "")
    if own:
        return own
    place = {"country": country_name(country, language)}
    if is_blocking and row.effect == "license":
        return _("This item needs a licence to enter %(country)s, so we cannot send it there.") % place
    if is_blocking:
        return _("The rules of %(country)s do not allow us to send this item there.") % place
    if row.effect == "dap_only":
        return _("Import charges for this item can only be paid on delivery in %(country)s.") % place
    return ""


def _words() -> Mapping[str, Mapping[str, str]]:
    """The operators' own sentences, by rule and language."""

    def read() -> dict[str, dict[str, str]]:
        rows = RestrictionRule.objects.exclude(shopper_notes={}).values_list("pk", "shopper_notes")
        return {f"restriction:{pk}": words for pk, words in rows}

    return remembered("restriction words", read)
