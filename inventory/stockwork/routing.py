"""Who hears of stock alerts: routes by level, warehouse and category to roles and people, never in quiet hours.

Nothing is queued: whoever may not be rung now is asked about again at the next look, and hears of what is still open
then. What was closed meanwhile is nobody's business any more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.models import Message
from core.notifications.quiet import zone_of
from inventory.models import AlertRoute, AlertTold, StockAlert

Pace = AlertRoute.Pace
MOST_NEW = 500
"""Of one route at once, the newest; what is older stands in the work queue."""
Level = StockAlert.Level
ORDER = (Level.OUT, Level.LOW, Level.EXPIRING, Level.OVER, Level.AGEING)
"""The order in which people are told of levels."""


@dataclass
class Listener:
    """Somebody who is to hear now, and of what."""

    user_id: int
    email: str
    language: str
    zone: ZoneInfo
    at_once: set[int] = field(default_factory=set)
    daily: set[int] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Bulletin:
    """One message to write: to whom, about which alerts, under which key."""

    listener: Listener
    alerts: tuple[StockAlert, ...]
    dedupe_key: str


def is_quiet(route: AlertRoute, here: time) -> bool:
    """Whether a route is silent at this local time. Hours may pass midnight; the same hour twice is never quiet."""
    begin, end = route.quiet_from, route.quiet_until
    if begin <= end:
        return begin <= here < end
    return here >= begin or here < end


def alerts_of(route: AlertRoute) -> QuerySet[StockAlert]:
    """The open alerts a route is about."""
    rows = StockAlert.objects.filter(closed__isnull=True)
    if route.level:
        rows = rows.filter(level=route.level)
    if route.warehouse_id:
        rows = rows.filter(stock_item__warehouse=route.warehouse_id)
    if route.category is not None:
        below = list(route.category.descendants(include_self=True).values_list("pk", flat=True))
        inside = Q(stock_item__variant__product__primary_category__in=below)
        inside |= Q(stock_item__variant__product__categories__in=below)
        rows = rows.filter(pk__in=StockAlert.objects.filter(inside).values("pk"))
    return rows


def due_bulletins(now: datetime | None = None) -> list[Bulletin]:
    """What is to be written now. Inside a transaction, under the locks of the routes, so that two workers never
    write the same; `note_told` remembers it."""
    moment = now or timezone.now()
    routes = list(
        AlertRoute.objects.select_for_update(of=("self",))
        .filter(is_active=True)
        .select_related("category")
        .order_by("pk")
    )
    listeners: dict[int, Listener] = {}
    for route in routes:
        found = set(alerts_of(route).order_by("-pk").values_list("pk", flat=True)[:MOST_NEW])
        for person in _people(route) if found else ():
            listener = listeners.setdefault(person.user_id, person)
            if not is_quiet(route, moment.astimezone(listener.zone).time()):
                (listener.at_once if route.pace == Pace.AT_ONCE else listener.daily).update(found)
    return [one for listener in listeners.values() for one in _bulletins(listener, moment)]


def _people(route: AlertRoute) -> list[Listener]:
    """Operators in the role, and the person: those who may enter the admin."""
    reached = Q(pk=route.user_id) if route.user_id else Q(pk__in=[])
    if route.role_id:
        reached |= Q(groups=route.role_id)
    rows = get_user_model().objects.filter(reached, is_active=True, is_staff=True).distinct().order_by("pk")
    return [
        Listener(pk, email, language, zone_of(zone))
        for pk, email, language, zone in rows.values_list("pk", "email", "language", "time_zone")
    ]


def _bulletins(listener: Listener, now: datetime) -> Iterable[Bulletin]:
    heard = AlertTold.objects.filter(user=listener.user_id, alert__closed__isnull=True)
    told = set(heard.values_list("alert", flat=True))
    at_once = listener.at_once - told
    if at_once:
        newest = f"{max(at_once)}-{len(at_once)}"
        yield Bulletin(
            listener=listener,
            alerts=_rows(at_once),
            dedupe_key=f"stock-alerts:{listener.user_id}:{newest}",
        )
    daily = listener.daily - told - at_once
    key = f"stock-alerts:{listener.user_id}:{now.astimezone(listener.zone).date().isoformat()}"
    if daily and not Message.objects.filter(dedupe_key=key).exists():
        yield Bulletin(listener=listener, alerts=_rows(daily), dedupe_key=key)


def _rows(alerts: set[int]) -> tuple[StockAlert, ...]:
    rows = StockAlert.objects.filter(pk__in=alerts).select_related(
        "stock_item__warehouse", "stock_item__variant__product"
    )
    return tuple(sorted(rows, key=lambda row: (ORDER.index(Level(row.level)), row.opened)))


def note_told(bulletin: Bulletin) -> None:
    """Nobody hears of the same alert twice."""
    rows = [AlertTold(alert=alert, user_id=bulletin.listener.user_id) for alert in bulletin.alerts]
    AlertTold.objects.bulk_create(rows, ignore_conflicts=True)


def by_level(alerts: Iterable[StockAlert]) -> Mapping[str, list[StockAlert]]:
    """The alerts under what they are, the pressing ones first."""
    found: defaultdict[str, list[StockAlert]] = defaultdict(list)
    for level in ORDER:
        mine = [alert for alert in alerts if alert.level == level]
        if mine:
            found[level] = mine
    return dict(found)


@transaction.atomic
def forget_closed(*, before: datetime) -> int:
    """What people were told about alerts that were closed long ago is not kept."""
    return AlertTold.objects.filter(alert__closed__lt=before).delete()[0]
