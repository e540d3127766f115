"""What the programs run with: the tests' settings, a queue and a cache of their own, and a real mail server."""

from __future__ import annotations

from config import env
from config.settings.test import *  # noqa: F403 (settings are read from one module by name)
from config.settings.test import CACHES, DATABASES

FIRST = env.number("REDIS_FIRST_NUMBER", default=0)
CACHES["default"]["LOCATION"] = REDIS_URL = env.redis_address("REDIS_URL", number=FIRST)
CELERY_BROKER_URL = env.broker_address("REDIS_URL", number=FIRST + 1)

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_USE_TLS = False

# Who stands at a step stands until the test has seen it.
DATABASES["default"]["OPTIONS"]["options"] = "-c lock_timeout=60s -c statement_timeout=90s"
