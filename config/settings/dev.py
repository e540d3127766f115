"""The one-command shop on one's own machine: same behaviour as production, plain http, mail kept at home."""

from __future__ import annotations

from config import env
from config.settings.base import *  # noqa: F403 (settings are read from one module by name)
from config.settings.base import MESSAGE_CHANNELS, SMS_GATEWAY_URL, STORAGES

# Off by default, so that a missing page looks the way shoppers see it.
DEBUG = env.flag("DEBUG", default=False)
# The launcher makes a secret of its own per checkout; this one serves tools that only read the settings.
SECRET_KEY = env.text("SECRET_KEY", "for-tools-that-only-read-the-settings-never-for-a-running-shop")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default="localhost,.localhost,127.0.0.1,[::1]")
INTERNAL_IPS = ["127.0.0.1"]

EMAIL_BACKEND = "core.notifications.mailbox.EmailBackend"
MAIL_PAGE = True
MESSAGES_NOT_KEPT = frozenset()
# Text messages are written down, not sent, until a gateway is named.
if not SMS_GATEWAY_URL:
    MESSAGE_CHANNELS = {**MESSAGE_CHANNELS, "sms": "core.notifications.sms.SandboxSms"}
SHOW_STYLEGUIDE = True
SANDBOX_PAYMENTS = env.flag("SANDBOX_PAYMENTS", default=True)
SANDBOX_CARRIER = env.flag("SANDBOX_CARRIER", default=True)
BANK_TRANSFERS = env.flag("BANK_TRANSFERS", default=True)
# A shop on one's own machine asks nobody on the network by itself.
ECB_RATES_URL = env.text("ECB_RATES_URL", "")
VIES_URL = env.text("VIES_URL", "")

if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = True
