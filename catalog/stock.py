"""What markets can sell, as parts of other queries."""

from django.db.models import FilteredRelation, OuterRef, Q, Subquery

from catalog.models import VariantAvailability

MOST_IN_A_MARKET = Subquery(
    VariantAvailability.objects.filter(variant=OuterRef("pk"))
    .order_by("-available_total")
    .values("available_total")[:1]
)
"""For operators: what the best supplied market can sell of a variant. None when no market has any."""


def stock_in(market_id: int, path: str = "availabilities") -> FilteredRelation:
    """The row of one market, to be annotated: `path` leads from the query's model to it."""
    return FilteredRelation(path, condition=Q(**{f"{path}__market": market_id}))
