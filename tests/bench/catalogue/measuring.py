"""What pages cost: server time in process, through every middleware, and queries. No network, no browser."""

import logging
import statistics
import time
from collections.abc import Callable, Sequence
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.listing.tally import tallies
from tests.bench.catalogue.words import CHOICES, COLOURS, ROOMS, THINGS

ROUNDS = 60
MATERIALS = CHOICES["material"]
PAGE = 24
HOST = "localhost"


def measure(how_many: int) -> dict[str, dict[str, float]]:
    """Median, 95th percentile (both in milliseconds) and queries of each page, warm."""
    settings.ALLOWED_HOSTS = [HOST]
    logging.disable(logging.CRITICAL)
    client = Client(HTTP_HOST=HOST)
    return {name: _measured(client, addresses) for name, addresses in _pages(how_many).items()}


def _pages(how_many: int) -> dict[str, Callable[[int], str]]:
    """The addresses of each kind of page, by the number of the request: no page is asked for twice in a row."""
    category = f"/de/en/c/{ROOMS[0].lower()}/"
    leaf = "/de/en/c/kitchen-storage-kettles-1/"
    return {
        "category": lambda _n: category,
        "category, one of the lowest": lambda _n: leaf,
        "filtered category": lambda n: f"{category}?{_several(n)}",
        "filtered by ranges": lambda n: f"{category}?price_min={20 + n % 40}&price_max=280&height_max={180 - n % 20}",
        "deep page": lambda n: f"{category}?sort=price&page={_last(how_many // len(ROOMS)) - n % 2}",
        "deep page, whole shop": lambda n: f"/de/en/search/?sort=newest&page={_last(how_many) - n % 2}",
        "product": lambda n: f"/de/en/p/thing-{1 + n * 7919 % how_many}/",
        "search": lambda n: f"/de/en/search/?q={quote(_query(n))}",
        "suggestions": lambda n: f"/de/en/search/suggest/?q={THINGS[n % len(THINGS)][:3].lower()}",
    }


def _several(number: int) -> str:
    """Four of twelve colours and six of ten materials: narrow, and a full page even of a hundred products."""
    colours = [COLOURS[(number + at) % len(COLOURS)] for at in range(4)]
    materials = [MATERIALS[(number + at) % len(MATERIALS)] for at in range(6)]
    return urlencode([*(("colour", one) for one in colours), *(("material", one) for one in materials)])


def _last(products: int) -> int:
    """A page near the end that surely exists: categories differ in size by a few percent."""
    return max(products * 8 // 10 // PAGE, 2)


def _query(number: int) -> str:
    return THINGS[number % len(THINGS)] if number % 2 else f"folding {THINGS[number % len(THINGS)].lower()}"


def _measured(client: Client, address: Callable[[int], str]) -> dict[str, float]:
    for number in range(8):
        answer = client.get(address(number))
        if answer.status_code != 200:
            raise SystemExit(f"{address(number)} answered {answer.status_code}")
    took = sorted(_milliseconds(client, address(number)) for number in range(ROUNDS))
    tallies.forget()
    unasked = [_fresh(client, address(number)) for number in range(20)]
    with CaptureQueriesContext(connection) as queries:
        client.get(address(1))
    return {
        "median": statistics.median(took),
        "p95": _at(took, 0.95),
        "counted anew": statistics.median(unasked),
        "queries": len(queries),
    }


def _fresh(client: Client, address: str) -> float:
    """As after a change that touches everything: nothing counted is remembered."""
    tallies.forget()
    return _milliseconds(client, address)


def _milliseconds(client: Client, address: str) -> float:
    began = time.perf_counter()
    client.get(address)
    return (time.perf_counter() - began) * 1000


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
