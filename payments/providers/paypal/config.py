"""How this shop talks to PayPal, read from the settings once per use."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings

LIVE_HOSTS = frozenset({"api-m.paypal.com", "api.paypal.com"})
SANDBOX_HOSTS = frozenset({"api-m.sandbox.paypal.com", "api.sandbox.paypal.com"})
BASES = {"live": "https://api-m.paypal.com", "sandbox": "https://api-m.sandbox.paypal.com"}
TIMEOUT = (1.0, 10.0)
"""Seconds to connect, and to wait for an answer."""
VERIFY_TIMEOUT = (1.0, 5.0)
"""A message of PayPal waits at our door while it is verified: not for long."""
ORDER_LIFE = timedelta(hours=3)
"""So long can a shopper approve an order and we take the money; PayPal forgets it afterwards."""


@dataclass(frozen=True)
class PayPalConfig:
    """Credentials, world (`live` or `sandbox`), address, and the country of the account (see `payments.checks`)."""

    client_id: str
    client_secret: str = field(repr=False)
    webhook_id: str
    mode: str
    api_base: str
    country: str

    @property
    def is_complete(self) -> bool:
        """Without an id for its messages nothing PayPal says could be trusted, so nothing is begun either."""
        return bool(self.client_id and self.client_secret and self.webhook_id)

    @property
    def is_live(self) -> bool:
        return self.mode == "live"

    @property
    def hosts(self) -> frozenset[str]:
        """PayPal's own addresses in the configured world."""
        return LIVE_HOSTS if self.is_live else SANDBOX_HOSTS

    @property
    def foreign_hosts(self) -> frozenset[str]:
        """Those of the other world."""
        return SANDBOX_HOSTS if self.is_live else LIVE_HOSTS


def paypal_config() -> PayPalConfig:
    """The settings as they are now."""
    return PayPalConfig(
        client_id=settings.PAYPAL_CLIENT_ID,
        client_secret=settings.PAYPAL_CLIENT_SECRET,
        webhook_id=settings.PAYPAL_WEBHOOK_ID,
        mode=settings.PAYPAL_MODE,
        api_base=(settings.PAYPAL_API_BASE or BASES.get(settings.PAYPAL_MODE, "")).rstrip("/"),
        country=settings.PAYPAL_COUNTRY.upper(),
    )
