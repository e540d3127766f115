"""Titles from patterns, and which languages and markets search engines are told of."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from catalog import actions
from catalog.cache import forget
from catalog.models import MetaTemplate, Product
from catalog.queries import listing_page, product_page
from catalog.seo.patterns import filled
from core.money import Money
from markets.queries import market_by_code
from tests.factories.catalog import make_product, price_list
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def world():
    small_world()


def head_of(client, path):
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    text = response.content.decode()
    hreflangs = dict(re.findall(r'hreflang="([^"]+)" href="([^"]+)"', text))
    canonical = re.search(r'rel="canonical" href="([^"]+)"', text)[1]
    return text, hreflangs, canonical


@pytest.mark.parametrize(
    ("pattern", "facts", "expected"),
    [
        ("{name} – {brand}", {"name": "Cup", "brand": "Kiln"}, "Cup – Kiln"),
        ("{name} – {brand}", {"name": "Cup", "brand": ""}, "Cup"),
        ("{brand} | {name} | {category}", {"name": "Cup", "brand": "", "category": ""}, "Cup"),
        ("{name} · {brand} · {price}", {"name": "Cup", "brand": "", "price": "€ 9"}, "Cup · € 9"),
        ("Buy {name} now", {"name": "well-made cup"}, "Buy well-made cup now"),
        ("{name.__class__}{0}", {"name": "Cup"}, ""),
    ],
)
def test_a_fact_that_is_missing_leaves_no_gap(pattern, facts, expected):
    assert filled(pattern, facts) == expected


@given(st.text(), st.dictionaries(st.sampled_from(["name", "brand"]), st.text()))
def test_no_pattern_and_no_fact_breaks_a_title(pattern, facts):
    assert filled(pattern, facts) == filled(pattern, facts).strip()


def test_own_words_come_before_the_markets_pattern_and_that_before_the_general_one():
    make_product("cup", names={"en": "Cup", "de": "Tasse"}, category="kitchen")
    market = market_by_code("de", language="de")
    assert product_page(market, "tasse", {}).meta_title == "Tasse"
    MetaTemplate.objects.create(kind="product", language="de", title="{name} kaufen", description="Ab {price}.")
    MetaTemplate.objects.create(kind="category", language="de", title="{name} aus aller Welt")
    forget()
    assert product_page(market, "tasse", {}).meta_title == "Tasse kaufen"
    assert product_page(market, "tasse", {}).meta_description.startswith("Ab ")
    assert listing_page(market, "kitchen", {}).meta_title == "Kitchen aus aller Welt"
    own = MetaTemplate(kind="product", language="de", market_id=market.id, title="{name} in {market}")
    own.full_clean()
    own.save()
    forget()
    page = product_page(market, "tasse", {})
    assert page.meta_title == f"Tasse in {market.name}"
    assert page.meta_description.startswith("Ab ")
    product = Product.objects.get(code="cup")
    product.put_text("meta_title", "de", "Die Tasse")
    product.save()
    assert product_page(market, "tasse", {}).meta_title == "Die Tasse"


def test_an_unknown_placeholder_is_refused_with_those_that_are_known():
    with pytest.raises(ValidationError, match=r"\{colour\}.*\{brand\}"):
        MetaTemplate(kind="product", language="en", title="{name} {colour}").full_clean()
    with pytest.raises(ValidationError):
        MetaTemplate(kind="category", language="en", description="{price}").full_clean()


def test_search_engines_hear_of_real_translations_only(client):
    make_product("cup", names={"en": "Cup", "de": "Tasse"})
    _text, hreflangs, canonical = head_of(client, "/de/de/p/tasse/")
    assert canonical.endswith("/de/de/p/tasse/")
    assert hreflangs["de-DE"].endswith("/de/de/p/tasse/")
    assert hreflangs["en-DE"].endswith("/de/en/p/cup/")
    assert not {tag for tag in hreflangs if tag.startswith(("fr", "ja", "ar"))}
    assert "x-default" in hreflangs


def test_a_page_without_a_translation_points_to_the_one_it_repeats(client):
    make_product("cup", names={"en": "Cup", "de": "Tasse"})
    _text, _hreflangs, canonical = head_of(client, "/de/fr/p/cup/")
    assert canonical.endswith("/de/en/p/cup/")


def test_a_market_that_does_not_offer_the_product_is_no_alternate(client):
    product = make_product("cup", names={"en": "Cup"}, prices={"de": "9.00", "jp": "1200"})
    _text, hreflangs, _canonical = head_of(client, "/de/en/p/cup/")
    assert {"en-DE", "en-JP"} <= set(hreflangs)
    actions.offer_product(product_id=product.pk, market_code="jp", visible=False)
    actions.refresh_derived(product_ids=[product.pk])
    _text, hreflangs, _canonical = head_of(client, "/de/en/p/cup/")
    assert "en-DE" in hreflangs
    assert "en-JP" not in hreflangs


def test_the_offer_says_where_and_until_when_its_price_holds(client):
    make_product("cup", names={"en": "Cup"}, prices={"de": "9.00"})
    page = product_page(market_by_code("de", language="en"), "cup", {})
    offer: Any = page.json_ld["offers"]
    assert offer["eligibleRegion"] == [{"@type": "Country", "name": "DE"}]
    assert "priceValidUntil" not in offer
    variant = Product.objects.get(code="cup").variants.get()
    now = datetime.now(UTC)
    sale = price_list("de", code="de-sale", kind="sale", begins=now - timedelta(days=1), ends=now + timedelta(days=3))
    actions.set_price(price_list_id=sale.pk, variant_id=variant.pk, amount=Money("7.00", "EUR"))
    actions.refresh_derived(product_ids=[variant.product_id])
    offer = product_page(market_by_code("de", language="en"), "cup", {}).json_ld["offers"]
    assert offer["price"] == "7"
    assert offer["priceValidUntil"] == (now + timedelta(days=3)).date().isoformat()


def test_the_first_page_says_who_runs_the_shop(client):
    text = client.get("/de/en/").content.decode()
    found = json.loads(re.search(r'application/ld\+json"[^>]*>(.*?)</script>', text)[1])
    kinds = {part["@type"]: part for part in found["@graph"]}
    assert kinds["Organization"]["name"]
    target = kinds["WebSite"]["potentialAction"]["target"]["urlTemplate"]
    assert target.endswith("/de/en/search/?q={search_term_string}")
