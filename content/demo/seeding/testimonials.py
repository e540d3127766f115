"""Reviews of the demo goods picked for the first page and for two shelves."""

from typing import Any

from catalog.models import Category, Review
from content.actions import TestimonialDraft, pick_testimonial
from content.actions.testimonials import STARS
from content.demo.texts import table, words
from content.models import Testimonial

AGREED = "Demo review, written by us"
ON_SHELVES = {"kitchen": ("r001", "r019", "r057", "r091"), "textiles": ("r005", "r012", "r092")}


def seed_testimonials() -> None:
    """Each once. The first page has translations; on a shelf readers see those written in their language."""
    ids = dict(Review.objects.values_list("author_ref", "pk"))
    texts = {row["review"]: words(row["text"]) for row in quotable()}
    for position, row in enumerate(quotable()):
        _pick(ids[row["review"]], None, position, texts[row["review"]])
    shelves = dict(Category.objects.values_list("code", "pk"))
    for shelf, codes in ON_SHELVES.items():
        for position, code in enumerate(codes):
            _pick(ids[code], shelves[shelf], position, texts.get(code, {}))


def quotable() -> list[dict[str, Any]]:
    """The quotes of the first page that are reviews with five stars."""
    stars = {row["code"]: row["rating"] for row in table("reviews")}
    return [row for row in table("home")["quotes"]["items"] if stars[row["review"]] == STARS]


def _pick(review_id: int, category_id: int | None, position: int, translations: dict[str, str]) -> None:
    if Testimonial.objects.filter(review=review_id, category=category_id).exists():
        return
    body = Review.objects.values_list("body", flat=True).get(pk=review_id)
    draft = TestimonialDraft(
        excerpt=body, permission=AGREED, category_id=category_id, position=position, translations=translations
    )
    pick_testimonial(review_id=review_id, draft=draft)
