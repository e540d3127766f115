"""Cases about addresses, the market a country belongs to, and pages that exist in several markets.

Which market serves a country is asked of the shop's own tables, and not at all where no market is open.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.test import RequestFactory

from checkout.entry import read_entry
from config.vectors.running import Answer, NotOurs
from config.vectors.world import market_of
from markets.addresses import post_spelling, validate_address
from markets.chooser import Choice, offer_for
from markets.prefix import alternates_among, home_url, hreflang_of
from markets.queries import find_market, market_for_country, served_countries
from markets.types import MarketContext

Input = Mapping[str, Any]
FIELDS = {
    "name": "name",
    "company_name": "company",
    "street_address": "street",
    "city_area": "district",
    "city": "city",
    "country_area": "region",
    "postal_code": "postal_code",
}
"""What cases call the fields of an address, and what the shop calls them."""
X_DEFAULT = "x-default"
NO_MARKET = "no market of this shop is open that could be asked"


def address(told: Input) -> Answer:
    """Whether an address is taken as it is, and how the country's post spells it."""
    country = told["country_code"]
    written = {FIELDS[name]: value for name, value in told.items() if name in FIELDS}
    problems = validate_address(written, country)
    if problems:
        theirs = {ours: name for name, ours in FIELDS.items()}
        return {"ok": False, "errors": {theirs[name]: _kind_of(name, written) for name in problems}}
    spelt = post_spelling(written, country)
    return {
        "ok": True,
        "normalised": {
            **{name: spelt[ours] for name, ours in FIELDS.items() if ours in spelt},
            "country_code": country,
        },
    }


def _kind_of(name: str, written: Mapping[str, str]) -> str:
    return "invalid" if written.get(name) else "required"


def market_of_country(told: Input) -> Answer:
    """The market that delivers to a country. Raises `CountryNotServed`."""
    if not served_countries():
        raise NotOurs(NO_MARKET)
    market = market_for_country(told["ship_country"])
    return {"market": market.code.upper(), "currency": market.currency}


def crossing(told: Input) -> Answer:
    """What a shopper is told who wants goods sent where another market delivers, and what the checkout makes of it."""
    here, country = find_market(told["browsing_market"].lower(), language="en"), told["ship_country"]
    if here is None:
        raise NotOurs(NO_MARKET)
    offer = offer_for(Choice(market=here, language="en", country=country, next=""), "en")
    taken = read_entry({"country": country}, here).country
    return {
        "action": f"offer switch to {offer.market.upper()} market, recalculate in {offer.currency}, keep lines"
        if offer is not None
        else None,
        "block_payment_until_confirmed": taken != country,
    }


def alternates(told: Input) -> Answer:
    """The links between one page's versions, as every one of them tells search engines."""
    markets = [_market(one) for one in told["markets"]]
    tail = told["path"].lstrip("/")
    sets = [alternates_among(_page(market, tail, markets), markets) for market in markets]
    tags = {one.hreflang for one in sets[0]}
    return {
        "tags": len(sets[0]),
        "contains_x_default": all(X_DEFAULT in {one.hreflang for one in found} for found in sets),
        "self_reference": all(
            (hreflang_of(market, market.language), True)
            in {(one.hreflang, one.url.endswith(home_url(market) + tail)) for one in found}
            for market, found in zip(markets, sets, strict=True)
        ),
        "reciprocal": len(tags) == len(sets[0]) and all(found == sets[0] for found in sets),
    }


def _market(tag: str) -> MarketContext:
    """A market that `de-at` names, with this language alone."""
    language, _, country = tag.partition("-")
    return market_of(
        country.upper(), "EUR", language=language, languages=(language,), default_language=language, hreflang=country
    )


def _page(market: MarketContext, tail: str, markets: Sequence[MarketContext]) -> HttpRequest:
    request = RequestFactory().get(home_url(market) + tail, headers={"host": "localhost"})
    known: Any = request
    known.market = market
    known.alternate_paths = {one.language: tail for one in markets}
    return request
