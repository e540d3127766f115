"""How long pages of the demo shop take, measured at the running shop. Printed, and compared within the same run."""

import statistics
import time
import urllib.request
from collections.abc import Iterator

import pytest

from tests.browser.demo import DemoShop, drop, start_demo

pytestmark = pytest.mark.bench
ROUNDS = 60
PAGES = {
    "nothing but the framework": "/healthz",
    "home": "/de/de/",
    "category": "/de/en/c/kitchen/",
    "category, filtered": "/de/en/c/kitchen/?colour=ink&sort=price",
    "product": "/de/en/p/kesen-gooseneck-kettle/",
    "search": "/de/en/search/?q=kettle",
    "cart, empty": "/de/en/cart/",
}


@pytest.fixture(scope="module")
def shop() -> Iterator[DemoShop]:
    demo = start_demo()
    yield demo
    demo.stop()
    drop(demo.database)


def milliseconds(url: str) -> float:
    began = time.perf_counter()
    with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 (our own address)
        answer.read()
    return (time.perf_counter() - began) * 1000


def test_pages(shop: DemoShop) -> None:
    medians = {}
    for name, path in PAGES.items():
        for _ in range(5):
            milliseconds(shop.address + path)
        medians[name] = statistics.median(milliseconds(shop.address + path) for _ in range(ROUNDS))
    floor = medians["nothing but the framework"]
    print()
    for name, median in medians.items():
        print(f"{name:<28} {median:7.1f} ms   {median / floor:5.1f} × the framework")
    assert medians["category"] < medians["nothing but the framework"] * 200
