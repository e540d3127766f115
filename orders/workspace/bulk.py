"""Work on several orders at once. Each order is one action of its own: one refusal stops no other."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import DomainError
from orders.actions import create_fulfillment
from orders.models import Fulfillment, ParcelState
from orders.types import ShipItem

MOST = 100


@dataclass(frozen=True, kw_only=True)
class BulkResult:
    """The orders it worked for, and those that refused with their reason."""

    done: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def pack_orders(*, numbers: Iterable[str]) -> BulkResult:
    """Pack everything that is planned for these orders, as it was planned."""
    done, refused = [], []
    for number in list(dict.fromkeys(numbers))[:MOST]:
        try:
            packed = _pack(number)
        except DomainError as refusal:
            refused.append((number, str(refusal)))
        else:
            done += [number] if packed else []
    return BulkResult(done=tuple(done), refused=tuple(refused))


def _pack(number: str) -> int:
    parcels = Fulfillment.objects.filter(order__number=number, state=ParcelState.PLANNED).prefetch_related("lines")
    packed = 0
    for parcel in parcels:
        items = [ShipItem(line_id=row.order_line_id, quantity=row.quantity) for row in parcel.lines.all()]
        if items:
            create_fulfillment(number=number, warehouse_code=parcel.warehouse_code, items=items)
            packed += 1
    return packed
