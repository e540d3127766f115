"""Several hands ask for the same shipping paper at once. And what happens without the lock."""

from threading import Barrier

import pytest
from django.db import IntegrityError
from django.utils import timezone

from orders.actions import papers
from orders.actions.papers import issue_paper
from orders.models import Fulfillment, Order, PaperKind, ShippingPaper
from orders.models.documents import private_files
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4


def ask(order: Order) -> str:
    try:
        return issue_paper(number=order.number, kind=PaperKind.PACKING_SLIP, parcel=1).number
    except IntegrityError:
        return "twice"


def files_of(order: Order) -> set[str]:
    """Files of papers with this order's number that lie in the folder of the month."""
    storage = private_files()
    folder = f"{timezone.now():papers/%Y/%m}"
    names = storage.listdir(folder)[1] if storage.exists(folder) else []
    return {f"{folder}/{name}" for name in names if order.number in name}


def test_the_same_paper_asked_for_by_many_is_made_once_with_one_file() -> None:
    market = open_shop()
    order = paid_order(market, (item_in(market), 1))
    before = files_of(order)
    assert set(all_at_once(ask, [order] * AT_ONCE, at_once=AT_ONCE)) == {f"PS-{order.number}-1-1"}
    kept = ShippingPaper.objects.get().pdf.name
    assert files_of(order) - before == {kept}, "whoever was late takes the file away again"


def test_without_the_lock_it_would_be_made_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody reads before anybody writes; only the constraint of the database is left."""
    market = open_shop()
    order = paid_order(market, (item_in(market), 1))
    together, latest = Barrier(AT_ONCE, timeout=30), papers._latest

    def read(found: Order, parcel: Fulfillment | None, kind: PaperKind) -> ShippingPaper | None:
        before = latest(found, parcel, kind)
        together.wait()
        return before

    monkeypatch.setattr(papers, "lock_order", lambda number: Order.objects.get(number=number))
    monkeypatch.setattr(papers, "_latest", read)
    told = all_at_once(ask, [order] * AT_ONCE, at_once=AT_ONCE)
    assert told.count("twice") == AT_ONCE - 1
