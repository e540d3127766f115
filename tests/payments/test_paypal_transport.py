"""The connection to PayPal: it ends, it renews its token once, and every no has its meaning."""

import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

import pytest
from django.db import transaction

from core.http import NetworkInTransaction
from payments.errors import ProviderUnreachable
from payments.providers.paypal import config as paypal_settings
from payments.providers.paypal import transport
from payments.providers.paypal.client import PayPalApi
from payments.providers.paypal.config import paypal_config
from payments.providers.paypal.refusals import PayPalRefused
from tests.payments.paypal_world import at_paypal, paypal

__all__ = ["paypal"]
pytestmark = pytest.mark.django_db


def api() -> PayPalApi:
    return PayPalApi(paypal_config())


def test_one_token_serves_many_calls_and_is_fetched_anew_when_it_is_refused(paypal) -> None:
    name = at_paypal().provider_ref
    for _ in range(3):
        api().get(f"/v2/checkout/orders/{name}")
    assert paypal.books.token_calls == 1
    paypal.books.tokens.clear()
    assert api().get(f"/v2/checkout/orders/{name}")["id"] == name
    assert paypal.books.token_calls == 2


def test_a_token_that_is_refused_again_is_not_asked_for_without_end(paypal) -> None:
    paypal.books.fail_next_with = [401] * 10
    with pytest.raises(PayPalRefused) as refusal:
        api().get("/v2/checkout/orders/X")
    assert (refusal.value.status, len(paypal.books.fail_next_with), paypal.books.token_calls) == (401, 8, 2)


def test_wrong_credentials_are_a_refusal_and_no_riddle(paypal, settings) -> None:
    settings.PAYPAL_CLIENT_SECRET = "of somebody else"
    with pytest.raises(PayPalRefused) as refusal:
        api().get("/v2/checkout/orders/X")
    assert (refusal.value.reason, refusal.value.status) == ("invalid_client", 401)


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_what_paypal_refuses_has_not_happened(paypal, status) -> None:
    paypal.books.fail_next_with = [status]
    with pytest.raises(PayPalRefused) as refusal:
        api().post("/v2/checkout/orders/X/capture", {}, key="k")
    assert refusal.value.status == status


@pytest.mark.parametrize("status", [302, 308, 409, 429, 500, 502, 503])
def test_where_the_effect_is_unknown_the_call_may_be_repeated(paypal, status) -> None:
    paypal.books.fail_next_with = [status]
    with pytest.raises(ProviderUnreachable):
        api().post("/v2/checkout/orders/X/capture", {}, key="k")
    paypal.books.fail_next_with = []
    paypal.complaints.clear()  # PayPal describes no answer of this kind


def test_a_conflict_of_two_calls_is_tried_again(paypal) -> None:
    payment = at_paypal()
    paypal.books.approve(payment.provider_ref)
    paypal.books.decline_with = "ORDER_COMPLETION_IN_PROGRESS"
    with pytest.raises(ProviderUnreachable):
        api().post(f"/v2/checkout/orders/{payment.provider_ref}/capture", {}, key="k")


def test_neither_token_nor_secret_nor_answer_is_logged(paypal, caplog) -> None:
    caplog.set_level("DEBUG")
    payment = at_paypal()
    api().get(f"/v2/checkout/orders/{payment.provider_ref}")
    with pytest.raises(PayPalRefused):
        api().get("/v2/checkout/orders/NONE")
    token = next(iter(paypal.books.tokens))
    assert "invalid_resource_id (debug id f1d0c2b3a4)" in caplog.text
    for secret in (token, paypal.books.good_secret, "shopper@example.com"):
        assert secret not in caplog.text
    assert paypal.books.good_secret not in repr(paypal_config())


@pytest.mark.django_db(transaction=True)
def test_nothing_is_asked_while_a_transaction_is_open(paypal) -> None:
    with pytest.raises(NetworkInTransaction), transaction.atomic():
        api().get("/v2/checkout/orders/X")
    assert paypal.books.calls == []


class Talker(socketserver.BaseRequestHandler):
    """Says `answer`, then `again` and again, and never ends the line by itself."""

    answer = again = b""
    over: threading.Event

    def handle(self) -> None:
        self.request.recv(65536)
        with suppress(OSError):
            self.request.sendall(self.answer)
            while not self.over.wait(0.02):
                self.request.sendall(self.again)


@contextmanager
def listening(answer: bytes = b"", *, again: bytes = b"") -> Iterator[str]:
    """A server that takes calls and is no PayPal."""
    over = threading.Event()
    talker = type("Talker", (Talker,), {"answer": answer, "again": again, "over": over})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), talker) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            over.set()
            server.shutdown()


def given_up(settings, url: str) -> None:
    settings.PAYPAL_API_BASE = url
    settings.PAYPAL_CLIENT_SECRET = str(uuid4())
    with pytest.raises(ProviderUnreachable):
        api().get("/v2/checkout/orders/X")


def test_a_server_that_never_answers_is_given_up(settings, monkeypatch) -> None:
    assert (paypal_settings.TIMEOUT, paypal_settings.VERIFY_TIMEOUT) == ((1.0, 10.0), (1.0, 5.0))
    settings.PAYPAL_CLIENT_ID = "x"
    monkeypatch.setitem(transport.Transport.http_call.__kwdefaults__, "timeout", (0.2, 0.3))
    with listening() as url:
        given_up(settings, url)


def test_an_answer_that_comes_drop_by_drop_ends_as_well(settings, monkeypatch) -> None:
    settings.PAYPAL_CLIENT_ID = "x"
    monkeypatch.setattr(transport, "MAX_SECONDS", 0.3)
    monkeypatch.setattr(transport, "CHUNK", 1)
    with listening(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", again=b" ") as url:
        given_up(settings, url)


@pytest.mark.parametrize("said", [b"[]", b"no json", b"{}", b"\xff"])
def test_an_answer_nobody_can_read_leaves_the_effect_unknown(settings, said) -> None:
    settings.PAYPAL_CLIENT_ID = "x"
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(said)
    with listening(head + said) as url:
        given_up(settings, url)


def test_nobody_at_the_address_is_no_answer(settings) -> None:
    settings.PAYPAL_CLIENT_ID = "x"
    given_up(settings, "http://127.0.0.1:9")


def test_the_library_is_loaded_with_the_first_call_and_not_before() -> None:
    program = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings.test'; django.setup();"
        "from payments.providers.registry import enabled_providers; enabled_providers();"
        "sys.exit('paypalrestsdk' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=120).returncode == 0
