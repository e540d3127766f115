"""Letting somebody look at what shoppers do not see yet."""

from django.db import transaction

from catalog.models import Category, Product
from catalog.publishing.preview import Sight, preview_token
from core import audit


@transaction.atomic
def make_preview(*, target: Product | Category, sight: Sight, hours: int) -> str:
    """The token of a link that works for so many hours. That it was made is recorded, the token is not."""
    token = preview_token(sight=sight, hours=hours)
    told = {"market": sight.market, "at": sight.at, "audience": sight.audience, "drafts": sight.drafts, "hours": hours}
    audit.record("catalog.make_preview", target, data=told)
    return token
