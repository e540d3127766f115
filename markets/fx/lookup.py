"""Looking exchange rates up: the latest on or before a day, crossed without rounding, refused when too old.

Rates of the source `peg` are fixed by law until they are changed, such as the dirham to the dollar: they do not age.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markets.cache import remembered
from markets.errors import ExchangeRateMissing, ExchangeRateStale, MarketUnknown
from markets.exchange import cross_rate
from markets.fx.types import FxPolicy, RateFact
from markets.models import ExchangeRate, LegalEntity, Market

PIVOT = "EUR"
PEG = "peg"
IDENTITY = "identity"
ANY = FxPolicy()


@dataclass(frozen=True)
class _Leg:
    """The pivot in one currency. `ages` is false for the pivot itself: it is never old."""

    rate: Decimal
    on: date
    source: str
    ages: bool = True


def rate_on(base: str, quote: str, day: date, *, market: str | None = None) -> RateFact:
    """The rate of `day`: the latest on or before it, direct or crossed, by the policy of the market when one is named.

    Raises `ExchangeRateMissing`, `ExchangeRateStale` (older than the market allows) and `MarketUnknown`.
    """
    return rate_by(base, quote, day, fx_policy(market) if market else ANY)


def rate_by(base: str, quote: str, day: date, policy: FxPolicy) -> RateFact:
    """The same by a policy at hand."""
    markup = policy.markup_percent
    if base == quote:
        return RateFact(base=base, quote=quote, rate=Decimal(1), on=day, source=IDENTITY)
    found = _direct(base, quote, day, policy.source) or _crossed(base, quote, day, policy.source)
    if found is None:
        raise ExchangeRateMissing(base=base, quote=quote, on=day)
    if policy.max_age_days is not None and found.ages and (day - found.on).days > policy.max_age_days:
        raise ExchangeRateStale(base=base, quote=quote, effective_on=found.on)
    return RateFact(base=base, quote=quote, rate=found.rate, on=found.on, source=found.source, markup_percent=markup)


def fx_policy(market: str) -> FxPolicy:
    """The policy of a market, open or closed. Raises `MarketUnknown`."""
    return remembered(("fx policy", market), lambda: _load_policy(market))


def reporting_currency(seller: str) -> str:
    """The currency of the seller's books; euro while nobody sells."""
    return remembered(
        ("books", seller),
        lambda: LegalEntity.objects.filter(code=seller).values_list("reporting_currency", flat=True).first() or PIVOT,
    )


def policy_of(market: Market) -> FxPolicy:
    """The policy written in a market's row."""
    return FxPolicy(
        source=market.fx_source,
        max_age_days=market.fx_max_age_days,
        markup_percent=market.fx_markup_percent,
        dead_band_percent=market.fx_dead_band_percent,
        lock_minutes=market.fx_lock_minutes,
    )


def _load_policy(code: str) -> FxPolicy:
    market = Market.objects.filter(code=code).first()
    if market is None:
        raise MarketUnknown(code)
    return policy_of(market)


def _direct(base: str, quote: str, on: date, source: str) -> _Leg | None:
    """The latest row of the pair. A fixed one of the same day loses against a published one."""
    rows = ExchangeRate.objects.filter(base_id=base, quote_id=quote, effective_on__lte=on)
    if source:
        rows = rows.filter(source__in=(source, PEG))
    found = rows.order_by("-effective_on", "source").values_list("rate", "effective_on", "source").first()
    return _Leg(*found, ages=found[2] != PEG) if found else None


def _crossed(base: str, quote: str, on: date, source: str) -> _Leg | None:
    """Rate(pivot to quote) / rate(pivot to base): rounding happens once, on the amount."""
    to_quote, to_base = _leg(quote, on, source), _leg(base, on, source)
    if to_quote is None or to_base is None:
        return None
    aging = [leg for leg in (to_quote, to_base) if leg.ages]
    oldest = min(aging, key=lambda leg: leg.on) if aging else to_quote
    named = to_base if quote == PIVOT else to_quote
    return _Leg(cross_rate(to_base=to_base.rate, to_quote=to_quote.rate), oldest.on, named.source, bool(aging))


def _leg(currency: str, on: date, source: str) -> _Leg | None:
    """The pivot in `currency`: published, or through the currency it is fixed to."""
    if currency == PIVOT:
        return _Leg(Decimal(1), on, IDENTITY, ages=False)
    return _direct(PIVOT, currency, on, source) or _pegged(currency, on, source)


def _pegged(currency: str, on: date, source: str) -> _Leg | None:
    rows = ExchangeRate.objects.filter(quote_id=currency, source=PEG, effective_on__lte=on).order_by("-effective_on")
    fixed = rows.values_list("base_id", "rate").first()
    anchor = _direct(PIVOT, fixed[0], on, source) if fixed else None
    return _Leg(anchor.rate * fixed[1], anchor.on, anchor.source) if fixed and anchor else None
