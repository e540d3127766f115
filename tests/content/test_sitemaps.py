"""The lists that search engines read: really translated pages of markets that show them, with their alternates."""

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog import actions
from tests.factories.catalog import make_product
from tests.factories.content import make_page
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@shared_world
def world() -> None:
    small_world()


def entries(client: Client, path: str) -> dict[str, dict[str, str]]:
    """Address to its alternates by language tag."""
    response = client.get(path)
    assert response.status_code == 200, path
    root = ElementTree.fromstring(response.content)  # noqa: S314 (our own page)
    found = {}
    for url in root.findall("s:url", SPACE):
        address = url.findtext("s:loc", namespaces=SPACE) or ""
        found[address] = {link.attrib["hreflang"]: link.attrib["href"] for link in url.findall("x:link", SPACE)}
    return found


def lists(client: Client) -> Iterator[str]:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 (our own page)
    for place in root.findall("s:sitemap/s:loc", SPACE):
        yield (place.text or "").removeprefix("http://testserver")


def test_every_address_listed_is_a_page_and_lists_itself_among_its_alternates(client: Client) -> None:
    make_page()
    make_product("cup", names={"en": "Cup", "de": "Tasse", "ja": "湯のみ"}, category="kitchen")
    seen = 0
    for place in lists(client):
        for address, alternates in entries(client, place).items():
            seen += 1
            assert client.get(address).status_code == 200, address
            assert address in alternates.values()
    assert seen > 20


def test_alternates_point_back(client: Client) -> None:
    make_product("cup", names={"en": "Cup", "de": "Tasse", "ja": "湯のみ"}, category="kitchen")
    everything = {address: found for place in lists(client) for address, found in entries(client, place).items()}
    for address, alternates in everything.items():
        for other in alternates.values():
            assert everything[other] == alternates, (address, other)


def test_a_product_is_listed_in_its_own_languages_and_markets_only(client: Client) -> None:
    product = make_product("cup", names={"en": "Cup", "de": "Tasse"})
    block = f"sitemap-{product.pk // 1000}.xml"
    assert f"/de/de/{block}" in set(lists(client))
    assert list(entries(client, f"/de/de/{block}")) == ["http://testserver/de/de/p/tasse/"]
    assert entries(client, f"/de/ja/{block}") == {}
    assert client.get("/de/de/sitemap-999999.xml").status_code == 404
    assert client.get("/de/de/sitemap-99999999999999999999.xml").status_code == 404
    actions.offer_product(product_id=product.pk, market_code="jp", visible=False)
    actions.refresh_derived(product_ids=[product.pk])
    (alternates,) = entries(client, f"/de/de/{block}").values()
    assert "en-DE" in alternates
    assert not any(tag.endswith("-JP") for tag in alternates)


def test_a_block_of_products_costs_the_same_for_many(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first = make_product("cup", names={"en": "Cup", "de": "Tasse"})
    path = f"/de/de/sitemap-{first.pk // 1000}.xml"
    client.get(path)
    with django_assert_max_num_queries(6):
        entries(client, path)
    more = [
        make_product(f"cup-{number}", names={"en": f"Cup {number}", "de": f"Tasse {number}"}) for number in range(5)
    ]
    here = [product for product in (first, *more) if product.pk // 1000 == first.pk // 1000]
    with django_assert_max_num_queries(6):
        assert len(entries(client, path)) == len(here)
