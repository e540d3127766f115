"""A stand-in for Stripe: a small HTTP server that keeps books and answers exactly the calls we make.

It enforces what localstripe does not: idempotency keys with conflicts, declines, over-refund errors. The
test plays the shopper (`pay_on_page`, `confirm`) and the world (`finish_delayed`, `dispute`). Messages are
queued signed, and the test delivers them: once, twice, in any order, or never.
"""

import copy
import hashlib
import hmac
import json
import random
import re
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.standins import stripe_objects as objects
from tests.standins.stripe_books import Plain, Refusal, StripeBooks, no_such

SECRET = "whsec_of_the_stand_in"


class StripeDouble:
    """The server around the books. Use as a context manager; `url` is the address to configure."""

    def __init__(self) -> None:
        self.books = StripeBooks()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self.books))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.books.base = self.url
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> "StripeDouble":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def deliver(
        self, post: Callable[[bytes, str], int], *, times: int = 1, shuffle: random.Random | None = None
    ) -> int:
        """Send what is queued, each message `times` times, in order or shuffled. Returns how many were taken."""
        waiting, self.books.messages = self.books.messages * times, []
        if shuffle is not None:
            shuffle.shuffle(waiting)
        taken = 0
        for message in waiting:
            body = json.dumps(message).encode()
            taken += 200 <= post(body, signature(body)) < 300
        return taken


def signature(body: bytes, *, secret: str = SECRET, at: int | None = None) -> str:
    """The `Stripe-Signature` header for a body."""
    moment = int(time.time()) if at is None else at
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def _handler_for(books: StripeBooks) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def do_DELETE(self) -> None:
            self._answer("DELETE")

        def log_message(self, *args: object) -> None:
            """Tests have enough to say."""

        def _answer(self, verb: str) -> None:
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            params = _nested(parse_qsl(address.query if verb == "GET" else body, keep_blank_values=True))
            key = self.headers.get("Idempotency-Key", "")
            with books.lock:
                books.calls.append((verb, address.path, key))
                books.versions.add(self.headers.get("Stripe-Version", ""))
                status, answer = _once(books, verb, address.path, params, key)
                lost = books.lose_next_answer and verb == "POST"
                books.lose_next_answer = books.lose_next_answer and not lost
            if lost:
                self.close_connection = True
                self.connection.close()
                return
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    return Handler


def _once(books: StripeBooks, verb: str, path: str, params: Plain, key: str) -> tuple[int, Plain]:
    """The same key gets the same answer; with other parameters it is an error."""
    mark = hashlib.sha256(json.dumps([path, params], sort_keys=True).encode()).hexdigest()
    if verb == "POST" and key in books.answers:
        known, status, answer = books.answers[key]
        if known != mark:
            return 400, objects.error("idempotency_error", "idempotency_error", "Keys can only be used once.")
        return status, answer
    try:
        status, answer = 200, _route(books, verb, path.removeprefix("/v1/"), params)
    except Refusal as refusal:
        status, answer = refusal.status, refusal.body
    answer = copy.deepcopy(answer)
    if verb == "POST" and key:
        books.answers[key] = (mark, status, answer)
    return status, answer


Call = Callable[[StripeBooks, str, Plain], Plain]
ROUTES: tuple[tuple[str, str, Call], ...] = (
    ("POST", r"checkout/sessions", lambda books, name, params: books.create_session(params)),
    ("GET", r"checkout/sessions/(\w+)", lambda books, name, params: _expanded(books, books.find(name), params)),
    ("POST", r"checkout/sessions/(\w+)/expire", lambda books, name, params: books.expire_session(name)),
    ("POST", r"payment_intents", lambda books, name, params: books.create_intent(params)),
    ("GET", r"payment_intents/(\w+)", lambda books, name, params: _expanded(books, books.find(name), params)),
    (
        "POST",
        r"payment_intents/(\w+)/confirm",
        lambda books, name, params: _expanded(books, books.confirm_intent(name, params), params),
    ),
    ("POST", r"payment_intents/(\w+)/capture", lambda books, name, params: books.capture_intent(name, params)),
    ("POST", r"payment_intents/(\w+)/cancel", lambda books, name, params: books.cancel_intent(name)),
    ("POST", r"customers", lambda books, name, params: books.create_customer(params)),
    ("GET", r"customers/(\w+)", lambda books, name, params: books.find(name)),
    ("DELETE", r"customers/(\w+)", lambda books, name, params: books.delete_customer(name)),
    ("GET", r"payment_methods/(\w+)", lambda books, name, params: books.find(name)),
    ("POST", r"payment_methods/(\w+)/detach", lambda books, name, params: books.detach(name)),
    ("POST", r"refunds", lambda books, name, params: books.create_refund(params)),
    ("GET", r"refunds", lambda books, name, params: books.listed("refund", params)),
    ("GET", r"balance_transactions", lambda books, name, params: books.list_balance(params)),
    ("GET", r"disputes", lambda books, name, params: books.listed("dispute", params)),
)


def _route(books: StripeBooks, verb: str, path: str, params: Plain) -> Plain:
    for method, pattern, call in ROUTES:
        found = re.fullmatch(pattern, path)
        if found and method == verb:
            return call(books, found[1] if found.groups() else "", params)
    raise no_such(path)


def _expanded(books: StripeBooks, thing: Plain, params: Plain) -> Plain:
    """`expand[]=payment_intent.latest_charge`: names become the things they name."""
    copied = copy.deepcopy(thing)
    for path in params.get("expand", []):
        here = copied
        for part in path.split("."):
            if not here.get(part):
                break
            if isinstance(here[part], str):
                here[part] = copy.deepcopy(books.find(here[part]))
            here = here[part]
    return copied


def _nested(pairs: list[tuple[str, str]]) -> Plain:
    """`a[b][0][c]=d` as Stripe's clients send it, back to lists and mappings."""
    root: Plain = {}
    for name, value in pairs:
        keys = name.replace("]", "").split("[")
        here = root
        for key, after in zip(keys, [*keys[1:], None], strict=True):
            if after is None:
                here[key] = {"true": True, "false": False}.get(value, value)
            else:
                here = here.setdefault(key, {})
    return _lists(root)


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() or key == "" for key in value):
        return [_lists(value[key]) for key in sorted(value, key=lambda key: int(key or 0))]
    return {key: _lists(inner) for key, inner in value.items()}
