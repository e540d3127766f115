"""The ten demo markets as they are loaded: tax, words, methods, and what may open."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from core import integrity
from core.money import Money
from markets.actions import open_market
from markets.errors import CountryNotServed, MarketNotReady, TaxRateNotFound
from markets.models import Market, MarketCountry, TaxRate, TaxRegistration
from markets.queries import (
    active_markets,
    countries_of,
    market_by_code,
    market_for_country,
    offered_methods,
    storefront_languages,
)
from markets.tax import TaxableLine, TaxQuestion, tax_facts_for, tax_for
from tests.factories.markets import demo_markets
from tests.markets.cases import case, ids
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 22)


@shared_world
def world() -> None:
    demo_markets()


def asked(market: str, amount: str, **more: str) -> TaxQuestion:
    here = market_by_code(market, language="en")
    return TaxQuestion(
        market=here,
        country=more.pop("country", here.home_country),
        on=ON,
        lines=(TaxableLine("a", more.pop("category", "standard"), Money(amount, here.currency)),),
        shipping=Money(0, here.currency),
        **more,
    )


def test_every_gross_market_shows_its_tax_as_included_and_the_united_states_collect_nothing() -> None:
    expected = {
        "de": ("0.19", "DE"),
        "fr": ("0.20", "FR"),
        "gb": ("0.20", "GB"),
        "jp": ("0.10", "JP"),
        "ae": ("0.05", "AE"),
        "sa": ("0.15", "SA"),
        "br": ("0.17", "BR"),
        "mx": ("0.16", "MX"),
        "ch": ("0.081", "CH"),
    }
    for code, (rate, place) in expected.items():
        for origin in ("JP", "DE", "AE"):
            found = tax_for(asked(code, "1000", ship_from_country=origin))[0]
            assert (found.rate, found.place, found.included, found.reason) == (Decimal(rate), place, True, "standard")
            assert found.amount.amount > 0
    usa = tax_for(asked("us", "1000", region="CA", postal_code="94043"))[0]
    assert (usa.reason, usa.amount, usa.included) == ("not_registered", Money(0, "USD"), False)


@pytest.mark.parametrize("category", ["food", "books_print"])
def test_reduced_rates_are_found(category: str) -> None:
    found = tax_for(asked("de", "107", category=category))[0]
    assert (found.amount, found.reason) == (Money("7.00", "EUR"), "reduced")


@pytest.mark.parametrize("identifier", ids("TERR"))
def test_special_territories_are_found_by_postal_code(identifier: str) -> None:
    told = case(identifier)
    code = {"MC": "fr"}.get(told["input"]["country"], "de")
    found = tax_for(asked(code, "122", country=told["input"]["country"], postal_code=told["input"]["postal_code"]))[0]
    wanted = told["expected"]["treatment"]
    if wanted.startswith("outside"):
        assert (found.reason, found.rate) == ("export", Decimal(0))
    elif wanted.startswith("rate_"):
        assert (found.reason, found.rate) == ("standard", Decimal(wanted[5:]) / 100)
    else:
        assert (found.place, found.rate) == (wanted[3:], Decimal("0.20"))


def test_a_country_without_a_known_rate_is_refused_when_the_seller_is_registered_there() -> None:
    TaxRegistration.objects.create(
        legal_entity=Market.objects.get(code="us").seller, country_id="US", scheme="domestic"
    )
    with pytest.raises(TaxRateNotFound):
        tax_for(asked("us", "10"))


def test_the_facts_of_a_day_take_one_query_and_then_none() -> None:
    with CaptureQueriesContext(connection) as first:
        tax_facts_for(ON)
    with CaptureQueriesContext(connection) as second:
        tax_facts_for(ON)
        tax_for(asked("de", "10"))
    assert len(first) == 1
    assert not [one for one in second if "markets_taxrate" in one["sql"]]


def test_the_database_refuses_two_rates_on_the_same_day_and_deleting_history() -> None:
    rate = TaxRate.objects.filter(jurisdiction__country_id="DE", tax_category_id="standard").get()
    rate.pk = None
    with pytest.raises(IntegrityError, match="markets_tax_rate_no_overlap"), transaction.atomic():
        rate.save()
    with pytest.raises(IntegrityError, match="markets_marketcountry_pkey"), transaction.atomic():
        MarketCountry.objects.create(country_id="DE", market=Market.objects.get(code="fr"), position=9)


def test_every_market_words_its_order_button_in_all_eight_languages() -> None:
    assert list(storefront_languages()) == ["en", "de", "fr", "es", "pt-br", "ja", "zh-hans", "ar"]
    for market in active_markets():
        assert set(market.languages) == set(storefront_languages())
        assert market.languages[0] == market.default_language
        for language in market.languages:
            assert market_by_code(market.code, language=language).order_button_text
    assert market_by_code("de", language="de").order_button_text == "Zahlungspflichtig bestellen"
    assert market_by_code("fr", language="fr").order_button_text == "Commande avec obligation de paiement"


def test_methods_come_in_the_markets_order() -> None:
    assert [method.code for method in offered_methods("br")] == ["pix", "card", "boleto", "paypal"]
    assert [method.code for method in offered_methods("jp")][:2] == ["card", "konbini"]
    assert next(one for one in offered_methods("jp") if one.code == "konbini").is_delayed


def test_a_country_leads_to_its_market_and_others_are_refused() -> None:
    told = case("MKT-001")
    assert market_for_country(told["input"]["ship_country"]).code.upper() == told["expected"]["market"]
    assert countries_of("ch") == ("CH", "LI")
    refused = case("MKT-002")
    with pytest.raises(CountryNotServed) as refusal:
        market_for_country(refused["input"]["ship_country"])
    assert refusal.value.code == refused["expected"]["error"]


def test_a_market_that_lacks_something_cannot_open() -> None:
    with pytest.raises(MarketNotReady) as refusal:
        open_market(code="at")
    assert refusal.value.missing[0].startswith("Seller and countries")
    assert not Market.objects.get(code="at").active


def test_the_integrity_checks_pass_and_find_a_planted_fault() -> None:
    mine = [one for one in integrity.registered() if one.code.startswith("M0")]
    assert [finding.count for finding in integrity.run(mine)] == [0] * 5
    Market.objects.filter(code="de").update(default_language="fi")
    TaxRate.objects.filter(jurisdiction__country_id="JP", tax_category_id="standard").update(
        effective_to=date(2020, 1, 1)
    )
    found = {finding.check.code: finding.examples for finding in integrity.run(mine) if finding.count}
    assert found == {"M02": ("de",), "M03": ("JP",)}
