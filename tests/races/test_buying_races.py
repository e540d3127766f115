"""Many hands on one delivery, one proposal and one feed, each with a control that fails when the lock is taken away."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from core.errors import DomainError
from core.integrity import registered, run
from core.locks import LockingQuerySet
from inventory.buying.actions.feeds import take_over
from inventory.buying.actions.ordering import order_proposals
from inventory.buying.actions.receiving import Arrived, receive_purchase
from inventory.buying.feed_reading import Message, Told
from inventory.models import (
    PurchaseOrder,
    PurchaseReceipt,
    ReplenishmentProposal,
    StockItem,
    Warehouse,
)
from markets.models import Market
from tests.factories.buying import a_feed, a_purchase, a_supplier, promised, sold_by
from tests.factories.inventory import a_variant, a_warehouse, stocked
from tests.factories.markets import small_world
from tests.races.crowd import all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def ended(act: object) -> str:
    try:
        act()  # type: ignore[operator]
    except DomainError as refusal:
        return refusal.code
    except IntegrityError:
        return "DATABASE"
    return "done"


def is_sound() -> bool:
    checks = [check for check in registered() if check.code[0] in "SU"]
    return not [finding for finding in run(checks) if finding.count]


@contextmanager
def without_locks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The control: rows are read and not locked."""
    with monkeypatch.context() as patch:
        patch.setattr(LockingQuerySet, "lock", lambda self, **_options: self.order_by("pk"))
        yield


@pytest.fixture
def leipzig() -> Warehouse:
    small_world("de")
    return a_warehouse("LEJ", market=Market.objects.get(code="de"))


def receive(order: PurchaseOrder, key: str) -> str:
    line = order.lines.get()
    return ended(lambda: receive_purchase(number=order.number, arrived={line.pk: Arrived(accepted=1)}, op_key=key))


def test_twelve_people_book_the_same_delivery_once(leipzig: Warehouse) -> None:
    order = a_purchase(leipzig, {a_variant(): 50})
    ends = all_at_once(lambda _person: receive(order, "the same"), range(12))
    assert set(ends) == {"done"}
    assert PurchaseReceipt.objects.count() == 1
    assert StockItem.objects.get().on_hand == 1
    assert is_sound()


def test_deliveries_that_come_together_are_all_counted_and_none_exceeds_the_order(leipzig: Warehouse) -> None:
    order = a_purchase(leipzig, {a_variant(): 20})
    ends = all_at_once(lambda person: receive(order, f"delivery {person}"), range(24))
    order.refresh_from_db()
    assert ends.count("done") == 20
    assert order.lines.get().received == StockItem.objects.get().on_hand == 20
    assert order.state == "received"
    assert is_sound()


def test_the_control_loses_deliveries_without_the_lock(leipzig: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    for _try in range(10):
        order = a_purchase(leipzig, {a_variant(): 20})
        with without_locks(monkeypatch):
            ends = all_at_once(lambda person, order=order: receive(order, f"{order.number} {person}"), range(24))
        if ends.count("done") != order.lines.get().received or "DATABASE" in ends:
            return
    pytest.fail("ten times nothing was lost: the control shows nothing")


def test_a_proposal_is_ordered_by_one_of_twelve(leipzig: Warehouse) -> None:
    variant, supplier = a_variant(), a_supplier()
    sold_by(supplier, variant)
    row = ReplenishmentProposal.objects.create(
        variant=variant, warehouse=leipzig, kind="buy", quantity=5, supplier=supplier
    )
    ends = all_at_once(lambda _person: ended(lambda: order_proposals(quantities={row.pk: 5})), range(12))
    assert sorted(ends) == ["PROPOSAL_DECIDED"] * 11 + ["done"]
    assert PurchaseOrder.objects.get().lines.get().quantity == 5


def test_a_feed_that_speaks_while_orders_are_placed_loses_and_invents_nothing(leipzig: Warehouse) -> None:
    Warehouse.objects.update(kind="dropship")
    variant, supplier = a_variant(), a_supplier()
    sold_by(supplier, variant, supplier_sku="S-1")
    feed = a_feed(supplier, warehouse=leipzig, meaning="on_shelf")
    stocked(variant, 60, warehouse=leipzig)
    snapshot = timezone.now()

    def act(person: int) -> str:
        if person % 2:
            return ended(lambda: promised(variant, 1, order_ref=f"O-{person}"))
        message = Message(rows=(Told("S-1", 60),), told_at=snapshot + timedelta(microseconds=person), problems=())
        return ended(lambda: take_over(feed_id=feed.pk, message=message, key=f"k{person}", received_at=timezone.now()))

    ends = all_at_once(act, range(24))
    item = StockItem.objects.get()
    assert set(ends) == {"done"}
    assert (item.on_hand, item.allocated, item.reserved) == (60, 12, 0)
    assert is_sound()
