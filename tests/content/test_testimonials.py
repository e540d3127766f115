"""Picked reviews: word for word, with permission, where and for whom they were picked."""

import pytest

from catalog import actions
from catalog.models import Category, Review
from content.actions import TestimonialDraft as Draft
from content.actions import change_testimonial, drop_testimonial, pick_testimonial
from content.models import Testimonial as Picked
from content.refusals import NotQuotable, NotWordForWord, PickedAlready
from content.testimonials import quotes_of
from core.models import AuditEntry
from markets.queries import market_by_code
from tests.admin.people import operator
from tests.factories.catalog import approved_review, make_product
from tests.factories.content import make_section
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
BODY = "It pours slowly. I would buy it again."


@shared_world
def review():
    small_world("de", "jp")
    actions.put_category(code="kitchen", texts={"name": {"en": "Kitchen"}})
    actions.put_category(code="kettles", parent="kitchen", texts={"name": {"en": "Kettles"}})
    product = make_product("kettle", names={"en": "Kettle", "de": "Kessel"}, category="kettles")
    approved_review(product, body=BODY, author_ref="a", language="en")
    return Review.objects.get()


def draft(**facts):
    return Draft(**{"excerpt": BODY, "permission": "They wrote to us", **facts})


def seen(market="de", language="en", category=None):
    place = Category.objects.get(code=category).pk if category else None
    return [quote.text for quote in quotes_of(market_by_code(market, language=language), place)]


def test_a_part_of_the_review_is_shown_with_its_author_and_product(review):
    pick_testimonial(review_id=review.pk, draft=draft(excerpt="It pours slowly."))
    (quote,) = quotes_of(market_by_code("de", language="en"))
    assert (quote.text, quote.stars, quote.author, quote.original) == ("It pours slowly.", 5, review.author_name, "")
    assert (quote.product.label, quote.product.url) == ("Kettle", "/de/en/p/kettle/")
    assert AuditEntry.objects.filter(action="content.pick_testimonial").count() == 1


@pytest.mark.parametrize("words", ["It pours quickly.", "", "I would buy it again. It pours slowly."])
def test_words_are_never_changed(review, words):
    with pytest.raises(NotWordForWord):
        pick_testimonial(review_id=review.pk, draft=draft(excerpt=words))
    assert not Picked.objects.exists()


@pytest.mark.parametrize("facts", [{"rating": 4}, {"body": " "}, {"state": "pending"}, {"state": "rejected"}])
def test_only_shown_reviews_with_five_stars_and_words_can_be_picked(review, facts):
    Review.objects.filter(pk=review.pk).update(**facts)
    with pytest.raises(NotQuotable):
        pick_testimonial(review_id=review.pk, draft=draft())
    assert not Picked.objects.exists()


def test_once_per_place(review):
    pick_testimonial(review_id=review.pk, draft=draft())
    with pytest.raises(PickedAlready):
        pick_testimonial(review_id=review.pk, draft=draft())
    pick_testimonial(review_id=review.pk, draft=draft(category_id=Category.objects.get(code="kitchen").pk))
    assert Picked.objects.count() == 2


def test_readers_of_other_languages_see_a_translation_or_nothing(review):
    row = pick_testimonial(review_id=review.pk, draft=draft(translations={"de": "Er gießt langsam.", "en": "No"}))
    assert row.translations == {"de": "Er gießt langsam."}
    (quote,) = quotes_of(market_by_code("de", language="de"))
    assert (quote.text, quote.original, quote.language) == ("Er gießt langsam.", BODY, "en")
    assert seen("jp", "ja") == []
    change_testimonial(testimonial_id=row.pk, draft=draft(market_codes=["jp"]))
    assert seen("de", "en") == []
    assert seen("jp", "en") == [BODY]


def test_a_shelf_shows_its_own_or_those_of_the_one_above(review):
    kitchen, kettles = (Category.objects.get(code=code).pk for code in ("kitchen", "kettles"))
    above = pick_testimonial(review_id=review.pk, draft=draft(category_id=kitchen))
    assert seen(category="kettles") == seen(category="kitchen") == [BODY]
    assert seen() == []
    pick_testimonial(review_id=review.pk, draft=draft(category_id=kettles, excerpt="It pours slowly."))
    assert seen(category="kettles") == ["It pours slowly."]
    drop_testimonial(testimonial_id=above.pk)
    drop_testimonial(testimonial_id=above.pk)
    assert seen(category="kitchen") == []


def test_a_review_that_is_hidden_is_hidden_everywhere(review):
    pick_testimonial(review_id=review.pk, draft=draft())
    actions.reject_review(review_id=review.pk, refusal="false")
    actions.drain_dirty()
    assert seen() == []


def test_pages_show_them_and_cost_no_query_when_remembered(review, client, django_assert_num_queries):
    make_section("quotes", title="What buyers say")
    kitchen = Category.objects.get(code="kitchen").pk
    pick_testimonial(review_id=review.pk, draft=draft())
    pick_testimonial(review_id=review.pk, draft=draft(category_id=kitchen, excerpt="It pours slowly."))
    assert BODY in client.get("/de/en/").content.decode()
    shelf = client.get("/de/en/c/kitchen/").content.decode()
    assert "<blockquote>It pours slowly.</blockquote>" in shelf
    market = market_by_code("de", language="en")
    with django_assert_num_queries(0):
        quotes_of(market, kitchen)


def test_a_section_without_any_quote_is_not_shown(review, client):
    make_section("quotes", title="What buyers say")
    assert "What buyers say" not in client.get("/de/en/").content.decode()


def test_only_those_who_may_pick_find_and_pick(review):
    address = f"/admin/content/testimonial/pick/{review.pk}/"
    said = {"excerpt": BODY, "permission": "By message", "position": "0", "words_de": "Er gießt langsam."}
    other = operator("content.view_testimonial")
    assert other.get("/admin/content/testimonial/pick/").status_code == 403
    assert other.post(address, said).status_code == 403
    assert not Picked.objects.exists()

    browser = operator("content.view_testimonial", "content.pick_testimonial")
    assert address in browser.get("/admin/content/testimonial/pick/?q=kettle&language=en").content.decode()
    assert address not in browser.get("/admin/content/testimonial/pick/?language=de").content.decode()
    assert BODY in browser.get(address).content.decode()
    assert browser.post(address, {**said, "excerpt": "Other words"}).status_code == 422
    assert browser.post(address, said).status_code == 302
    row = Picked.objects.get()
    assert row.translations == {"de": "Er gießt langsam."}
    listed = browser.get("/admin/content/testimonial/").content.decode()
    assert "It pours slowly" in listed
    change = f"/admin/content/testimonial/{row.pk}/change/"
    assert "By message" in browser.get(change).content.decode()
    assert browser.post(f"/admin/content/testimonial/{row.pk}/drop/").status_code == 302
    assert not Picked.objects.exists()
