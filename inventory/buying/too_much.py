"""From how many pieces on a shelf has too much: one rule, for alerts, for advice and for lists. Reads only.

A target that somebody has set goes first: too much is what is beyond so many percent of it, and the warehouse says how
many. Without one it is what will not sell, by the forecast, within the days that the buying rules say. Where neither
is known nothing is too much: what does not sell at all is slow, and told as that. Compared is what is free, so neither
what is promised nor what could be sold without being there.
"""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import DecimalField, ExpressionWrapper, F, Q, Value

from inventory.buying.policies import policies
from inventory.models import BuyingPolicy, Forecast, StockItem

NUMBER: DecimalField[Decimal, Decimal] = DecimalField(max_digits=20, decimal_places=4)


def most(*, target: int | None, over_percent: int, mean: Decimal, over_days: int) -> Decimal | None:
    """The most free pieces that are not too many; nothing when that cannot be said. `mean` is sold a day."""
    if target:
        return Decimal(target) * over_percent / 100
    return mean * over_days if mean > 0 else None


def free_of(item: StockItem) -> int:
    """The pieces on a shelf that nobody has a claim on."""
    return item.on_hand - item.allocated - item.reserved


def too_full(items: Collection[StockItem]) -> set[int]:
    """Which of these rows have too much, by key. Their warehouses have to be loaded. Two queries."""
    made = Forecast.objects.filter(variant__in={item.variant_id for item in items})
    means = {(row.warehouse_id, row.variant_id): row.mean for row in made}
    rules = policies()
    found = set()
    for item in items:
        limit = most(
            target=item.target_quantity,
            over_percent=item.warehouse.over_percent,
            mean=means.get((item.warehouse_id, item.variant_id), Decimal(0)),
            over_days=rules.get(item.warehouse_id, rules[None]).over_days,
        )
        if limit is not None and free_of(item) > limit:
            found.add(item.pk)
    return found


def beyond(policy: BuyingPolicy) -> Q:
    """The same rule for rows that know `free` and `mean`, under one set of buying rules."""
    by_target = ExpressionWrapper(F("target_quantity") * F("warehouse__over_percent") / Decimal(100), NUMBER)
    by_sales = ExpressionWrapper(F("mean") * Value(policy.over_days), NUMBER)
    has_target = Q(target_quantity__gt=0)
    return (has_target & Q(free__gt=by_target)) | (~has_target & Q(mean__gt=0, free__gt=by_sales))
