"""Production: what identifies or protects this shop comes from the environment; nothing has a default secret."""

from __future__ import annotations

from config import env
from config.settings.base import *  # noqa: F403 (settings are read from one module by name)
from config.settings.base import CONTENT_SECURITY_POLICY

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
if not ALLOWED_HOSTS:
    raise env.SettingError("ALLOWED_HOSTS is not set. See .env.example for what it means.")

# The embedded servers are for one's own machine only.
env.text("DATABASE_URL")
env.text("REDIS_URL")

# Off only for trying the production settings on one's own machine, without TLS.
HTTPS = env.flag("HTTPS", default=True)
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", default=1)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

STAFF_SECOND_FACTOR = env.flag("STAFF_SECOND_FACTOR", default=True)

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
LOGGING = {"as_json": True, "level": env.text("LOG_LEVEL", "INFO")}

DEMO_ALLOWED = env.flag("DEMO_ALLOWED", default=False)
