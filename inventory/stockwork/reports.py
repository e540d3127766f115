"""Reports of stock work: corrections by reason, alerts, batches, and what each channel can sell."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.workspace.screens import Links, links_of
from inventory.models import Batch, Channel, StockAlert, StockItem, StockMovement, Warehouse
from inventory.reasons import Reason
from inventory.sellable import SELLABLE
from inventory.stockwork.incoming import incoming
from inventory.stockwork.listing import Tab, called, tabs_of
from inventory.stockwork.pools import WEB, closed_to

PER_PAGE = 50
CORRECTIONS = (StockMovement.Kind.ADJUST, StockMovement.Kind.WRITE_OFF)
USUAL = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class ReasonSum:
    """What one reason did in the period, in pieces."""

    reason: str
    more: int
    fewer: int
    times: int

    @property
    def net(self) -> int:
        """Pieces more; below zero fewer."""
        return self.more - self.fewer


@dataclass(frozen=True, kw_only=True)
class Corrections:
    """The report: sums by reason, and the movements behind them, newest first."""

    since: date
    until: date
    place: str
    reason: str
    places: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...]
    sums: tuple[ReasonSum, ...]
    rows: tuple[StockMovement, ...]
    links: Links


def corrections(params: Mapping[str, str]) -> Corrections:
    """The report its address asks for; the last thirty days without dates. Days are those of UTC."""
    today = timezone.now().date()
    until = _day(params.get("until", "")) or today
    since = _day(params.get("since", "")) or until - USUAL
    place, reason = params.get("warehouse", ""), params.get("reason", "")
    rows = corrections_between(since, until, place=place)
    sums = tuple(_sums(rows))
    if reason:
        rows = rows.filter(reason_code=reason)
    page = Paginator(rows.order_by("-pk"), PER_PAGE).get_page(params.get("page"))
    kept = {"since": since.isoformat(), "until": until.isoformat(), "warehouse": place, "reason": reason}
    return Corrections(
        since=since,
        until=until,
        place=place,
        reason=reason,
        places=tuple((one.code, one.name_i18n) for one in Warehouse.objects.order_by("code")),
        reasons=tuple((key, str(label)) for key, label in Reason.choices),
        sums=sums,
        rows=tuple(page.object_list),
        links=links_of(page, {key: value for key, value in kept.items() if value}),
    )


def corrections_between(since: date, until: date, *, place: str = "", reason: str = "") -> QuerySet[StockMovement]:
    """Corrections and write-offs of these days, both included."""
    begin = datetime.combine(since, time(), tzinfo=UTC)
    rows = StockMovement.objects.filter(
        kind__in=CORRECTIONS, created__gte=begin, created__lt=datetime.combine(until, time(), tzinfo=UTC) + DAY
    )
    if place:
        rows = rows.filter(stock_item__warehouse__code=place)
    if reason:
        rows = rows.filter(reason_code=reason)
    return rows.select_related("stock_item__variant", "stock_item__warehouse")


DAY = timedelta(days=1)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _sums(rows: QuerySet[StockMovement]) -> Iterator[ReasonSum]:
    sums = (
        rows.order_by()
        .values_list("reason_code")
        .annotate(
            more=Coalesce(Sum("d_on_hand", filter=Q(d_on_hand__gt=0)), 0),
            fewer=Coalesce(Sum("d_on_hand", filter=Q(d_on_hand__lt=0)), 0),
            times=Count("pk"),
        )
    )
    found = {code: (more, -fewer, times) for code, more, fewer, times in sums}
    labels = {**dict(Reason.choices), "": _("without a typed reason")}
    for code in [*Reason.values, ""]:
        if code in found:
            more, fewer, times = found[code]
            yield ReasonSum(reason=str(labels[code]), more=more, fewer=fewer, times=times)


@dataclass(frozen=True, kw_only=True)
class AlertRow:
    """An open alert with the name of what it is about, and what comes from another warehouse."""

    alert: StockAlert
    item: StockItem
    name: str
    coming: int


@dataclass(frozen=True, kw_only=True)
class AlertPage:
    """Open alerts of one level."""

    tabs: tuple[Tab, ...]
    level: str
    rows: tuple[AlertRow, ...]
    links: Links


def _open(level: str) -> Callable[[], QuerySet[StockAlert]]:
    return lambda: StockAlert.objects.filter(closed__isnull=True, level=level)


def alert_page(params: Mapping[str, str]) -> AlertPage:
    """The open alerts its address asks for, oldest first."""
    views = {level: _open(level) for level in ("out", "low", "expiring", "over", "ageing")}
    level = params.get("level", "") if params.get("level") in views else "out"
    labels = {key: str(label).capitalize() for key, label in StockAlert.Level.choices}
    rows = views[level]().select_related("stock_item__variant__product", "stock_item__warehouse")
    page = Paginator(rows.order_by("opened", "pk"), PER_PAGE).get_page(params.get("page"))
    found = list(page.object_list)
    coming = incoming([one.stock_item.variant_id for one in found])
    return AlertPage(
        tabs=tabs_of(views, labels, current=level, name="level"),
        level=level,
        rows=tuple(
            AlertRow(
                alert=one,
                item=one.stock_item,
                name=called(one.stock_item.variant),
                coming=coming.get((one.stock_item.warehouse_id, one.stock_item.variant_id), 0),
            )
            for one in found
        ),
        links=links_of(page, {"level": level}),
    )


@dataclass(frozen=True, kw_only=True)
class BatchPage:
    """Batches with pieces."""

    tabs: tuple[Tab, ...]
    asked: str
    rows: tuple[Batch, ...]
    links: Links
    today: date


BATCHES: Mapping[str, Callable[[], QuerySet[Batch]]] = {
    "all": lambda: Batch.objects.filter(quantity__gt=0),
    "soon": lambda: Batch.objects.filter(
        quantity__gt=0, is_blocked=False, expires_on__lte=timezone.now().date() + timedelta(days=60)
    ),
    "blocked": lambda: Batch.objects.filter(quantity__gt=0, is_blocked=True),
    "unnamed": lambda: Batch.objects.filter(quantity__gt=0, code=""),
}


def batch_page(params: Mapping[str, str]) -> BatchPage:
    """The batches its address asks for, those that expire first coming first."""
    view = params.get("view", "") if params.get("view") in BATCHES else "all"
    labels = {
        "all": pgettext("saved view of batches", "All"),
        "soon": pgettext("saved view of batches", "Expire within 60 days"),
        "blocked": pgettext("saved view of batches", "No longer sold"),
        "unnamed": pgettext("saved view of batches", "Batch not known"),
    }
    asked = params.get("q", "").strip()[:80]
    rows = BATCHES[view]().select_related("stock_item__variant", "stock_item__warehouse")
    if asked:
        rows = rows.filter(Q(code__istartswith=asked) | Q(stock_item__variant__sku__icontains=asked))
    page = Paginator(rows.order_by(F("expires_on").asc(nulls_last=True), "pk"), PER_PAGE).get_page(params.get("page"))
    return BatchPage(
        tabs=tabs_of(BATCHES, labels, current=view),
        asked=asked,
        rows=tuple(page.object_list),
        links=links_of(page, {"view": view, **({"q": asked} if asked else {})}),
        today=timezone.now().date(),
    )


def channel_levels(channel: str, variant_ids: list[int] | None = None) -> dict[int, int]:
    """How many of each variant a channel is told it can sell, over all markets; never below none.

    What the channel keeps back is taken off. Three queries at most.
    """
    keep_back = Channel.objects.filter(code=channel).values_list("keep_back", flat=True).first() or 0
    rows = StockItem.objects.filter(warehouse__is_active=True).exclude(warehouse__in=closed_to(channel))
    if variant_ids is not None:
        rows = rows.filter(variant_id__in=variant_ids)
    totals = rows.order_by().values_list("variant_id").annotate(total=Sum(SELLABLE))
    return {variant_id: max(total - keep_back, 0) for variant_id, total in totals}


def channel_codes() -> tuple[str, ...]:
    """Every channel, our own pages first."""
    known = Channel.objects.filter(is_active=True).exclude(code=WEB).order_by("code").values_list("code", flat=True)
    return (WEB, *known)
