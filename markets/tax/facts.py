"""The facts of a day, read in one query and remembered."""

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from core.money import Money
from markets.cache import remembered
from markets.tax.types import RateFact, RegistrationFact, TaxFacts, TerritoryFact, UntaxedFact, index_rates

HOLDS = (
    "({0}.effective_from IS NULL OR {0}.effective_from <= %(day)s)"
    " AND ({0}.effective_to IS NULL OR {0}.effective_to >= %(day)s)"
)

QUERY = f"""
SELECT json_build_object(
  'rates', (SELECT coalesce(json_agg(json_build_object(
      'rule_id', 'rate:' || r.id, 'country', j.country_id, 'region', j.region, 'category', r.tax_category_id,
      'rate', r.rate::text, 'rate_class', r.rate_class, 'rate_of', r.rate_of, 'kind', r.kind,
      'effective_from', r.effective_from, 'effective_to', r.effective_to) ORDER BY r.id), '[]')
    FROM markets_taxrate r JOIN markets_jurisdiction j ON j.id = r.jurisdiction_id WHERE {HOLDS.format("r")}),
  'territories', (SELECT coalesce(json_agg(json_build_object(
      'rule_id', 'territory:' || t.id, 'country', t.country_id, 'name', t.name, 'pattern', t.postal_code_regex,
      'treatment', t.treatment, 'region', t.region, 'as_country', t.as_country,
      'in_customs_union', t.in_customs_union, 'told', t.source_treatment) ORDER BY t.id), '[]')
    FROM markets_territoryexception t WHERE {HOLDS.format("t")}),
  'registrations', (SELECT coalesce(json_agg(json_build_object(
      'rule_id', 'registration:' || g.id, 'seller', e.code, 'country', g.country_id, 'scheme', g.scheme,
      'region', g.region, 'threshold', g.threshold::text, 'threshold_currency', g.threshold_currency)
      ORDER BY g.id), '[]')
    FROM markets_taxregistration g JOIN markets_legalentity e ON e.id = g.legal_entity_id WHERE {HOLDS.format("g")}),
  'untaxed', (SELECT coalesce(json_agg(json_build_object(
      'rule_id', 'untaxed:' || u.id, 'seller', e.code, 'country', coalesce(u.country_id, ''), 'note', u.legal_note)
      ORDER BY u.country_id NULLS LAST, u.id), '[]')
    FROM markets_untaxedseller u JOIN markets_legalentity e ON e.id = u.legal_entity_id WHERE {HOLDS.format("u")}),
  'categories', (SELECT coalesce(json_agg(c.code), '[]') FROM markets_taxcategory c),
  'countries', (SELECT coalesce(json_agg(json_build_array(k.code, k.tax_country, k.in_eu_vat_area)), '[]')
    FROM markets_country k))::text
"""  # noqa: S608 (the only thing put in is a constant of this module)


def tax_facts_for(on: date) -> TaxFacts:
    """Every tax fact that holds on the day: one query at first, none when warm."""
    return remembered(("tax facts", on), lambda: _read(on))


def _read(on: date) -> TaxFacts:
    with connection.cursor() as cursor:
        cursor.execute(QUERY, {"day": on})
        told: dict[str, list[Any]] = json.loads(cursor.fetchone()[0])
    territories: dict[str, tuple[TerritoryFact, ...]] = {}
    for row in told["territories"]:
        territories[row["country"]] = (*territories.get(row["country"], ()), _territory(row))
    return TaxFacts(
        rates=index_rates(tuple(_rate(row) for row in told["rates"])),
        territories=territories,
        registrations=tuple(_registration(row) for row in told["registrations"]),
        categories=frozenset(told["categories"]),
        taxed_as={code: taxed_as for code, taxed_as, _ in told["countries"] if taxed_as},
        eu=frozenset(code for code, _, in_eu in told["countries"] if in_eu),
        untaxed=tuple(_untaxed(row) for row in told["untaxed"]),
    )


def local_rate(told: str) -> Decimal | None:
    """The local import tax that a published treatment names: `outside_eu_vat_local_8.5` is 0.085."""
    named = re.search(r"(?:_local|_local_tax|_gst)_(\d+(?:\.\d+)?)$", told)
    return Decimal(named.group(1)) / 100 if named else None


def _territory(row: dict[str, Any]) -> TerritoryFact:
    told = row.pop("told")
    return TerritoryFact(**row, local_rate=local_rate(told))


def _rate(row: dict[str, Any]) -> RateFact:
    return RateFact(
        **row
        | {
            "rate": Decimal(row["rate"]),
            "effective_from": _day(row["effective_from"]),
            "effective_to": _day(row["effective_to"]),
        }
    )


def _registration(row: dict[str, Any]) -> RegistrationFact:
    currency = row.pop("threshold_currency")
    threshold = row.pop("threshold")
    return RegistrationFact(**row, threshold=Money(Decimal(threshold), currency) if threshold else None)


def _untaxed(row: dict[str, Any]) -> UntaxedFact:
    return UntaxedFact(**row | {"note": tuple(row["note"].items())})


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
