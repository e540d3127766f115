"""Search in the words of many languages, and the shop's own words in all of its own.

The names of everyday things in many languages come from the Unicode CLDR; tests of them are skipped where that
data is not at hand.
"""

import json
from collections import Counter
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from modeltrans.conf import get_available_languages
from modeltrans.utils import build_localized_fieldname

from catalog.derived.documents import derive_documents
from catalog.derived.facets import EVERYTHING, ensure_facets
from catalog.derived.terms import derive_terms
from catalog.models import FacetRow, Product
from catalog.search.protocol import search_backend
from catalog.sql import execute
from config import env
from markets.cache import forget
from markets.models import Market
from tests.factories.catalog import ProductTypeFactory
from tests.factories.markets import TaxCategoryFactory, small_world

pytestmark = pytest.mark.django_db

LOCALES = {
    "en": "en", "de": "de", "fr": "fr", "es": "es", "pt-br": "pt", "ja": "ja", "zh-hans": "zh", "ar": "ar",
    "it": "it", "nl": "nl", "pl": "pl", "ru": "ru", "tr": "tr", "ko": "ko", "he": "he", "fa": "fa", "th": "th",
}  # fmt: skip
ITEMS = Path(__file__).parents[3] / "shared" / "data" / "i18n-cldr-items" / "items.json"
FIRST_RESULTS, FIRST_PAGE = 3, 10
EVERY = int(env.text("NAMES_EVERY", "21"))
"""Every so many are asked for: all of them (`NAMES_EVERY=1`) take minutes and say the same."""


@pytest.fixture(scope="module")
def items():
    if not ITEMS.exists():
        pytest.skip("the names of things in many languages are not at hand")
    return json.loads(ITEMS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pantry(items, django_db_setup, django_db_blocker):
    """All the things as products, named and with search words in every language."""
    languages = tuple(code for code in LOCALES if code != "en")
    with (
        django_db_blocker.unblock(),
        override_settings(MODELTRANS_AVAILABLE_LANGUAGES=languages),
        transaction.atomic(),
    ):
        small_world("de")
        _fill(items)
        forget()
        yield
        transaction.set_rollback(True)
    forget()


def _fill(items):
    kind, tax = ProductTypeFactory(), TaxCategoryFactory()
    products = []
    for number, item in enumerate(items):
        words = {}
        for code, locale in LOCALES.items():
            if code != "en" and locale in item["names"]:
                words[build_localized_fieldname("name", code)] = item["names"][locale]
                words[build_localized_fieldname("search_words", code)] = ", ".join(item["keywords"].get(locale, []))
        products.append(
            Product(
                code=f"item-{number}",
                product_type=kind,
                tax_category=tax,
                status="active",
                name=item["names"]["en"],
                search_words=", ".join(item["keywords"]["en"]),
                i18n=words,
            )
        )
    made = Product.objects.bulk_create(products)
    market, shop = Market.objects.get(code="de"), ensure_facets()["category"]
    FacetRow.objects.bulk_create(
        FacetRow(market=market, facet_id=shop, value_id=EVERYTHING, product=product) for product in made
    )
    derive_documents([product.pk for product in made])
    derive_terms()
    execute("ANALYZE catalog_searchdocument, catalog_searchterm", ())


def found(text, language, limit):
    market = Market.objects.get(code="de").pk
    ids = search_backend().find(text=text, language=language, market_id=market, limit=1000).product_ids[:limit]
    codes = Product.objects.in_bulk(ids)
    return [codes[pk].code for pk in ids]


def test_names_are_among_the_first_three_in_every_language(pantry, items):
    assert len(get_available_languages()) == len(LOCALES)
    shares = {}
    for language, locale in LOCALES.items():
        named = [(f"item-{number}", item["names"][locale]) for number, item in enumerate(items)][::EVERY]
        hits = [code in found(name, language, FIRST_RESULTS) for code, name in named]
        shares[language] = sum(hits) / len(hits)
    assert min(shares.values()) >= 0.95, shares


def test_search_words_find_what_has_them_on_the_first_page(pantry, items):
    """Words that at most ten things share: of more, not all fit among the first ten."""
    shares = {}
    for language, locale in LOCALES.items():
        pairs = [(f"item-{n}", word) for n, item in enumerate(items) for word in item["keywords"].get(locale, [])]
        common = Counter(word for _code, word in pairs)
        asked = [(code, word) for code, word in pairs if common[word] <= FIRST_PAGE][:: 2 * EVERY]
        pages = {word: found(word, language, FIRST_PAGE) for word in {word for _code, word in asked}}
        shares[language] = sum(code in pages[word] for code, word in asked) / len(asked)
    assert min(shares.values()) >= 0.90, shares
