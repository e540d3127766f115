"""Everything outside that can be exchanged by a dotted path or an address: payments, files, mail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config import env

PAYMENT_PROVIDERS = {
    "sandbox": "payments.providers.sandbox.provider.SandboxProvider",
    "stripe": "payments.providers.stripe.provider.StripeProvider",
    "paypal": "payments.providers.paypal.provider.PayPalProvider",
    "bank": "payments.providers.bank.provider.BankProvider",
    "credit": "payments.providers.credit.provider.CreditProvider",
}
# "automatic": money is taken when the shopper pays. "manual": cards are held first and captured by the shop.
PAYMENT_CAPTURE = env.text("PAYMENT_CAPTURE", "automatic")
# A folder with one folder per provider: payout files laid down there are imported. Empty: nothing is looked for.
STATEMENT_FOLDER = env.text("STATEMENT_FOLDER", "")
# Bank transfer, in markets that have a bank account. What came is read from bank statements.
BANK_TRANSFERS = env.flag("BANK_TRANSFERS", default=False)
# The house's own stand-in for a bank: never on in production unless somebody says so.
SANDBOX_PAYMENTS = env.flag("SANDBOX_PAYMENTS", default=False)
SANDBOX_DELAY_SECONDS = env.number("SANDBOX_DELAY_SECONDS", default=20)
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY", "")
STRIPE_PUBLISHABLE_KEY = env.text("STRIPE_PUBLISHABLE_KEY", "")
# Two secrets may be listed while one replaces the other.
STRIPE_WEBHOOK_SECRETS = env.words("STRIPE_WEBHOOK_SECRETS")
# "checkout": Stripe's hosted page. "element": its form inside a page of ours, with a wider policy there only.
STRIPE_MODE = env.text("STRIPE_MODE", "checkout")
STRIPE_API_BASE = env.text("STRIPE_API_BASE", "https://api.stripe.com")
PAYPAL_CLIENT_ID = env.text("PAYPAL_CLIENT_ID", "")
PAYPAL_CLIENT_SECRET = env.text("PAYPAL_CLIENT_SECRET", "")
# PayPal's name of the shop's webhook: without it no message of PayPal can be verified, so PayPal stays off.
PAYPAL_WEBHOOK_ID = env.text("PAYPAL_WEBHOOK_ID", "")
# "sandbox": PayPal's world for tests. "live": real money.
PAYPAL_MODE = env.text("PAYPAL_MODE", "sandbox")
# Another address than PayPal's own is for stand-ins.
PAYPAL_API_BASE = env.text("PAYPAL_API_BASE", "")
# The country of the PayPal account: some currencies are for accounts at home only.
PAYPAL_COUNTRY = env.text("PAYPAL_COUNTRY", "")

# Reference rates of the European Central Bank: the file of the last day, and that of the last 90 days for when days
# were missed. An empty first address: nothing is fetched, rates come by `manage.py import_rates FILE`.
ECB_RATES_URL = env.text("ECB_RATES_URL", "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml")
ECB_HISTORY_URL = env.text("ECB_HISTORY_URL", "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist-90d.xml")

# The EU's register of VAT numbers. Empty: nobody is asked, and business buyers are taxed like everybody.
VIES_URL = env.text("VIES_URL", "https://ec.europa.eu/taxation_customs/vies/rest-api")

# The launcher makes these for the demo shop; without a password the demo has no operator.
DEMO_OPERATOR_EMAIL = env.text("DEMO_EMAIL", "operator@meridian.example")
DEMO_OPERATOR_PASSWORD = env.text("DEMO_PASSWORD", "")

DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Meridian <shop@meridian.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10

# How people are reached. A channel without its settings is not offered and not written for.
MESSAGE_CHANNELS = {
    "email": "core.notifications.email.EmailChannel",
    "sms": "core.notifications.sms.SmsChannel",
    "push": "core.notifications.push.PushChannel",
}
# Text messages: a gateway that takes what core/notifications/sms.py describes, and the secret both know (whsec_…).
SMS_GATEWAY_URL = env.text("SMS_GATEWAY_URL", "")
SMS_GATEWAY_SECRET = env.text("SMS_GATEWAY_SECRET", "")
SMS_SENDER = env.text("SMS_SENDER", "Meridian")
# Web push: a key of P-256 (`manage.py vapid_key`), and where push servers reach the shop (mailto: or https:).
VAPID_PRIVATE_KEY = env.text("VAPID_PRIVATE_KEY", "")
VAPID_CONTACT = env.text("VAPID_CONTACT", "")


def file_storage() -> dict[str, Any]:
    """Pictures and documents: a folder, or an S3-compatible bucket as soon as one is named."""
    bucket = env.text("S3_BUCKET", "")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.text("S3_ENDPOINT_URL", "") or None,
            "access_key": env.text("S3_ACCESS_KEY"),
            "secret_key": env.text("S3_SECRET_KEY"),
            "region_name": env.text("S3_REGION", "us-east-1"),
            "custom_domain": env.text("S3_PUBLIC_HOST", "") or None,
            "file_overwrite": False,
            "querystring_auth": False,
        },
    }


def private_storage(folder: Path) -> dict[str, Any]:
    """Files that are handed out by the shop itself: a folder of its own, or a bucket that nobody can read directly."""
    bucket = env.text("S3_PRIVATE_BUCKET", "")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    storage = file_storage()
    return {"BACKEND": storage["BACKEND"], "OPTIONS": {
        **storage["OPTIONS"], "bucket_name": bucket, "custom_domain": None, "querystring_auth": True,
    }}  # fmt: skip


# Carriers, aggregators and other people's warehouses: what an account in the admin can be connected with.
CARRIERS = {
    "tables": "inventory.carriers.tables.adapter.TableRates",
    "sandbox": "inventory.carriers.sandbox.adapter.SandboxCarrier",
    "karrio": "inventory.carriers.karrio.adapter.KarrioCarrier",
    "easypost": "inventory.carriers.easypost.adapter.EasyPostTracking",
    "dhl": "inventory.carriers.dhl.adapter.DHLTracking",
    "17track": "inventory.carriers.seventeentrack.adapter.SeventeenTrack",
    "kdniao": "inventory.carriers.kdniao.adapter.KuaidiNiao",
    "relay": "inventory.carriers.relay.adapter.Relay",
    "threepl": "inventory.carriers.threepl.adapter.ThreePL",
}
# The house's own stand-in for a carrier: labels that no carrier accepts, parcels that travel by themselves.
SANDBOX_CARRIER = env.flag("SANDBOX_CARRIER", default=False)
# How long one step of such a journey takes.
SANDBOX_CARRIER_STEP_SECONDS = env.number("SANDBOX_CARRIER_STEP_SECONDS", default=3600)
