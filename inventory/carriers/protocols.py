"""What a carrier can be asked. An adapter has the methods of what it can do, and no others.

Every call may raise `CarrierUnreachable` (the effect is unknown: the same call may be made again with the same key) or
`CarrierRefused`, which says why. No transaction is open while one runs.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from inventory.carriers.types import (
    Customs,
    Followed,
    Label,
    Manifest,
    ManifestLine,
    Rate,
    Shipment,
    Told,
    Tracking,
)


@runtime_checkable
class Rates(Protocol):
    """Knows what a shipment costs."""

    def rates(self, shipment: Shipment) -> tuple[Rate, ...]:
        """Every service that takes it, cheapest first; nothing when none does."""
        ...


@runtime_checkable
class Labels(Protocol):
    """Sells labels."""

    def buy(self, shipment: Shipment, service: str, key: str) -> Label:
        """A label; the same key buys it once, where the carrier knows keys."""
        ...

    def cancel(self, label_ref: str, tracking_no: str, key: str) -> None:
        """Give a label back. Of one that is given back already, nothing happens."""
        ...


@runtime_checkable
class Tracks(Protocol):
    """Answers where parcels are when it is asked."""

    def track(self, parcels: Sequence[Followed]) -> Any:
        """The carrier's own answer about these numbers, as `read` understands it: it is kept before it is read."""
        ...

    def read(self, payload: Any) -> tuple[Tracking, ...]:
        """What the answer says. Never raises: what cannot be understood is left out, unknown codes are `unknown`."""
        ...


@runtime_checkable
class TracksByWebhook(Protocol):
    """Says by itself where parcels are."""

    def verify(self, headers: Mapping[str, str], body: bytes) -> Told:
        """The message, checked on its raw bytes. Raises `BadCarrierMessage` before anything of it is believed."""
        ...

    def read(self, payload: Any) -> tuple[Tracking, ...]:
        """What the message says of parcels, as `Tracks.read` does."""
        ...


@runtime_checkable
class Registers(Protocol):
    """Wants to be told which numbers to watch before it says anything of them."""

    def register(self, parcels: Sequence[Followed]) -> None:
        """Have these numbers watched. Numbers that are watched already are no trouble."""
        ...


@runtime_checkable
class Manifests(Protocol):
    """Closes a day."""

    def manifest(self, lines: Sequence[ManifestLine], key: str) -> Manifest:
        """Announce what is handed over; the same key announces it once."""
        ...


@runtime_checkable
class CustomsData(Protocol):
    """Takes what customs want to know as data."""

    def customs_data(self, customs: Customs) -> Mapping[str, Any]:
        """The declaration as this carrier writes it."""
        ...


@runtime_checkable
class Packs(Protocol):
    """A warehouse of somebody else's that packs and sends for us."""

    def push(self, content: Mapping[str, Any], key: str) -> str:
        """Have a parcel packed; its number there, empty when it comes later. The same key orders it once."""
        ...

    def recall(self, parcel_ref: str, external_ref: str, key: str) -> bool:
        """Ask for a parcel back that has not left; whether it is stopped at once. Else a message will say so."""
        ...
