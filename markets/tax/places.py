"""Where a shipment is taxed, and whether the seller collects there. Pure."""

import re
from functools import cache

from core.money import Money, sum_money
from markets.errors import TerritoryBlocked
from markets.tax.types import Place, RegistrationFact, TaxFacts, TaxQuestion, TerritoryFact


def destination(question: TaxQuestion, facts: TaxFacts) -> Place:
    """The place of the address: a special territory by its postal code, else the country. Raises `TerritoryBlocked`."""
    country = question.country.upper()
    taxed_as = facts.taxed_as.get(country) or country
    territory = _territory(country, taxed_as, question.postal_code, facts)
    if territory is None:
        return Place(code=_code(taxed_as, question.region), country=taxed_as, region=question.region)
    if territory.treatment == "block":
        raise TerritoryBlocked(territory=territory.name)
    if territory.treatment == "outside":
        return Place(
            _code(country, territory.name),
            taxed_as,
            territory.name,
            is_outside=True,
            rule_id=territory.rule_id,
            local_rate=territory.local_rate,
            in_customs_union=territory.in_customs_union,
        )
    if territory.treatment == "region":
        return Place(_code(country, territory.region), taxed_as, territory.region, rule_id=territory.rule_id)
    return Place(territory.as_country, territory.as_country, rule_id=territory.rule_id)


def taxing_place(question: TaxQuestion, facts: TaxFacts) -> tuple[Place, RegistrationFact | None]:
    """The place whose tax the seller collects, with the registration that obliges to it; none means: collect nothing.

    Without a registration at the destination a sale inside the EU is taxed where the goods start, if the seller is
    registered there. The one-stop shop covers every EU destination: goods from elsewhere are cleared in the seller's
    name before they are sold on.
    """
    place = destination(question, facts)
    if place.is_outside:
        return place, None
    mine = [one for one in facts.registrations if one.seller == question.market.seller]
    registration = next((one for one in mine if _covers(one, place, question, facts)), None)
    if registration is not None:
        return place, registration
    origin = facts.taxed_as.get(question.ship_from_country) or question.ship_from_country
    if origin in facts.eu and place.country in facts.eu:
        home = next((one for one in mine if one.scheme == "domestic" and one.country == origin), None)
        if home is not None:
            return Place(code=origin, country=origin), home
    return place, None


def _covers(registration: RegistrationFact, place: Place, question: TaxQuestion, facts: TaxFacts) -> bool:
    if registration.scheme == "oss":
        return place.country in facts.eu
    if registration.scheme == "ioss":
        starts_outside = bool(question.ship_from_country) and question.ship_from_country not in facts.eu
        return place.country in facts.eu and starts_outside and _is_below(registration.threshold, question)
    same_region = not registration.region or registration.region == place.region
    return registration.country == place.country and same_region and _is_below(registration.threshold, question)


def _is_below(threshold: Money | None, question: TaxQuestion) -> bool:
    """Whether the consignment's goods are worth the threshold at most. Another currency cannot be compared: no."""
    if threshold is None:
        return True
    currency = question.shipping.currency.code
    if threshold.currency.code != currency:
        return False
    return bool(sum_money((line.amount for line in question.lines), currency) <= threshold)


def _territory(country: str, taxed_as: str, postal_code: str, facts: TaxFacts) -> TerritoryFact | None:
    written = postal_code.upper().replace(" ", "")
    if not written:
        return None
    spellings = {written, written.replace("-", "")}
    for home in dict.fromkeys((country, taxed_as)):
        for territory in facts.territories.get(home, ()):
            if territory.pattern and any(_compiled(territory.pattern).match(one) for one in spellings):
                return territory
    return None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _code(country: str, part: str) -> str:
    return f"{country}-{part}" if part else country
