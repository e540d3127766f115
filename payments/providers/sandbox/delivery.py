"""Bringing the sandbox's messages to the shop: through its own web application, signature, middleware and all."""

import io
import json
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from payments.models import SandboxWebhook
from payments.providers.sandbox.signing import HEADER, sign
from payments.waiting import wait_before

GIVE_UP_AFTER = 20


def deliver_due(*, limit: int = 100) -> int:
    """Send every message that is due; what is not taken with a 2xx is sent again later. Returns how many went."""
    due = SandboxWebhook.objects.filter(delivered_at=None, due_at__lte=Now(), attempts__lt=GIVE_UP_AFTER)
    delivered = 0
    for pk in list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:limit]):
        delivered += _deliver(pk)
    return delivered


def _deliver(pk: int) -> bool:
    message = SandboxWebhook.objects.select_related("charge").get(pk=pk)
    wait: timedelta = wait_before(message.attempts + 1)
    claimed = SandboxWebhook.objects.filter(pk=pk, delivered_at=None, attempts=message.attempts).update(
        attempts=F("attempts") + 1, due_at=Now() + wait
    )
    if not claimed or not 200 <= post(body_of(message), _address(message)) < 300:
        return False
    SandboxWebhook.objects.filter(pk=pk).update(delivered_at=timezone.now())
    return True


def body_of(message: SandboxWebhook) -> bytes:
    """What the message says: names only, the shop asks for the rest."""
    return json.dumps(
        {
            "id": message.event_id,
            "type": message.kind,
            "created": message.created.isoformat(),
            "charge": message.charge.provider_ref,
            "payment_ref": str(message.charge.payment_ref),
        }
    ).encode()


def _address(message: SandboxWebhook) -> str:
    """The shop's own address, as the browser knew it when the payment began."""
    parts = urlsplit(message.charge.return_url)
    if parts.netloc:
        return f"{parts.scheme}://{parts.netloc}"
    return str(settings.SHOP_URL)


def post(body: bytes, site: str) -> int:
    """POST `body` to our webhook address as a request from outside would arrive; returns the status."""
    parts = urlsplit(site)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": reverse("payments:webhook", kwargs={"provider": "sandbox"}),
        "QUERY_STRING": "",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": parts.netloc,
        "HTTP_X_FORWARDED_PROTO": parts.scheme,
        f"HTTP_{HEADER.upper().replace('-', '_')}": sign(body),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    # Not through `handler(environ, …)`: its signals end a request, and with it the worker's database connection.
    return _application().get_response(WSGIRequest(environ)).status_code


@cache
def _application() -> WSGIHandler:
    return WSGIHandler()
