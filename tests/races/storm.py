"""Twenty-four stock rows and everything that happens to them at once: the world of the race and of its measurement.

Carts of three lines are held, ordered, let go or forgotten; holds run out; parcels leave or are canceled; transfers
are set aside, sent and received, some of them never; deliveries come in and pieces nobody finds are booked off. All of
it through the same actions as the shop.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID, uuid4

from django.utils import timezone

from catalog.models import Variant
from core.integrity import Check, registered
from inventory.actions import convert_hold, expire_holds, hold_stock, receive_stock, release_hold, release_order
from inventory.actions.orders import ship_lines
from inventory.errors import CountTooLow, HoldExpired, NotThere, OutOfStock
from inventory.models import StockItem, TransferLine
from inventory.queries import allocated_places
from inventory.stockwork.adjusting import book_off
from inventory.stockwork.transfers import cancel_transfer, draft_transfer, set_aside, ship_transfer
from inventory.stockwork.transfers_in import close_transfer, receive_transfer
from inventory.types import Demand, ShippedItem
from markets.models import Market
from tests.factories.inventory import a_variant, a_warehouse, stocked
from tests.factories.markets import small_world

PLACES = ("LEJ", "HAM", "MUC")
KINDS = 8
LINES = 3
STOCK_CHECKS = {"S01", "S02", "S03", "S04", "S10", "S11", "S24", "S25", "S26"}
ORDERS = "ST-"
"""How orders of the storm begin; the numbers of transfers begin otherwise."""


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


Role = Callable[[Storm, int], None]


def a_storm(*, each: int) -> Storm:
    """Eight kinds of goods in three warehouses that serve one market, so many pieces on each shelf."""
    small_world("de")
    market = Market.objects.get(code="de")
    places = [a_warehouse(code, market=market, position=at) for at, code in enumerate(PLACES)]
    variants = [a_variant() for _ in range(KINDS)]
    for place in places:
        for variant in variants:
            stocked(variant, each, warehouse=place)
    assert StockItem.objects.count() == KINDS * len(PLACES)
    return Storm(variants)


def cart(storm: Storm, dice: random.Random, *, lines: int = LINES) -> list[Demand]:
    """Different goods in no order at all: two such carts would wait in a circle if the rows were taken as they come."""
    return [
        Demand(line_ref=str(line), variant_id=variant.pk, quantity=dice.randint(1, 3))
        for line, variant in enumerate(dice.sample(list(storm.variants), lines), start=1)
    ]


def shop(storm: Storm, seed: int) -> None:
    """Hold a cart of three lines; then order it, let go of it, or forget it."""
    dice = random.Random(seed)
    owner, forgets = uuid4(), dice.random() < 0.25
    try:
        hold_stock(owner=owner, demands=cart(storm, dice), market_code="de", minutes=-1 if forgets else 15)
    except OutOfStock:
        storm.note("refused")
        return
    if forgets and dice.random() < 0.5:
        storm.note("forgotten")
    elif dice.random() < 0.2:
        release_hold(owner=owner)
        storm.note("let go")
    else:
        order(storm, owner, f"{ORDERS}{seed}")


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
    """Pieces of three kinds go to another warehouse. They arrive, arrive in part, get lost, or stay on the way."""
    dice = random.Random(seed)
    start, goal = dice.sample(PLACES, 2)
    wanted = {variant.pk: dice.randint(1, 2) for variant in dice.sample(list(storm.variants), LINES)}
    moved = draft_transfer(from_code=start, to_code=goal, lines=wanted, op_key=f"storm:{seed}")
    try:
        set_aside(number=moved.number)
    except NotThere:
        storm.note("nothing to transfer")
        return
    if dice.random() < 0.2:
        cancel_transfer(number=moved.number)
        storm.note("taken back")
        return
    ship_transfer(number=moved.number, at=timezone.now())
    storm.note("sent over")
    arrive(storm, moved.number, dice)


def arrive(storm: Storm, number: str, dice: random.Random) -> None:
    """What comes is reported twice, as scanners do; what did not come may be given up as lost."""
    fate = dice.choice(("all", "all", "some", "lost", "later"))
    lines = dict(TransferLine.objects.filter(transfer__number=number).values_list("pk", "shipped"))
    counts = lines if fate == "all" else dict([next(iter(lines.items()))])
    for _again in range(2 if fate != "later" else 0):
        receive_transfer(number=number, counts=counts, at=timezone.now(), op_key="van")
    if fate == "lost":
        close_transfer(number=number, losses=dict.fromkeys(lines, TransferLine.Loss.LOST), at=timezone.now())
    storm.note("arrived" if fate == "all" else "not all arrived")


def keep_house(storm: Storm, seed: int) -> None:
    """The sweeper, deliveries, and pieces that nobody finds."""
    dice = random.Random(seed)
    expired = expire_holds(limit=20)
    storm.note("swept" if expired else "nothing to sweep")
    variant, code = dice.choice(list(storm.variants)), dice.choice(PLACES)
    if dice.random() < 0.5:
        receive_stock(warehouse_code=code, variant_id=variant.pk, quantity=2, op_key=f"storm:{seed}")
        storm.note("delivered")
        return
    try:
        book_off(warehouse_code=code, variant_id=variant.pk, pieces=1, note="Not there", op_key=f"storm:{seed}")
    except CountTooLow:
        storm.note("promised already")
    else:
        storm.note("booked off")


def stock_checks() -> list[Check]:
    """What must hold of counters, ledger and transfers, whatever happened."""
    found = [check for check in registered() if check.code in STOCK_CHECKS]
    assert len(found) == len(STOCK_CHECKS)
    return found
