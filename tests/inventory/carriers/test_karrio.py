"""The real library: what it is asked, what its answers become, and that a lost connection is silence, not a no."""

import base64
import io
import json
from collections.abc import Iterator
from typing import Any
from unittest import mock
from urllib.error import URLError

import pytest
from pypdf import PdfReader, PdfWriter

from core.money import Money
from inventory.carriers.karrio.adapter import KarrioCarrier
from inventory.carriers.types import Access, Followed
from inventory.errors import CarrierRefused, CarrierUnreachable
from tests.inventory.carriers.worlds import a_shipment

pytest.importorskip("karrio.mappers.fedex", reason="karrio is not installed here")
pytestmark = pytest.mark.django_db


def a_page() -> str:
    """A PDF of one page: the library takes labels apart and puts them together."""
    writer, whole = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=288, height=432)
    writer.write(whole)
    return base64.b64encode(whole.getvalue()).decode()


RATES = {
    "output": {
        "rateReplyDetails": [
            {
                "serviceType": "INTERNATIONAL_ECONOMY",
                "serviceName": "International Economy",
                "ratedShipmentDetails": [
                    {"rateType": "ACCOUNT", "currency": "EUR", "totalNetCharge": 41.35, "shipmentRateDetail": {}}
                ],
            }
        ]
    }
}
SOLD = {
    "output": {
        "transactionShipments": [
            {
                "masterTrackingNumber": "794953535000",
                "serviceType": "INTERNATIONAL_ECONOMY",
                "pieceResponses": [
                    {
                        "trackingNumber": "794953535000",
                        "packageDocuments": [{"contentType": "LABEL", "docType": "PDF", "encodedLabel": a_page()}],
                    }
                ],
            }
        ]
    }
}
TRACKED = {
    "output": {
        "completeTrackResults": [
            {
                "trackingNumber": "794953535000",
                "trackResults": [
                    {
                        "trackingNumberInfo": {"trackingNumber": "794953535000"},
                        "latestStatusDetail": {"code": "PU", "description": "Picked up"},
                        "scanEvents": [
                            {
                                "date": "2026-11-20T10:00:00+01:00",
                                "eventType": "PU",
                                "eventDescription": "Picked up",
                                "scanLocation": {"city": "LEIPZIG", "countryCode": "DE"},
                            }
                        ],
                    }
                ],
            }
        ]
    }
}
REFUSED = {"errors": [{"code": "SERVICE.UNAVAILABLE", "message": "Not to this postcode."}]}
TOKEN = {"access_token": "t", "expires_in": 3600, "token_type": "bearer"}


class FedEx:
    """Stands at the other end of the line: one answer for everything but the sign-in."""

    def __init__(self) -> None:
        self.answer: Any = {}
        self.asked: list[tuple[str, Any]] = []
        self.is_down = False

    def request(self, decoder: Any = None, on_ok: Any = None, **sent: Any) -> Any:
        """As the library's own way out, which reads bytes."""
        if self.is_down:
            raise URLError("no route")
        is_signing_in = "oauth" in sent["url"]
        body = json.dumps(TOKEN if is_signing_in else self.answer).encode()
        if not is_signing_in:
            self.asked.append((sent["url"], json.loads(sent["data"])))
        if on_ok is not None:
            return on_ok(mock.Mock(read=lambda: body, headers={}))
        return decoder(body) if decoder is not None else body.decode()


@pytest.fixture
def fedex() -> Iterator[FedEx]:
    line = FedEx()
    with mock.patch("karrio.lib.request", line.request):
        yield line


def carrier(**more: str) -> KarrioCarrier:
    options = {"carrier": "fedex", "account_number": "1", "test_mode": "yes", **more}
    names = ("api_key", "secret_key", "track_api_key", "track_secret_key")
    return KarrioCarrier(Access(code="fedex", name="FedEx", options=options, secrets=dict.fromkeys(names, "s")))


def test_prices_are_those_of_the_account(fedex: FedEx) -> None:
    fedex.answer = RATES
    (rate,) = carrier().rates(a_shipment(country="US"))
    assert (rate.service, rate.cost) == ("fedex_international_economy", Money("41.35", "EUR"))
    ((_url, asked),) = fedex.asked
    wanted = asked["requestedShipment"]
    assert wanted["recipient"]["address"]["streetLines"] == ["Street 2"], "as the label has it"
    assert wanted["customsClearanceDetail"]["commodities"][0]["harmonizedCode"] == "691110"
    assert wanted["customsClearanceDetail"]["dutiesPayment"]["paymentType"] == "SENDER"


def test_a_label_is_what_came_back(fedex: FedEx) -> None:
    fedex.answer = SOLD
    label = carrier().buy(a_shipment(country="US"), "fedex_international_economy", "k" * 60)
    assert (label.tracking_no, label.format) == ("794953535000", "pdf")
    assert len(PdfReader(io.BytesIO(label.content)).pages) == 1


def test_events_are_in_our_words(fedex: FedEx) -> None:
    fedex.answer = TRACKED
    adapter = carrier()
    (found,) = adapter.read(adapter.track([Followed(number="794953535000", carrier="FedEx")]))
    (event,) = found.events
    assert (found.number, event.code, event.carrier_code) == ("794953535000", "picked_up", "PU")


def test_a_no_is_a_no_and_a_lost_connection_is_silence(fedex: FedEx) -> None:
    fedex.answer = REFUSED
    with pytest.raises(CarrierRefused, match="Not to this postcode"):
        carrier().buy(a_shipment(country="US"), "fedex_international_economy", "k")
    fedex.is_down = True
    with pytest.raises(CarrierUnreachable):
        carrier().buy(a_shipment(country="US"), "fedex_international_economy", "k")


def test_a_carrier_that_the_library_does_not_know_is_said() -> None:
    with pytest.raises(CarrierRefused):
        carrier(carrier="nobody").rates(a_shipment())
