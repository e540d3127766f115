"""What the screens of stock takes show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Abs
from django.urls import reverse
from django.utils.translation import pgettext

from catalog.workspace.screens import Links, links_of
from inventory.models import StockTake, StockTakeLine
from inventory.reasons import Reason, fits
from inventory.stockwork.listing import Tab, Tag, called, tabs_of

State = StockTake.State
PER_PAGE = 50
TONES = {State.COUNTING: "warn", State.REVIEW: "warn", State.BOOKED: "ok"}
VIEWS: Mapping[str, Callable[[], QuerySet[StockTake]]] = {
    "all": StockTake.objects.all,
    "counting": lambda: StockTake.objects.filter(state=State.COUNTING),
    "review": lambda: StockTake.objects.filter(state=State.REVIEW),
}
OPEN = "open"
"""Shelves nobody has counted yet."""


@dataclass(frozen=True, kw_only=True)
class TakeRow:
    """A stock take in the list."""

    number: str
    url: str
    state: Tag
    place: str
    what: str
    lines: int
    counted: int
    differences: int
    began_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class TakeList:
    """A page of stock takes."""

    rows: tuple[TakeRow, ...]
    tabs: tuple[Tab, ...]
    links: Links


@dataclass(frozen=True, kw_only=True)
class ShelfRow:
    """A line of a stock take. What the books say is left out of a blind count until it is reviewed."""

    pk: int
    sku: str
    gtin: str
    name: str
    shelf: str
    expected: int | None
    counted: int | None
    difference: int
    reason: str
    remark: str
    reasons: tuple[tuple[str, str], ...]
    counted_by: str
    counted_at: datetime | None
    rounds: int
    needs_approval: bool
    approved_by: str
    is_mine: bool
    typed: str


@dataclass(frozen=True, kw_only=True)
class TakePage:
    """A stock take with one page of its lines."""

    row: StockTake
    state: Tag
    what: str
    rows: tuple[ShelfRow, ...]
    tabs: tuple[Tab, ...]
    links: Links
    total: int
    counted: int
    differences: int
    waiting: int
    more: int
    fewer: int
    asked: str
    shows_books: bool
    is_draft: bool
    is_counting: bool
    is_review: bool


def take_list(params: Mapping[str, str]) -> TakeList:
    """The page its address asks for, newest first."""
    view = params.get("view", "") if params.get("view") in VIEWS else "all"
    labels = {
        "all": pgettext("saved view of stock takes", "All"),
        "counting": pgettext("saved view of stock takes", "Being counted"),
        "review": pgettext("saved view of stock takes", "To review"),
    }
    rows = VIEWS[view]().select_related("warehouse").annotate(**COUNTS).order_by("-pk")
    page = Paginator(rows, PER_PAGE).get_page(params.get("page"))
    return TakeList(
        rows=tuple(_take(row) for row in page.object_list),
        tabs=tabs_of(VIEWS, labels, current=view),
        links=links_of(page, {"view": view}),
    )


COUNTS = {
    "many": Count("lines"),
    "done": Count("lines", filter=Q(lines__counted__isnull=False)),
    "differing": Count("lines", filter=~Q(lines__difference=0)),
}


def _take(row: StockTake) -> TakeRow:
    return TakeRow(
        number=row.number,
        url=reverse("admin:inventory_take", args=[row.number]),
        state=tag_of(row),
        place=row.warehouse.name_i18n,
        what=scope_words(row),
        lines=getattr(row, "many", 0),
        counted=getattr(row, "done", 0),
        differences=getattr(row, "differing", 0),
        began_at=row.began_at,
    )


def tag_of(row: StockTake) -> Tag:
    """Its state in words."""
    return Tag(label=row.get_state_display(), tone=TONES.get(State(row.state), "plain"))


def scope_words(row: StockTake) -> str:
    """What is counted, in words."""
    return f"{row.get_scope_display()} {row.part}".strip()


def line_views(take: StockTake) -> Mapping[str, Callable[[], QuerySet[StockTakeLine]]]:
    """What one can look at of a stock take."""
    return {
        OPEN: lambda: take.lines.filter(counted__isnull=True),
        "counted": lambda: take.lines.filter(counted__isnull=False),
        "different": lambda: take.lines.exclude(difference=0),
        "all": take.lines.all,
    }


def take_page(
    take: StockTake, params: Mapping[str, str], *, person_id: int | None, typed: Mapping[str, str] | None = None
) -> TakePage:
    """The page of a stock take its address asks for, with what was typed into it."""
    views = line_views(take)
    usual = {State.COUNTING: OPEN, State.REVIEW: "different"}.get(State(take.state), "all")
    view = params.get("view", "") if params.get("view") in views else usual
    labels = {
        OPEN: pgettext("lines of a stock take", "To count"),
        "counted": pgettext("lines of a stock take", "Counted"),
        "different": pgettext("lines of a stock take", "Differences"),
        "all": pgettext("lines of a stock take", "All"),
    }
    asked = params.get("q", "").strip()[:80]
    rows = views[view]()
    if asked:
        rows = rows.filter(
            Q(stock_item__shelf__istartswith=asked)
            | Q(stock_item__variant__sku__icontains=asked)
            | Q(stock_item__variant__gtin=asked)
        )
    rows = rows.select_related("stock_item__variant__product", "counted_by", "approved_by")
    page = Paginator(rows.order_by("stock_item__shelf", "stock_item__variant__sku", "pk"), PER_PAGE).get_page(
        params.get("page")
    )
    sums = _sums(take)
    shows_books = not take.is_blind or take.state in (State.REVIEW, State.BOOKED)
    return TakePage(
        row=take,
        state=tag_of(take),
        what=scope_words(take),
        rows=tuple(_shelf(take, line, person_id, shows_books, typed or {}) for line in page.object_list),
        tabs=tabs_of(views, labels, current=view),
        links=links_of(page, {"view": view, **({"q": asked} if asked else {})}),
        asked=asked,
        shows_books=shows_books,
        is_draft=take.state == State.DRAFT,
        is_counting=take.state == State.COUNTING,
        is_review=take.state == State.REVIEW,
        **sums,
    )


def _sums(take: StockTake) -> dict[str, int]:
    """How far it is, and what it would book. One query."""
    total = counted = differences = waiting = more = fewer = 0
    for difference, many, done, open_ones in (
        take.lines.annotate(size=Abs(F("difference")))
        .order_by()
        .values_list("difference")
        .annotate(
            many=Count("pk"),
            done=Count("pk", filter=Q(counted__isnull=False)),
            waiting=Count("pk", filter=Q(size__gt=take.review_above, approved_by__isnull=True)),
        )
    ):
        total += many
        counted += done
        waiting += open_ones
        differences += many if difference else 0
        more += many * difference if difference > 0 else 0
        fewer -= many * difference if difference < 0 else 0
    return {
        "total": total,
        "counted": counted,
        "differences": differences,
        "waiting": waiting,
        "more": more,
        "fewer": fewer,
    }


def _shelf(
    take: StockTake, line: StockTakeLine, person_id: int | None, shows_books: bool, typed: Mapping[str, str]
) -> ShelfRow:
    item, large = line.stock_item, abs(line.difference) > take.review_above
    return ShelfRow(
        pk=line.pk,
        sku=item.variant.sku,
        gtin=item.variant.gtin,
        name=called(item.variant),
        shelf=item.shelf,
        expected=line.expected_at_count if shows_books else None,
        counted=line.counted,
        difference=line.difference,
        reason=line.reason,
        remark=line.remark,
        reasons=tuple((key, str(label)) for key, label in Reason.choices if fits(key, line.difference)),
        counted_by=str(line.counted_by or ""),
        counted_at=line.counted_at,
        rounds=line.rounds,
        needs_approval=large and line.approved_by_id is None,
        approved_by=str(line.approved_by or ""),
        is_mine=person_id is not None and line.counted_by_id == person_id,
        typed=typed.get(f"n-{line.pk}", ""),
    )
