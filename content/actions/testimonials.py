"""Pick reviews to show on the first page and on shelves, and take them down again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from catalog.models import Review
from content.models import Testimonial
from content.refusals import NotQuotable, NotWordForWord, PickedAlready
from core import audit
from markets.cache import forget_on_commit

STARS = 5


@dataclass(frozen=True, kw_only=True)
class TestimonialDraft:
    """What is shown of a review, and where. Without a category: on the first page; without markets: in all."""

    excerpt: str
    permission: str
    category_id: int | None = None
    market_codes: Sequence[str] = ()
    position: int = 0
    translations: Mapping[str, str] = field(default_factory=dict)
    """Language to the same words."""


def pick_testimonial(*, review_id: int, draft: TestimonialDraft) -> Testimonial:
    """Show a review away from its product. Translations of the whole review come along.

    Raises `NotQuotable`, `NotWordForWord`, `PickedAlready`; nothing is stored then.
    """
    review = _quotable(review_id)
    row = Testimonial(review=review)
    return _write(row, review, draft, "content.pick_testimonial")


def change_testimonial(*, testimonial_id: int, draft: TestimonialDraft) -> Testimonial:
    """Other words, markets or another place. Raises what `pick_testimonial` raises."""
    row = Testimonial.objects.select_related("review").get(pk=testimonial_id)
    return _write(row, _quotable(row.review_id), draft, "content.change_testimonial")


@transaction.atomic
def drop_testimonial(*, testimonial_id: int) -> None:
    """Show the review on its product's page only. Dropping again changes nothing."""
    row = Testimonial.objects.filter(pk=testimonial_id).first()
    if row is None:
        return
    audit.record("content.drop_testimonial", row, data={"review": row.review_id, "words": row.excerpt})
    row.delete()
    forget_on_commit()


def _quotable(review_id: int) -> Review:
    review = Review.objects.get(pk=review_id)
    if review.state != Review.State.APPROVED or review.rating != STARS or not review.body.strip():
        raise NotQuotable
    return review


def _write(row: Testimonial, review: Review, draft: TestimonialDraft, verb: str) -> Testimonial:
    excerpt = " ".join(draft.excerpt.split())
    whole = " ".join(review.body.split())
    if not excerpt or excerpt not in whole:
        raise NotWordForWord
    ready = {language: words.get("body", "") for language, words in review.translations.items()}
    told = {**(ready if excerpt == whole else {}), **draft.translations}
    row.translations = {code: text.strip() for code, text in told.items() if text.strip() and code != review.language}
    row.excerpt, row.permission = excerpt, draft.permission.strip()
    row.category_id, row.market_codes, row.position = draft.category_id, list(draft.market_codes), draft.position
    try:
        with transaction.atomic():
            row.save()
            facts = {"review": review.pk, "category": row.category_id, "markets": row.market_codes}
            audit.record(verb, row, data={**facts, "words": excerpt, "permission": row.permission})
    except IntegrityError as trouble:
        raise PickedAlready from trouble
    forget_on_commit()
    return row
