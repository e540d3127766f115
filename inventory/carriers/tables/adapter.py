"""Rates from sheets: what a carrier charges by zone and weight, for carriers that cannot be asked.

Settings: `divisor` (volumetric weight in g is mm³ / (divisor × 1), 5000 when nothing is said), `origin` (the country
the sheet is for, when it is not that of the warehouse).
"""

from django.db.models import Q
from django.utils import timezone

from inventory.carriers.types import Access, Parcel, Rate, Shipment
from inventory.models import RateRow, RateSheet

DIVISOR = 5000


def chargeable_g(parcel: Parcel, divisor: int = DIVISOR) -> int:
    """The weight that is charged: the real one or, of a large box, its volume by the divisor in cm³ per kg."""
    volume_mm3 = parcel.length_mm * parcel.width_mm * parcel.height_mm
    return max(parcel.weight_g, -(-volume_mm3 // divisor))


class TableRates:
    """The newest sheet of an account that has begun."""

    def __init__(self, access: Access) -> None:
        self.access = access
        divisor = access.option("divisor")
        self.divisor = int(divisor) if divisor.isdigit() and int(divisor) else DIVISOR

    def rates(self, shipment: Shipment) -> tuple[Rate, ...]:
        """The cheapest fitting row of each service, cheapest first; a row that costs nothing is no rate."""
        today = timezone.now().date()
        sheet = RateSheet.objects.filter(account__code=self.access.code, valid_from__lte=today).first()
        if sheet is None:
            return ()
        origin = self.access.option("origin", shipment.sender.country)
        country = shipment.receiver.country
        grams = chargeable_g(shipment.parcel, self.divisor)
        side = Q(is_domestic=True) if origin == country else Q(is_international=True)
        rows = RateRow.objects.filter(
            side,
            Q(countries=[]) | Q(countries__contains=[country]),
            sheet=sheet,
            above_g__lt=grams,
            up_to_g__gte=grams,
            amount__gt=0,
        )
        found: dict[str, Rate] = {}
        for row in rows.order_by("amount", "pk"):
            if row.service not in found and fits(row, shipment.parcel):
                found[row.service] = _rate(row)
        return tuple(found.values())


def fits(row: RateRow, parcel: Parcel) -> bool:
    """Whether the box may be sent so: each side within its limit, longest against longest."""
    limits = (row.longest_mm, row.middle_mm, row.shortest_mm)
    return all(limit is None or side <= limit for side, limit in zip(parcel.sides_mm, limits, strict=True))


def _rate(row: RateRow) -> Rate:
    return Rate(
        service=row.service,
        name=row.service_name,
        cost=row.amount,
        days_min=row.days_min,
        days_max=row.days_max,
        zone=row.zone,
        ref=str(row.pk),
    )
