"""The list of orders to suppliers."""

from collections.abc import Mapping

from django.core.paginator import Paginator
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from catalog.workspace.screens import links_of
from inventory.buying.desk.listing import Rows, Views, chosen_of, supplier_choices, tabs_of, warehouse_choices
from inventory.buying.desk.types import PurchaseList, PurchaseRow, State, Tone
from inventory.models import PurchaseOrder

PER_PAGE = 25
TONES: Mapping[str, Tone] = {
    "draft": "plain",
    "sent": "plain",
    "confirmed": "ok",
    "partly_received": "warn",
    "received": "ok",
    "canceled": "plain",
}
VIEWS: Views = {
    "coming": lambda: PurchaseOrder.objects.filter(state__in=PurchaseOrder.COMING),
    "draft": lambda: PurchaseOrder.objects.filter(state="draft"),
    "late": lambda: PurchaseOrder.objects.filter(state__in=PurchaseOrder.COMING, expected_on__lt=timezone.localdate()),
    "differences": lambda: PurchaseOrder.objects.filter(
        receipts__has_difference=True, receipts__settled_at=None
    ).distinct(),
    "all": PurchaseOrder.objects.all,
}


def purchase_list(params: Mapping[str, str]) -> PurchaseList:
    """The page its address asks for. Twelve queries, whatever its size."""
    view = params.get("view", "") if params.get("view", "") in VIEWS else "all"
    chosen = chosen_of(params, "q", "warehouse", "supplier")
    rows = _filtered(VIEWS[view](), chosen).select_related("supplier", "warehouse").prefetch_related("lines")
    order = ("expected_on", "pk") if view in ("coming", "late") else ("-pk",)
    page = Paginator(rows.order_by(*order), PER_PAGE).get_page(params.get("page"))
    return PurchaseList(
        view=view,
        tabs=tabs_of(VIEWS, _labels(), current=view),
        rows=tuple(_row(row) for row in page.object_list),
        links=links_of(page, {"view": view, **chosen}),
        chosen=chosen,
        suppliers=supplier_choices(),
        warehouses=warehouse_choices(),
        is_filtered=bool(chosen),
        clear_url=f"?view={view}",
    )


def exact_number(text: str) -> str:
    """The number of the one order that is named exactly, ours or theirs; empty for none or several."""
    typed = text.strip()
    if not typed:
        return ""
    found = PurchaseOrder.objects.filter(Q(number__iexact=typed) | Q(supplier_ref__iexact=typed))
    numbers = list(found.values_list("number", flat=True)[:2])
    return numbers[0] if len(numbers) == 1 else ""


def _labels() -> dict[str, str]:
    return {
        "coming": pgettext("saved view of purchase orders", "Coming"),
        "draft": pgettext("saved view of purchase orders", "Drafts"),
        "late": pgettext("saved view of purchase orders", "Late"),
        "differences": pgettext("saved view of purchase orders", "With differences"),
        "all": pgettext("saved view of purchase orders", "All"),
    }


def _filtered(rows: Rows, chosen: Mapping[str, str]) -> Rows:
    if "warehouse" in chosen:
        rows = rows.filter(warehouse__code=chosen["warehouse"])
    if "supplier" in chosen:
        rows = rows.filter(supplier__code=chosen["supplier"])
    if "q" in chosen:
        text = chosen["q"]
        named = Q(number__icontains=text) | Q(supplier_ref__icontains=text) | Q(supplier__name__icontains=text)
        rows = rows.filter(named | Q(lines__variant__sku__iexact=text) | Q(lines__supplier_sku__iexact=text)).distinct()
    return rows


def _row(order: PurchaseOrder) -> PurchaseRow:
    lines = list(order.lines.all())
    return PurchaseRow(
        number=order.number,
        url=reverse("admin:buying_purchase", args=[order.number]),
        supplier=order.supplier.name,
        warehouse=order.warehouse.name_i18n,
        state=state_of(order),
        at=order.sent_at or order.created,
        expected_on=order.expected_on if order.is_coming else None,
        is_late=order.is_late(),
        pieces=sum(line.quantity for line in lines),
        to_come=sum(line.to_come for line in lines) if order.is_coming else 0,
        total=order.total,
    )


def state_of(order: PurchaseOrder) -> State:
    """Where an order stands."""
    return State(label=order.get_state_display(), tone=TONES[order.state])
