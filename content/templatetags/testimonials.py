"""Picked reviews on pages of other apps."""

from typing import Any

from django import template
from django.template.context import Context

from content.testimonials import quotes_of

register = template.Library()


@register.inclusion_tag("storefront/partials/testimonials.html", takes_context=True)
def testimonials(context: Context, category_id: int | None) -> dict[str, Any]:
    """What buyers say about things of a category; nothing where nothing was picked. Without queries when remembered."""
    market = getattr(context.get("request"), "market", None)
    return {"quotes": quotes_of(market, category_id) if market is not None and category_id else ()}
