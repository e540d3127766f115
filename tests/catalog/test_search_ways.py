"""Ways words are written, ways queries go wrong, and what operators teach the search."""

import csv
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog import actions
from catalog.actions.searching import (
    RedirectDraft,
    count_query,
    forget_queries,
    put_redirect,
    put_synonym,
    remove_synonym,
)
from catalog.errors import RedirectProblem, SynonymProblem
from catalog.models import Category, Product, SearchQueryCount, SearchRedirect, Variant
from catalog.queries import search_page, suggestions
from catalog.search.evaluation import gain, ndcg, percentile, read_ratings
from catalog.search.heads import heads_of
from catalog.search.normalise import fold, form_of
from catalog.search.spelling import distance
from catalog.search.words import key_of, words_of
from catalog.types import Availability
from core.models import AuditEntry
from markets.cache import forget
from markets.models import Market
from markets.queries import market_by_code
from tests.factories.catalog import make_product
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db

NAMES = {
    "kettle": {"en": "Copper kettle", "de": "Wasserkessel aus Kupfer", "ja": "コーヒーサーバー", "zh-hans": "铜水壶"},
    "bag": {"en": "Laptop bag, black", "de": "Laptoptasche"},
    "laptop": {"en": "Aero 15 laptop", "de": "Laptop Aero 15"},
    "cleaner": {"en": "Cleaning kit for laptops", "de": "Reinigungsset für Laptops"},
    "cup": {"en": "Headset with cable, 500 GB", "de": "Große Tassen, grün", "ar": "الأكواب الخضراء"},
}


@pytest.fixture(scope="module")
def shop(django_db_setup, django_db_blocker):
    """One for all tests of this module; what a test changes is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        small_world("de", "jp")
        for code, names in NAMES.items():
            make_product(code, names=names, category="things", variant={"sku": f"{code.upper()}-TN2110"})
        actions.drain_dirty()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def fresh(shop, db):
    forget()


def here(language, market="de"):
    return market_by_code(market, language=language)


def codes(language, query):
    ids = [card.product_id for card in search_page(here(language), {"q": [query]}).cards]
    found = Product.objects.in_bulk(ids)
    return [found[pk].code for pk in ids]


@pytest.mark.parametrize(
    ("language", "query", "first"),
    [
        ("en", "laptop", "laptop"),
        ("en", "laptop bag", "bag"),
        ("en", "laptops", "laptop"),
        ("en", "head set", "cup"),
        ("en", "500gb", "cup"),
        ("en", "tn 2110 copper", "kettle"),
        ("de", "Kessel", "kettle"),
        ("de", "Wasser Kessel", "kettle"),
        ("de", "grosse tasse", "cup"),
        ("de", "gruen", "cup"),
        ("de", "GRÜNE", "cup"),
        ("de", "fuer Laptops", "cleaner"),
        ("ja", "コーヒーサーバ", "kettle"),
        ("ja", "ｺｰﾋｰ", "kettle"),
        ("ja", "こーひー", "kettle"),
        ("zh-hans", "銅水壺", "kettle"),
        ("ar", "أكواب", "cup"),
        ("ar", "خضــراء", "cup"),
    ],
)
def test_however_it_is_written_the_right_thing_comes_first(language, query, first):
    assert codes(language, query)[0] == first


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Straße", "STRASSE", "de"),
        ("Käse", "Kaese", "de"),
        ("الكتاب", "كتاب", "ar"),
        ("کتاب", "كتاب", "fa"),
        ("مُحَمَّد", "محمد", "ar"),
        ("שָׁלוֹם", "שלומ", "he"),
        ("ёлка", "елка", "ru"),
        ("İSTANBUL", "istanbul", "tr"),
        ("ışık", "isik", "tr"),
        ("ヴァイオリン", "バイオリン", "ja"),
        ("キヤノン", "キャノン", "ja"),
        ("サーバー", "サーバ", "ja"),
        ("１５", "15", "ja"),
        ("鵝頸壺", "鹅颈壶", "zh-hans"),
        ("39,6", "39.6", "de"),
        ("1,000", "1000", "en"),
    ],
)
def test_two_spellings_are_one(one, other, language):
    assert key_of(one, language) == key_of(other, language)


@pytest.mark.parametrize(
    ("one", "other", "language"), [("й", "и", "ru"), ("ビール", "ビル", "ja"), ("neue", "neu", "de")]
)
def test_two_words_stay_two(one, other, language):
    assert form_of(one, language) != form_of(other, language)


def test_joined_and_parted_words_are_found_either_way():
    (wi, *_rest) = words_of("Wi-Fi", "en")
    assert "wifi" in wi.also
    assert "500gb" in words_of("500 GB", "en")[0].also
    assert {"500", "gb"} <= set(words_of("500gb", "en")[0].also)
    assert [word.form for word in words_of('15.6" screen', "en")] == ["15.6", "inch", "screen"]


@pytest.mark.parametrize(
    ("name", "language", "heads"),
    [
        ("Leather laptop bag, black", "en", ["bag", "black"]),
        ("Cleaning kit for laptops", "en", ["kit"]),
        ("Bolsa para portátil", "es", ["bolsa"]),
        ("Hülle für Telefon", "de", ["hulle"]),
    ],
)
def test_a_name_says_what_the_thing_is(name, language, heads):
    words = words_of(name, language)
    assert [words[at].form for at in sorted(heads_of(words, language))] == heads


def test_a_query_no_product_has_all_words_of_says_which_it_leaves_out():
    page = search_page(here("en"), {"q": ["copper kettle zzzzz"]})
    assert page.cards[0].name == "Copper kettle"
    assert page.left_out == ("zzzzz",)


def test_a_page_without_products_offers_categories_and_bestsellers():
    page = search_page(here("en"), {"q": ["qqqqqqqq"]})
    assert page.total == 0
    assert page.way_on
    assert len(page.bestsellers) == len(NAMES)


def test_a_rare_spelling_asks_whether_the_common_one_was_meant():
    for number in range(12):
        make_product(f"teapot-{number}", names={"en": f"Teapot {number}"}, category="things")
    make_product("slip", names={"en": "Teaport"}, category="things")
    actions.drain_dirty()
    page = search_page(here("en"), {"q": ["teaport"]})
    assert page.corrected is None
    assert page.did_you_mean is not None
    assert page.did_you_mean.label == "teapot"


def test_the_neighbour_key_is_nearer_than_any_other():
    assert distance("kettlw", "kettle") < distance("kettlm", "kettle")
    assert distance("ketlte", "kettle") == 1
    assert distance("", "abc") == 3


def test_words_typed_on_the_wrong_keyboard_are_understood():
    make_product("cup-ar", names={"en": "Ibrik", "ar": "ابريق"}, category="things")
    actions.drain_dirty()
    page = search_page(here("ar"), {"q": ["hfvdr"]})
    assert page.corrected == "ابريق"


def test_what_is_in_stock_comes_before_its_equal_that_is_not():
    twins = [make_product(f"twin-{n}", names={"en": "Twin vase"}, category="things", stock=0) for n in range(2)]
    actions.drain_dirty()
    variant = Variant.objects.get(product=twins[1]).pk
    market = Market.objects.get(code="de").pk
    before = codes("en", "twin vase")
    assert before == ["twin-0", "twin-1"]
    actions.note_availability(changes=[Availability(variant, market, 5, "leipzig")])
    assert codes("en", "twin vase") == ["twin-1", "twin-0"]


@pytest.mark.parametrize(
    "query",
    [
        "x" * 10_000, "wort " * 3_000, "?!…—„“", "🍅🫖👩‍👩‍👧", "'; DROP TABLE catalog_product; --",
        "a <-> b & !c | d:*AB",
        "\u202e\u200f\u200e", "%_\\", "((((", "'':*", "\ud83c", "{0} %s %(query)s", "ا" * 300, "の" * 500, "0" * 60,
        "E'\\x00'", "- -- ---", "a" + "\u0301" * 300,
    ],
)  # fmt: skip
def test_whatever_is_typed_the_page_is_a_page(client, query):
    for language in ("en", "de", "ja", "ar"):
        for path in ("search/", "search/suggest/"):
            response = client.get(f"/de/{language}/{path}", {"q": query.encode("utf-8", "replace").decode()})
            assert response.status_code == 200
    assert Product.objects.count() == len(NAMES)


def test_a_search_costs_the_same_for_one_word_and_for_twelve(django_assert_max_num_queries):
    search_page(here("en"), {"q": ["laptop"]})
    for query in ("laptop", "copper kettle", "a laptop bag black aero copper kettle cleaning kit cable headset things"):
        with django_assert_max_num_queries(16):
            search_page(here("en"), {"q": [query]})


def test_a_synonym_works_at_once_and_no_longer_once_removed():
    assert codes("en", "notebook computer") == []
    row = put_synonym(language="en", term="Notebook  computer", means=["laptop"])
    assert set(codes("en", "notebook computer")) >= {"laptop", "bag"}
    assert AuditEntry.objects.filter(action="catalog.put_synonym").exists()
    remove_synonym(synonym_id=row.pk)
    assert codes("en", "notebook computer") == []


@pytest.mark.parametrize(
    ("term", "means", "language"),
    [("", ["x"], "en"), ("tv", [], "en"), ("tv", ["TV"], "en"), ("tv", ["!"], "en"), ("tv", ["x"], "xx")],
)
def test_a_synonym_that_says_nothing_is_refused(term, means, language):
    with pytest.raises(SynonymProblem):
        put_synonym(language=language, term=term, means=means)


def test_a_query_can_lead_to_a_category_a_product_or_a_page(client):
    shelf, product = Category.objects.get(code="things"), Product.objects.get(code="kettle")
    put_redirect(draft=RedirectDraft(language="en", query="All Things", category=shelf))
    put_redirect(draft=RedirectDraft(language="en", query="the kettle!", product=product))
    put_redirect(draft=RedirectDraft(language="en", query="send back", path="pages/returns/"))
    for query, target in (
        ("all  things", "/de/en/c/things/"),
        ("THE KETTLE", "/de/en/p/copper-kettle/"),
        ("send back", "/de/en/pages/returns/"),
    ):
        response = client.get("/de/en/search/", {"q": query})
        assert (response.status_code, response.headers.get("Location")) == (302, target)
    assert client.get("/de/en/search/", {"q": "all things", "sort": "price"}).status_code == 200
    assert client.get("/de/de/search/", {"q": "all things"}).status_code == 200


def test_a_redirect_to_what_is_hidden_here_is_a_search(client):
    product = Product.objects.get(code="kettle")
    put_redirect(draft=RedirectDraft(language="en", query="kettle", product=product))
    actions.offer_product(product_id=product.pk, market_code="de", visible=False)
    actions.drain_dirty()
    assert client.get("/de/en/search/", {"q": "kettle"}).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"query": "!!", "path": "pages/returns/"},
        {"query": "x"},
        {"query": "x", "path": "//evil.example/"},
        {"query": "x", "path": "https://evil.example/"},
        {"query": "x", "path": "../../admin/"},
        {"query": "x", "path": "no/such/page/here/"},
        {"query": "x", "path": "pages/returns/", "language": "xx"},
    ],
)
def test_a_redirect_that_leads_nowhere_or_away_is_refused(wrong):
    with pytest.raises(RedirectProblem):
        put_redirect(draft=RedirectDraft(**{"language": "en", **wrong}))
    assert not SearchRedirect.objects.exists()


def test_the_database_holds_a_redirect_to_one_target():
    with pytest.raises(IntegrityError), transaction.atomic():
        SearchRedirect.objects.create(language="en", query="x", normal="x")


def test_searches_are_counted_per_day_and_what_could_name_somebody_is_not(client):
    for _time in range(3):
        client.get("/de/en/search/", {"q": "Copper  Kettle"})
    client.get("/de/en/search/", {"q": "copper kettle", "sort": "price"})
    client.get("/de/en/search/", {"q": "qqqqqqqq"})
    for personal in ("ann@example.org", "+49 170 1234567", "4111 1111 1111 1111", "https://example.org", "x" * 90):
        client.get("/de/en/search/", {"q": personal})
    kept = SearchQueryCount.objects.order_by("normal").values_list("normal", "searches", "results", "day")
    today = timezone.now().date()
    assert list(kept) == [("copper kettle", 3, 1, today), ("qqqqqqqq", 1, 0, today)]


def test_counts_are_forgotten_after_ninety_days():
    market = Market.objects.get(code="de").pk
    count_query(market_id=market, language="en", text="old", results=1)
    SearchQueryCount.objects.update(day=timezone.now().date() - timezone.timedelta(days=91))
    count_query(market_id=market, language="en", text="new", results=1)
    assert forget_queries() == 1
    assert [row.normal for row in SearchQueryCount.objects.all()] == ["new"]


def test_a_query_is_suggested_once_many_asked_it_and_found_something():
    market = here("en")
    for _time in range(4):
        count_query(market_id=market.id, language="en", text="copper kettle with spout", results=2)
        count_query(market_id=market.id, language="en", text="copper nothing", results=0)
    assert "copper kettle with spout" not in [row.label for row in suggestions(market, "copp")]
    count_query(market_id=market.id, language="en", text="copper kettle with spout", results=2)
    count_query(market_id=market.id, language="en", text="copper nothing", results=0)
    labels = [row.label for row in suggestions(market, "copp") if row.kind == "query"]
    assert labels[0] == "copper kettle with spout"
    assert "copper nothing" not in labels


def test_the_gain_is_the_usual_one():
    assert gain([3, 2]) == pytest.approx(7 + 3 / 1.5849625)
    assert ndcg(["a", "b"], {"a": 3, "b": 0}) == 1
    assert ndcg(["x", "a"], {"a": 1}) == pytest.approx(0.6309298)
    assert ndcg(["a"], {"a": 0}) is None
    assert percentile([1, 2, 3, 4], 0.5) == 2
    assert percentile([], 0.95) == 0


def test_ratings_that_cannot_be_read_name_their_line():
    assert read_ratings(["query,docid,rating", "cup,7,1", "cup,7,3"]) == {"cup": {"7": 3}}
    with pytest.raises(ValueError, match="line 2"):
        read_ratings(["query,docid,rating", "cup,7,good"])


def test_the_command_prints_how_good_search_is(tmp_path):
    file, said = tmp_path / "ratings.csv", StringIO()
    with file.open("w", newline="") as out:
        csv.writer(out).writerows(
            [["query", "docid", "rating"], ["copper kettle", "kettle", 3], ["qqqqqqqq", "bag", 0]]
        )
    call_command("evaluate_search", str(file), market="de", stdout=said)
    assert "NDCG@10 of those: 1.0000" in said.getvalue()
    assert "NDCG@10 of all: 0.5000" in said.getvalue()
    assert "without a result: 1, of which 0 have a relevant product" in said.getvalue()
    assert fold("nothing found: qqqqqqqq") in said.getvalue()
