"""One way out to the network: time-outs always, answers of bounded size, never into private networks."""

import ipaddress
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from django.db import connection
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from core.errors import DomainError

TIMEOUT = (2.0, 8.0)
MAX_BYTES = 10 * 1024 * 1024
MAX_SECONDS = 60.0
"""For a whole answer: one that comes drop by drop ends as well."""
MAX_REDIRECTS = 4
MOVED = frozenset({301, 302, 303, 307, 308})


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


def fetch(
    url: str,
    *,
    max_bytes: int = MAX_BYTES,
    allow_private: bool = False,
    headers: Mapping[str, str] | None = None,
    **options: Any,
) -> Answer:
    """GET a public address. Raises `AddressRefused`, `OutsideTrouble`.

    The name is checked first, and the address really connected to before anything is sent, in case the name leads
    elsewhere by then. Redirects are not followed. `allow_private` is for addresses an operator has configured, never
    for a stranger's.
    """
    refuse_open_transaction()
    if not allow_private:
        check_public(url)
    try:
        with requests.Session() as session:
            if not allow_private:
                session.trust_env = False  # no proxy may be asked in our place, and nobody's password is sent
                session.mount("http://", PublicOnly())
                session.mount("https://", PublicOnly())
            answering = session.get(
                url,
                timeout=TIMEOUT,
                stream=True,
                allow_redirects=False,
                headers={"User-Agent": user_agent(), **(headers or {})},
                **options,
            )
            with answering as answer:
                body = _read(answer.iter_content(65536), max_bytes)
                return Answer(answer.status_code, dict(answer.headers), body)
    except requests.RequestException as error:
        raise OutsideTrouble(
            f"{urlsplit(url).hostname} did not answer as it should ({type(error).__name__})."
        ) from error


def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    max_bytes: int = MAX_BYTES,
    allow_private: bool = False,
) -> Answer:
    """POST to an address. Raises `AddressRefused`, `OutsideTrouble`. The same care as `fetch`; no redirects."""
    refuse_open_transaction()
    if not allow_private:
        check_public(url)
    try:
        with requests.Session() as session:
            if not allow_private:
                session.trust_env = False
                session.mount("http://", PublicOnly())
                session.mount("https://", PublicOnly())
            answering = session.post(
                url,
                data=body,
                timeout=TIMEOUT,
                stream=True,
                allow_redirects=False,
                headers={"User-Agent": user_agent(), **headers},
            )
            with answering as answer:
                found = _read(answer.iter_content(65536), max_bytes)
                return Answer(answer.status_code, dict(answer.headers), found)
    except requests.RequestException as error:
        raise OutsideTrouble(
            f"{urlsplit(url).hostname} did not answer as it should ({type(error).__name__})."
        ) from error


def fetch_following(url: str, *, max_bytes: int = MAX_BYTES, allow_private: bool = False) -> Answer:
    """The same, following a few redirects; every address on the way is checked like the first."""
    for _step in range(MAX_REDIRECTS + 1):
        answer = fetch(url, max_bytes=max_bytes, allow_private=allow_private)
        place = next((value for name, value in answer.headers.items() if name.lower() == "location"), "")
        if answer.status not in MOVED or not place:
            return answer
        url = urljoin(url, place)
    raise OutsideTrouble(f"{urlsplit(url).hostname} redirects without an end.")


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


class _Public:
    """A connection that ends before a byte is sent when it leads into a private network."""

    def _new_conn(self) -> socket.socket:
        made: socket.socket = super()._new_conn()  # type: ignore[misc]  # of urllib3's connections
        if not is_public(str(made.getpeername()[0])):
            made.close()
            raise AddressRefused("The address leads into a private network.")
        return made


class _PublicHTTP(_Public, HTTPConnection):
    pass


class _PublicHTTPS(_Public, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _PublicHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPS


class PublicOnly(HTTPAdapter):
    """Connects to public addresses only, whatever their names resolve to at that moment."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """With our connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


def _read(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    body = bytearray()
    until = time.monotonic() + MAX_SECONDS
    for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            raise OutsideTrouble(f"The answer is larger than {max_bytes} bytes.")
        if time.monotonic() > until:
            raise OutsideTrouble("The answer takes too long.")
    return bytes(body)


def user_agent() -> str:
    """How the shop names itself to others."""
    return f"Portolan/{settings.PORTOLAN_VERSION}"
