"""Who may write a review: the buyer of a line that has arrived, once per product."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from catalog.actions import ReviewDraft, add_review
from catalog.models import Review
from orders.errors import LineUnknown
from orders.models import Fulfillment, Order, OrderLine

SURELY_THERE = timedelta(days=14)
"""After so long a parcel without tracking counts as delivered."""


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What the buyer says."""

    rating: int
    title: str
    body: str
    name: str
    pictures: tuple[bytes, ...] = ()


def has_arrived(parcel: Fulfillment) -> bool:
    """Whether what is in the parcel can be reviewed."""
    if parcel.delivered_at is not None:
        return True
    return parcel.shipped_at is not None and parcel.shipped_at < timezone.now() - SURELY_THERE


def line_to_review(order: Order, line_id: int) -> OrderLine:
    """The line of the order that has arrived. Raises `LineUnknown` for another one."""
    long_ago = timezone.now() - SURELY_THERE
    arrived = Q(fulfillment_lines__fulfillment__delivered_at__isnull=False) | Q(
        fulfillment_lines__fulfillment__shipped_at__lt=long_ago
    )
    line = OrderLine.objects.filter(arrived, order=order, pk=line_id, product_id_sold__isnull=False).first()
    if line is None:
        raise LineUnknown
    return line


def write_review(*, order: Order, line: OrderLine, language: str, opinion: Opinion) -> Review:
    """A verified review that waits for a look. Raises `ReviewedAlready` and `MediaProblem`."""
    return add_review(
        draft=ReviewDraft(
            product_id=line.product_id_sold or 0,
            market_code=order.market,
            language=language,
            rating=opinion.rating,
            title=opinion.title,
            body=opinion.body,
            author_name=opinion.name,
            author_ref=order.email_hash,
            order_ref=order.number,
            pictures=opinion.pictures,
        )
    )
