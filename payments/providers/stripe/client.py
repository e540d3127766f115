"""The one client of Stripe: pinned version, our time-outs, our keys, our refusals.

The library takes a second to load, so it is imported when the first call is made and not before.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from core.http import refuse_open_transaction
from payments.errors import ProviderRefused, ProviderUnreachable
from payments.providers.stripe.config import API_VERSION, TIMEOUT, StripeConfig

if TYPE_CHECKING:
    import stripe

Plain = dict[str, Any]
RETRY_STATUS = frozenset({409, 429})


class StripeApi:
    """Exactly the calls we make. Each answers with plain values and raises our own refusals."""

    def __init__(self, config: StripeConfig) -> None:
        self.config = config

    def post(self, resource: str, verb: str, *ids: str, params: Mapping[str, Any], key: str) -> Plain:
        """A call that changes something, under our own idempotency key."""
        return self._call(resource, verb, *ids, params=params, options={"idempotency_key": key})

    def get(self, resource: str, verb: str, *ids: str, params: Mapping[str, Any]) -> Plain:
        """A call that only looks."""
        return self._call(resource, verb, *ids, params=params, options={})

    def delete(self, resource: str, *ids: str) -> Plain:
        """Remove a thing for ever; it has no key, because it cannot happen twice."""
        return self._call(resource, "delete", *ids, params={}, options={})

    def _call(
        self, resource: str, verb: str, *ids: str, params: Mapping[str, Any], options: Mapping[str, Any]
    ) -> Plain:
        refuse_open_transaction()
        import stripe  # noqa: PLC0415 (a second of work, only where Stripe is used)

        call = _method(self._client(stripe), resource, verb)
        try:
            answer = call(*ids, params=dict(params), options=dict(options))
        except stripe.APIConnectionError as error:
            raise ProviderUnreachable from error
        except stripe.StripeError as error:
            raise _refusal(error) from error
        plain: Plain = answer.to_dict()
        return plain

    def _client(self, library: Any) -> "stripe.StripeClient":
        client: stripe.StripeClient = library.StripeClient(
            self.config.secret_key,
            stripe_version=API_VERSION,
            base_addresses={"api": self.config.api_base},
            max_network_retries=0,
            http_client=library.RequestsClient(timeout=TIMEOUT),
        )
        return client


def _method(client: "stripe.StripeClient", resource: str, verb: str) -> Callable[..., Any]:
    """`checkout.sessions`, `create` → the client's method."""
    found: Any = client.v1
    for part in resource.split("."):
        found = getattr(found, part)
    method: Callable[..., Any] = getattr(found, verb)
    return method


def _refusal(error: "stripe.StripeError") -> ProviderRefused | ProviderUnreachable:
    status = error.http_status or 0
    if status >= 500 or status in RETRY_STATUS or not status:
        return ProviderUnreachable()
    why = getattr(error.error, "decline_code", None)
    return ProviderRefused(str(why or error.code or f"http_{status}")[:60])
