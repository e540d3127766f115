"""Making a new market out of one that exists: closed, step by step, each step an action of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from markets.actions import note_change
from markets.errors import CountriesTaken, MarketOpen, MarketUnknown
from markets.models import ConsumerRule, Country, Market, MarketCountry, MarketPaymentMethod, Verification

NOT_COPIED = frozenset(
    {
        *("id", "code", "name", "names", "domain", "hreflang", "active", "position"),
        *("created", "updated", "verification", "reviewed_on", "note"),
    }
)
UNCONFIRMED = "Copied from market %s; to be confirmed for this one."


@dataclass(frozen=True, kw_only=True)
class NewMarket:
    """What a new market is called and where it delivers, its main country first."""

    code: str
    name: str
    countries: Sequence[str]


@transaction.atomic
def copy_market(*, source: str, new: NewMarket) -> Market:
    """A closed market with the settings, ways to pay and consumer rule of `source`, marked as not confirmed.

    Raises `MarketUnknown`, `CountriesTaken` naming those that another market delivers to.
    """
    pattern = Market.objects.filter(code=source).first()
    if pattern is None:
        raise MarketUnknown(source)
    taken = MarketCountry.objects.filter(country__in=new.countries).values_list("country_id", flat=True)
    if taken:
        raise CountriesTaken(countries=tuple(sorted(taken)))
    kept = {
        field.attname: getattr(pattern, field.attname)
        for field in Market._meta.concrete_fields
        if field.name not in NOT_COPIED
    }
    last = Market.objects.order_by("-position").values_list("position", flat=True).first() or 0
    market = Market.objects.create(
        **kept,
        verification=Verification.MEMORY,
        note=UNCONFIRMED % source,
        code=new.code,
        name=new.name,
        position=last + 1,
        hreflang=new.countries[0],
        active=False,
    )
    _copy_rows(pattern, market, new.countries)
    note_change(row=market, old={}, new={"copied from": source, "countries": list(new.countries)}, is_new=True)
    return market


@transaction.atomic
def set_market_languages(*, code: str, currency: str, languages: Sequence[str], default: str) -> Market:
    """Currency and languages of a closed market. Raises `MarketUnknown`, `MarketOpen`."""
    spoken = [default, *(one for one in languages if one != default)]
    return _change(code, {"currency_id": currency, "languages": spoken, "default_language": default})


@transaction.atomic
def set_market_policies(*, code: str, policies: Mapping[str, Any]) -> Market:
    """Seller, duty, return days, legal pages and exchange policy of a closed market. Raises as above."""
    return _change(code, policies)


def _change(code: str, values: Mapping[str, Any]) -> Market:
    market = Market.objects.select_for_update(of=("self",)).filter(code=code).first()
    if market is None:
        raise MarketUnknown(code)
    if market.active:
        raise MarketOpen
    old = {name: getattr(market, name) for name in values}
    for name, value in values.items():
        setattr(market, name, value)
    market.save()
    note_change(row=market, old=_told(old), new=_told(values), is_new=False)
    return market


def _copy_rows(pattern: Market, market: Market, countries: Sequence[str]) -> None:
    known = {country.code: country for country in Country.objects.filter(code__in=countries)}
    MarketCountry.objects.bulk_create(
        MarketCountry(market=market, country=known[code], position=place) for place, code in enumerate(countries)
    )
    MarketPaymentMethod.objects.bulk_create(
        MarketPaymentMethod(market=market, method_id=row.method_id, provider=row.provider, position=row.position)
        for row in pattern.offered_methods.filter(active=True)
    )
    rule = ConsumerRule.objects.on(timezone.now().date()).filter(market=pattern).first()
    if rule is not None:
        rule.pk, rule.market, rule.effective_from, rule.effective_to = None, market, None, None
        rule.verification, rule.reviewed_on, rule.note = Verification.MEMORY, None, UNCONFIRMED % pattern.code
        rule.save(force_insert=True)


def _told(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
