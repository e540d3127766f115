"""What a piece costs at the border when it comes from a warehouse: for choosing between warehouses, never charged.

Every layer of the tariff of the day, without limits below which nothing is owed: they compare whole parcels, and no
plan may be better because it is cut into small ones. What is charged is worked out by `markets.landed` on the quote.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from core.money import Money, sum_money, to_minor
from inventory.sourcing.types import Good, Route
from markets.customs import crosses_customs
from markets.duty.errors import BorderFactMissing
from markets.duty.exchange import in_currency
from markets.duty.facts import duty_facts_for
from markets.duty.layers import checked_code, checked_origin, layers_for, take
from markets.duty.types import DutyFacts
from markets.errors import ExchangeRateMissing, ExchangeRateStale


def duties(
    route: Route, *, countries: Mapping[str, str], goods: Mapping[int, Good], currency: str, on: date
) -> dict[tuple[str, int], int | None]:
    """By warehouse and variant, minor units for one piece: 0 where no border is crossed, None where nobody knows.

    `countries` are the countries of the warehouses by their codes.
    """
    crossing = {code: crosses_customs(start, route.country) for code, start in countries.items()}
    if not any(crossing.values()):
        return {(code, pk): 0 for code in countries for pk in goods}
    facts = duty_facts_for(on)
    known = {pk: _duty(route, good, currency, on, facts) for pk, good in goods.items()}
    return {(code, pk): known[pk] if crossing[code] else 0 for code in countries for pk in goods}


def _duty(route: Route, good: Good, currency: str, on: date, facts: DutyFacts) -> int | None:
    value = route.values.get(good.variant_id)
    hs_code, origin = route.codes.get(good.variant_id, ("", ""))
    if value is None or value.currency.code != currency:
        return None
    try:
        rows = layers_for(
            country=route.country,
            hs_code=checked_code(hs_code),
            origin=checked_origin(origin),
            has_proof=False,
            on=on,
            facts=facts,
        )
        parts: Iterable[Money] = [
            take(
                row,
                value=value,
                quantity=1,
                weight_g=good.weight_g,
                specific=in_currency(row.specific, currency, on=on, facts=facts) if row.specific else None,
            )
            for row in rows
        ]
    except (BorderFactMissing, ExchangeRateMissing, ExchangeRateStale):
        return None
    return to_minor(sum_money(parts, currency)) if rows else None
