"""Search in five scripts: words, beginnings, misspellings, codes, and ways on when nothing is found."""

import pytest
from django.db import transaction

from catalog import actions
from catalog.drafts import GalleryPicture, ProductDraft
from catalog.models import Product, Synonym
from catalog.queries import search_page, suggestions
from catalog.search.normalise import fold
from catalog.search.words import words_of
from catalog.types import Link
from markets.cache import forget
from markets.queries import market_by_code
from tests.factories.catalog import make_product, picture
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db

NAMES = {
    "kettle": {
        "en": "Kesen gooseneck kettle",
        "de": "Kesen Wasserkessel mit Schwanenhals",
        "fr": "Bouilloire à col de cygne",
        "ja": "気仙の細口ケトル",
        "zh-hans": "鹅颈手冲壶",
        "ar": "إبريق كيسن بعنق الإوزة",
    },
    "teapot": {
        "en": "Sencha side-handle pot",
        "de": "Sencha-Kännchen",
        "ja": "煎茶の急須",
        "zh-hans": "煎茶侧把壶",
        "ar": "إبريق شاي",
    },
    "napkins": {
        "en": "Linen napkins, set of 4",
        "de": "Leinenservietten, 4er-Set",
        "ja": "リネンのナプキン4枚組",
        "zh-hans": "亚麻餐巾四件套",
        "ar": "مناديل الكتّان",
    },
}


@pytest.fixture(scope="module")
def shop(django_db_setup, django_db_blocker):
    """One for all tests of this module; what a test changes is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        small_world("de", "jp")
        _fill()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def fresh(shop, db):
    forget()


def _fill():
    kitchen = {"en": "Kitchen", "de": "Küche", "ja": "台所", "zh-hans": "厨房", "ar": "المطبخ"}
    actions.put_category(code="kitchen", texts={"name": kitchen})
    actions.put_category(code="table-linen", texts={"name": {"en": "Table linen", "de": "Tischwäsche"}})
    for code, names in NAMES.items():
        shelf = "table-linen" if code == "napkins" else "kitchen"
        gtin = "4006381333931" if code == "kettle" else ""
        make_product(code, names=names, category=shelf, variant={"sku": f"{code.upper()}-01", "gtin": gtin})
    actions.drain_dirty()


def here(language, market="de"):
    return market_by_code(market, language=language)


def names(language, query):
    return [card.name for card in search_page(here(language), {"q": [query]}).cards]


@pytest.mark.parametrize(
    ("language", "query", "product"),
    [
        ("en", "kettle", "kettle"),
        ("en", "KETTLES", "kettle"),
        ("en", "goose", "kettle"),
        ("en", "the kettle", "kettle"),
        ("en", "kettle gooseneck", "kettle"),
        ("de", "wasserkessel", "kettle"),
        ("de", "Kannchen", "teapot"),
        ("de", "serviette", None),
        ("de", "leinenserv", "napkins"),
        ("fr", "bouilloire a col", "kettle"),
        ("fr", "BOUILLOIRES", "kettle"),
        ("ja", "急須", "teapot"),
        ("ja", "ケトル", "kettle"),
        ("ja", "ｹﾄﾙ", "kettle"),
        ("ja", "須", "teapot"),
        ("ja", "ナプキン", "napkins"),
        ("zh-hans", "餐巾", "napkins"),
        ("zh-hans", "手冲壶", "kettle"),
        ("ar", "ابريق كيسن", "kettle"),
        ("ar", "الإوزّة", "kettle"),
        ("ar", "مناديل", "napkins"),
    ],
)
def test_a_word_of_the_language_finds_the_product(language, query, product):
    found = names(language, query)
    if product is None:
        assert found in ([], [NAMES["napkins"]["de"]])
    else:
        assert NAMES[product][language] in found
        assert len(found) <= 2


def test_names_weigh_more_than_categories():
    make_product("towel", names={"en": "Kitchen towel", "de": "Küchentuch"}, category="table-linen")
    assert names("en", "kitchen")[0] == "Kitchen towel"
    assert set(names("en", "kitchen")) == {"Kitchen towel", NAMES["kettle"]["en"], NAMES["teapot"]["en"]}


@pytest.mark.parametrize("code", ["KETTLE-01", "kettle-01", " 4006381333931 "])
def test_codes_are_found_exactly(code):
    assert names("en", code) == [NAMES["kettle"]["en"]]


@pytest.mark.parametrize(
    ("language", "typed", "meant", "product"),
    [
        ("en", "ketle", "kettle", "kettle"),
        ("en", "goosneck ketle", "gooseneck kettle", "kettle"),
        ("de", "waserkessel", "wasserkessel", "kettle"),
        ("ar", "مناديلل", "مناديل", "napkins"),
    ],
)
def test_a_misspelt_query_shows_the_correction_and_says_so(language, typed, meant, product):
    page = search_page(here(language), {"q": [typed]})
    assert page.corrected == meant
    assert page.query == typed
    assert NAMES[product][language] in [card.name for card in page.cards]


def test_words_together_that_never_stand_together_match_loosely_in_japanese():
    assert NAMES["teapot"]["ja"] in names("ja", "急須煎茶")


def test_nothing_found_offers_categories():
    page = search_page(here("en"), {"q": ["zzzzzz"]})
    assert (page.total, page.cards) == (0, ())
    assert [link.label for link in page.way_on] == ["Kitchen", "Table linen"]
    assert page.noindex


def test_a_synonym_finds_what_it_means():
    Synonym.objects.create(language="en", term="serviette", means=["napkin"])
    assert names("en", "serviette") == [NAMES["napkins"]["en"]]


@pytest.mark.parametrize("query", ["'", "a & | ! b", "%", "\\", "()", "x:*", '"', "’ or 1=1 --", "<script>"])
def test_signs_of_any_kind_are_only_text(query):
    assert search_page(here("en"), {"q": [query]}).total == 0
    assert suggestions(here("en"), query) == ()


@pytest.mark.parametrize("query", ["", " ", "\x00"])
def test_without_a_query_the_whole_shop_is_listed_recommended_first(query):
    page = search_page(here("en"), {"q": [query], "sort": [""]})
    assert page.total == len(page.cards) == 3
    assert (page.query, page.corrected, page.sorts[0].selected) == ("", None, True)
    assert suggestions(here("en"), query) == ()


def test_results_are_filtered_like_a_category_and_hidden_products_stay_hidden():
    page = search_page(here("en"), {"q": ["pot"], "price_max": ["5"]})
    assert (page.total, page.total_unfiltered) == (0, 1)
    assert page.clear_url == "/de/en/search/?q=pot"
    napkins = search_page(here("en"), {"q": ["napkins"]}).cards[0].product_id
    actions.offer_product(product_id=napkins, market_code="de", visible=False)
    actions.drain_dirty()
    assert names("en", "napkins") == []


def test_suggestions_name_queries_categories_and_products_with_the_rest_in_bold():
    rows = suggestions(here("en"), "kit", 10)
    assert [(row.kind, row.label) for row in rows][:1] == [("category", "Kitchen")]
    assert rows[0].label_parts == (("Kit", False), ("chen", True))
    products = [row for row in suggestions(here("en"), "kett") if row.kind == "product"]
    assert [row.label for row in products] == [NAMES["kettle"]["en"]]
    assert products[0].price is not None
    assert products[0].in_stock is True
    words = [row for row in suggestions(here("en"), "kett") if row.kind == "query"]
    assert words[0].url == "/de/en/search/?q=kettle"


def test_suggestions_never_exceed_the_limit_and_need_two_letters():
    for number in range(12):
        make_product(f"kettle-{number}", names={"en": f"Kettle number {number}"}, category="kitchen")
    actions.drain_dirty()
    assert len(suggestions(here("en"), "kettle", 8)) == 8
    assert suggestions(here("en"), "k") == ()
    assert suggestions(here("ja"), "急") != ()


def misspelt_page(market, text, limit):
    return [Link("Ketle", f"{market.url_prefix}pages/ketle/")]


def returns_page(market, text, limit):
    return [Link("Returns", f"{market.url_prefix}pages/returns/")][:limit] if "return" in text else []


def test_pages_beside_the_catalogue_answer_too(settings):
    settings.SEARCH_EXTRA_SOURCES = ["tests.catalog.test_search.returns_page"]
    page = search_page(here("en"), {"q": ["returns"]})
    assert [link.url for link in page.extra_hits] == ["/de/en/pages/returns/"]
    assert [row.kind for row in suggestions(here("en"), "returns")] == ["page"]


def test_what_names_a_page_is_no_slip_of_the_pen(settings):
    assert search_page(here("en"), {"q": ["ketle"]}).corrected == "kettle"
    settings.SEARCH_EXTRA_SOURCES = ["tests.catalog.test_search.misspelt_page"]
    page = search_page(here("en"), {"q": ["ketle"]})
    assert (page.corrected, page.total, len(page.extra_hits)) == (None, 0, 1)


def test_a_changed_name_is_found_and_the_old_one_is_not():
    product = Product.objects.get(code="napkins")
    actions.update_product(
        product_id=product.pk,
        draft=ProductDraft(code="napkins", product_type="goods", texts={"name": {"en": "Cotton squares"}}),
    )
    actions.drain_dirty()
    assert names("en", "squares") == ["Cotton squares"]
    assert names("en", "linen") == []


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Küche", "kuche"), ("STRAẞE", "strasse"), ("ガ", "ガ"), ("ｶﾞ", "ガ"), ("الإوزّة", "الاوزه"), ("Ação", "acao")],
)
def test_folding(text, folded):
    assert fold(text) == folded


def test_words_of_mixed_scripts():
    assert [word.shown for word in words_of("急須 350ml セット", "ja")] == ["急須", "350ml", "セット"]


def test_pictures_come_with_suggestions():
    product = Product.objects.get(code="kettle")
    actions.set_gallery(product_id=product.pk, pictures=[GalleryPicture(asset_id=picture("kettle-1").pk)])
    row = next(row for row in suggestions(here("en"), "kettle") if row.kind == "product")
    assert row.picture is not None
    assert "400w" in row.picture.srcset
