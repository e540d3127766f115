"""Reviews: written, looked at, shown, answered, voted on."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone

from catalog.actions.derived import mark_dirty
from catalog.actions.media import add_media
from catalog.cache import forget_on_commit
from catalog.errors import ReviewedAlready
from catalog.events import ReviewApproved
from catalog.models import Product, Review, ReviewVote
from core import audit
from core.events import publish
from markets.models import Market

MOST_PICTURES = 4


@dataclass(frozen=True, kw_only=True)
class ReviewDraft:
    """What a shopper says. `translations` maps a language to its `title` and `body`."""

    product_id: int
    market_code: str
    language: str
    rating: int
    author_name: str
    title: str = ""
    body: str = ""
    author_ref: str = ""
    order_ref: str = ""
    written_on: date | None = None
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    pictures: tuple[bytes, ...] = ()
    rewarded: bool = False


@transaction.atomic
def add_review(*, draft: ReviewDraft) -> Review:
    """A review that waits for a look; it counts as bought here with an order.

    One per author and product: a second one raises `ReviewedAlready`. Raises `MediaProblem` for a file that is no
    picture.
    """
    theirs = Review.objects.filter(product=draft.product_id, author_ref=draft.author_ref)
    if draft.author_ref and theirs.exists():
        raise ReviewedAlready
    review = _write(draft)
    for number, content in enumerate(draft.pictures[:MOST_PICTURES], start=1):
        review.assets.add(add_media(code=f"review-{review.pk}-{number}", content=content))
    return review


def _write(draft: ReviewDraft) -> Review:
    return Review.objects.create(
        product_id=draft.product_id,
        market=Market.objects.get(code=draft.market_code),
        language=draft.language,
        rating=draft.rating,
        title=draft.title.strip(),
        body=draft.body.strip(),
        author_name=draft.author_name.strip(),
        author_ref=draft.author_ref,
        order_ref=draft.order_ref,
        verified=bool(draft.order_ref),
        written_on=draft.written_on or timezone.now().date(),
        translations=draft.translations,
        rewarded=draft.rewarded,
    )


@transaction.atomic
def approve_review(*, review_id: int) -> Review:
    """Show a review and count its stars."""
    review = _judge(review_id, Review.State.APPROVED)
    publish(ReviewApproved(review_id=review.pk, product_id=review.product_id, order_ref=review.order_ref))
    return review


@transaction.atomic
def reject_review(*, review_id: int, refusal: str, note: str = "") -> Review:
    """Hide a review for one of the reasons there are; its stars no longer count. `note` goes to the activity log."""
    return _judge(review_id, Review.State.REJECTED, refusal=Review.Refusal(refusal).value, note=note)


@transaction.atomic
def answer_review(*, review_id: int, answer: str, language: str) -> Review:
    """The shop's answer below a review; an empty one takes it away."""
    review = Review.objects.lock().get(pk=review_id)
    review.answer, review.answer_language = answer.strip(), language
    review.answered_at = timezone.now() if review.answer else None
    review.save(update_fields=["answer", "answer_language", "answered_at"])
    audit.record("catalog.answer_review", review, data={"answer": review.answer})
    forget_on_commit()
    return review


@transaction.atomic
def vote_review(*, review_id: int, voter: str, helpful: bool) -> Review:
    """Count one visitor's vote; a second one of the same visitor replaces the first. Only for shown reviews."""
    review = Review.objects.lock().get(pk=review_id, state=Review.State.APPROVED)
    ReviewVote.objects.update_or_create(review=review, voter=voter, defaults={"helpful": helpful})
    votes = Counter(review.votes.values_list("helpful", flat=True))
    review.helpful, review.unhelpful = votes[True], votes[False]
    review.save(update_fields=["helpful", "unhelpful"])
    return review


def _judge(review_id: int, state: Review.State, *, refusal: str = "", note: str = "") -> Review:
    product_id = Review.objects.values_list("product_id", flat=True).get(pk=review_id)
    product = Product.objects.lock().get(pk=product_id)
    review = Review.objects.lock().get(pk=review_id)
    review.become(state=state)
    if review.refusal != refusal:
        review.refusal = refusal
        review.save(update_fields=["refusal"])
    audit.record(f"catalog.{state.value}_review", review, data={"refusal": refusal}, reason=note)
    count_stars(product)
    return review


def count_stars(product: Product) -> None:
    """Average, count, distribution and languages of the shown reviews; the product's row is locked by the caller."""
    shown = Review.objects.filter(product=product, state=Review.State.APPROVED)
    rows = list(shown.values_list("rating", "language"))
    stars = Counter(rating for rating, _language in rows)
    product.rating_counts = [stars[n] for n in (1, 2, 3, 4, 5)]
    product.rating_count = len(rows)
    product.rating_avg = _average(stars)
    product.review_languages = dict(Counter(language for _rating, language in rows))
    product.review_photos = shown.filter(assets__isnull=False).distinct().count()
    product.save(
        update_fields=["rating_counts", "rating_count", "rating_avg", "review_languages", "review_photos", "updated"]
    )
    mark_dirty(product_ids=[product.pk])


def _average(stars: Counter[int]) -> Decimal | None:
    count = stars.total()
    if not count:
        return None
    total = sum(rating * times for rating, times in stars.items())
    return (Decimal(total) / count).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
