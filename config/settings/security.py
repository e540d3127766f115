"""What browsers are told and allowed. `prod` adds what only works over TLS."""

from __future__ import annotations

from typing import Any

from csp.constants import NONCE, NONE, SELF

from config import env

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin-allow-popups"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), usb=(), browsing-topics=(), payment=(self)"

# Pages a form of ours may lead to: browsers apply form-action to the redirect that follows a POST as well.
PAYMENT_PAGES = env.words("PAYMENT_PAGES", default="https://checkout.stripe.com")
STRIPE_JS = ["https://js.stripe.com"] if env.flag("STRIPE_EMBEDDED", default=False) else []
STRIPE_FRAMES = [*STRIPE_JS, "https://hooks.stripe.com"] if STRIPE_JS else []
STRIPE_API = ["https://api.stripe.com"] if STRIPE_JS else []
MEDIA_HOSTS = env.words("MEDIA_HOSTS")

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE, *STRIPE_JS],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", *MEDIA_HOSTS],
        "font-src": [SELF],
        "connect-src": [SELF, *STRIPE_API],
        "frame-src": [*STRIPE_FRAMES] or [NONE],
        "form-action": [SELF, *PAYMENT_PAGES],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
