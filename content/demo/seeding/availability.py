"""What can be bought, told to the catalogue at once instead of by a worker later."""

from catalog.actions.stock import note_availability
from catalog.models import Variant
from inventory.queries import market_stock
from inventory.set_stock import set_stock


def seed_availability() -> None:
    """Every variant's availability in every market, as inventory counts it."""
    ids = list(Variant.objects.values_list("pk", flat=True))
    note_availability(changes=[*market_stock(ids), *set_stock(ids)], variant_ids=ids)
