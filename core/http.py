"""One way out to the network: time-outs always, answers of bounded size, never into private networks."""

import ipaddress
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.db import connection

from core.errors import DomainError

TIMEOUT = (2.0, 8.0)
MAX_BYTES = 10 * 1024 * 1024


class OutsideTrouble(DomainError):
    """The outside did not answer in time, or answered with something that cannot be used."""

    code = "OUTSIDE_TROUBLE"


class AddressRefused(DomainError):
    """The address leads into a private network, or is not a web address at all."""

    code = "ADDRESS_REFUSED"


class NetworkInTransaction(RuntimeError):
    """A network call was about to happen with a transaction open: rows would stay locked while we wait."""


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers and at most `MAX_BYTES` of body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def refuse_open_transaction() -> None:
    """Raises `NetworkInTransaction` when one is open (a test's own wrapping does not count)."""
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise NetworkInTransaction


def fetch(url: str, *, max_bytes: int = MAX_BYTES, allow_private: bool = False, **options: Any) -> Answer:
    """GET a public address. Raises `AddressRefused`, `OutsideTrouble`.

    The name is checked before the request, and the address really connected to before anything is read, in case
    the name leads elsewhere by then. Redirects are not followed. `allow_private` is for addresses an operator has
    configured, never for a stranger's.
    """
    refuse_open_transaction()
    if not allow_private:
        check_public(url)
    try:
        answering = requests.get(
            url,
            timeout=TIMEOUT,
            stream=True,
            allow_redirects=False,
            headers={"User-Agent": user_agent()},
            **options,
        )
        with answering as answer:
            if not allow_private:
                _check_peer(answer)
            body = _read(answer.iter_content(65536), max_bytes)
            return Answer(answer.status_code, dict(answer.headers), body)
    except requests.RequestException as error:
        raise OutsideTrouble(
            f"{urlsplit(url).hostname} did not answer as it should ({type(error).__name__})."
        ) from error


def check_public(url: str) -> None:
    """Raises `AddressRefused` unless `url` is http(s) and every address of its host is public."""
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise AddressRefused(f"{url[:100]} is not a web address.")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(f"{parts.hostname} is not known.") from error
    for entry in found:
        if not is_public(str(entry[4][0])):
            raise AddressRefused(f"{parts.hostname} leads into a private network.")


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, also when it is IPv4 written as IPv6."""
    parsed = ipaddress.ip_address(address)
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_global and not parsed.is_multicast


def _check_peer(answer: requests.Response) -> None:
    """The address really connected to, in case the name now leads elsewhere than when it was checked."""
    connection_made = getattr(answer.raw, "_connection", None) or getattr(answer.raw, "connection", None)
    peer = getattr(connection_made, "sock", None)
    if peer is None or not is_public(str(peer.getpeername()[0])):
        raise AddressRefused("The address leads into a private network.")


def _read(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    body = b""
    for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            raise OutsideTrouble(f"The answer is larger than {max_bytes} bytes.")
    return body


def user_agent() -> str:
    """How the shop names itself to others."""
    return f"Portolan/{settings.PORTOLAN_VERSION}"
