"""The lanes, rules, cartons and weights of a market, read once and remembered; amounts in the market's currency.

A market without active lanes has an empty network, at the price of one query while nothing is remembered.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone

from core.money import Money, round_half_up, to_minor
from inventory.dates import arrives_on, leaves_on
from inventory.models import AllocationRule, Box, Lane, LaneRate, SourcingWeights
from inventory.sourcing.boxes import sides_of
from inventory.sourcing.choosing import DEFAULT_RULES
from inventory.sourcing.types import NO_WEIGHTS, BoxSize, Bracket, LaneTerms, Rule, Site, Weights
from markets.cache import forget_on_commit, remembered
from markets.customs import crosses_customs
from markets.errors import ExchangeRateMissing, ExchangeRateStale
from markets.fx import rate_on
from markets.models import Market

logger = logging.getLogger(__name__)
CM3 = 1000
"""Cubic millimetres of a cubic centimetre."""


@dataclass(frozen=True, kw_only=True)
class House:
    """What matters of a warehouse here. It is a place of `inventory.dates`."""

    pk: int
    code: str
    position: int
    country: str
    subdivision: str
    weekdays: tuple[int, ...]
    kind: str
    timezone: str
    cutoff: time
    handling_days: int


@dataclass(frozen=True, kw_only=True)
class Way:
    """A lane as it stands in the tables, for one delivery method."""

    house: House
    method_code: str
    country: str
    region: str
    prefix: str
    lead_p50: int
    lead_p90: int
    customs_days: int
    terms: LaneTerms

    def leads_to(self, country: str, region: str, postal_code: str) -> bool:
        """Whether it reaches an address; `postal_code` as `plain_code` writes it. What nobody has typed yet may be
        anywhere in the country."""
        by_region = not region or self.region in ("", region.upper())
        return self.country == country and by_region and (not postal_code or postal_code.startswith(self.prefix))

    def closeness(self, region: str, postal_code: str) -> tuple[int, int, int]:
        """How well it fits an address it leads to: the longest postcode, then the region. While the address is not
        known, lanes to all of the country come first."""
        prefix, named = len(self.prefix), int(bool(self.region))
        return prefix if postal_code else -prefix, named if region else -named, -self.terms.lane_id

    def clears_for(self, country: str) -> bool:
        """Whether parcels whose duty was paid with the order can go this way: a border it does not cross asks none."""
        return self.terms.prepays_duty or not crosses_customs(self.house.country, country)

    def days(self, moment: datetime) -> tuple[date, date, date]:
        """When what is ordered at a moment leaves, and the first and last day it is promised for."""
        leaves = leaves_on(moment, self.house)
        first, last = self._arrives(leaves)
        return leaves, first, last

    def days_after(self, left_at: datetime) -> tuple[date, date]:
        """The first and last day for what was handed over at a moment."""
        return self._arrives(left_at.astimezone(ZoneInfo(self.house.timezone)).date())

    def _arrives(self, leaves: date) -> tuple[date, date]:
        first, last = self.lead_p50 + self.customs_days, self.lead_p90 + self.customs_days
        return arrives_on(leaves, first, self.country), arrives_on(leaves, last, self.country)

    def site(self, moment: datetime) -> Site:
        """The warehouse as the planner sees it."""
        leaves, first, last = self.days(moment)
        return Site(
            code=self.house.code,
            position=self.house.position,
            country=self.house.country,
            kind=self.house.kind,
            lane=self.terms,
            leaves_on=leaves,
            earliest=first,
            latest=last,
        )


@dataclass(frozen=True, kw_only=True)
class Network:
    """Everything a market's plans are made from, but stock."""

    currency: str = ""
    ways: tuple[Way, ...] = ()
    methods: tuple[str, ...] = ()
    """Codes of the delivery methods that have lanes, in the market's order."""
    countries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Where a method is offered; empty: wherever its lanes lead."""
    rules: tuple[Rule, ...] = DEFAULT_RULES
    weights: Weights = NO_WEIGHTS
    boxes: tuple[BoxSize, ...] = ()

    @property
    def has_lanes(self) -> bool:
        """Whether lanes decide in this market."""
        return bool(self.methods)

    def ways_to(self, method_code: str, *, country: str, region: str, postal_code: str) -> tuple[Way, ...]:
        """The best lane of each warehouse to an address: the longest postcode, then the one that names the region."""
        only = self.countries.get(method_code, ())
        if only and country not in only:
            return ()
        best: dict[str, Way] = {}
        code = plain_code(postal_code)
        for way in self.ways:
            if way.method_code == method_code and way.leads_to(country, region, code):
                known = best.get(way.house.code)
                if known is None or way.closeness(region, code) > known.closeness(region, code):
                    best[way.house.code] = way
        return tuple(sorted(best.values(), key=lambda one: one.house.position))


def network_of(market_code: str) -> Network:
    """The network of a market as it is today. No query when it is remembered."""
    today = timezone.now().date()
    return remembered(("inventory.lanes", market_code, today), partial(_read, market_code, today))


def forget_networks() -> None:
    """What follows when lanes, rules, weights or cartons were changed."""
    forget_on_commit()


def plain_code(postal_code: str) -> str:
    """A postcode in capitals, letters and digits only."""
    return "".join(sign for sign in postal_code.upper() if sign.isalnum())


def _read(market_code: str, today: date) -> Network:
    lanes = list(
        Lane.objects.filter(
            is_active=True,
            method__is_active=True,
            method__market__code=market_code,
            warehouse__is_active=True,
            warehouse__priorities__market__code=market_code,
        )
        .annotate(place=F("warehouse__priorities__position"))
        .select_related("warehouse", "method")
        .prefetch_related("rates")
        .order_by("method__position", "method_id", "pk")
    )
    if not lanes:
        return Network()
    market = Market.objects.get(code=market_code)
    currency = str(market.currency_id)
    ways = tuple(way for lane in lanes if (way := _way(lane, lane.place, currency, today)) is not None)
    rules = AllocationRule.objects.filter(market=market, is_active=True).order_by("position")
    return Network(
        currency=currency,
        ways=ways,
        methods=tuple(dict.fromkeys(lane.method.code for lane in lanes)),
        countries={lane.method.code: tuple(lane.method.countries) for lane in lanes},
        rules=tuple(Rule(rule.kind, tuple(rule.params)) for rule in rules) or DEFAULT_RULES,  # type: ignore[arg-type]  # its choices are the kinds
        weights=_weights(market, currency, today),
        boxes=boxes(),
    )


def boxes() -> tuple[BoxSize, ...]:
    """The cartons there are."""
    return tuple(
        BoxSize(
            code=row.code,
            name=row.name,
            sides=sides_of(row.length_mm, row.width_mm, row.height_mm) or (1, 1, 1),
            tare_g=row.tare_g,
            max_weight_g=row.max_weight_g,
        )
        for row in Box.objects.filter(is_active=True).order_by("pk")
    )


def _way(lane: Lane, position: int, currency: str, today: date) -> Way | None:
    """None for a lane whose costs cannot be told in the market's currency: it is not free, it is not used."""
    try:
        brackets = tuple(_brackets(lane.rates.all(), currency, today))
    except (ExchangeRateMissing, ExchangeRateStale) as missing:
        logger.warning("lane %s is left out: %s", lane.pk, missing)
        return None
    place = lane.warehouse
    house = House(
        pk=place.pk,
        code=place.code,
        position=position,
        country=place.country,
        subdivision=place.subdivision,
        weekdays=tuple(place.weekdays),
        kind=place.kind,
        timezone=place.timezone,
        cutoff=lane.cutoff or place.cutoff,
        handling_days=place.handling_days,
    )
    return Way(
        house=house,
        method_code=lane.method.code,
        country=lane.country,
        region=lane.region.upper(),
        prefix=lane.postcode_prefix,
        lead_p50=lane.lead_p50,
        lead_p90=lane.lead_p90,
        customs_days=lane.customs_days,
        terms=LaneTerms(
            lane_id=lane.pk,
            carrier=lane.carrier,
            service=lane.service,
            brackets=brackets,
            divisor=lane.divisor,
            step_g=lane.step_g,
            max_weight_g=lane.max_weight_g,
            max_mm3=lane.max_volume_cm3 * CM3 if lane.max_volume_cm3 else None,
            forbidden=frozenset(lane.forbidden),
            prepays_duty=lane.prepays_duty,
        ),
    )


def _brackets(rates: Iterable[LaneRate], currency: str, today: date) -> Iterable[Bracket]:
    for row in sorted(rates, key=lambda one: one.up_to_g):
        per_kg = _minor(row.per_kg, currency, today) if row.per_kg is not None else 0
        yield Bracket(row.up_to_g, _minor(row.cost, currency, today), per_kg)


def _minor(amount: Money, currency: str, today: date) -> int:
    here = amount.currency.code
    if here == currency:
        return to_minor(amount)
    return to_minor(round_half_up(amount.amount * rate_on(here, currency, today).rate, currency))


def _weights(market: Market, currency: str, today: date) -> Weights:
    row = SourcingWeights.objects.filter(market=market).first()
    if row is None:
        return NO_WEIGHTS
    try:
        split, late, scarce = (_minor(amount, currency, today) for amount in (row.split, row.late, row.scarce))
    except (ExchangeRateMissing, ExchangeRateStale) as missing:
        logger.warning("what else counts in %s is left out: %s", market.code, missing)
        return NO_WEIGHTS
    return Weights(split=split, late=late, scarce=scarce)
