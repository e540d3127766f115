"""What every answer carries, whoever made it."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from config import health
from config.operator_time import operator_zone


class SecurityHeaders:
    """Headers Django has no setting for. A page is private unless its view said that it may be cached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-site")
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class HealthQuestions:
    """Answered before anything else looks at the request: load balancers ask by address, not by the shop's name."""

    answers = {"/healthz": health.alive, "/readyz": health.ready}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answers.get(request.path_info, self.get_response)(request)


class VisitorAddress:
    """`REMOTE_ADDR` is the visitor's address, not that of the proxies in front of the shop.

    Everything that is limited per visitor counts by it. What the last `TRUSTED_PROXY_COUNT` proxies have noted is
    believed, and nothing that a visitor wrote there before them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        passed = request.headers.get("X-Forwarded-For", "").split(",")
        trusted = settings.TRUSTED_PROXY_COUNT
        if 0 < trusted <= len(passed) and (address := _as_address(passed[-trusted])):
            request.META["REMOTE_ADDR"] = address
        return self.get_response(request)


def _as_address(written: str) -> str:
    """Without spaces, brackets and port; empty for what is no address."""
    text = written.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""


class OperatorTime:
    """The admin's moments in the operator's own time zone, else the shop's. Stands after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/admin/"):
            return self.get_response(request)
        with timezone.override(operator_zone(request.user)):
            return self.get_response(request)
