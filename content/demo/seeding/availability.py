"""What can be bought, told to the catalogue at once instead of by a worker later."""

from catalog.actions.stock import note_availability
from catalog.models import Variant
from catalog.types import Availability
from inventory.queries import available, first_places


def seed_availability() -> None:
    """Every variant's availability as inventory counts it."""
    ids = list(Variant.objects.values_list("pk", flat=True))
    counts, places = available(ids), first_places(ids)
    note_availability(
        changes=[
            Availability(variant_id=pk, available_total=counts.get(pk, 0), place_code=places.get(pk, "")) for pk in ids
        ]
    )
