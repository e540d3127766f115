"""How often each market can sell sets: a set leaves whole, so it counts per warehouse what that one has all of."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from catalog.models import BundleItem
from catalog.types import Availability
from inventory.models import StockItem
from inventory.sellable import SELLABLE
from inventory.sourcing.reach import reach_of
from inventory.stockwork.pools import WEB, closed_to


def sets_with(variant_ids: Collection[int]) -> list[int]:
    """The sets that hold one of these variants."""
    rows = BundleItem.objects.filter(component_variant__in=variant_ids, optional=False)
    return sorted(set(rows.values_list("bundle_variant_id", flat=True)))


def set_stock(set_ids: Collection[int]) -> tuple[Availability, ...]:
    """What each market can sell of these sets, and its first warehouse that has one. Two queries, none for no set."""
    contents = _contents(set_ids)
    if not contents:
        return ()
    shelves = _shelves({pk for parts in contents.values() for pk, _ in parts})
    totals: defaultdict[tuple[int, int], int] = defaultdict(int)
    places: dict[tuple[int, int], str] = {}
    for (market_id, _position, code), left in sorted(shelves.items()):
        for set_id, parts in contents.items():
            count = min(max(left.get(pk, 0), 0) // quantity for pk, quantity in parts)
            totals[set_id, market_id] += count
            if count:
                places.setdefault((set_id, market_id), code)
    return tuple(
        Availability(*pair, available_total=total, place_code=places.get(pair, "")) for pair, total in totals.items()
    )


def _contents(set_ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """What has to be on a shelf for each set: (variant, pieces)."""
    rows = BundleItem.objects.filter(
        bundle_variant__in=list(set_ids),
        optional=False,
        component_variant__product__product_type__requires_shipping=True,
    )
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for set_id, variant_id, quantity in rows.values_list("bundle_variant_id", "component_variant_id", "quantity"):
        found[set_id].append((variant_id, quantity))
    return dict(found)


def _shelves(variant_ids: Iterable[int]) -> dict[tuple[int, int, str], dict[int, int]]:
    """By market and warehouse, in the market's order: what can be sold of each variant, and sent where lanes decide."""
    asked = list(variant_ids)
    reach = reach_of(asked)
    rows = (
        StockItem.objects.filter(warehouse__is_active=True, warehouse__priorities__isnull=False, variant_id__in=asked)
        .exclude(warehouse__in=closed_to(WEB))
        .annotate(sellable=SELLABLE)
        .values_list(
            "warehouse__priorities__market_id",
            "warehouse__priorities__position",
            "warehouse__code",
            "variant_id",
            "sellable",
        )
    )
    found: defaultdict[tuple[int, int, str], dict[int, int]] = defaultdict(dict)
    for market_id, position, code, variant_id, sellable in rows:
        found[market_id, position, code][variant_id] = sellable if reach.sends(market_id, code, variant_id) else 0
    return dict(found)
