"""The calls we make, under our own keys, with time-outs and our own refusals."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from core.http import refuse_open_transaction
from payments.providers.paypal.config import TIMEOUT, VERIFY_TIMEOUT, PayPalConfig

Plain = dict[str, Any]


class PayPalApi:
    """Each call answers with plain values and raises `PayPalRefused` or `ProviderUnreachable`."""

    def __init__(self, config: PayPalConfig) -> None:
        self.config = config

    def post(self, path: str, body: Mapping[str, Any], *, key: str) -> Plain:
        """A call that changes something. The library would make up a new key for every try; ours is the payment's."""
        headers = {"PayPal-Request-Id": key, "Prefer": "return=representation"}
        return self._ask("POST", path, data=json.dumps(body), headers=headers)

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Plain:
        """A call that only looks."""
        return self._ask("GET", f"{path}?{urlencode(params)}" if params else path)

    def verify(self, fields: Mapping[str, str], event: str) -> bool:
        """Whether PayPal sent `event`: the message as it came, character for character, and one JSON object.

        PayPal checks a sum over the bytes, so the message must not be read and written again on the way.
        """
        body = f'{json.dumps(dict(fields))[:-1]}, "webhook_event": {event}}}'
        answer = self._ask("POST", "/v1/notifications/verify-webhook-signature", data=body, timeout=VERIFY_TIMEOUT)
        return answer.get("verification_status") == "SUCCESS"

    def _ask(
        self,
        verb: str,
        path: str,
        *,
        data: str = "",
        headers: Mapping[str, str] | None = None,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> Plain:
        refuse_open_transaction()
        from payments.providers.paypal.transport import transport_for  # noqa: PLC0415 (slow to load, rarely needed)

        transport = transport_for(self.config)
        return transport.ask(verb, path, data=data.encode() if data else None, headers=headers or {}, timeout=timeout)
