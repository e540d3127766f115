"""FedEx, UPS and DHL through karrio's SDK, an optional extra (`pip install -r requirements/carriers.in`).

Settings: `carrier` (its name there: fedex, ups, dhl_express, …), everything else of that carrier's connection that is
no secret, such as `account_number` and `test_mode`. Secrets: its keys by karrio's names (FedEx: `api_key`,
`secret_key`, and `track_api_key`, `track_secret_key` for tracking; UPS: `client_id`, `client_secret`; DHL Express:
`site_id`, `password`).
"""

import importlib
import logging
from base64 import b64decode
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from inventory.carriers.karrio.building import parcel_of, party_of, shipment_options
from inventory.carriers.karrio.reading import label_of, rates_of
from inventory.carriers.readers import read_with
from inventory.carriers.types import Access, Customs, Followed, Label, Rate, Shipment, Tracking
from inventory.errors import CarrierRefused, CarrierUnreachable

logger = logging.getLogger(__name__)
NOT_INSTALLED = "karrio is not installed: pip install -r requirements/carriers.in"
OWN = frozenset({"carrier"})
SAID_NOTHING = frozenset({"SHIPPING_SDK_INTERNAL_ERROR"})
"""The library tells of every exception of its own, a lost connection as well, by a message with this code."""


def sdk() -> Any:
    """The library. Raises `CarrierRefused` with a sentence when it is not installed."""
    try:
        found = importlib.import_module("karrio.sdk")
    except ImportError:
        raise CarrierRefused(NOT_INSTALLED) from None
    importlib.import_module("loguru").logger.disable("karrio")  # it writes down addresses with its errors
    logging.getLogger("jstruct").setLevel(logging.ERROR)  # and this one the values of settings it does not know
    return found


class KarrioCarrier:
    """One carrier's connection."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.carrier = access.option("carrier")

    def rates(self, shipment: Shipment) -> tuple[Rate, ...]:
        """What the carrier asks, by service."""
        found = self._ask("Rating", "fetch", "RateRequest", self._shipment(shipment))
        return rates_of(found)

    def buy(self, shipment: Shipment, service: str, key: str) -> Label:
        """A label. The key is our reference there; these carriers buy anew each time, which `buy_label` bears."""
        wanted = {
            **self._shipment(shipment),
            "service": service,
            "payment": {"paid_by": "sender"},
            "label_type": self.access.label_format.upper(),
            "reference": key[-35:],
        }
        made = self._ask("Shipment", "create", "ShipmentRequest", wanted)
        return label_of(made, access=self.access, service=service, decode=b64decode)

    def cancel(self, label_ref: str, tracking_no: str, key: str) -> None:
        """Void the shipment."""
        self._ask("Shipment", "cancel", "ShipmentCancelRequest", {"shipment_identifier": label_ref or tracking_no})

    def track(self, parcels: Sequence[Followed]) -> Any:
        """The carrier's events in karrio's shape, which is plain JSON."""
        lib = sdk()
        wanted = {"tracking_numbers": [one.number for one in parcels]}
        found = self._ask("Tracking", "fetch", "TrackingRequest", wanted)
        to_dict = importlib.import_module(f"{lib.__name__.partition('.')[0]}.lib").to_dict
        return {"karrio": [to_dict(one) for one in found or []]}

    def read(self, payload: Any) -> tuple[Tracking, ...]:
        """What an answer says."""
        return read_with("karrio", payload)

    def customs_data(self, customs: Customs) -> Mapping[str, Any]:
        """The declaration as karrio takes it."""
        return {
            "commodities": [
                {
                    "sku": one.sku,
                    "description": one.description,
                    "hs_code": one.hs_code,
                    "origin_country": one.origin,
                    "quantity": one.quantity,
                    "weight": str(Decimal(one.weight_g) / 1000 / one.quantity),
                    "weight_unit": "KG",
                    "value_amount": str(one.value.amount / one.quantity),
                    "value_currency": one.value.currency.code,
                }
                for one in customs.items
            ],
            "incoterm": customs.terms,
            "content_type": "merchandise",
            "invoice": customs.invoice_number or None,
            "duty": {"paid_by": "sender" if customs.terms == "DDP" else "recipient"},
            "options": {customs.scheme.lower(): customs.scheme_number} if customs.scheme_number else {},
        }

    def _shipment(self, shipment: Shipment) -> dict[str, Any]:
        wanted: dict[str, Any] = {
            "shipper": party_of(shipment.sender),
            "recipient": party_of(shipment.receiver),
            "parcels": [parcel_of(shipment.parcel)],
            "options": shipment_options(shipment),
        }
        if shipment.customs is not None:
            wanted["customs"] = self.customs_data(shipment.customs)
        return wanted

    def _ask(self, subject: str, verb: str, request: str, wanted: Mapping[str, Any]) -> Any:
        """Call the library. What the carrier says is the refusal; what goes wrong on the way to it is silence."""
        lib = sdk()
        models = importlib.import_module("karrio.core.models")
        gateway = self._gateway(lib)
        try:
            call = getattr(getattr(lib, subject), verb)(getattr(models, request)(**wanted))
            found, messages = call.from_(gateway).parse()
        except Exception as trouble:  # its plugins raise what their carriers' formats make them raise
            logger.warning("karrio and %s: %s", self.carrier, type(trouble).__name__)
            raise CarrierUnreachable(type(trouble).__name__) from trouble
        if not found and messages:
            said = "; ".join(str(one.message) for one in messages if one.message)[:300]
            if any(str(one.code) in SAID_NOTHING for one in messages):
                raise CarrierUnreachable(said)
            raise CarrierRefused(said)
        return found

    def _gateway(self, lib: Any) -> Any:
        """The connection. Raises `CarrierRefused` for settings that the library does not know."""
        try:
            return lib.gateway[self.carrier].create(self._settings())
        except Exception as trouble:  # attrs, KeyError, ValueError: each plugin says it in its own way
            logger.warning("karrio has no connection %s: %s", self.access.code, type(trouble).__name__)
            raise CarrierRefused(f"{self.carrier}: {type(trouble).__name__}") from trouble

    def _settings(self) -> dict[str, Any]:
        plain: dict[str, Any] = {name: value for name, value in self.access.options.items() if name not in OWN}
        if "test_mode" in plain:
            plain["test_mode"] = plain["test_mode"].lower() in ("1", "yes", "true")
        return {**plain, **self.access.secrets, "carrier_id": self.access.code}
