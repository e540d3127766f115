"""Where the packing table gets its labels from: whoever the settings name, or nobody, and then numbers are typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from core.money import Money
from orders.actions.packing import Way

LabelFormat = Literal["pdf", "zpl"]


@dataclass(frozen=True, kw_only=True)
class LabelOffer:
    """One way to send a box: `key` is what buying it needs. Days are working days."""

    key: str
    carrier: str
    service: str
    price: Money
    days_min: int | None = None
    days_max: int | None = None


@dataclass(frozen=True, kw_only=True)
class LabelFile:
    """A label that was bought: of which parcel, in which format."""

    fulfillment_id: int
    format: LabelFormat


class LabelDesk(Protocol):
    """Sells labels for closed boxes. Each may raise a `DomainError`; no transaction is open while one runs."""

    def offers(self, fulfillment_id: int) -> Sequence[LabelOffer]:
        """Every service that takes the box, cheapest first."""
        ...

    def buy(self, fulfillment_id: int, offer: str, key: str) -> Way:
        """A label, bought once per `key`, and under which number the box travels with it."""
        ...

    def give_back(self, fulfillment_id: int, reason: str) -> None:
        """The label of a box that is opened again; of a box without one, nothing happens."""
        ...

    def bought(self, fulfillment_ids: Sequence[int]) -> Sequence[LabelFile]:
        """Which of these have a label, in this order."""
        ...

    def printed(self, fulfillment_ids: Sequence[int], wanted: LabelFormat) -> bytes:
        """Their labels of one format as one file, in this order."""
        ...

    def announce(self, warehouse_code: str, fulfillment_ids: Sequence[int]) -> str:
        """Tell carriers what was handed over; their number of the list, empty where they want none."""
        ...


def label_desk() -> LabelDesk | None:
    """The one the settings name (`PARCEL_LABELS`); none where the numbers of parcels are typed by hand."""
    path = settings.PARCEL_LABELS
    return _made(path) if path else None


@cache
def _made(path: str) -> LabelDesk:
    desk: LabelDesk = import_string(path)()
    return desk
