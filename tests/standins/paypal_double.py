"""A stand-in for PayPal: a small HTTP server that keeps books and answers exactly the calls we make.

The test plays the shopper (`approve`) and the world (`finish_review`, `dispute`). Messages are queued signed, and the
test delivers them: once, twice, in any order, or never. Every call and every answer is held against PayPal's
published descriptions where they are at hand; what does not fit is collected in `complaints`.
"""

import base64
import copy
import hashlib
import hmac
import json
import random
import re
import secrets
import string
import threading
import zlib
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.standins import paypal_contract as contract
from tests.standins import paypal_objects as objects
from tests.standins.paypal_books import PayPalBooks, Plain, Refusal

CLIENT, WEBHOOK = "client-of-the-stand-in", "7WB00000000000000"
CERTIFICATE = "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-of-the-stand-in"
SIGNING = b"the signing key of the stand-in"
Post = Callable[[bytes, Mapping[str, str]], int]
PAGE = (
    "<!doctype html><title>PayPal</title><form method=post><button name=choice value=approve>Pay</button>"
    "<button name=choice value=cancel>Cancel</button></form>"
)


class PayPalDouble:
    """The server around the books. Use as a context manager; `url` is the address to configure."""

    def __init__(self) -> None:
        self.books = PayPalBooks()
        self.complaints: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self.books, self.complaints))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.books.base = self.url
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> "PayPalDouble":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def deliver(self, post: Post, *, times: int = 1, shuffle: random.Random | None = None) -> int:
        """Send what is queued, each message `times` times, in order or shuffled. Returns how many were taken."""
        waiting, self.books.messages = self.books.messages * times, []
        if shuffle is not None:
            shuffle.shuffle(waiting)
        taken = 0
        for message in waiting:
            body = json.dumps(message, ensure_ascii=False).encode()
            taken += 200 <= post(body, signed(body)) < 300
        return taken


def signed(body: bytes, *, webhook: str = WEBHOOK, certificate: str = CERTIFICATE, first: str = "") -> dict[str, str]:
    """The headers PayPal sends with a message: a signature over its name, its time, our webhook and a sum of it.

    PayPal describes signatures as beginning with a letter or digit, though base64 knows two more signs. Unless `first`
    asks for one of those, it is as described.
    """
    when, wanted = objects.now(), first or string.ascii_letters + string.digits
    while True:
        name = f"{secrets.token_hex(4)}-0000-11ee-8000-000000000000"
        signature = _signature(name, when, webhook, body)
        if signature[0] in wanted:
            break
    return {
        "PAYPAL-AUTH-ALGO": "SHA256withRSA",
        "PAYPAL-CERT-URL": certificate,
        "PAYPAL-TRANSMISSION-ID": name,
        "PAYPAL-TRANSMISSION-SIG": signature,
        "PAYPAL-TRANSMISSION-TIME": when,
    }


def _signature(name: str, when: str, webhook: str, body: bytes) -> str:
    said = f"{name}|{when}|{webhook}|{zlib.crc32(body)}".encode()
    return base64.b64encode(hmac.new(SIGNING, said, hashlib.sha256).digest()).decode()


def _verdict(books: PayPalBooks, raw: str) -> Plain:
    """PayPal compares with the message as it was sent, so ours must come back character for character."""
    asked = json.loads(raw)
    event = raw[raw.index('"webhook_event": ') + len('"webhook_event": ') : raw.rindex("}")]
    good = _signature(asked["transmission_id"], asked["transmission_time"], asked["webhook_id"], event.encode())
    known = asked["webhook_id"] == WEBHOOK and hmac.compare_digest(good, asked["transmission_sig"])
    return {"verification_status": "SUCCESS" if known else "FAILURE"}


class Handler(BaseHTTPRequestHandler):
    """Answers for one double; see `_handler_for`."""

    protocol_version = "HTTP/1.1"
    books: PayPalBooks
    complaints: list[str]

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def log_message(self, *args: object) -> None:
        """Tests have enough to say."""

    def _answer(self, verb: str) -> None:
        address = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if address.path == "/checkoutnow":
            self._page(verb, raw, dict(parse_qsl(address.query))["token"])
            return
        key = self.headers.get("PayPal-Request-Id", "")
        if address.path.endswith("/capture") and self.books.meanwhile is not None:
            act, self.books.meanwhile = self.books.meanwhile, None
            act()
        with self.books.lock:
            self.books.calls.append((verb, address.path, key))
            status, answer = _answered(self.books, verb, self.path, raw, key, self.headers.get("Authorization", ""))
            sent = json.loads(raw) if raw.startswith("{") else None
            self.complaints += contract.violations(verb, address.path, address.query, sent, status, answer)
            lost = self.books.lose_next_answer and verb == "POST" and "oauth2" not in address.path
            self.books.lose_next_answer = self.books.lose_next_answer and not lost
        if lost:
            self.close_connection = True
            self.connection.close()
            return
        self._say(status, json.dumps(answer).encode(), "application/json")

    def _page(self, verb: str, raw: str, name: str) -> None:
        """PayPal's page, for browsers: two buttons."""
        if verb == "GET":
            self._say(200, PAGE.encode(), "text/html")
            return
        agrees = "approve" in raw
        with self.books.lock:
            if agrees:
                self.books.approve(name)
        place = self.books.returns[name]["return_url" if agrees else "cancel_url"]
        self._say(303, b"", "text/html", f"{place}{'&' if '?' in place else '?'}token={name}")

    def _say(self, status: int, text: bytes, kind: str, place: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        if place:
            self.send_header("Location", place)
        self.end_headers()
        self.wfile.write(text)


def _handler_for(books: PayPalBooks, complaints: list[str]) -> type[Handler]:
    return type("Handler", (Handler,), {"books": books, "complaints": complaints})


def _answered(books: PayPalBooks, verb: str, path: str, raw: str, key: str, credentials: str) -> tuple[int, Plain]:
    if path == "/v1/oauth2/token":
        return _token(books, credentials)
    if books.fail_next_with:
        status = books.fail_next_with.pop(0)
        return status, objects.error(status, "")
    if credentials.removeprefix("Bearer ") not in books.tokens:
        return 401, objects.error(401, "")
    return _once(books, verb, path, raw, key)


def _token(books: PayPalBooks, credentials: str) -> tuple[int, Plain]:
    books.token_calls += 1
    good = base64.b64encode(f"{CLIENT}:{books.good_secret}".encode()).decode()
    if credentials != f"Basic {good}":
        return 401, {"error": "invalid_client", "error_description": "Client Authentication failed"}
    token = f"A21AA{secrets.token_hex(8)}"
    books.tokens.add(token)
    return 200, {"scope": "", "access_token": token, "token_type": "Bearer", "app_id": "APP-1", "expires_in": 32400}


def _once(books: PayPalBooks, verb: str, path: str, raw: str, key: str) -> tuple[int, Plain]:
    """The same key gets the same answer, with the status of a repetition."""
    mark = hashlib.sha256(f"{path} {raw}".encode()).hexdigest()
    if verb == "POST" and key in books.answers:
        known, _, answer = books.answers[key]
        return (200, answer) if known == mark else (422, objects.error(422, ""))
    try:
        status, answer = _route(books, verb, path, raw)
    except Refusal as refusal:
        return refusal.status, refusal.body
    answer = copy.deepcopy(answer)
    if verb == "POST" and key:
        books.answers[key] = (mark, status, answer)
    return status, answer


Call = Callable[[PayPalBooks, str, Plain], Plain]
ROUTES: tuple[tuple[str, str, int, Call], ...] = (
    ("POST", r"/v2/checkout/orders", 201, lambda books, name, params: books.create_order(params)),
    ("GET", r"/v2/checkout/orders/(\w+)", 200, lambda books, name, params: books.find(name)),
    ("POST", r"/v2/checkout/orders/(\w+)/capture", 201, lambda books, name, params: books.capture_order(name)),
    ("POST", r"/v2/checkout/orders/(\w+)/authorize", 201, lambda books, name, params: books.authorize_order(name)),
    ("POST", r"/v2/payments/authorizations/(\w+)/capture", 201,
     lambda books, name, params: books.capture_authorization(name, params)),
    ("POST", r"/v2/payments/authorizations/(\w+)/void", 200, lambda books, name, params: books.void(name)),
    ("POST", r"/v2/payments/captures/(\w+)/refund", 201,
     lambda books, name, params: books.refund_capture(name, params)),
    ("GET", r"/v1/customer/disputes", 200,
     lambda books, name, params: books.disputes_about(params["disputed_transaction_id"])),
    ("GET", r"/v1/customer/disputes/([\w-]+)", 200, lambda books, name, params: books.dispute_named(name)),
    ("GET", r"/v1/reporting/transactions", 200, lambda books, name, params: books.report(params)),
)  # fmt: skip


def _route(books: PayPalBooks, verb: str, path: str, raw: str) -> tuple[int, Plain]:
    address = urlsplit(path)
    if address.path == "/v1/notifications/verify-webhook-signature":
        return 200, _verdict(books, raw)
    params: dict[str, Any] = dict(parse_qsl(address.query)) if verb == "GET" else json.loads(raw)
    for method, pattern, status, call in ROUTES:
        found = re.fullmatch(pattern, address.path)
        if found and method == verb:
            return status, call(books, found[1] if found.groups() else "", params)
    raise Refusal(404, "INVALID_RESOURCE_ID")
