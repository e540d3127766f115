"""Start-up checks: a shop whose payments are set up wrongly does not start."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 (Django's own name)
from django.utils.module_loading import import_string

from payments.providers.paypal.config import BASES, PayPalConfig, paypal_config

LIVE = ("sk_live_", "rk_live_")
MODES = ("checkout", "element")
CAPTURES = ("automatic", "manual")


def check_providers(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """Every dotted path leads somewhere, and somebody can take money."""
    found: list[CheckMessage] = []
    enabled = False
    for name, path in settings.PAYMENT_PROVIDERS.items():
        try:
            enabled = import_string(path)().offer.enabled or enabled
        except (ImportError, AttributeError) as error:
            found.append(Error(f"PAYMENT_PROVIDERS[{name!r}] cannot be loaded: {error}", id="payments.E001"))
    if settings.PAYMENT_CAPTURE not in CAPTURES:
        found.append(Error(f"PAYMENT_CAPTURE must be one of {', '.join(CAPTURES)}.", id="payments.E004"))
    if not enabled and not found:
        found.append(
            Warning(
                "No payment provider is switched on, so nothing can be paid.",
                hint="Set STRIPE_SECRET_KEY or PAYPAL_CLIENT_ID, or SANDBOX_PAYMENTS=yes for a demo.",
                id="payments.W001",
            )
        )
    return found


def check_sandbox(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """Test payments in production are never an accident. (Their secret is derived from SECRET_KEY, never empty.)"""
    if not settings.SANDBOX_PAYMENTS:
        return []
    if settings.STRIPE_SECRET_KEY.startswith(LIVE) or (settings.PAYPAL_CLIENT_ID and settings.PAYPAL_MODE == "live"):
        return [
            Error(
                "Test payments are switched on beside live keys: orders could be paid without money.",
                hint="Set SANDBOX_PAYMENTS=no.",
                id="payments.E003",
            )
        ]
    if str(settings.SETTINGS_MODULE).endswith(".prod"):
        return [
            Warning(
                "Test payments are switched on in production: orders can be paid without money.",
                hint="Set SANDBOX_PAYMENTS=no unless this is a demo.",
                id="payments.W002",
            )
        ]
    return []


def check_stripe(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """Keys fit each other, the mode and the place; no secret is empty."""
    found: list[CheckMessage] = []
    if settings.STRIPE_MODE not in MODES:
        found.append(Error(f"STRIPE_MODE must be one of {', '.join(MODES)}.", id="payments.E010"))
    secret, public = settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY
    if not secret:
        if public or settings.STRIPE_WEBHOOK_SECRETS:
            found.append(Error("Stripe is half set up: STRIPE_SECRET_KEY is empty.", id="payments.E011"))
        return found
    is_live = secret.startswith(LIVE)
    if not any(settings.STRIPE_WEBHOOK_SECRETS):
        found.append(
            Error("STRIPE_WEBHOOK_SECRETS is empty: no message of Stripe could be trusted.", id="payments.E012")
        )
    if settings.STRIPE_MODE == "element" and not public:
        found.append(Error("STRIPE_MODE=element needs STRIPE_PUBLISHABLE_KEY.", id="payments.E013"))
    if public and public.startswith("pk_live_") != is_live:
        found.append(Error("One of the two Stripe keys is live, the other is for tests.", id="payments.E014"))
    if is_live and settings.DEBUG:
        found.append(Error("Live Stripe keys with DEBUG on.", id="payments.E015"))
    return found


def check_paypal(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """Credentials are whole and fit the world and the place they are used in."""
    found: list[CheckMessage] = []
    config = paypal_config()
    if config.mode not in BASES:
        found.append(Error(f"PAYPAL_MODE must be one of {', '.join(BASES)}.", id="payments.E020"))
    if not config.client_id and not config.client_secret and not config.webhook_id:
        return found
    if not config.client_id or not config.client_secret:
        found.append(
            Error("PayPal is half set up: PAYPAL_CLIENT_ID or PAYPAL_CLIENT_SECRET is empty.", id="payments.E021")
        )
    if not config.webhook_id:
        found.append(Error("PAYPAL_WEBHOOK_ID is empty: no message of PayPal could be trusted.", id="payments.E022"))
    if config.mode in BASES and not _fits(config):
        found.append(Error("PAYPAL_API_BASE does not belong to PAYPAL_MODE, or is not https.", id="payments.E023"))
    if config.is_live and settings.DEBUG:
        found.append(Error("Live PayPal credentials with DEBUG on.", id="payments.E024"))
    return found


def _fits(config: PayPalConfig) -> bool:
    """PayPal's own address of the same world. A stand-in's may be any other, but never takes live credentials."""
    parts = urlsplit(config.api_base)
    if parts.hostname in config.hosts:
        return parts.scheme == "https"
    return not config.is_live and parts.hostname not in config.foreign_hosts and bool(parts.hostname)
