"""The settings of every test: real PostgreSQL and Redis, quick hashes, plain static files, mail in memory."""

from __future__ import annotations

from config import env
from config.launch.places import TEST, served_addresses
from config.settings.base import *  # noqa: F403 (settings are read from one module by name)
from config.settings.base import CACHES, DATABASES, ROOT, STORAGES, VAR

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105 (guards nothing)
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

TEST_ADDRESSES = served_addresses(ROOT, TEST)
DATABASES["default"] |= env.database("DATABASE_URL", default=TEST_ADDRESSES.database) | {
    "OPTIONS": {
        # Tests stop at breakpoints and wait for browsers, so an idle transaction may live longer than in the shop.
        "options": "-c lock_timeout=3s -c statement_timeout=20s -c idle_in_transaction_session_timeout=300s",
        "connect_timeout": 3,
    },
    "CONN_MAX_AGE": 0,
}
REDIS_URL = env.redis_address("REDIS_URL", number=0, default=TEST_ADDRESSES.redis)
CACHES["default"]["LOCATION"] = REDIS_URL
CELERY_BROKER_URL = env.broker_address("REDIS_URL", number=1, default=TEST_ADDRESSES.redis)

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STATIC_ROOT = VAR / "test" / "static"
MEDIA_ROOT = VAR / "test" / "media"
STORAGES["private"]["OPTIONS"] = {"location": VAR / "test" / "private"}
SERVE_MEDIA = True

# Purchases of the tests go through the sandbox; the tests of Stripe bring their own keys and stand-in.
SANDBOX_PAYMENTS = True
SANDBOX_DELAY_SECONDS = 0
STRIPE_SECRET_KEY = ""
STRIPE_PUBLISHABLE_KEY = ""
STRIPE_WEBHOOK_SECRETS = []
STRIPE_MODE = "checkout"
PAYPAL_CLIENT_ID = ""
PAYPAL_CLIENT_SECRET = ""
PAYPAL_WEBHOOK_ID = ""
PAYPAL_MODE = "sandbox"
PAYPAL_API_BASE = ""
PAYPAL_COUNTRY = ""
PAYMENT_CAPTURE = "automatic"
ECB_RATES_URL = ""
ECB_HISTORY_URL = ""
VIES_URL = ""
SMS_GATEWAY_URL = ""
SMS_GATEWAY_SECRET = ""
VAPID_PRIVATE_KEY = ""
VAPID_CONTACT = ""
MAIL_PAGE = True
SHOW_STYLEGUIDE = True
LOGGING = {"as_json": False, "level": "WARNING"}
LOCK_ORDER_STRICT = True
