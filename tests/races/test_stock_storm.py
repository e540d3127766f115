"""Sixty at once over twenty-four stock rows: carts of three lines, holds that run out, parcels, transfers, deliveries.

Whatever becomes of each of them: nothing is sold that is not there, nobody waits in a circle, and the ledger explains
every counter. The controls show what the guard and the order of the rows are for.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F, Sum

from core.integrity import run
from core.retries import is_contention
from inventory.actions import counters, expire_holds, hold_stock
from inventory.models import Allocation, Reservation, StockItem, StockMovement, TransferLine
from inventory.types import Demand
from tests.races.crowd import all_at_once
from tests.races.storm import LINES, ORDERS, Role, Storm, a_storm, keep_house, send, shop, stock_checks, transfer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
THREADS = 60
ROUNDS = 6
EACH = 25
FEW = 5
"""Fewer pieces than are asked for, so that many are refused."""
ROLES: tuple[Role, ...] = (*[shop] * 34, *[send] * 12, *[transfer] * 10, *[keep_house] * 4)
TURN = 7
"""Roles go round, so that no thread has only quick ones and is done before the others have begun."""
HAPPENED = {
    "ordered", "refused", "forgotten", "let go", "shipped", "canceled", "swept", "delivered", "booked off",
    "sent over", "arrived", "not all arrived",
}  # fmt: skip
Kind = StockMovement.Kind


def rage(storm: Storm, roles: Sequence[Role] = ROLES, *, rounds: int = ROUNDS) -> list[str]:
    """Everybody at once, each in a thread of its own, again and again; what the database complained of."""
    assert len(roles) == THREADS
    jobs = [
        partial(roles[(at + TURN * turn) % THREADS], storm, turn * THREADS + at)
        for turn in range(rounds)
        for at in range(THREADS)
    ]

    def act(job: Callable[[], None]) -> str:
        be_patient()
        try:
            job()
        except OperationalError as error:
            if not is_contention(error):
                raise
            return str(error)
        except IntegrityError as refused:
            return f"refused by the database: {refused}"
        return ""

    return [complaint for complaint in all_at_once(act, jobs, at_once=THREADS) if complaint]


def be_patient() -> None:
    """On a busy machine a queue of sixty may last longer than a shopper is let wait. A circle is told at once."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '60s'; SET statement_timeout = '60s'")


def test_a_storm_over_twenty_four_rows_sells_nothing_twice_and_waits_in_no_circle() -> None:
    storm = a_storm(each=EACH)

    complaints = rage(storm)
    expire_holds(limit=100_000)

    assert complaints == []
    assert [found.check.code for found in run(stock_checks()) if found.count] == []
    assert not StockItem.objects.filter(on_hand__lt=F("allocated") + F("reserved")).exists()
    assert not StockItem.objects.exclude(reserved=0).exists()
    assert not Reservation.objects.filter(state="held").exists()
    for variant in storm.variants:
        rows = StockItem.objects.filter(variant=variant)
        came = moved(variant.pk, Kind.RECEIVE) - moved(variant.pk, Kind.SHIP) - moved(variant.pk, Kind.WRITE_OFF)
        assert rows.aggregate(pieces=Sum("on_hand"))["pieces"] == came - on_the_way(variant.pk)
    assert set(storm.seen) >= HAPPENED, storm.seen
    every_order_has_all_of_its_lines_or_none(storm)


def every_order_has_all_of_its_lines_or_none(storm: Storm) -> None:
    held = StockMovement.objects.filter(kind=Kind.ALLOCATE, order_ref__startswith=ORDERS).order_by()
    lines = Counter(row["order_ref"] for row in held.values("order_ref", "line_ref").distinct())
    assert set(lines.values()) == {LINES}
    assert len(lines) == storm.seen["ordered"]
    sent = Allocation.objects.filter(order_ref__startswith=ORDERS, fulfilled_quantity__gt=0)
    rest = Allocation.objects.filter(order_ref__in=sent.values("order_ref"), quantity__gt=F("fulfilled_quantity"))
    assert sent.exists()
    assert not rest.exists()


def moved(variant_id: int, kind: str) -> int:
    rows = StockMovement.objects.filter(stock_item__variant=variant_id, kind=kind)
    return rows.aggregate(pieces=Sum("quantity"))["pieces"] or 0


def on_the_way(variant_id: int) -> int:
    rows = TransferLine.objects.filter(variant=variant_id)
    return rows.aggregate(pieces=Sum(F("shipped") - F("received") - F("lost")))["pieces"] or 0


def test_control_without_the_guard_the_same_crowd_is_stopped_only_by_the_last_check_of_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Updates no longer ask whether so many are there: plans read before somebody else took them fail late."""
    storm = a_storm(each=FEW)
    guarded = counters._count
    monkeypatch.setattr(
        counters, "_count", lambda pk, changes: guarded(pk, [replace(one, needs_available=0) for one in changes])
    )

    complaints = rage(storm, [shop] * THREADS, rounds=2)

    assert any("stock_never_oversold" in one for one in complaints)


def test_control_rows_that_may_be_sold_short_without_end_are_oversold_by_the_same_crowd() -> None:
    storm = a_storm(each=FEW)
    StockItem.objects.update(backorder_limit=10**6)

    rage(storm, [shop] * THREADS, rounds=1)

    assert StockItem.objects.filter(on_hand__lt=F("allocated") + F("reserved")).exists()
    assert storm.seen["refused"] == 0


def test_a_hold_runs_out_whole_or_not_at_all_while_a_part_of_it_is_in_other_hands() -> None:
    """Somebody turns a hold into an order while the sweeper comes: it must not take the lines behind the first one."""
    storm = a_storm(each=EACH)
    demands = [Demand(line_ref=str(at), variant_id=one.pk, quantity=1) for at, one in enumerate(storm.variants[:LINES])]
    hold_stock(owner=uuid4(), demands=demands, market_code="de", minutes=-1)
    first = Reservation.objects.earliest("pk").pk
    is_locked, is_swept = Barrier(2), Barrier(2)

    def act(who: str) -> int:
        if who == "sweeper":
            is_locked.wait(timeout=30)
            swept = expire_holds()
            is_swept.wait(timeout=30)
            return swept
        with transaction.atomic():
            Reservation.objects.lock().get(pk=first)
            is_locked.wait(timeout=30)
            is_swept.wait(timeout=30)
        return 0

    assert sum(all_at_once(act, ["shopper", "sweeper"], at_once=2)) == 0
    assert Reservation.objects.filter(state="held").count() == LINES
    assert expire_holds(limit=LINES - 1) == 0
    assert expire_holds(limit=LINES) == LINES


@pytest.mark.parametrize("is_in_order", [True, False])
def test_control_rows_that_are_taken_in_the_order_of_carts_deadlock(is_in_order: bool) -> None:
    """Two carts with the same two things, put in the other way round: by key they queue up, as they are they lock."""
    a_storm(each=EACH)
    first, second = StockItem.objects.order_by("pk").values_list("pk", flat=True)[:2]
    both_have_one = Barrier(2)

    def take(cart: Sequence[int]) -> str:
        rows = sorted(cart) if is_in_order else cart
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE inventory_stockitem SET reserved = reserved + 1 WHERE id = %s", [rows[0]])
                if not is_in_order:
                    both_have_one.wait(timeout=30)
                cursor.execute("UPDATE inventory_stockitem SET reserved = reserved + 1 WHERE id = %s", [rows[1]])
        except OperationalError as error:
            return getattr(error.__cause__, "pgcode", "") or getattr(error.__cause__, "sqlstate", "") or ""
        return "taken"

    ends = Counter(all_at_once(take, [(first, second), (second, first)], at_once=2))

    assert ends == ({"taken": 2} if is_in_order else {"taken": 1, "40P01": 1})
