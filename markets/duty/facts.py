"""What is known of borders on a day, read in one query and remembered."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from core.money import Money
from markets.cache import remembered
from markets.duty.types import EU, Basis, DutyFacts, DutyRow, ExchangeFact, FeeRow, LowValueFact, RestrictionRow

HOLDS = (
    "({0}.effective_from IS NULL OR {0}.effective_from <= %(day)s)"
    " AND ({0}.effective_to IS NULL OR {0}.effective_to >= %(day)s)"
)
PERIOD = "'effective_from', {0}.effective_from, 'effective_to', {0}.effective_to"

QUERY = f"""
SELECT json_build_object(
  'rows', (SELECT coalesce(json_agg(json_build_object(
      'rule_id', 'duty:' || d.id, 'destination', d.destination, 'hs_prefix', d.hs_prefix, 'origin', d.origin,
      'kind', d.kind, 'name', d.name, 'rate_percent', d.rate_percent::text, 'amount', d.specific_amount::text,
      'currency', d.specific_currency, 'specific_unit', d.specific_unit, 'needs_proof', d.needs_proof,
      {PERIOD.format("d")}) ORDER BY d.id), '[]') FROM markets_dutyrule d WHERE {HOLDS.format("d")}),
  'fees', (SELECT coalesce(json_agg(json_build_object(
      'rule_id', 'fee:' || f.id, 'destination', f.destination, 'carrier_service', f.carrier_service, 'kind', f.kind,
      'incoterm', f.incoterm, 'currency', f.currency, 'fixed', f.fixed::text, 'percent', f.percent::text,
      'minimum', f.minimum::text, {PERIOD.format("f")}) ORDER BY f.id), '[]')
    FROM markets_clearancefee f WHERE f.active AND {HOLDS.format("f")}),
  'restrictions', (SELECT coalesce(json_agg(json_build_object(
      'rule_id', 'restriction:' || r.id, 'destination', r.destination, 'hs_prefix', r.hs_prefix, 'flag', r.flag,
      'effect', r.effect, 'note', r.shopper_note, {PERIOD.format("r")}) ORDER BY r.id), '[]')
    FROM markets_restrictionrule r WHERE r.active AND {HOLDS.format("r")}),
  'low_value', (SELECT coalesce(json_agg(json_build_object(
      'rule_id', 'low_value:' || l.code, 'code', l.code, 'destination', l.destination, 'scheme', l.scheme,
      'amount', l.threshold_amount::text, 'currency', l.threshold_currency, 'operator', l.threshold_operator,
      'basis', l.threshold_basis, 'includes_freight', coalesce(l.threshold ->> 'includes_freight', 'false') = 'true',
      'excluded_goods', l.excluded_goods, 'params', l.engine_params, {PERIOD.format("l")}) ORDER BY l.id), '[]')
    FROM markets_lowvaluerule l WHERE l.active AND {HOLDS.format("l")}),
  'groups', (SELECT coalesce(json_agg(json_build_array(g.code, g.countries)), '[]') FROM markets_origingroup g),
  'valuation', (SELECT coalesce(json_agg(json_build_array(v.destination, v.basis)), '[]')
    FROM markets_customsvaluation v WHERE {HOLDS.format("v")}),
  'eu', (SELECT coalesce(json_agg(k.code), '[]') FROM markets_country k WHERE k.in_eu_customs_union),
  'exchange', (SELECT coalesce(json_agg(json_build_array(c.code, x.rate::text, x.effective_on, x.source)), '[]')
    FROM markets_currency c CROSS JOIN LATERAL (
      SELECT rate, effective_on, source FROM markets_exchangerate
      WHERE base_id = 'EUR' AND quote_id = c.code AND effective_on <= %(day)s
      ORDER BY effective_on DESC, source = 'demo', id DESC LIMIT 1) x))::text
"""  # noqa: S608 (the only things put in are constants of this module)


def duty_facts_for(on: date) -> DutyFacts:
    """Every fact about borders that holds on the day: one query at first, none when warm."""
    return remembered(("duty facts", on), lambda: _read(on))


def _read(on: date) -> DutyFacts:
    with connection.cursor() as cursor:
        cursor.execute(QUERY, {"day": on})
        told: dict[str, list[Any]] = json.loads(cursor.fetchone()[0])
    eu = frozenset(told["eu"])
    return DutyFacts(
        rows=tuple(_duty(row) for row in told["rows"]),
        fees=tuple(_fee(row) for row in told["fees"]),
        restrictions=tuple(RestrictionRow(**row | _period(row)) for row in told["restrictions"]),
        origin_groups={code: frozenset(countries) for code, countries in told["groups"]} | {EU: eu},
        low_value=tuple(_low_value(row) for row in told["low_value"]),
        valuation=_valuation(told["valuation"], eu),
        eu=eu,
        exchange={
            quote: ExchangeFact(rate=Decimal(rate), effective_on=date.fromisoformat(day), source=source)
            for quote, rate, day, source in told["exchange"]
        },
    )


def _duty(row: dict[str, Any]) -> DutyRow:
    currency, amount = row.pop("currency"), row.pop("amount")
    written = row.pop("rate_percent")
    return DutyRow(
        **row | _period(row), rate_percent=Decimal(written) if written else None, specific=_money(amount, currency)
    )


def _fee(row: dict[str, Any]) -> FeeRow:
    currency = row.pop("currency")
    fixed, minimum, percent = row.pop("fixed"), row.pop("minimum"), row.pop("percent")
    return FeeRow(
        **row | _period(row),
        fixed=_money(fixed, currency),
        minimum=_money(minimum, currency),
        percent=Decimal(percent) if percent else None,
    )


def _low_value(row: dict[str, Any]) -> LowValueFact:
    currency, amount = row.pop("currency"), row.pop("amount")
    row["excluded_goods"] = tuple(row["excluded_goods"])
    return LowValueFact(**row | _period(row), threshold=_money(amount, currency))


def _valuation(told: list[Any], eu: frozenset[str]) -> Mapping[str, Basis]:
    """By destination; what holds for the EU holds in each of its members."""
    found: dict[str, Basis] = dict(told)
    return dict.fromkeys(eu, found[EU]) | found if EU in found else found


def _money(amount: str | None, currency: str) -> Money | None:
    return Money(Decimal(amount), currency) if amount and currency else None


def _period(row: dict[str, Any]) -> dict[str, date | None]:
    return {name: date.fromisoformat(row[name]) if row[name] else None for name in ("effective_from", "effective_to")}
