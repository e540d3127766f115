"""Reads of markets. Warm, none of them asks the database."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language

from markets.cache import remembered
from markets.errors import CountryNotServed, MarketUnknown
from markets.models import (
    AddressRule,
    ConsumerRule,
    Country,
    Language,
    Market,
    MarketCountry,
    MarketPaymentMethod,
    PaymentMethod,
)
from markets.names import market_name
from markets.types import CharmRule, MarketContext

FLAGS = ("has_withdrawal_button", "has_guarantee_notice", "has_prior_price", "has_safety_block", "unit_price")
"""Columns of the consumer rule that hold or do not; a text holds when it says something."""


@dataclass(frozen=True)
class MarketFacts:
    """A market without a reader: what is the same in every language."""

    context: MarketContext
    names: Mapping[str, str]
    fallback_name: str
    button_texts: Mapping[str, str]
    region: str
    position: int


@dataclass(frozen=True)
class OfferedMethod:
    """A payment method as a market offers it, in order."""

    code: str
    brand: str
    family: str
    provider: str
    provider_codes: Mapping[str, str | None]
    is_delayed: bool
    status: str
    position: int
    minimum: Decimal | None
    maximum: Decimal | None


@dataclass(frozen=True)
class AddressFacts:
    """What the operator's rules add to the address rules of a country, and what they waive."""

    required: frozenset[str]
    waived: frozenset[str]


def storefront_languages() -> Mapping[str, str]:
    """Active storefront languages in their order: code to its own name."""
    return remembered(
        "languages", lambda: dict(Language.objects.filter(active=True).values_list("code", "native_name"))
    )


def market_by_code(code: str, *, language: str | None = None) -> MarketContext:
    """The active market in `language` (the running one when left out). Raises `MarketUnknown`."""
    facts = _facts().get(code)
    if facts is None:
        raise MarketUnknown(code)
    return _in_language(facts, language or get_language() or facts.context.default_language)


def find_market(code: str, *, language: str | None = None) -> MarketContext | None:
    """The same, or none."""
    return market_by_code(code, language=language) if code in _facts() else None


def market_of_record(code: str, *, language: str | None = None) -> MarketContext:
    """A market open or closed, for what was agreed there: orders, their pages and mails. Raises `MarketUnknown`."""
    facts = _facts().get(code) or _closed().get(code)
    if facts is None:
        raise MarketUnknown(code)
    return _in_language(facts, language or get_language() or facts.context.default_language)


def find_market_of_record(code: str, *, language: str | None = None) -> MarketContext | None:
    """The same, or none."""
    return market_of_record(code, language=language) if code in _facts() or code in _closed() else None


def market_called(market: Market) -> str:
    """What the reader calls a market, open or not; one without a country by the name operators gave it."""
    known = find_market_of_record(market.code)
    return known.name if known is not None else market.name


def market_choices() -> tuple[tuple[str, str], ...]:
    """Open markets as the reader calls them, in their order: codes and names, to choose from."""
    return tuple((market.code, market.name) for market in active_markets())


def active_markets(*, language: str | None = None) -> tuple[MarketContext, ...]:
    """All active markets in their order."""
    return tuple(market_by_code(code, language=language) for code in _facts())


def market_region(code: str) -> str:
    """The part of the world a market belongs to."""
    return _facts()[code].region


def market_for_country(country: str, *, language: str | None = None) -> MarketContext:
    """The market that delivers to `country`. Raises `CountryNotServed`."""
    code = _served().get(country.upper())
    if code is None:
        raise CountryNotServed(country)
    return market_by_code(code, language=language)


def serves(country: str) -> bool:
    """Whether any active market delivers there."""
    return country.upper() in _served()


def served_countries() -> Mapping[str, str]:
    """Every country that some active market delivers to, with the market's code."""
    return _served()


def countries_of(market: str) -> tuple[str, ...]:
    """The countries a market delivers to, its main one first."""
    return market_by_code(market).countries


def country_of(code: str) -> Country | None:
    """The country's row: EU membership, taxed-as country, phone rule."""
    return remembered("countries", lambda: {row.code: row for row in Country.objects.all()}).get(code.upper())


def address_facts(country: str) -> AddressFacts:
    """The operator's corrections for addresses of a country."""
    return remembered(("address", country, timezone.now().date()), lambda: _load_address_facts(country))


def offered_methods(market: str) -> tuple[OfferedMethod, ...]:
    """The market's payment methods in the order it shows them."""
    return remembered(("methods", market), lambda: _load_methods(market))


def brand_of(method: str) -> str:
    """What a way to pay is called by those who offer it; its code when it is not known any more."""
    brands = remembered("brands", lambda: dict(PaymentMethod.objects.values_list("code", "brand")))
    return brands.get(method, method)


def _facts() -> Mapping[str, MarketFacts]:
    today = timezone.now().date()
    return remembered(("facts", today), lambda: _load(today, active=True))


def _closed() -> Mapping[str, MarketFacts]:
    today = timezone.now().date()
    return remembered(("closed", today), lambda: _load(today, active=False))


def _served() -> Mapping[str, str]:
    return remembered(
        ("served", timezone.now().date()),
        lambda: {country: code for code, facts in _facts().items() for country in facts.context.countries},
    )


def _in_language(facts: MarketFacts, language: str) -> MarketContext:
    return remembered(
        ("context", facts.context.code, language, timezone.now().date()), lambda: _translate(facts, language)
    )


def _translate(facts: MarketFacts, language: str) -> MarketContext:
    context = facts.context
    used = language if language in context.languages else context.default_language
    name = market_name(names=facts.names, fallback=facts.fallback_name, country=context.home_country, language=language)
    texts = facts.button_texts
    return replace(
        context,
        name=name,
        language=used,
        url_prefix=f"/{context.code}/{used}/",
        order_button_text=texts.get(used) or texts.get(context.default_language, ""),
    )


def _load(today: date, *, active: bool) -> dict[str, MarketFacts]:
    """Open markets with a country they deliver to; closed ones whatever they have left."""
    markets = list(Market.objects.filter(active=active).select_related("seller__country"))
    countries: dict[int, list[Country]] = {}
    links = MarketCountry.objects.filter(market__active=active).select_related("country").order_by("market", "position")
    for link in links.filter(ships_to=True) if active else links:
        countries.setdefault(link.market_id, []).append(link.country)
    rules = {rule.market_id: rule for rule in ConsumerRule.objects.on(today)}
    known = storefront_languages()
    loaded = {}
    for market in markets:
        served = countries.get(market.pk, [])
        if not active and not served and market.seller is not None:
            served = [market.seller.country]
        if served:
            loaded[market.code] = _facts_of(market, served, rules.get(market.pk), known)
    return loaded


def _facts_of(
    market: Market, served: list[Country], rule: ConsumerRule | None, known: Mapping[str, str]
) -> MarketFacts:
    languages = tuple(code for code in market.languages if code in known) or (market.default_language,)
    context = MarketContext(
        id=market.pk,
        code=market.code,
        name=market.name,
        currency=market.currency_id,
        language=market.default_language,
        languages=languages,
        default_language=market.default_language,
        country=served[0].code,
        countries=tuple(country.code for country in served),
        display=market.display,
        price_entry=market.price_entry,
        tax_mode=market.tax_mode,
        rounding_level=market.rounding_level,
        tax_rounding=market.tax_rounding,
        duty_mode=market.duty_mode,
        price_shock_percent=market.price_shock_percent,
        return_days=market.return_days,
        withdrawal_days=rule.withdrawal_days if rule else 0,
        timezone=market.timezone,
        units=market.units,
        price_increment=market.price_increment,
        charm_rule=charm_rule(market),
        order_button_text="",
        url_prefix=f"/{market.code}/{market.default_language}/",
        hreflang=market.hreflang or served[0].code,
        seller=market.seller.code if market.seller else "",
        required_buyer_ids=tuple(market.required_buyer_ids),
        legal_pages=tuple(market.legal_pages),
        consumer_flags=frozenset(flag for flag in FLAGS if rule and getattr(rule, flag)),
        features=dict(market.features),
        theme_tokens=dict(market.theme_tokens),
        cookie_consent=rule.cookie_consent if rule else "",
        is_open=market.active,
    )
    return MarketFacts(
        context=context,
        names=dict(market.names),
        fallback_name=market.name,
        button_texts=dict(rule.order_button_texts) if rule else {},
        region=served[0].region,
        position=market.position,
    )


def charm_rule(market: Market) -> CharmRule:
    """How a proposed price of the market ends."""
    rule = market.charm_rule
    return CharmRule(
        ending=Decimal(rule.get("ending", "0")),
        step=Decimal(rule.get("step", "1")),
        mode=rule.get("mode", "nearest"),
        increment=market.price_increment,
    )


def _load_address_facts(country: str) -> AddressFacts:
    place = country_of(country)
    rule = AddressRule.objects.on(timezone.now().date()).filter(country_id=country).first()
    wants_phone = (place is not None and place.phone_required) or (rule is not None and rule.phone_required)
    return AddressFacts(
        required=frozenset(rule.required_fields if rule else ()) | ({"phone"} if wants_phone else frozenset()),
        waived=frozenset(rule.optional_fields if rule else ()),
    )


def _load_methods(market: str) -> tuple[OfferedMethod, ...]:
    rows = MarketPaymentMethod.objects.filter(market__code=market, active=True).select_related("method")
    return tuple(
        OfferedMethod(
            code=row.method.code,
            brand=row.method.brand,
            family=row.method.family,
            provider=row.provider,
            provider_codes=dict(row.method.provider_codes),
            is_delayed=row.method.is_delayed,
            status=row.method.status,
            position=row.position,
            minimum=row.minimum,
            maximum=row.maximum,
        )
        for row in rows.order_by("position", "method")
    )
