"""The one way out: never into private networks, never more than asked for, never with a transaction open."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import transaction

from core.http import (
    AddressRefused,
    NetworkInTransaction,
    OutsideTrouble,
    check_public,
    fetch,
    fetch_following,
    is_public,
)


class Outside(BaseHTTPRequestHandler):
    """Answers a hundred bytes, or sends the caller elsewhere."""

    def do_GET(self) -> None:
        self.send_response(302 if self.path == "/elsewhere" else 200)
        self.send_header("Location", "/other")
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"x" * 100)

    def log_message(self, *words: object) -> None:
        """Quiet."""


@pytest.fixture
def outside() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Outside)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "::1", "::ffff:10.0.0.1", "fd00::1", "224.0.0.1"],
)
def test_addresses_that_are_not_public_are_known(address: str) -> None:
    assert not is_public(address)


def test_a_public_address_is_public() -> None:
    assert is_public("93.184.216.34")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]/", "http://localhost/x", "file:///etc/hosts", "ftp://a.example/", "x"]
)
def test_private_and_foreign_addresses_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_public(url)


@pytest.mark.django_db
def test_a_strangers_address_never_leads_inside(outside: str) -> None:
    with pytest.raises(AddressRefused):
        fetch(outside)


@pytest.mark.django_db
def test_an_answer_is_read_up_to_its_limit_and_redirects_are_not_followed(outside: str) -> None:
    assert fetch(outside, allow_private=True).body == b"x" * 100
    assert fetch(f"{outside}/elsewhere", allow_private=True).status == 302
    with pytest.raises(OutsideTrouble):
        fetch(outside, allow_private=True, max_bytes=99)


@pytest.mark.django_db
def test_nobody_is_asked_with_a_transaction_open(outside: str) -> None:
    with transaction.atomic(), pytest.raises(NetworkInTransaction):
        fetch(outside, allow_private=True)


@pytest.mark.django_db
def test_a_name_that_leads_inside_once_it_was_checked_is_not_asked(
    outside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the first look-up is public, the one of the connection is not. Not a byte is sent."""
    asked: list[str] = []
    monkeypatch.setattr(Outside, "do_GET", lambda self: asked.append(self.path))
    port = int(outside.rpartition(":")[2])
    answers = iter(["93.184.216.34"])

    def resolve(host: str, *_more: object, **_named: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers, "127.0.0.1"), port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(AddressRefused):
        fetch(f"http://rebinding.example:{port}/secret")
    assert asked == []


@pytest.mark.django_db
def test_redirects_are_followed_a_few_times_only(outside: str) -> None:
    assert fetch_following(f"{outside}/elsewhere", allow_private=True).body == b"x" * 100


@pytest.mark.django_db
def test_an_answer_that_takes_too_long_ends(outside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.http.MAX_SECONDS", -1.0)
    with pytest.raises(OutsideTrouble, match="too long"):
        fetch(outside, allow_private=True)
