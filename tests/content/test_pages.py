"""Pages of words, the home page and what surrounds every page, over HTTP."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.catalog import make_product
from tests.factories.content import make_link, make_notice, make_page, make_section
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def markets() -> None:
    small_world("de", "jp")


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def test_a_page_is_shown_in_the_language_of_the_address(client: Client) -> None:
    make_page(title_de="Rückgabe", body_de="## Frist\n\nDreißig Tage.")
    assert "Rückgabe" in text_of(client, "/de/de/pages/returns/")
    assert "<h2>First</h2>" in text_of(client, "/de/en/pages/returns/")


def test_a_page_made_for_a_market_wins_there_only(client: Client) -> None:
    make_page(title="For everyone")
    make_page(title="For Japan", market_codes=["jp"])
    assert "For Japan" in text_of(client, "/jp/en/pages/returns/")
    assert "For Japan" not in text_of(client, "/de/en/pages/returns/")


@pytest.mark.parametrize("code", ["returns", "nothing"])
def test_a_hidden_or_unknown_page_is_not_found(client: Client, code: str) -> None:
    make_page(is_active=False)
    text_of(client, f"/de/de/pages/{code}/", 404)


def test_scripts_in_a_page_are_not_run(client: Client) -> None:
    make_page(body='<script>alert(1)</script>\n\n[way](javascript:alert) <img src=x onerror="alert(1)">')
    page = text_of(client, "/de/en/pages/returns/")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page


def test_the_home_page_shows_its_sections_in_order(client: Client) -> None:
    make_section("promises", items=4, position=2)
    make_section("hero", title="Made slowly", position=1)
    page = text_of(client, "/de/en/")
    assert page.index("Made slowly") < page.index("promises 3")


def test_a_section_of_another_market_is_left_out(client: Client) -> None:
    make_section("hero", title="Only in Japan", market_codes=["jp"])
    assert "Only in Japan" not in text_of(client, "/de/en/")


def test_bestsellers_show_products_and_an_empty_shop_shows_none(client: Client) -> None:
    make_section("bestsellers", title="What people buy")
    assert "What people buy" not in text_of(client, "/de/en/")
    make_product(names={"en": "Terra mug"})
    assert "Terra mug" in text_of(client, "/de/en/")


def test_a_notice_is_shown_between_its_moments(client: Client) -> None:
    now = timezone.now()
    make_notice("Over", code="over", ends=now - timedelta(hours=1))
    make_notice("Later", code="later", starts=now + timedelta(hours=1), position=1)
    make_notice("Now", code="now", position=2)
    page = text_of(client, "/de/en/")
    assert "<p>Now</p>" in page
    assert "Over</p>" not in page
    assert "Later</p>" not in page


def test_a_link_that_leads_nowhere_is_left_out(client: Client) -> None:
    make_link(target="category:gone", label="Gone")
    make_link(target="view:orders:nowhere", label="Nowhere")
    make_link(target="page:returns", label="Returns here")
    page = text_of(client, "/de/en/")
    assert "Returns here" in page
    assert "Gone" not in page
    assert "Nowhere" not in page


def test_a_search_for_returns_finds_the_page(client: Client) -> None:
    make_page(search_words="refund money back", title_de="Rückgabe", search_words_de="erstattung retoure")
    assert "/de/en/pages/returns/" in text_of(client, "/de/en/search/?q=refund")
    assert "/de/de/pages/returns/" in text_of(client, "/de/de/search/?q=Retoure")


def test_the_account_asks_a_stranger_to_sign_in(client: Client) -> None:
    response = client.get("/de/en/account/")
    assert response.status_code == 302
    assert "login" in response["Location"]


def test_every_page_says_its_language_and_direction(client: Client) -> None:
    make_page()
    assert '<html lang="ar" dir="rtl">' in text_of(client, "/de/ar/pages/returns/")
    assert '<html lang="zh-Hans" dir="ltr">' in text_of(client, "/de/zh-hans/pages/returns/")


def test_the_sitemap_names_every_market_and_its_pages(client: Client) -> None:
    make_page()
    product = make_product(names={"en": "Terra mug"})
    assert "/de/de/sitemap.xml" in text_of(client, "/sitemap.xml")
    listed = text_of(client, "/de/en/sitemap.xml")
    assert "/de/en/pages/returns/" in listed
    assert "/de/en/p/" in text_of(client, f"/de/en/sitemap-{product.pk // 1000}.xml")


def test_robots_are_told_where_the_sitemap_is(client: Client) -> None:
    assert "Sitemap: http://testserver/sitemap.xml" in text_of(client, "/robots.txt")


def test_the_style_guide_is_open_while_developing_only(client: Client, settings: pytest.FixtureRequest) -> None:
    assert "Style guide" in text_of(client, "/de/en/styleguide/?dir=rtl&text=long")
    settings.SHOW_STYLEGUIDE = False
    text_of(client, "/de/en/styleguide/", 404)


def test_a_cookie_choice_is_kept_and_leads_back(client: Client) -> None:
    response = client.post("/de/en/cookies/", {"choice": "reject", "next": "/de/en/search/"})
    assert response["Location"] == "/de/en/search/"
    assert response.cookies["consent"].value == "reject"


def test_a_cookie_choice_never_leads_to_another_site(client: Client) -> None:
    response = client.post("/de/en/cookies/", {"choice": "accept", "next": "https://elsewhere.example/de/en/"})
    assert response["Location"] == "/de/en/"
