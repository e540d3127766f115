"""PayPal's own library, reduced to what is safe of it: its token, and its reading of answers.

As shipped it waits for ever, asks again without end when a token is refused, logs tokens, and hands refusals of
kind 400 back as if they were answers. None of that is used here. Loading it takes a while: import this module when
the first call is made and not before.
"""

import json
import logging
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import requests
from paypalrestsdk import Api
from paypalrestsdk.exceptions import ConnectionError as NoSuccess
from paypalrestsdk.exceptions import UnauthorizedAccess

from payments.errors import ProviderUnreachable
from payments.providers.paypal.config import TIMEOUT, PayPalConfig
from payments.providers.paypal.refusals import PayPalRefused

logger = logging.getLogger(__name__)
Plain = dict[str, Any]
MAX_BYTES = 5 * 1024 * 1024
MAX_SECONDS = 20.0
"""For a whole answer: one that comes drop by drop ends as well."""
CHUNK = 65536
RETRY_STATUS = frozenset({408, 409, 425, 429})
RETRY_ISSUES = frozenset({"order_completion_in_progress", "previous_request_in_progress"})


class Transport(Api):  # type: ignore[misc]  # the library has no types
    """One account's connection. Shared by threads: two that find the token gone fetch two, and both are good."""

    def ask(
        self, verb: str, path: str, *, data: bytes | None, headers: Mapping[str, str], timeout: tuple[float, float]
    ) -> Plain:
        """One call; a token that is refused is fetched anew once.

        Raises `PayPalRefused`, and `ProviderUnreachable` when the effect is unknown or the call may be repeated.
        """
        try:
            return self._ask(verb, path, data=data, headers=headers, timeout=timeout)
        except NoSuccess as error:
            raise _refusal(error, verb, path) from error
        except (requests.RequestException, ValueError, KeyError, _TooMuch) as error:
            raise ProviderUnreachable from error

    def _ask(self, verb: str, path: str, **options: Any) -> Plain:
        try:
            return self._call(verb, path, **options)
        except UnauthorizedAccess:
            self.token_hash = None
            return self._call(verb, path, **options)

    def _call(self, verb: str, path: str, *, headers: Mapping[str, str], **options: Any) -> Plain:
        answer: Plain = self.http_call(f"{self.endpoint}{path}", verb, headers={**self.headers(), **headers}, **options)
        return answer

    def http_call(self, url: str, method: str, *, timeout: tuple[float, float] = TIMEOUT, **options: Any) -> Any:
        """What the library does for tokens and calls alike, with an end, without redirects and without a log."""
        with requests.request(method, url, timeout=timeout, stream=True, allow_redirects=False, **options) as response:
            answer = self.handle_response(response, _read(response).decode())
        if not isinstance(answer, dict):
            raise ValueError("PayPal answers with objects")
        return answer


class _TooMuch(Exception):
    """The answer is too long, or takes too long."""


def _read(response: requests.Response) -> bytes:
    body, until = bytearray(), time.monotonic() + MAX_SECONDS
    for chunk in response.iter_content(CHUNK):
        body += chunk
        if len(body) > MAX_BYTES or time.monotonic() > until:
            raise _TooMuch
    return bytes(body)


@lru_cache(maxsize=4)
def transport_for(config: PayPalConfig) -> Transport:
    """The account's connection, kept for its token."""
    return Transport(
        mode="live" if config.is_live else "sandbox",
        endpoint=config.api_base,
        client_id=config.client_id,
        client_secret=config.client_secret,
    )


def _refusal(error: NoSuccess, verb: str, path: str) -> PayPalRefused | ProviderUnreachable:
    status = int(getattr(error.response, "status_code", 0))
    said = _said(error.content)
    issue = _issue(said) or f"http_{status}"
    logger.warning(
        "PayPal said no to %s %s: %s %s (debug id %s).",
        verb,
        path.partition("?")[0],
        status,
        issue,
        said.get("debug_id"),
    )
    if not 400 <= status < 500 or status in RETRY_STATUS or issue in RETRY_ISSUES:
        return ProviderUnreachable()
    return PayPalRefused(issue, status)


def _said(content: str | None) -> Plain:
    try:
        said = json.loads(content or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _issue(said: Plain) -> str:
    """The narrowest name PayPal gives: the first detail's, else the error's, else that of its token service."""
    details = said.get("details")
    first = details[0] if isinstance(details, list) and details and isinstance(details[0], dict) else {}
    return str(first.get("issue") or said.get("name") or said.get("error") or "").lower()[:60]
