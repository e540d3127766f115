"""How carriers are asked: whom, with what, how often, and what silence does."""

import importlib.util
import json
from datetime import timedelta

import pytest
import responses
from django.utils import timezone

from inventory.actions.asking import ask_due
from inventory.actions.carrier_inbox import process_inbox
from inventory.actions.following import announce_due, compact, follow_parcel
from inventory.carriers.karrio.adapter import NOT_INSTALLED, KarrioCarrier
from inventory.carriers.types import Access, Followed
from inventory.errors import CarrierRefused
from inventory.models import CarrierAccount, CarrierMessage, TrackedParcel
from tests.inventory.carriers.worlds import a_shipment, an_account

pytestmark = pytest.mark.django_db
DHL = "https://api-eu.dhl.com/track/shipments"
SEVENTEEN = "https://api.17track.net/track/v2.2"


def follow(carrier: str = "DHL", number: str = "N1", **more: str) -> TrackedParcel:
    parcel = follow_parcel(parcel_ref="1", followed=Followed(number=number, carrier=carrier, **more))
    assert parcel is not None
    return parcel


def test_a_number_is_one_however_it_is_written() -> None:
    assert compact(" 00 34 0a ") == "00340A"
    assert follow(number="00 34").pk == follow(number="0034").pk
    assert follow_parcel(parcel_ref="1", followed=Followed(number=" ", carrier="DHL")) is None


def test_whoever_goes_by_the_name_tells_and_else_a_tracker_of_all() -> None:
    tracker = an_account("17track", code="seventeen", position=1)
    dhl = an_account("dhl", name="DHL", also_called=["DHL Paket"], position=2)
    an_account("tables", name="Yamato")
    assert follow("dhl paket").account == dhl
    assert follow("Yamato", "N2").account == tracker


def test_with_nobody_to_ask_the_number_is_kept_all_the_same() -> None:
    assert follow("Yamato").account is None
    assert ask_due() == 0


@responses.activate
def test_an_answer_is_kept_like_a_message_and_asked_for_again_later() -> None:
    an_account("dhl", name="DHL", secrets={"key": "s"})
    answer = {"shipments": [{"id": "N1", "events": [{"timestamp": "2026-11-01T10:00:00Z", "statusCode": "transit"}]}]}
    responses.get(DHL, json=answer)
    parcel = follow(postcode="10115")
    assert ask_due() == 1
    assert ask_due() == 0
    (call,) = responses.calls
    assert call.request.headers["DHL-API-Key"] == "s"
    assert call.request.params["recipientPostalCode"] == "10115"
    assert CarrierMessage.objects.get().kind == "answer"
    TrackedParcel.objects.filter(pk=parcel.pk).update(next_poll_at=timezone.now() - timedelta(minutes=1))
    assert ask_due() == 1
    assert CarrierMessage.objects.count() == 1, "the same answer is the same message"


@responses.activate
def test_silence_is_noted_and_asked_again_later_and_later() -> None:
    an_account("dhl", name="DHL", secrets={"key": "s"})
    responses.get(DHL, status=503)
    parcel = follow()
    waits = []
    for _ in range(3):
        TrackedParcel.objects.update(next_poll_at=timezone.now() - timedelta(seconds=5))
        assert ask_due() == 0
        parcel.refresh_from_db()
        waits.append(parcel.next_poll_at - timezone.now())
    assert waits == sorted(waits)
    assert CarrierAccount.objects.get().failing_since is not None
    responses.replace("GET", DHL, json={"shipments": []})
    TrackedParcel.objects.update(next_poll_at=timezone.now() - timedelta(seconds=5))
    assert ask_due() == 1
    assert CarrierAccount.objects.get().failing_since is None


def test_what_was_said_before_the_number_was_known_is_heard_then() -> None:
    account = an_account("dhl", name="DHL")
    answer = {"shipments": [{"id": "N1", "events": [{"timestamp": "2026-11-01T10:00:00Z", "statusCode": "transit"}]}]}
    message = CarrierMessage.objects.create(account=account, event_id="1", kind="answer", payload=answer)
    other = CarrierMessage.objects.create(account=account, event_id="2", kind="answer", payload={"shipments": []})
    assert process_inbox() == 2
    follow()
    message.refresh_from_db()
    other.refresh_from_db()
    assert (message.state, other.state) == (CarrierMessage.State.RECEIVED, CarrierMessage.State.UNMATCHED)
    process_inbox()
    message.refresh_from_db()
    assert message.state == CarrierMessage.State.PROCESSED


@responses.activate
def test_trackers_are_told_once_which_numbers_to_watch() -> None:
    an_account("17track", code="seventeen", secrets={"key": "s"})
    responses.post(f"{SEVENTEEN}/register", json={"data": {"accepted": [{"number": "N1"}], "rejected": []}})
    follow("Yamato")
    assert announce_due() == 1
    assert announce_due() == 0
    (call,) = responses.calls
    assert json.loads(call.request.body) == [{"lang": "en", "number": "N1"}]
    assert call.request.headers["17token"] == "s"


@responses.activate
def test_a_number_that_is_watched_already_is_no_trouble() -> None:
    an_account("17track", code="seventeen", secrets={"key": "s"})
    rejected = [{"number": "N1", "error": {"code": -18019901, "message": "registered"}}]
    responses.post(f"{SEVENTEEN}/register", json={"data": {"accepted": [], "rejected": rejected}})
    follow("Yamato")
    assert announce_due() == 1


@pytest.mark.skipif(importlib.util.find_spec("karrio") is not None, reason="karrio is installed here")
def test_without_the_library_the_account_says_what_to_install() -> None:
    access = Access(code="fedex", name="FedEx", options={"carrier": "fedex"})
    with pytest.raises(CarrierRefused) as refused:
        KarrioCarrier(access).rates(a_shipment())
    assert refused.value.reason == NOT_INSTALLED
