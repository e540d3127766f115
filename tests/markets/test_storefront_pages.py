"""The chooser and the 404 page with the shop's own templates."""

import pytest
from django.test import Client

from tests.factories.markets import demo_markets
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def world() -> None:
    demo_markets()


def test_the_neutral_page_links_to_every_market(client: Client) -> None:
    page = client.get("/", headers={"accept_language": "ar"})
    words = page.content.decode()
    assert page.status_code == 200
    assert 'dir="rtl"' in words
    for market in ("de", "fr", "gb", "us", "jp", "ae", "sa", "br", "mx", "ch"):
        assert f'href="/{market}/ar/"' in words


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pt-br", "ja", "zh-hans", "ar"])
def test_the_switcher_and_the_404_page_speak_every_language(client: Client, language: str) -> None:
    switcher = client.get(f"/ch/{language}/choose/?next=/ch/{language}/cart/")
    assert switcher.status_code == 200
    assert 'value="LI"' in switcher.content.decode()
    missing = client.get(f"/ch/{language}/nothing-here/")
    assert missing.status_code == 404
    assert f"/ch/{language}/" in missing.content.decode()
