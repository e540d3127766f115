"""What browsers are told and allowed. `prod` adds what only works over TLS."""

from __future__ import annotations

from typing import Any

from csp.constants import NONCE, NONE, SELF

from config import env

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "content.errors.csrf_failure"
LANGUAGE_COOKIE_SAMESITE = "Lax"
# What seals identity numbers in the database: the first seals, all open. None: derived from SECRET_KEY.
SEALING_KEYS = env.words("SEALING_KEYS")
# How many proxies stand in front; what they note of the visitor's address is believed. Production says one.
TRUSTED_PROXY_COUNT = 0
# The header in which the edge says from which country the connection comes; empty: nobody says it.
CONNECTION_COUNTRY_HEADER = env.text("CONNECTION_COUNTRY_HEADER", "")
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin-allow-popups"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), usb=(), browsing-topics=(), payment=(self)"

# Pages a form of ours may lead to: browsers apply form-action to the redirect that follows a POST as well.
PAYMENT_PAGES = env.words(
    "PAYMENT_PAGES", default="https://checkout.stripe.com,https://www.paypal.com,https://www.sandbox.paypal.com"
)
MEDIA_HOSTS = env.words("MEDIA_HOSTS")

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", *MEDIA_HOSTS],
        "media-src": [SELF, *MEDIA_HOSTS],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [NONE],
        "form-action": [SELF, *PAYMENT_PAGES],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
