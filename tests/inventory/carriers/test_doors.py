"""Messages of carriers: signed by whom they name, kept once, answered at once, and worked on once."""

import json
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from inventory.actions.carrier_inbox import process_inbox
from inventory.carriers.easypost.adapter import sign_of as easypost_sign
from inventory.carriers.kdniao.adapter import sign_of as kdniao_sign
from inventory.carriers.seventeentrack.adapter import sign_of as seventeen_sign
from inventory.models import CarrierMessage, UnknownCode
from tests.inventory.carriers.test_reading_anything import SEEDS, with_code
from tests.inventory.carriers.worlds import SECRET, an_account

pytestmark = pytest.mark.django_db
Sent = tuple[bytes, dict[str, str], str]
JSON = "application/json"


def from_17track() -> Sent:
    body = json.dumps(with_code(SEEDS["17track"], "InTransit_Other")).encode()
    return body, {"sign": seventeen_sign(body, "k17")}, JSON


def from_kdniao() -> Sent:
    data = json.dumps({"EBusinessID": "b1", "Data": [SEEDS["kdniao"]]})
    form = {"RequestData": data, "RequestType": "101", "DataSign": kdniao_sign(data, "kdn")}
    return urlencode(form).encode(), {}, "application/x-www-form-urlencoded"


def from_easypost() -> Sent:
    body = json.dumps({"id": "evt_1", "description": "tracker.updated", "result": SEEDS["easypost"]}).encode()
    return body, {"X-Hmac-Signature": easypost_sign(body, "hook")}, JSON


def from_relay(age: timedelta = timedelta(0)) -> Sent:
    body = json.dumps({"provider": "fedex", "answer": SEEDS["fedex"]})
    now = timezone.now() - age
    signature = Webhook(SECRET).sign("m1", now, body)
    headers = {
        "webhook-id": "m1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    return body.encode(), headers, JSON


DOORS: dict[str, Callable[[], Sent]] = {
    "17track": from_17track,
    "kdniao": from_kdniao,
    "easypost": from_easypost,
    "relay": from_relay,
}


@pytest.fixture(autouse=True)
def accounts() -> None:
    an_account("17track", code="seventeen", secrets={"key": "k17"})
    an_account("kdniao", secrets={"key": "kdn"}, options={"business_id": "b1"})
    an_account("easypost", secrets={"webhook": "hook"})
    an_account("relay", secrets={"webhook": SECRET})


def knock(name: str, sent: Sent) -> int:
    body, headers, kind = sent
    code = "seventeen" if name == "17track" else name
    client = Client(enforce_csrf_checks=True)
    return client.post(f"/carriers/{code}/", data=body, content_type=kind, headers=headers).status_code


@pytest.mark.parametrize("name", sorted(DOORS))
def test_a_signed_message_is_kept_once_however_often_it_comes(name: str) -> None:
    sent = DOORS[name]()
    assert [knock(name, sent) for _ in range(3)] == [200, 200, 200]
    assert CarrierMessage.objects.count() == 1
    assert process_inbox() == 1
    assert process_inbox() == 0
    assert CarrierMessage.objects.get().state == CarrierMessage.State.UNMATCHED


@pytest.mark.parametrize("name", sorted(DOORS))
def test_a_changed_message_leaves_nothing(name: str) -> None:
    body, headers, kind = DOORS[name]()
    changed = body.replace(b"N1", b"N2")
    assert changed != body
    assert knock(name, (changed, headers, kind)) == 400
    assert not CarrierMessage.objects.exists()


@pytest.mark.parametrize("name", sorted(DOORS))
def test_a_message_signed_with_nothing_is_refused(name: str) -> None:
    body, _headers, kind = DOORS[name]()
    assert knock(name, (body.replace(b"DataSign", b"Other"), {}, kind)) == 400
    assert not CarrierMessage.objects.exists()


def test_an_old_message_is_refused_however_well_it_is_signed() -> None:
    assert knock("relay", from_relay(timedelta(minutes=10))) == 400
    assert not CarrierMessage.objects.exists()


def test_what_one_account_signed_opens_no_other_door() -> None:
    an_account("relay", code="other", secrets={"webhook": "whsec_" + "b3RoZXItb3RoZXItb3RoZXI="})
    body, headers, kind = from_relay()
    assert Client().post("/carriers/other/", data=body, content_type=kind, headers=headers).status_code == 400
    assert not CarrierMessage.objects.exists()


def test_an_account_without_a_secret_believes_nobody() -> None:
    an_account("17track", code="open")
    body = b'{"event": "TRACKING_UPDATED"}'
    answer = Client().post("/carriers/open/", data=body, content_type=JSON, headers={"sign": seventeen_sign(body, "")})
    assert answer.status_code == 400


@pytest.mark.parametrize("code", ["nobody", "sandbox"])
def test_there_is_no_door_where_nobody_speaks(code: str) -> None:
    an_account("sandbox")
    assert Client().post(f"/carriers/{code}/", data=b"{}", content_type=JSON).status_code == 404


def test_kuaidi_niao_is_answered_as_it_wants() -> None:
    body, headers, kind = from_kdniao()
    answer = Client().post("/carriers/kdniao/", data=body, content_type=kind, headers=headers)
    assert answer.json()["Success"] is True
    assert answer.json()["EBusinessID"] == "b1"


def test_codes_of_parcels_that_are_not_ours_are_nobodys_work() -> None:
    knock("relay", from_relay())
    process_inbox()
    assert not UnknownCode.objects.exists()
