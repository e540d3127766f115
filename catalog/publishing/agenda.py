"""What happens when: planned changes, and everything else in the catalogue that a date alone will change."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import PlannedChange, PriceList, Product, ProductMarket
from markets.queries import active_markets

DAYS = 60
MOST = 500
State = PlannedChange.State


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that will happen. `change_id` is set for what somebody planned and can therefore move or cancel."""

    at: datetime
    what: str
    about: str
    product_id: int | None = None
    change_id: int | None = None
    planned_by: str = ""
    problem: str = ""
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day in the reader's time zone, with its events in order."""

    day: date
    events: tuple[Event, ...]


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """The next sixty days, and what failed. `left_out` says that there is more than fits."""

    days: tuple[Day, ...]
    failed: tuple[Event, ...]
    left_out: bool


def agenda(*, language: str, product_id: int | None = None, at: datetime | None = None) -> Agenda:
    """What is to come, of one product or of all, by day in the active time zone. Six queries."""
    now = at or timezone.now()
    until = now + timedelta(days=DAYS)
    events = sorted(
        [
            *_planned(until, now, language, product_id),
            *_windows(now, until, language, product_id),
            *_releases(now, until, language, product_id),
            *([] if product_id else _lists(now, until)),
        ],
        key=lambda event: event.at,
    )
    days: dict[date, list[Event]] = {}
    for event in events[:MOST]:
        days.setdefault(timezone.localdate(event.at), []).append(event)
    return Agenda(
        days=tuple(Day(day=day, events=tuple(found)) for day, found in days.items()),
        failed=tuple(_failed(language, product_id)),
        left_out=len(events) > MOST,
    )


def words_of(row: PlannedChange) -> str:
    """What a planned change does, as one sentence."""
    said = [str(PlannedChange.Status(row.status).label)] if row.status else []
    if row.texts:
        count = len({language for words in row.texts.values() for language in words})
        said.append(ngettext("new texts in %(n)d language", "new texts in %(n)d languages", count) % {"n": count})
    if row.prices:
        count = len(row.prices)
        said.append(ngettext("%(n)d new price", "%(n)d new prices", count) % {"n": count})
    return ", ".join(said)


def _planned(until: datetime, now: datetime, language: str, product_id: int | None) -> Iterator[Event]:
    rows = PlannedChange.objects.filter(state=State.WAITING, due_at__lte=until)
    for row in _of(rows, product_id).select_related("product").order_by("due_at", "pk")[: MOST + 1]:
        yield _event(row, language, is_late=row.due_at <= now)


def _failed(language: str, product_id: int | None) -> Iterator[Event]:
    rows = PlannedChange.objects.filter(state=State.FAILED)
    for row in _of(rows, product_id).select_related("product").order_by("-ended_at")[:MOST]:
        yield _event(row, language)


def _event(row: PlannedChange, language: str, *, is_late: bool = False) -> Event:
    return Event(
        at=row.due_at,
        what=words_of(row),
        about=row.product.text("name", language) or row.product.code,
        product_id=row.product_id,
        change_id=row.pk,
        planned_by=row.planned_by_label,
        problem=row.problem,
        is_late=is_late,
    )


def _of(rows: QuerySet[PlannedChange], product_id: int | None) -> QuerySet[PlannedChange]:
    return rows.filter(product=product_id) if product_id else rows


def _windows(now: datetime, until: datetime, language: str, product_id: int | None) -> Iterator[Event]:
    markets = {market.id: market.name for market in active_markets(language=language)}
    span = (now, until)
    rows = ProductMarket.objects.filter(
        Q(visible_from__range=span) | Q(visible_until__range=span), visible=True, market__in=markets
    )
    if product_id:
        rows = rows.filter(product=product_id)
    for row in rows.select_related("product").order_by("pk")[:MOST]:
        about = row.product.text("name", language) or row.product.code
        named = {"market": markets[row.market_id]}
        for moment, words in (
            (row.visible_from, _("Comes into sight in %(market)s")),
            (row.visible_until, _("Goes out of sight in %(market)s")),
        ):
            if moment is not None and now <= moment <= until:
                yield Event(at=moment, what=words % named, about=about, product_id=row.product_id)


def _releases(now: datetime, until: datetime, language: str, product_id: int | None) -> Iterator[Event]:
    span = (now, until)
    rows = Product.objects.filter(
        Q(released_at__range=span) | Q(preorder_until__range=span), status=Product.Status.ACTIVE
    )
    if product_id:
        rows = rows.filter(pk=product_id)
    for row in rows.order_by("pk")[:MOST]:
        about = row.text("name", language) or row.code
        if row.released_at and now <= row.released_at <= until:
            yield Event(at=row.released_at, what=_("Is released"), about=about, product_id=row.pk)
        if row.preorder_until and now <= row.preorder_until <= until:
            yield Event(at=row.preorder_until, what=_("Can no longer be bought ahead"), about=about, product_id=row.pk)


def _lists(now: datetime, until: datetime) -> Iterator[Event]:
    rows: Iterable[PriceList] = PriceList.objects.filter(status=PriceList.Status.ACTIVE).exclude(during=None)
    for row in rows:
        for moment, words in ((row.during.lower, _("Price list begins")), (row.during.upper, _("Price list ends"))):
            if moment is not None and now <= moment <= until:
                yield Event(at=moment, what=words, about=row.name)
