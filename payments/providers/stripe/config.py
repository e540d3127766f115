"""How this shop talks to Stripe, read from the settings once per use."""

from dataclasses import dataclass

from django.conf import settings

API_VERSION = "2026-10-28.endive"
"""Pinned: a new version is a change of ours, with tests, not of theirs."""
TIMEOUT = 10.0


@dataclass(frozen=True)
class StripeConfig:
    """Keys, mode (`checkout` or `element`, see `payments.checks`) and address."""

    secret_key: str
    publishable_key: str
    webhook_secrets: tuple[str, ...]
    mode: str
    api_base: str

    @property
    def is_live(self) -> bool:
        return self.secret_key.startswith(("sk_live_", "rk_live_"))


def stripe_config() -> StripeConfig:
    """The settings as they are now."""
    return StripeConfig(
        secret_key=settings.STRIPE_SECRET_KEY,
        publishable_key=settings.STRIPE_PUBLISHABLE_KEY,
        webhook_secrets=tuple(secret for secret in settings.STRIPE_WEBHOOK_SECRETS if secret),
        mode=settings.STRIPE_MODE,
        api_base=settings.STRIPE_API_BASE,
    )
