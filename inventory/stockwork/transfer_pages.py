"""What the screens of transfers show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from catalog.workspace.screens import Links, links_of
from inventory.models import Batch, StockItem, Transfer, TransferLine
from inventory.stockwork.batches import pieces_by_shelf
from inventory.stockwork.listing import Tab, Tag, called, tabs_of
from inventory.stockwork.transfers import spare

State = Transfer.State
PER_PAGE = 25
ON_THE_WAY = (State.IN_TRANSIT, State.PARTLY_RECEIVED)
TONES = {State.READY: "warn", State.IN_TRANSIT: "warn", State.PARTLY_RECEIVED: "warn", State.RECEIVED: "ok"}


def _late() -> QuerySet[Transfer]:
    return Transfer.objects.filter(state__in=ON_THE_WAY, due_at__lt=timezone.now())


VIEWS: Mapping[str, Callable[[], QuerySet[Transfer]]] = {
    "all": Transfer.objects.all,
    "draft": lambda: Transfer.objects.filter(state=State.DRAFT),
    "ready": lambda: Transfer.objects.filter(state=State.READY),
    "way": lambda: Transfer.objects.filter(state__in=ON_THE_WAY),
    "late": _late,
}


@dataclass(frozen=True, kw_only=True)
class TransferRow:
    """A transfer in the list."""

    number: str
    url: str
    state: Tag
    from_name: str
    to_name: str
    lines: int
    pieces: int
    due_at: datetime | None
    is_late: bool


@dataclass(frozen=True, kw_only=True)
class TransferList:
    """A page of transfers."""

    rows: tuple[TransferRow, ...]
    tabs: tuple[Tab, ...]
    links: Links


@dataclass(frozen=True, kw_only=True)
class LineRow:
    """A line on the page of a transfer. `typed` is what was written into its field, when that was refused."""

    pk: int
    sku: str
    name: str
    shelf: str
    quantity: int
    there: int
    shipped: int
    received: int
    on_its_way: int
    lost: int
    surplus: int
    loss: str
    remark: str
    batches: tuple[Batch, ...]
    typed: str
    is_short: bool


@dataclass(frozen=True, kw_only=True)
class TransferPage:
    """A transfer with its lines."""

    row: Transfer
    state: Tag
    lines: tuple[LineRow, ...]
    is_draft: bool
    is_ready: bool
    is_on_its_way: bool
    is_late: bool
    pieces_on_the_way: int


def transfer_list(params: Mapping[str, str]) -> TransferList:
    """The page its address asks for, newest first."""
    view = params.get("view", "") if params.get("view") in VIEWS else "all"
    labels = {
        "all": pgettext("saved view of transfers", "All"),
        "draft": pgettext("saved view of transfers", "Planned"),
        "ready": pgettext("saved view of transfers", "To send"),
        "way": pgettext("saved view of transfers", "On their way"),
        "late": pgettext("saved view of transfers", "Late"),
    }
    rows = (
        VIEWS[view]()
        .select_related("from_warehouse", "to_warehouse")
        .annotate(many=Count("lines"), pieces=Coalesce(Sum("lines__quantity"), 0))
        .order_by("-pk")
    )
    page = Paginator(rows, PER_PAGE).get_page(params.get("page"))
    now = timezone.now()
    return TransferList(
        rows=tuple(_row(row, now) for row in page.object_list),
        tabs=tabs_of(VIEWS, labels, current=view),
        links=links_of(page, {"view": view}),
    )


def _row(row: Transfer, now: datetime) -> TransferRow:
    return TransferRow(
        number=row.number,
        url=reverse("admin:inventory_transfer", args=[row.number]),
        state=tag_of(row),
        from_name=row.from_warehouse.name_i18n,
        to_name=row.to_warehouse.name_i18n,
        lines=getattr(row, "many", 0),
        pieces=getattr(row, "pieces", 0),
        due_at=row.due_at,
        is_late=is_late(row, now),
    )


def tag_of(row: Transfer) -> Tag:
    """Its state in words."""
    return Tag(label=row.get_state_display(), tone=TONES.get(State(row.state), "plain"))


def is_late(row: Transfer, now: datetime) -> bool:
    """Whether it should have arrived."""
    return row.state in ON_THE_WAY and row.due_at is not None and row.due_at < now


def transfer_page(row: Transfer, *, typed: Mapping[str, str] | None = None, prefix: str = "n-") -> TransferPage:
    """The page of a transfer, with what was typed into its fields. Four queries."""
    lines = list(row.lines.select_related("variant__product").order_by("pk"))
    items = {
        item.variant_id: item
        for item in StockItem.objects.filter(
            warehouse=row.from_warehouse_id, variant__in=[line.variant_id for line in lines]
        )
    }
    batches = pieces_by_shelf(item.pk for item in items.values()) if row.state in (State.DRAFT, State.READY) else {}
    said = {} if typed is None else typed
    return TransferPage(
        row=row,
        state=tag_of(row),
        lines=tuple(
            _line(row, line, items.get(line.variant_id), batches, said.get(f"{prefix}{line.pk}")) for line in lines
        ),
        is_draft=row.state == State.DRAFT,
        is_ready=row.state == State.READY,
        is_on_its_way=row.state in ON_THE_WAY,
        is_late=is_late(row, timezone.now()),
        pieces_on_the_way=sum(line.on_its_way for line in lines),
    )


def _line(
    row: Transfer, line: TransferLine, item: StockItem | None, batches: Mapping[int, list[Batch]], typed: str | None
) -> LineRow:
    there = max(spare(item), 0) if item else 0
    return LineRow(
        pk=line.pk,
        sku=line.variant.sku,
        name=called(line.variant),
        shelf=item.shelf if item else "",
        quantity=line.quantity,
        there=there,
        shipped=line.shipped,
        received=line.received,
        on_its_way=line.on_its_way,
        lost=line.lost,
        surplus=line.surplus,
        loss=line.get_loss_display() if line.loss else "",
        remark=line.remark,
        batches=tuple(batches.get(item.pk, ())) if item else (),
        typed=typed if typed is not None else str(line.quantity) if row.state == State.READY else "",
        is_short=row.state == State.DRAFT and there < line.quantity,
    )
