"""Whose address a request has: what the shop's own proxies noted is believed, what a visitor writes is not."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.middleware import VisitorAddress


def seen(settings, proxies: int, passed: str | None, peer: str = "10.0.0.2") -> str:
    """What a view behind the middleware takes for the visitor's address."""
    settings.TRUSTED_PROXY_COUNT = proxies
    found = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    headers = {} if passed is None else {"HTTP_X_FORWARDED_FOR": passed}
    VisitorAddress(view)(RequestFactory().get("/", REMOTE_ADDR=peer, **headers))
    return found[0]


@pytest.mark.parametrize(
    ("proxies", "passed", "address"),
    [
        (1, "192.0.2.7", "192.0.2.7"),
        (1, "203.0.113.9, 192.0.2.7", "192.0.2.7"),
        (2, "203.0.113.9, 192.0.2.7, 10.0.0.1", "192.0.2.7"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "192.0.2.7:4711", "192.0.2.7"),
    ],
)
def test_the_last_proxies_say_who_came_to_them(settings, proxies: int, passed: str, address: str) -> None:
    assert seen(settings, proxies, passed) == address


@pytest.mark.parametrize(
    ("proxies", "passed"), [(0, "192.0.2.7"), (1, None), (1, "nobody"), (1, ""), (3, "192.0.2.7, 10.0.0.1")]
)
def test_nothing_is_believed_that_no_proxy_of_the_shop_wrote(settings, proxies: int, passed: str | None) -> None:
    assert seen(settings, proxies, passed) == "10.0.0.2"
