"""A fortnight of orders for the demo shop, so that its operators' screens are not empty on the first day.

Deeds of all orders are done in the order of their moments, so that documents are numbered by their days.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from content.demo.seeding import deeds
from content.demo.seeding.clock import at
from content.demo.seeding.deeds import Deed
from content.demo.seeding.parcels import boxed, heard, labelled, seed_floor
from content.demo.seeding.purchases import Purchase, order_of, place
from content.demo.seeding.stockwork import CANDLE
from core.outbox import drain
from markets.models import ExchangeRate
from orders.actions.saved_views import save_view
from orders.models import SavedOrderView

KETTLE, IRON, DRIPPER, SERVER = "KS-GK-09-IN", "KS-TK-12-IN", "HD-DC-IN", "HD-MS-600-CR"
PRESS, GRINDER, MUG, CUPS, PAIR, POT = "VT-RP-10-ST", "VT-MG-ST", "OT-TM-380-CL", "HD-YC-BO", "FN-EP-IN", "HD-SP-IN"
DAYS = 14
Step = tuple[float, Deed]
"""Hours after the order was placed, and what happens then."""
PAID: tuple[Step, ...] = ((0.05, deeds.paid),)
PACKED: tuple[Step, ...] = (*PAID, (5, deeds.packed))
SENT: tuple[Step, ...] = (*PACKED, (8, deeds.sent))
DELIVERED: tuple[Step, ...] = (*SENT, (70, deeds.delivered))
RETURN: tuple[Step, ...] = (*DELIVERED, (96, deeds.return_asked))
WAITING: tuple[Step, ...] = ()
HEARD = (13, 31, 33, 39, 45, 49)
"""Hours after which carriers are asked about a parcel that left after eight."""


def _travels(letter: str, hours: float) -> tuple[Step, ...]:
    """Sent with a label; what carriers had said by today, when the order is so many hours old."""
    told = ((after, heard) for after in HEARD if after < hours)
    return (*PACKED, (8, labelled(letter)), *told)


@dataclass(frozen=True, kw_only=True)
class Story:
    """A purchase, how many hours ago it was made, and what became of it."""

    market: str
    language: str
    goods: Sequence[tuple[str, int]]
    hours: float
    steps: tuple[Step, ...]


def _story(place: str, hours: float, steps: tuple[Step, ...], *goods: tuple[str, int]) -> Story:
    market, language = place.split("/")
    return Story(market=market, language=language, goods=goods, hours=hours, steps=steps)


STORIES: tuple[Story, ...] = (
    _story("de/de", 326, DELIVERED, (KETTLE, 1)),
    _story("fr/fr", 318, DELIVERED, (MUG, 2), (DRIPPER, 1)),
    _story("jp/ja", 311, DELIVERED, (CUPS, 4)),
    _story("gb/en", 303, (*DELIVERED, (120, deeds.one_refunded)), (MUG, 3)),
    _story("de/en", 296, ((0.05, deeds.declined), (90, deeds.expired)), (GRINDER, 1)),
    _story("ae/ar", 290, DELIVERED, (PRESS, 1)),
    _story("us/en", 283, DELIVERED, (SERVER, 1), (DRIPPER, 1)),
    _story("de/de", 277, (*DELIVERED, (130, deeds.all_refunded)), (PAIR, 1)),
    _story("fr/fr", 270, (*PAID, (3, deeds.canceled)), (KETTLE, 1)),
    _story("de/de", 262, (*RETURN, (190, deeds.return_arrived)), (CUPS, 2), (POT, 1)),
    _story("ch/de", 255, DELIVERED, (IRON, 1)),
    _story("jp/ja", 247, DELIVERED, (MUG, 2)),
    _story("gb/en", 240, DELIVERED, (PRESS, 1)),
    _story("de/en", 231, _travels("Q", 231), (POT, 1)),
    _story("ae/ar", 222, DELIVERED, (CUPS, 6)),
    _story("de/de", 214, RETURN, (DRIPPER, 2)),
    _story("us/en", 207, DELIVERED, (KETTLE, 1), (CUPS, 2)),
    _story("fr/fr", 199, DELIVERED, (GRINDER, 1)),
    _story("de/de", 190, (*DELIVERED, (110, deeds.one_refunded)), (PAIR, 2)),
    _story("jp/en", 181, (*WAITING, (100, deeds.expired)), (IRON, 1)),
    _story("gb/en", 172, DELIVERED, (SERVER, 1)),
    _story("de/de", 160, DELIVERED, (MUG, 4)),
    _story("ch/fr", 149, RETURN, (PRESS, 1)),
    _story("fr/fr", 138, DELIVERED, (POT, 1), (CUPS, 2)),
    _story("de/de", 126, (*PAID, (1, deeds.canceled)), (MUG, 1)),
    _story("us/en", 113, (*PAID, (2, deeds.fraud_doubted)), (KETTLE, 2)),
    _story("gb/en", 101, (*_travels("Q", 101), (75, deeds.asked_about)), (IRON, 1)),
    _story("jp/ja", 92, _travels("X", 92), (CUPS, 2), (SERVER, 1)),
    _story("de/en", 81, SENT, (DRIPPER, 1)),
    _story("ae/en", 72, (*PAID, (4, deeds.customs_doubted)), (IRON, 1)),
    _story("de/de", 60, _travels("D", 60), (PRESS, 1), (MUG, 2)),
    _story("fr/fr", 49, _travels("F", 49), (KETTLE, 1)),
    _story("jp/ja", 38, (*PACKED, (6, deeds.in_a_hurry)), (POT, 2)),
    _story("gb/en", 33, _travels("C", 33), (CUPS, 4)),
    _story("de/de", 27, (*PAID, (1, deeds.address_doubted)), (GRINDER, 1)),
    _story("us/en", 22, PAID, (MUG, 2)),
    _story("de/de", 17, (*PAID, (1, deeds.a_gift)), (PAIR, 1)),
    _story("ae/ar", 12, PAID, (CUPS, 2)),
    _story("fr/fr", 8, (*PAID, (2, deeds.in_a_hurry)), (DRIPPER, 1)),
    _story("de/en", 5, PAID, (SERVER, 1)),
    _story("jp/ja", 3, PAID, (KETTLE, 1)),
    _story("de/de", 0.4, WAITING, (POT, 1)),
    _story("gb/en", 0.2, ((0.05, deeds.declined),), (MUG, 1)),
    _story("us/en", 68, _travels("R", 68), (DRIPPER, 1)),
    _story("de/de", 46, _travels("D", 46), (GRINDER, 1)),
    _story("ch/de", 32, _travels("D", 32), (CUPS, 2)),
    _story("de/de", 26, (*PAID, (6, boxed)), (POT, 1)),
    _story("de/de", 15, PAID, (CUPS, 3), (CANDLE, 2)),
)


@dataclass(order=True)
class Happening:
    """Something that happens to one order at a moment."""

    moment: datetime
    number: int
    position: int
    deed: Deed | None = field(compare=False)
    """None: it is placed."""


def seed_orders() -> None:
    """Every order once; those that are there already are left alone."""
    now = timezone.now()
    fresh = {purchase.number: (purchase, story) for purchase, story in _purchases() if order_of(purchase) is None}
    numbers: dict[int, str] = {}
    _repeat_rates(now.date())
    for one in sorted(_happenings({number: story for number, (_p, story) in fresh.items()}, now)):
        purchase = fresh[one.number][0]
        with at(one.moment):
            if one.deed is None:
                numbers[one.number] = place(purchase)
            else:
                one.deed(purchase, numbers[one.number])
            drain(limit=1000)
    seed_floor(now)
    drain(limit=1000)
    _keep_views()


def _repeat_rates(today: date) -> None:
    """The pretended exchange rates on every day of the fortnight, or the books of its orders would lack theirs."""
    days = [today - timedelta(days=ago) for ago in range(DAYS + 1)]
    known = ExchangeRate.objects.filter(source="demo").order_by("base_id", "quote_id", "-effective_on")
    rates = [
        ExchangeRate(base_id=one.base_id, quote_id=one.quote_id, rate=one.rate, effective_on=day, source="demo")
        for one in known.distinct("base_id", "quote_id")
        for day in days
    ]
    ExchangeRate.objects.bulk_create(rates, ignore_conflicts=True)


def _purchases() -> Iterator[tuple[Purchase, Story]]:
    for number, story in enumerate(STORIES, start=1):
        yield Purchase(number=number, market=story.market, language=story.language, goods=story.goods), story


def _happenings(stories: dict[int, Story], now: datetime) -> Iterator[Happening]:
    for number, story in stories.items():
        begun = now - timedelta(hours=story.hours)
        yield Happening(begun, number, 0, None)
        for position, (hours, deed) in enumerate(story.steps, start=1):
            yield Happening(begun + timedelta(hours=hours), number, position, deed)


def _keep_views() -> None:
    """Two views of the list of orders, for the operator and for everybody."""
    owner = get_user_model().objects.filter(email=settings.DEMO_OPERATOR_EMAIL).first()
    if owner is None or SavedOrderView.objects.filter(owner=owner).exists():
        return
    keep = partial(save_view, user_id=owner.pk)
    keep(name="Japan, paid", filters={"view": "all", "payment": "paid", "market": "jp"}, is_shared=True)
    keep(name="My holds", filters={"view": "on_hold", "hold": "mine"}, is_shared=False)
