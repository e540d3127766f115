"""Reviews: written, looked at, shown."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone

from catalog.actions.derived import mark_dirty
from catalog.events import ReviewApproved
from catalog.models import Product, Review
from core import audit
from core.events import publish
from markets.models import Market


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


def add_review(*, draft: ReviewDraft) -> Review:
    """A review that waits for a look. One per author and product; it counts as bought here with an order."""
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
    )


@transaction.atomic
def approve_review(*, review_id: int) -> Review:
    """Show a review and count its stars."""
    review = _judge(review_id, Review.State.APPROVED)
    publish(ReviewApproved(review_id=review.pk, product_id=review.product_id, order_ref=review.order_ref))
    return review


@transaction.atomic
def reject_review(*, review_id: int, reason: str) -> Review:
    """Hide a review; its stars no longer count."""
    return _judge(review_id, Review.State.REJECTED, reason=reason)


def _judge(review_id: int, state: Review.State, reason: str = "") -> Review:
    product_id = Review.objects.values_list("product_id", flat=True).get(pk=review_id)
    product = Product.objects.lock().get(pk=product_id)
    review = Review.objects.lock().get(pk=review_id)
    review.become(state=state)
    audit.record(f"catalog.{state.value}_review", review, reason=reason)
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
    product.save(update_fields=["rating_counts", "rating_count", "rating_avg", "review_languages", "updated"])
    mark_dirty(product_ids=[product.pk])


def _average(stars: Counter[int]) -> Decimal | None:
    count = stars.total()
    if not count:
        return None
    total = sum(rating * times for rating, times in stars.items())
    return (Decimal(total) / count).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
