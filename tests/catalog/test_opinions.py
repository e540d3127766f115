"""Reviews narrowed down, voted on, answered and moderated; questions asked and answered."""

from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image

from catalog import actions
from catalog.errors import ReviewedAlready
from catalog.models import Product, Question, Review
from catalog.queries import product_page
from core import integrity
from core.models import Message
from markets.queries import market_by_code
from members.models import User
from tests.factories.catalog import make_product
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


def world() -> None:
    small_world()


@shared_world
def cup():
    world()
    return make_product("cup", names={"en": "Cup", "de": "Tasse"})


def photo():
    out = BytesIO()
    Image.new("RGB", (900, 600), (10, 90, 60)).save(out, "JPEG")
    return out.getvalue()


def shown(**params):
    market = market_by_code("de", language="en")
    return product_page(market, "cup", {key: [str(value)] for key, value in params.items()})


def write(product, *, rating=5, language="en", pictures=(), author=""):
    draft = actions.ReviewDraft(
        product_id=product.pk, market_code="de", language=language, rating=rating, author_name="A. B.",
        title=f"{rating} in {language}", body="Words.", author_ref=author, pictures=pictures,
    )  # fmt: skip
    return actions.approve_review(review_id=actions.add_review(draft=draft).pk)


def stars_are_wrong():
    (finding,) = integrity.run([check for check in integrity.registered() if check.code == "C07"])
    return finding.count


def test_stars_language_and_photos_narrow_reviews_down_together(cup):
    write(cup, rating=5)
    write(cup, rating=5, language="de", pictures=(photo(),))
    write(cup, rating=2, language="de")
    assert [review.rating for review in shown(stars=2).reviews] == [2]
    assert {review.language for review in shown(reviews="de").reviews} == {"de"}
    (only,) = shown(photos=1).reviews
    assert only.pictures
    assert [review.rating for review in shown(reviews="de", stars=5, photos=1).reviews] == [5]
    assert shown(reviews="en", photos=1).reviews == ()
    summary = shown(stars=5).review_summary
    assert summary.is_filtered
    assert [one.selected for one in summary.distribution] == [True, False, False, False, False]
    assert "stars" not in summary.distribution[0].url, "chosen stars lead back to all"
    assert "stars=2" in summary.distribution[3].url
    assert not summary.distribution[1].url, "nobody gave four stars"


@pytest.mark.parametrize(
    "params", [{"stars": "9"}, {"stars": "x"}, {"photos": "yes"}, {"reviews": "xx"}, {"shown": "-1"}]
)
def test_what_no_review_is_like_means_all(cup, params):
    write(cup)
    assert len(shown(**params).reviews) == 1


def test_one_more_review_than_shown_makes_the_way_on(cup):
    for number in range(9):
        write(cup, author=f"author-{number}")
    page = shown()
    assert len(page.reviews) == 8
    assert "shown=16" in page.review_summary.more_url
    assert shown(shown=16).review_summary.more_url is None


def test_one_author_writes_one_review_of_a_product(cup):
    write(cup, author="somebody")
    with pytest.raises(ReviewedAlready):
        write(cup, author="somebody")


def test_photos_lose_what_the_camera_wrote_and_get_sizes(cup):
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "the place where it was taken"
    Image.new("RGB", (900, 600)).save(out, "JPEG", exif=exif)
    review = write(cup, pictures=(out.getvalue(),))
    (asset,) = review.assets.all()
    assert not Image.open(asset.file).getexif()


def test_the_spread_equals_the_rows_whatever_was_judged(cup):
    first, second = write(cup, rating=5), write(cup, rating=1, pictures=(photo(),))
    actions.reject_review(review_id=second.pk, refusal="insult", note="names a person")
    cup.refresh_from_db()
    assert (cup.rating_count, cup.review_photos) == (1, 0)
    actions.approve_review(review_id=second.pk)
    cup.refresh_from_db()
    assert (cup.rating_count, cup.review_photos, str(cup.rating_avg)) == (2, 1, "3.00")
    assert not stars_are_wrong()
    Product.objects.filter(pk=cup.pk).update(rating_count=7)
    assert stars_are_wrong()
    actions.answer_review(review_id=first.pk, answer="", language="en")


def test_a_review_is_hidden_for_one_of_the_reasons_only(cup):
    review = write(cup, rating=1)
    with pytest.raises(ValueError, match="unkind"):
        actions.reject_review(review_id=review.pk, refusal="unkind")
    review.refresh_from_db()
    assert review.state == Review.State.APPROVED


def test_a_vote_counts_once_per_visitor_and_the_last_one_wins(cup, client):
    review = write(cup)
    address = f"/de/en/reviews/{review.pk}/vote/"
    answer = client.post(address, {"helpful": "yes", "next": "/de/en/p/cup/?stars=5"})
    assert answer["Location"] == f"/de/en/p/cup/?stars=5#review-{review.pk}"
    client.post(address, {"helpful": "yes", "next": "/de/en/p/cup/"})
    review.refresh_from_db()
    assert (review.helpful, review.unhelpful) == (1, 0)
    client.post(address, {"helpful": "no", "next": "/de/en/p/cup/"})
    Client().post(address, {"helpful": "yes", "next": "/de/en/p/cup/"})
    review.refresh_from_db()
    assert (review.helpful, review.unhelpful) == (1, 1)


def test_a_vote_never_leads_elsewhere_and_hidden_reviews_take_none(cup, client):
    review = write(cup)
    address = f"/de/en/reviews/{review.pk}/vote/"
    assert client.post(address, {"helpful": "yes", "next": "https://elsewhere.example/"})["Location"] == "/de/en/"
    actions.reject_review(review_id=review.pk, refusal="spam")
    assert client.post(address, {"helpful": "yes"}).status_code == 404
    assert client.get(address).status_code == 405


def test_an_answer_of_the_shop_stands_below_the_review(cup, client):
    review = write(cup)
    actions.answer_review(review_id=review.pk, answer="Danke!", language="de")
    text = client.get("/de/en/p/cup/").content.decode()
    assert "Answer of the shop" in text
    assert '<p lang="de" dir="ltr">Danke!</p>' in text


def test_a_question_is_shown_once_it_is_answered_and_who_asked_is_told_once(cup, client, run_outbox):
    answer = client.post("/de/de/p/tasse/ask/", {"body": "Passt sie in den Geschirrspüler?", "email": "a@shop.example"})
    assert answer["Location"].endswith("#questions")
    assert "Geschirrspüler" not in client.get("/de/de/p/tasse/").content.decode()
    question = Question.objects.get()
    actions.answer_question(question_id=question.pk, answer="Ja.")
    actions.answer_question(question_id=question.pk, answer="Ja, bis 60 Grad.")
    run_outbox()
    assert "Geschirrspüler" in client.get("/de/de/p/tasse/").content.decode()
    assert "Geschirrspüler" not in client.get("/de/en/p/cup/").content.decode(), "it is in another language"
    (message,) = Message.objects.filter(kind="question_answered")
    assert message.recipient == "a@shop.example"


@pytest.mark.parametrize("body", ["", "?", "x" * 1001])
def test_a_question_that_says_nothing_is_asked_for_again_with_what_was_typed(cup, client, body):
    answer = client.post("/de/en/p/cup/ask/", {"body": body, "email": "not an address"})
    assert answer.status_code == 422
    assert "not an address" in answer.content.decode()
    assert not Question.objects.exists()


def test_a_question_without_an_answer_cannot_be_shown(cup, client):
    client.post("/de/en/p/cup/ask/", {"body": "Is it heavy?"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.update(state="approved")


def test_operators_judge_with_a_reason_and_answer(cup, client):
    codes = ["view_review", "moderate_review", "view_question", "answer_question"]
    staff = User.objects.create_user("moderator@shop.example", "a-long-password", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client.force_login(staff)
    review = write(cup)
    client.post("/de/en/p/cup/ask/", {"body": "Is it heavy?"})
    page = client.get(f"/admin/catalog/review/{review.pk}/change/").content.decode()
    assert f"/admin/catalog/review/{review.pk}/reject/" in page
    refused = client.post(f"/admin/catalog/review/{review.pk}/reject/", {"refusal": "bad for us"})
    assert refused.status_code == 422
    client.post(f"/admin/catalog/review/{review.pk}/reject/", {"refusal": "spam", "note": "a link to a casino"})
    review.refresh_from_db()
    assert (review.state, review.refusal) == ("rejected", "spam")
    question = Question.objects.get()
    client.post(f"/admin/catalog/question/{question.pk}/answer/", {"answer": "300 grams."})
    question.refresh_from_db()
    assert (question.state, question.answer) == ("approved", "300 grams.")
    assert not mail.outbox
