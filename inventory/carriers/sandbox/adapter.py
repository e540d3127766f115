"""The house's own stand-in for a carrier: labels that look like labels, and parcels that travel by themselves.

Settings: `story` (a letter of `numbers.STORIES`) decides how parcels fare, `currency` and `price` what a label costs.
"""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from core.money import Money, round_half_up
from inventory.carriers.canonical import Canonical
from inventory.carriers.readers.building import event, named, tracking
from inventory.carriers.reading import day, moment, rows, text
from inventory.carriers.sandbox.numbers import number_of
from inventory.carriers.sandbox.pages import label_pdf, label_zpl
from inventory.carriers.sandbox.stories import told_of
from inventory.carriers.types import (
    Access,
    Followed,
    Label,
    Manifest,
    ManifestLine,
    Rate,
    Shipment,
    Tracking,
)
from inventory.carriers.vocabulary import words_of
from inventory.errors import CarrierRefused, CarrierUnreachable
from markets.customs import crosses_customs

PROVIDER = "sandbox"
OWN = {str(one): str(one) for one in Canonical.values}
SERVICES = (("express", "Express", Decimal(2), 1, 2), ("standard", "Standard", Decimal(1), 3, 5))
HEAVIEST_G = 31_500
PER_KG = Decimal("0.8")


class SandboxCarrier:
    """One stand-in. Without SANDBOX_CARRIER nothing of it answers."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.step = timedelta(seconds=settings.SANDBOX_CARRIER_STEP_SECONDS)

    def rates(self, shipment: Shipment) -> tuple[Rate, ...]:
        """Two services up to 31.5 kg."""
        self._must_be_on()
        if not 0 < shipment.parcel.weight_g <= HEAVIEST_G:
            return ()
        found = [
            Rate(service=code, name=name, cost=self._cost(shipment, factor), days_min=least, days_max=most, ref=code)
            for code, name, factor, least, most in SERVICES
        ]
        return tuple(sorted(found, key=lambda rate: rate.cost.amount))

    def buy(self, shipment: Shipment, service: str, key: str) -> Label:
        """A label that says of itself that it is none. The same key gives the same number within a minute."""
        self._must_be_on()
        known = {code: (name, factor) for code, name, factor, _least, _most in SERVICES}
        if service not in known:
            raise CarrierRefused(f"service {service}")
        if not shipment.receiver.lines or not 0 < shipment.parcel.weight_g <= HEAVIEST_G:
            raise CarrierRefused("address or weight")
        number = number_of(
            origin=shipment.sender.country,
            country=shipment.receiver.country,
            since=timezone.now(),
            key=key,
            story=self.access.option("story", "D"),
        )
        is_zpl = self.access.label_format == "zpl"
        draw = label_zpl if is_zpl else label_pdf
        name, factor = known[service]
        return Label(
            content=draw(shipment, carrier=self.access.name, service=name, tracking_no=number),
            format="zpl" if is_zpl else "pdf",
            tracking_no=number,
            carrier=self.access.name,
            service=service,
            ref=number,
            cost=self._cost(shipment, factor),
        )

    def cancel(self, label_ref: str, tracking_no: str, key: str) -> None:
        """Always possible."""
        self._must_be_on()

    def track(self, parcels: Sequence[Followed]) -> Any:
        """Where its parcels are by now."""
        self._must_be_on()
        now = timezone.now()
        found = (told_of(one, now=now, step=self.step, crosses=crosses_customs) for one in parcels)
        return {"parcels": [one for one in found if one]}

    def read(self, payload: Any) -> tuple[Tracking, ...]:
        """What an answer says."""
        words = words_of(PROVIDER)
        return named(
            tracking(
                text(one, "number"),
                (
                    event(
                        words,
                        OWN,
                        code=text(said, "status"),
                        at=moment(text(said, "at")),
                        said=text(said, "text"),
                        place=text(said, "place"),
                    )
                    for said in rows(one, "events")
                ),
                carrier=self.access.name,
                eta=day(text(one, "eta")),
            )
            for one in rows(payload, "parcels")
        )

    def manifest(self, lines: Sequence[ManifestLine], key: str) -> Manifest:
        """A number; nothing more is needed here."""
        self._must_be_on()
        return Manifest(number=f"SXM-{key[-12:].upper()}")

    def _cost(self, shipment: Shipment, factor: Decimal) -> Money:
        base = Decimal(self.access.option("price", "4.50"))
        far = Decimal(1) if shipment.is_domestic else Decimal(3)
        kilos = Decimal(shipment.parcel.weight_g) / 1000
        amount = (base * far + PER_KG * far * kilos) * factor
        return round_half_up(amount, self.access.option("currency", "EUR"))

    def _must_be_on(self) -> None:
        if not settings.SANDBOX_CARRIER:
            raise CarrierUnreachable("SANDBOX_CARRIER is off")
