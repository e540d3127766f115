"""Addresses, languages and choices of the storefront, over HTTP."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from markets.actions import close_market
from markets.cache import forget
from markets.errors import MarketUnknown
from markets.models import MarketCountry
from markets.queries import market_by_code
from markets.urls import storefront_url
from tests.factories.markets import CountryFactory, small_world

TEMPLATES = Path(__file__).parent / "templates"
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.markets.pages")]


@pytest.fixture(autouse=True)
def world(settings: Any) -> None:
    """Four markets, and templates that show no more than what is tested here."""
    small_world()
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [TEMPLATES], "APP_DIRS": False}]


def told(client: Client, path: str, **headers: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(path, headers=headers).json()
    return found


def test_the_address_names_market_and_language(client: Client) -> None:
    page = told(client, "/ae/ar/plain/")
    assert (page["market"], page["language"], page["dir"], page["lang"]) == ("ae", "ar", "rtl", "ar")
    assert page["name"] == "الإمارات العربية المتحدة"
    assert told(client, "/de/pt-br/plain/")["lang"] == "pt-BR"
    assert told(client, "/de/en/plain/")["name"] == "Germany"


def test_reverse_follows_the_request_and_storefront_url_works_anywhere(client: Client) -> None:
    assert told(client, "/de/de/plain/")["languages"]["en"] == "/de/en/plain/"
    assert told(client, "/jp/ja/plain/")["languages"]["ja"] == "/jp/ja/plain/"
    for market, language in (("de", "en"), ("jp", "ja"), ("de", "de"), ("ae", "ar")):
        path = storefront_url("thing", market=market, language=language, kwargs={"slug": "x"}, query={"q": "a b"})
        assert path == f"/{market}/{language}/thing/x/?q=a+b"
    with pytest.raises(MarketUnknown):
        storefront_url("home", market="xx", language="en")


def test_a_page_lists_itself_elsewhere_with_the_slug_of_each_language(client: Client) -> None:
    page = told(client, "/de/de/thing/teller/")
    assert page["languages"]["en"] == "/de/en/thing/plate/"
    assert page["languages"]["ja"] == "/de/ja/"
    assert page["alternates"]["en-US"] == "http://testserver/us/en/thing/plate/"
    assert page["alternates"]["de-DE"] == page["canonical"] == "http://testserver/de/de/thing/teller/"
    assert "ja-JP" not in page["alternates"]
    assert page["alternates"]["x-default"] == "http://testserver/us/en/thing/plate/"


def test_every_language_of_every_market_is_an_alternate_and_points_back(client: Client) -> None:
    first = told(client, "/de/de/plain/")["alternates"]
    assert len(first) == 4 * 8 + 1
    assert {"pt-DE", "zh-Hans-JP", "ar-AE", "x-default"} <= first.keys()
    assert told(client, "/ae/ar/plain/")["alternates"] == first
    assert told(client, "/de/de/")["alternates"]["x-default"] == "http://testserver/"


def test_the_query_stays_when_the_language_changes_and_leaves_the_canonical_address(client: Client) -> None:
    page = told(client, "/de/de/plain/?q=tee")
    assert page["languages"]["en"] == "/de/en/plain/?q=tee"
    assert page["canonical"] == "http://testserver/de/de/plain/"


def test_a_foreign_reader_gets_one_suggestion_and_no_redirect(client: Client) -> None:
    reader = {"accept_language": "fr-FR,fr;q=0.9,en;q=0.5"}
    page = told(client, "/de/de/plain/", **reader)
    assert page["suggestion"] == "/de/fr/plain/"
    assert "Français" in page["words"]
    assert told(client, "/de/de/plain/", accept_language="de-AT,de;q=0.9")["suggestion"] is None
    assert client.post("/de/de/stay/", {"next": "/de/de/plain/"}).headers["Location"] == "/de/de/plain/"
    assert told(client, "/de/de/plain/", **reader)["suggestion"] is None


def test_dismissing_leads_nowhere_else(client: Client) -> None:
    for bad in ("https://evil.example/", "//evil.example/de/de/", "/admin/", "javascript:alert(1)"):
        assert client.post("/de/de/stay/", {"next": bad}).headers["Location"] == "/de/de/"


def test_the_neutral_page_shows_all_markets_and_never_redirects(client: Client) -> None:
    found = client.get("/", headers={"accept_language": "ja"})
    assert found.status_code == 200
    page = found.context["page"]
    assert {link.code for group in page.groups for link in group.markets} == {"de", "us", "jp", "ae"}
    assert (page.suggestion.market, page.suggestion.url) == ("jp", "/jp/ja/")
    assert "Accept-Language" in found.headers["Vary"]


def test_a_region_in_the_readers_language_leads_to_its_market(client: Client) -> None:
    page = client.get("/", headers={"accept_language": "de-US,de"}).context["page"]
    assert page.suggestion.url == "/us/de/"


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/xx/de/plain/", "de"),
        ("/de/xx/plain/", "ja"),
        ("/de/de/nothing/", "de"),
        ("/de/nothing/", "ja"),
        ("/nothing/", "ja"),
    ],
)
def test_an_unknown_address_is_answered_404_in_the_best_language(client: Client, path: str, language: str) -> None:
    found = client.get(path, headers={"accept_language": "ja"})
    assert found.status_code == 404
    assert f'lang="{language}"' in found.content.decode()


def test_an_address_without_language_goes_on_in_the_readers_and_capitals_are_mended(client: Client) -> None:
    assert client.get("/de/", headers={"accept_language": "fr"}).headers["Location"] == "/de/fr/"
    assert client.get("/jp/").headers["Location"] == "/jp/ja/"
    mended = client.get("/DE/De/plain/?q=1")
    assert (mended.status_code, mended.headers["Location"]) == (301, "/de/de/plain/?q=1")


def test_pages_outside_the_prefix_know_no_market(client: Client) -> None:
    assert told(client, "/outside/", accept_language="de") == {"market": None, "lang": "de"}


def test_choosing_remembers_the_ship_to_country_and_shows_the_same_page(client: Client) -> None:
    MarketCountry.objects.create(country=CountryFactory(code="AT"), market_id=market_by_code("de").id, position=1)
    forget()
    assert told(client, "/de/de/plain/")["country"] == "DE"
    choice = {"market": "de", "language": "en", "country": "AT", "next": "/us/en/plain/?q=1"}
    assert client.post("/us/en/choose/", choice).headers["Location"] == "/de/en/plain/?q=1"
    assert told(client, "/de/en/plain/")["country"] == "AT"
    assert told(client, "/us/en/plain/")["country"] == "US"


def test_a_country_of_another_market_gives_an_offer_and_changes_nothing(client: Client) -> None:
    choice = {"market": "de", "language": "de", "country": "JP", "next": "/de/de/plain/"}
    found = client.post("/de/de/choose/", choice)
    assert found.status_code == 200
    offer = found.context["page"].offer
    assert (offer.market, offer.currency, offer.country) == ("jp", "JPY", "JP")
    assert "ship_to" not in client.session
    asked = client.get(offer.url).context["page"]
    assert (asked.selected_market, asked.selected_country, asked.next) == ("jp", "JP", "/de/de/plain/")


@pytest.mark.parametrize("choice", [{"country": "AQ"}, {"market": "xx"}, {"country": "<script>"}])
def test_a_choice_that_is_not_served_is_answered_with_a_sentence(client: Client, choice: dict[str, str]) -> None:
    found = client.post("/de/de/choose/", choice)
    assert found.status_code == 400
    assert found.context["page"].problem.endswith(".")
    assert "ship_to" not in client.session


def test_a_warm_page_asks_the_database_nothing(client: Client) -> None:
    told(client, "/de/de/plain/")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        told(client, "/de/de/plain/")
    assert len(queries) == 0


def test_a_closed_market_is_gone_at_once(client: Client) -> None:
    assert client.get("/jp/ja/plain/").status_code == 200
    close_market(code="jp", reason="stocktaking")
    assert client.get("/jp/ja/plain/").status_code == 404
