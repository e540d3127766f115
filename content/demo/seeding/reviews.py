"""What buyers of the demo goods wrote, each in their own language."""

from datetime import timedelta

from django.utils import timezone

from catalog.actions.reviews import ReviewDraft, add_review, approve_review
from catalog.models import Product, Review
from content.demo.texts import table


def seed_reviews() -> None:
    """Every review once, approved, dated back from today."""
    ids = dict(Product.objects.values_list("code", "pk"))
    known = set(Review.objects.values_list("author_ref", flat=True))
    today = timezone.now().date()
    for row in table("reviews"):
        if row["code"] in known:
            continue
        review = add_review(
            draft=ReviewDraft(
                product_id=ids[row["product"]],
                market_code=row["market"],
                language=row["language"],
                rating=row["rating"],
                author_name=row["author"],
                title=row["title"],
                body=row["body"],
                author_ref=row["code"],
                order_ref=f"demo-{row['code']}" if row["verified"] else "",
                written_on=today - timedelta(days=row["days_ago"]),
            )
        )
        approve_review(review_id=review.pk)
