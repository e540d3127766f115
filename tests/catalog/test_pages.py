"""Catalogue pages over HTTP: fragments, redirects, and pages that are not there."""

import pytest

from catalog import actions
from catalog.drafts import ProductDraft
from tests.factories.catalog import make_product, option
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def shop():
    small_world("de", "jp")
    option("colour", {"ink": "#111111", "bone": "#eeeeee"}, input="swatch")
    actions.put_category(code="kitchen", texts={"name": {"en": "Kitchen", "de": "Küche", "ja": "台所"}})
    make_product(
        "cup",
        names={"en": "Cup", "de": "Tasse", "ja": "湯のみ"},
        category="kitchen",
        options={"colour": ("ink", "bone")},
    )


@pytest.mark.parametrize(
    "address",
    [
        "/de/de/c/küche/",
        "/jp/ja/c/台所/",
        "/de/de/p/tasse/",
        "/jp/ja/p/湯のみ/?colour=bone",
        "/de/ar/p/cup/",
        "/de/de/search/?q=tasse",
        "/de/de/search/",
    ],
)
def test_pages_are_there_in_every_script(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert "<h1" in response.content.decode()


@pytest.mark.parametrize(
    "address", ["/de/de/p/nichts/", "/de/de/c/nichts/", "/de/de/c/küche/?page=99", "/de/de/p/nichts/choose/"]
)
def test_what_is_not_there_is_a_page_in_the_readers_language(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert 'lang="de"' in response.content.decode()


def test_old_addresses_move_for_good_and_keep_what_was_chosen(client):
    response = client.get("/de/de/p/cup/?colour=bone")
    assert (response.status_code, response.headers["Location"]) == (308, "/de/de/p/tasse/?colour=bone")
    from catalog.models import Product

    actions.update_product(
        product_id=Product.objects.get(code="cup").pk,
        draft=ProductDraft(code="cup", product_type="goods", options=("colour",), texts={"name": {"de": "Becher"}}),
    )
    assert client.get("/de/de/p/tasse/").headers["Location"] == "/de/de/p/becher/"
    assert client.get("/de/de/c/kitchen/").headers["Location"] == "/de/de/c/k%C3%BCche/"


def test_a_filter_replaces_only_the_results(client):
    page = client.get("/de/de/c/küche/", headers={"HX-Request": "true"})
    assert "<html" not in page.content.decode()
    assert "HX-Request" in page.headers["Vary"]
    whole = client.get("/de/de/c/küche/")
    assert "<html" in whole.content.decode()


def test_a_choice_replaces_only_the_buying_part(client):
    part = client.get("/de/de/p/tasse/choose/?colour=bone").content.decode()
    assert "<html" not in part
    assert "colour=bone" in part


def test_filtered_pages_stay_out_of_search_engines_and_plain_ones_do_not(client):
    assert "noindex" in client.get("/de/de/c/küche/?colour=ink").headers["X-Robots-Tag"]
    assert "X-Robots-Tag" not in client.get("/de/de/c/küche/").headers


def test_pages_name_themselves_in_other_languages(client):
    html = client.get("/de/de/p/tasse/?colour=ink").content.decode()
    assert '<link rel="canonical" href="http://testserver/de/de/p/tasse/">' in html
    assert 'hreflang="ja-JP" href="http://testserver/jp/ja/p/%E6%B9%AF%E3%81%AE%E3%81%BF/"' in html


def test_structured_data_is_absolute(client):
    assert '"url": "http://testserver/de/de/p/tasse/"' in client.get("/de/de/p/tasse/").content.decode().replace(
        "\\u002D", "-"
    )


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_are_only_looked_at(client, method):
    assert getattr(client, method)("/de/de/p/tasse/").status_code == 405


@pytest.mark.parametrize(
    "query",
    [
        "page=99999999999999999999",
        "price_min=1e999",
        "price_min=-5",
        "colour=%00",
        "variant=%00",
        "page=%D9%A3",
        "q=%00",
        "shown=99999",
        "reviews=xx",
    ],
)
def test_odd_addresses_are_no_errors(client, query):
    for address in ("/de/de/c/küche/", "/de/de/p/tasse/", "/de/de/search/"):
        assert client.get(f"{address}?{query}").status_code in (200, 404)
