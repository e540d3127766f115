"""Words that more products have than a search weighs: the work is bounded, and what must not be missed is not."""

import pytest

from catalog import actions
from catalog.models import Product
from catalog.search import ranking
from catalog.search.query import understand
from catalog.search.ranking import Where, matching_all, matching_some
from markets.cache import forget
from markets.queries import market_by_code
from tests.factories.catalog import make_product
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
MANY = 7
SAUCERS = 3
WEIGHED = 2


@shared_world
def cups():
    """Many cups; the last one made is called just that, the one before it is what the shop puts first.

    Things that only say in their text that they go with a cup are the first that a search comes upon.
    """
    small_world("de")
    for number in range(SAUCERS):
        make_product(f"saucer-{number}", names={"en": f"Saucer {'xyz'[number]}"}, category="things", refresh=False)
    Product.objects.filter(code__startswith="saucer").update(summary="Goes with every cup.")
    for number in range(MANY):
        make_product(f"cup-{number}", names={"en": f"Painted cup of clay {'abcdefg'[number]}"}, category="things")
    make_product("first", names={"en": "Glazed cup from the north"}, category="things")
    Product.objects.filter(code="first").update(featured_rank=0)
    make_product("just-so", names={"en": "Cup"}, category="things")
    actions.drain_dirty()
    forget()


def found(text, *, weighed, ways=matching_all):
    where = Where("en", market_by_code("de", language="en").id, 100, weighed=weighed)
    query = understand(text, "en")
    hits = matching_all(query, where) if ways is matching_all else matching_some(query, where, documents=100)
    codes = dict(Product.objects.values_list("pk", "code"))
    return [codes[hit.product_id] for hit in hits]


def test_of_more_than_are_weighed_the_namesake_and_the_leading_ones_are_never_missed(cups, monkeypatch):
    monkeypatch.setattr(ranking, "LEADING", 1)
    codes = found("cup", weighed=WEIGHED)
    assert codes[0] == "just-so"
    assert "first" in codes
    assert len(codes) == len(set(codes)) == WEIGHED + 2


def test_what_is_weighed_whole_is_found_whole_and_each_product_once(cups):
    codes = found("cup", weighed=100)
    assert len(codes) == len(set(codes)) == MANY + SAUCERS + 2
    assert codes[0] == "just-so"


def test_of_a_common_word_names_that_have_it_are_taken_first(cups, monkeypatch):
    """A text that mentions the word is no reason to leave out a thing that is called so."""
    monkeypatch.setattr(ranking, "LEADING", 1)
    codes = found("cup", weighed=MANY)
    assert {f"cup-{number}" for number in range(MANY)} <= set(codes)
    assert not [code for code in codes if code.startswith("saucer")]


def test_documents_whose_words_are_not_counted_follow_by_their_names(cups, monkeypatch):
    monkeypatch.setattr(ranking, "WEIGHED_CLOSELY", 1)
    codes = found("cup", weighed=100)
    assert codes[0] == "just-so"
    assert set(codes[-SAUCERS:]) == {f"saucer-{number}" for number in range(SAUCERS)}
    assert len(codes) == len(set(codes)) == MANY + SAUCERS + 2


def test_most_of_the_words_are_bounded_the_same_way(cups, monkeypatch):
    monkeypatch.setattr(ranking, "LEADING", 1)
    Product.objects.filter(code="first").update(featured_rank=1000)
    Product.objects.filter(code="cup-6").update(featured_rank=0)
    actions.mark_dirty(product_ids=Product.objects.values_list("pk", flat=True))
    actions.drain_dirty()
    forget()
    codes = found("cup clay", weighed=WEIGHED, ways=matching_some)
    assert "cup-6" in codes
    assert len(codes) == len(set(codes)) <= WEIGHED + 2


def test_a_rare_word_beside_a_common_one_is_weighed_whole(cups):
    """Whether all can be weighed is a matter of the rarest word."""
    query = understand("cup north", "en")
    assert not ranking._is_common(query, Where("en", 1, 100, weighed=WEIGHED), every=True)
    assert ranking._is_common(query, Where("en", 1, 100, weighed=WEIGHED), every=False)
    assert found("cup north", weighed=WEIGHED) == ["first"]
