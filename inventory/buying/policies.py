"""Which rules of buying hold for a warehouse."""

from inventory.models import BuyingPolicy, Warehouse


def policies() -> dict[int | None, BuyingPolicy]:
    """The rules by warehouse; under none those for all others. One query."""
    found: dict[int | None, BuyingPolicy] = {row.warehouse_id: row for row in BuyingPolicy.objects.all()}
    found.setdefault(None, BuyingPolicy())
    return found


def policy_of(place: Warehouse) -> BuyingPolicy:
    """The warehouse's own rules, those for all, or what the shop begins with."""
    known = policies()
    return known.get(place.pk, known[None])
