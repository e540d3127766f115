"""Sixty at once over twenty-four stock rows: carts of three lines, holds that run out, parcels, transfers, deliveries.

Whatever becomes of each of them: nothing is sold that is not there, nobody waits in a circle, and the ledger explains
every counter. The controls show what the guard and the order of the rows are for.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Barrier, Lock
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import F, Sum

from catalog.models import Variant
from core.integrity import Check, registered, run
from core.retries import is_contention
from inventory.actions import convert_hold, expire_holds, hold_stock, receive_stock, release_hold, release_order
from inventory.actions.counters import Change, NotEnough, apply
from inventory.actions.missing import book_off
from inventory.actions.orders import ship_lines
from inventory.errors import CountTooLow, HoldExpired, OutOfStock
from inventory.models import Allocation, Reservation, StockItem, StockMovement
from inventory.queries import allocated_places
from inventory.types import Demand, ShippedItem
from markets.models import Market
from tests.factories.inventory import a_variant, a_warehouse, stocked
from tests.factories.markets import small_world
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 60
ROUNDS = 14
PLACES = ("LEJ", "HAM", "MUC")
KINDS = 8
EACH = 30
LINES = 3
STOCK_CHECKS = {"S01", "S02", "S03", "S04", "S10", "S11"}
Kind = StockMovement.Kind


@dataclass
class Storm:
    """The world of one storm, and what happened in it. Threads share it, so what they write is guarded."""

    variants: Sequence[Variant]
    seen: Counter[str] = field(default_factory=Counter)
    orders: list[str] = field(default_factory=list)
    guard: Lock = field(default_factory=Lock)

    def note(self, what: str) -> None:
        """So many of these."""
        with self.guard:
            self.seen[what] += 1

    def placed(self, order_ref: str) -> None:
        """An order that can be shipped or released by whoever comes."""
        with self.guard:
            self.orders.append(order_ref)

    def any_order(self, dice: random.Random) -> str:
        """One of them, taken by nobody else; empty when there is none."""
        with self.guard:
            return self.orders.pop(dice.randrange(len(self.orders))) if self.orders else ""


@pytest.fixture
def storm() -> Storm:
    small_world("de")
    market = Market.objects.get(code="de")
    places = [a_warehouse(code, market=market, position=at) for at, code in enumerate(PLACES)]
    variants = [a_variant() for _ in range(KINDS)]
    for place in places:
        for variant in variants:
            stocked(variant, EACH, warehouse=place)
    assert StockItem.objects.count() == 24
    return Storm(variants)


def shop(storm: Storm, seed: int) -> None:
    """Hold a cart of three lines; then order it, let go of it, or forget it."""
    dice = random.Random(seed)
    demands = [
        Demand(line_ref=str(line), variant_id=variant.pk, quantity=dice.randint(1, 3))
        for line, variant in enumerate(dice.sample(list(storm.variants), LINES), start=1)
    ]
    owner, forgets = uuid4(), dice.random() < 0.25
    try:
        hold_stock(owner=owner, demands=demands, market_code="de", minutes=-1 if forgets else 15)
    except OutOfStock:
        storm.note("refused")
        return
    if forgets and dice.random() < 0.5:
        storm.note("forgotten")
    elif dice.random() < 0.2:
        release_hold(owner=owner)
        storm.note("let go")
    else:
        order(storm, owner, f"ST-{seed}")


def order(storm: Storm, owner: UUID, order_ref: str) -> None:
    """A hold that still stands becomes a promise."""
    try:
        convert_hold(owner=owner, order_ref=order_ref)
    except HoldExpired:
        storm.note("too late")
    else:
        storm.note("ordered")
        storm.placed(order_ref)


def send(storm: Storm, seed: int) -> None:
    """A parcel leaves with everything an order was promised, or the order is canceled."""
    dice = random.Random(seed)
    order_ref = storm.any_order(dice)
    if not order_ref:
        return
    if dice.random() < 0.25:
        release_order(order_ref=order_ref)
        storm.note("canceled")
        return
    items = [
        ShippedItem(line_ref=ref, warehouse_code=code, quantity=count)
        for ref, places in allocated_places(order_ref).items()
        for code, count in places
    ]
    ship_lines(order_ref=order_ref, items=items, cause=f"parcel:{seed}")
    storm.note("shipped")


def transfer(storm: Storm, seed: int) -> None:
    """Pieces of three kinds go from one warehouse to another, in one transaction: out here, in there."""
    dice = random.Random(seed)
    start, goal = dice.sample(PLACES, 2)
    rows = {(row.warehouse.code, row.variant_id): row for row in StockItem.objects.select_related("warehouse")}
    changes = []
    for variant in dice.sample(list(storm.variants), LINES):
        count = dice.randint(1, 2)
        source, target = rows[start, variant.pk], rows[goal, variant.pk]
        out = Change(
            stock_item_id=source.pk, kind=Kind.TRANSFER_OUT, quantity=count, d_on_hand=-count,
            needs_available=count, op_key=f"storm:{seed}:{variant.pk}",
        )  # fmt: skip
        into = Change(
            stock_item_id=target.pk, kind=Kind.TRANSFER_IN, quantity=count, d_on_hand=count,
            op_key=f"storm:{seed}:{variant.pk}",
        )  # fmt: skip
        changes += [out, into]
    try:
        with transaction.atomic():
            apply(changes)
    except NotEnough:
        storm.note("nothing to transfer")
    else:
        storm.note("transferred")


def keep_house(storm: Storm, seed: int) -> None:
    """What runs beside the shop: holds run out, deliveries come in, and now and then a piece is not on its shelf."""
    dice = random.Random(seed)
    expired = expire_holds(limit=20)
    storm.note("swept" if expired else "nothing to sweep")
    variant, code = dice.choice(list(storm.variants)), dice.choice(PLACES)
    if dice.random() < 0.5:
        receive_stock(warehouse_code=code, variant_id=variant.pk, quantity=2, op_key=f"storm:{seed}")
        storm.note("delivered")
        return
    try:
        book_off(warehouse_code=code, variant_id=variant.pk, pieces=1, reason="Not there", op_key=f"storm:{seed}")
    except CountTooLow:
        storm.note("promised already")
    else:
        storm.note("booked off")


ROLES: tuple[Callable[[Storm, int], None], ...] = (*[shop] * 44, *[send] * 8, *[transfer] * 4, *[keep_house] * 4)


def rage(storm: Storm, *, roles: Sequence[Callable[[Storm, int], None]] = ROLES) -> list[str]:
    """Everybody at once, each in a thread of its own, again and again; what the database complained of."""
    assert len(roles) == THREADS
    jobs = [
        partial(role, storm, turn * THREADS + thread) for turn in range(ROUNDS) for thread, role in enumerate(roles)
    ]

    def act(job: Callable[[], None]) -> str:
        try:
            job()
        except OperationalError as error:
            if not is_contention(error):
                raise
            return str(error)
        return ""

    return [complaint for complaint in all_at_once(act, jobs, at_once=THREADS) if complaint]


def test_a_storm_over_twenty_four_rows_sells_nothing_twice_and_waits_in_no_circle(storm: Storm) -> None:
    complaints = rage(storm)
    expire_holds(limit=100_000)

    assert complaints == []
    assert [found.check.code for found in run(stock_checks()) if found.count] == []
    assert not StockItem.objects.filter(on_hand__lt=F("allocated") + F("reserved")).exists()
    assert not StockItem.objects.exclude(reserved=0).exists()
    assert not Reservation.objects.filter(state="held").exists()
    for variant in storm.variants:
        assert pieces_of(variant) == moved(variant, Kind.RECEIVE) - moved(variant, Kind.SHIP) - moved(
            variant, Kind.ADJUST
        )
    happened = {"ordered", "refused", "forgotten", "let go", "shipped", "canceled", "transferred", "swept", "delivered"}
    assert happened <= set(storm.seen), storm.seen
    assert storm.seen["ordered"] == Allocation.objects.values("order_ref").distinct().count()


def test_every_order_of_a_storm_has_all_of_its_lines_or_none(storm: Storm) -> None:
    rage(storm)

    held = StockMovement.objects.filter(kind=Kind.ALLOCATE).order_by().values("order_ref", "line_ref").distinct()
    lines = Counter(row["order_ref"] for row in held)
    assert set(lines.values()) == {LINES}
    shipped = Allocation.objects.filter(fulfilled_quantity__gt=0).values_list("order_ref", flat=True).distinct()
    for order_ref in shipped:
        assert not Allocation.objects.filter(order_ref=order_ref, quantity__gt=F("fulfilled_quantity")).exists()


def test_control_without_the_guard_the_same_crowd_sells_what_is_not_there(storm: Storm) -> None:
    """The rows stay sound because of their guard: told that they may sell short without end, they do."""
    StockItem.objects.update(backorder_limit=10**6)

    rage(storm, roles=[shop] * THREADS)

    assert StockItem.objects.filter(on_hand__lt=F("allocated") + F("reserved")).exists()
    assert storm.seen["refused"] == 0


def test_a_hold_runs_out_whole_or_not_at_all_while_a_part_of_it_is_in_other_hands(storm: Storm) -> None:
    """Somebody turns a hold into an order while the sweeper comes: it must not take the lines behind the first one."""
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
def test_control_rows_that_are_taken_in_the_order_of_carts_deadlock(storm: Storm, is_in_order: bool) -> None:
    """Two carts with the same two things, put in the other way round: by key they queue up, as they are they lock."""
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
            return getattr(error.__cause__, "pgcode", "") or ""
        return "taken"

    ends = Counter(all_at_once(take, [(first, second), (second, first)], at_once=2))

    assert ends == ({"taken": 2} if is_in_order else {"taken": 1, "40P01": 1})


def stock_checks() -> list[Check]:
    found = [check for check in registered() if check.code in STOCK_CHECKS]
    assert len(found) == len(STOCK_CHECKS)
    return found


def pieces_of(variant: Variant) -> int:
    return StockItem.objects.filter(variant=variant).aggregate(pieces=Sum("on_hand"))["pieces"]


def moved(variant: Variant, kind: str) -> int:
    rows = StockMovement.objects.filter(stock_item__variant=variant, kind=kind)
    return rows.aggregate(pieces=Sum("quantity"))["pieces"] or 0
