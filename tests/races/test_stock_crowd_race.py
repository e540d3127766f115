"""Sixty shoppers over 24 stock rows with carts of three lines, while holds expire, parcels and transfers leave."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError
from django.db.models import F
from django.utils import timezone

from core.errors import DomainError
from inventory.actions import convert_hold, counters, expire_holds, hold_stock, release_hold, ship_lines
from inventory.models import Reservation, StockItem, StockMovement
from inventory.stockwork.transfers import draft_transfer, set_aside, ship_transfer
from inventory.stockwork.transfers_in import receive_transfer
from inventory.types import Demand, ParcelPlan, ShippedItem
from tests.factories.inventory import a_variant, stocked
from tests.inventory.worlds import broken, two_places
from tests.races.crowd import all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
VARIANTS, EACH, SHOPPERS = 12, 8, 60
ALLOWED = {"bought", "shipped", "let go", "expired", "moved", "swept", "OUT_OF_STOCK", "HOLD_EXPIRED", "NOT_THERE"}


def shelves() -> list[int]:
    """Twelve variants in two warehouses, eight pieces each: 192 pieces for more wishes than that."""
    places = two_places()
    variants = [a_variant() for _ in range(VARIANTS)]
    for variant in variants:
        for place in places:
            stocked(variant, EACH, warehouse=place)
    return [variant.pk for variant in variants]


def cart(variants: Sequence[int], turn: int) -> list[Demand]:
    """Three lines, two pieces each, in an order of its own: without sorted updates two of these would deadlock."""
    picked = [variants[(turn * step + step) % VARIANTS] for step in (1, 5, 7)]
    ordered = picked if turn % 2 else picked[::-1]
    return [Demand(line_ref=str(n), variant_id=pk, quantity=2) for n, pk in enumerate(ordered)]


def shop(variants: Sequence[int], turn: int) -> str:
    deed = turn % 6
    try:
        if deed == 4:
            return move(variants[turn % VARIANTS])
        if deed == 5:
            return "swept" if expire_holds() >= 0 else ""
        return buy(cart(variants, turn), deed)
    except DomainError as refusal:
        return refusal.code
    except OperationalError as lost:
        return f"DEADLOCK {lost}"
    except IntegrityError as refused:
        return f"DATABASE {refused}"


def buy(demands: Sequence[Demand], deed: int) -> str:
    owner, number = uuid.uuid4(), f"MER-{uuid.uuid4().hex[:10]}"
    parcels = hold_stock(owner=owner, demands=demands, market_code="de", minutes=-1 if deed == 3 else 15)
    if deed == 2:
        release_hold(owner=owner)
        return "let go"
    if deed == 3:
        expire_holds()
        return "expired"
    convert_hold(owner=owner, order_ref=number)
    if deed == 1:
        ship(number, parcels)
        return "shipped"
    return "bought"


def ship(number: str, parcels: Sequence[ParcelPlan]) -> None:
    for parcel in parcels:
        items = [
            ShippedItem(
                line_ref=f"{number}/{line.line_ref}", warehouse_code=parcel.warehouse_code, quantity=line.quantity
            )
            for line in parcel.lines
        ]
        ship_lines(order_ref=number, items=items, cause=f"{number} {parcel.warehouse_code}")


def move(variant_id: int) -> str:
    transfer = draft_transfer(from_code="NGT", to_code="LEJ", lines={variant_id: 2})
    set_aside(number=transfer.number)
    ship_transfer(number=transfer.number, at=timezone.now())
    line = transfer.lines.get()
    receive_transfer(number=transfer.number, counts={line.pk: 2}, at=timezone.now(), op_key="van")
    return "moved"


def test_nothing_is_oversold_nobody_waits_for_ever_and_the_ledger_equals_the_counters() -> None:
    variants = shelves()

    ends = Counter(all_at_once(lambda turn: shop(variants, turn), range(SHOPPERS * 4), at_once=SHOPPERS))

    assert set(ends) <= ALLOWED
    assert {"bought", "shipped", "moved", "expired"} <= set(ends)
    assert not StockItem.objects.filter(on_hand__lt=F("allocated") + F("reserved")).exists()
    Reservation.objects.filter(state="held").update(expires_at=timezone.now() - timedelta(minutes=1))
    expire_holds()
    sold = sum(-row.d_on_hand for row in StockMovement.objects.filter(kind="ship"))
    assert sum(StockItem.objects.values_list("on_hand", flat=True)) == VARIANTS * 2 * EACH - sold
    assert broken() == {}


def test_without_the_guard_the_same_crowd_oversells_or_is_stopped_by_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: updates no longer ask whether so many are there."""
    variants = shelves()
    unguarded = counters._count
    monkeypatch.setattr(
        counters,
        "_count",
        lambda pk, changes: unguarded(pk, [replace(change, needs_available=0) for change in changes]),
    )

    ends = Counter(all_at_once(lambda turn: _unguarded(variants, turn), range(SHOPPERS * 4), at_once=SHOPPERS))

    assert ends["DATABASE"] > 0  # the check of the row is the last line; the guard is what says it politely


def _unguarded(variants: Sequence[int], turn: int) -> str:
    try:
        return buy(cart(variants, turn), 0)
    except DomainError as refusal:
        return refusal.code
    except IntegrityError:
        return "DATABASE"
